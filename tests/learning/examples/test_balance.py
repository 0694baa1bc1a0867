"""Which rows an epoch uses, and how often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import Catalog
from springfield.images.split import distinct_counts
from springfield.learning.examples.balance import (
    cap_training,
    cap_validation,
    deal_epoch,
    quotas,
    share_done,
)
from springfield.recipe import Balance
from springfield.recipe_limits import CHOICES

LABELS = np.repeat([0, 1, 2], [40, 9, 3])


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        (Balance(), [40, 9, 3]),
        (Balance(threshold=10), [40, 10, 10]),
        (Balance(sampling="uniform"), [18, 17, 17]),
        (Balance(sampling="sqrt"), [30, 14, 8]),
        (Balance(sampling="progressive"), [18, 17, 17]),
    ],
)
def test_quotas__of_each_kind(balance: Balance, expected: list[int]) -> None:
    assert quotas(np.array([40, 9, 3]), balance).tolist() == expected


@pytest.mark.parametrize(
    ("done", "expected"), [(0.0, [40, 9, 3]), (0.5, [29, 13, 10]), (1.0, [18, 17, 17])]
)
def test_quotas__progressive_sampling_goes_from_natural_to_uniform(
    done: float, expected: list[int]
) -> None:
    assert quotas(np.array([40, 9, 3]), Balance(sampling="progressive"), done).tolist() == expected


def test_quotas__progressive_sampling_begins_where_it_was_deferred_to() -> None:
    late = Balance(sampling="progressive", deferred=0.6)
    assert quotas(np.array([40, 9, 3]), late, 0.6).tolist() == [40, 9, 3]
    assert quotas(np.array([40, 9, 3]), late, 0.8).tolist() == [29, 13, 10]


@pytest.mark.parametrize("sampling", CHOICES["balance.sampling"])
@pytest.mark.parametrize("deferred", [0.0, 0.8, 1.0])
def test_quotas__an_epoch_is_as_long_as_any_other(sampling: str, deferred: float) -> None:
    random = np.random.default_rng(4)
    for _ in range(50):
        counts = random.integers(1, 300, random.integers(2, 60))
        balance = Balance(sampling=sampling, deferred=deferred, threshold=30)
        for epoch in range(7):
            found = quotas(counts, balance, share_done(epoch, 7))
            assert found.sum() == np.maximum(counts, 30).sum()
            assert found.min() >= 1
            if share_done(epoch, 7) < deferred:
                np.testing.assert_array_equal(found, np.maximum(counts, 30))


def test_share_done__from_the_first_epoch_to_the_last() -> None:
    assert [share_done(epoch, 5) for epoch in range(5)] == [0, 0.25, 0.5, 0.75, 1]
    assert share_done(0, 1) == 1  # the only epoch is the last one
    begins = min(epoch for epoch in range(200) if share_done(epoch, 200) >= 0.8)
    assert begins == 160


@pytest.mark.parametrize("sampling", CHOICES["balance.sampling"])
@pytest.mark.parametrize("deferred", [0.0, 0.5])
@pytest.mark.parametrize("threshold", [0, 7, 25])
def test_deal_epoch__uses_every_source_evenly_over_the_epochs(
    sampling: str, deferred: float, threshold: int
) -> None:
    balance = Balance(sampling=sampling, deferred=deferred, threshold=threshold)
    used = np.zeros(len(LABELS), np.int64)
    for epoch in range(8):
        dealt = deal_epoch(LABELS, balance, seed=5, epoch=epoch, epochs=8)
        asked = quotas(np.bincount(LABELS), balance, share_done(epoch, 8))
        np.testing.assert_array_equal(np.bincount(LABELS[dealt]), asked)
        used += np.bincount(dealt, minlength=len(LABELS))
        for c in range(3):
            of_class = used[c == LABELS]
            assert of_class.max() - of_class.min() <= 1
    assert used.min() >= 1


def test_deal_epoch__is_a_function_of_seed_and_epoch() -> None:
    def dealt(seed: int, epoch: int) -> list[int]:
        return deal_epoch(LABELS, Balance(), seed=seed, epoch=epoch, epochs=5).tolist()

    assert dealt(1, 3) == dealt(1, 3)
    assert dealt(1, 3) != dealt(1, 4)
    assert dealt(1, 3) != dealt(2, 3)
    assert sorted(dealt(1, 3)) == list(range(len(LABELS)))


def _catalog(n: int, groups: list[int]) -> Catalog:
    part = ["train"] * (n - 2) + ["val", "test"]
    columns = {
        "path": [f"a/{i}.jpg" for i in range(n)],
        "label": ["a"] * n,
        "group": groups,
        "part": part,
        "reason": [""] * n,
    }
    return Catalog(Path(), {name: np.array(column) for name, column in columns.items()})


def test_cap_training__keeps_one_of_each_group_first() -> None:
    catalog = _catalog(12, groups=[0, 0, 0, 0, 0, 0, 6, 7, 8, 9, 10, 11])
    capped = cap_training(catalog, 5, seed=0)
    kept = capped.where(capped["part"] == "train")
    assert len(kept) == 5
    assert set(kept["group"].tolist()) == {0, 6, 7, 8, 9}


def test_cap_training__leaves_held_out_rows_alone_and_says_why() -> None:
    catalog = _catalog(12, groups=list(range(12)))
    capped = cap_training(catalog, 4, seed=0)
    assert capped["part"][-2:].tolist() == ["val", "test"]
    assert sum("over the cap of 4" in reason for reason in capped["reason"].tolist()) == 6
    assert distinct_counts(capped) == distinct_counts(catalog) == {"a": 12}
    assert cap_training(catalog, 0, seed=0) is catalog


def test_cap_validation__leaves_training_rows_alone() -> None:
    catalog = _catalog(12, groups=list(range(12)))
    watched = catalog.with_columns(part=np.array(["train"] * 6 + ["val"] * 5 + ["test"]))
    capped = cap_validation(watched, 2, seed=0)
    parts = capped["part"].tolist()
    assert (parts.count("train"), parts.count("val"), parts.count("test")) == (6, 2, 1)
    assert sum("over the cap of 2 validation" in reason for reason in capped["reason"]) == 3
    assert distinct_counts(capped) == {"a": 12}
