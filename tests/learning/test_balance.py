"""Which rows an epoch uses, and how often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import Catalog
from springfield.images.split import distinct_counts
from springfield.learning.balance import balance_warnings, cap_training, deal_epoch, quotas
from springfield.recipe import Balance

LABELS = np.repeat([0, 1, 2], [40, 9, 3])


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        (Balance(), [40, 9, 3]),
        (Balance(threshold=10), [40, 10, 10]),
        (Balance(sampling="uniform"), [17, 17, 17]),
        (Balance(sampling="sqrt"), [30, 14, 8]),
    ],
)
def test_quotas__of_each_kind(balance: Balance, expected: list[int]) -> None:
    assert quotas(np.array([40, 9, 3]), balance).tolist() == expected


@pytest.mark.parametrize(
    "balance", [Balance(), Balance(threshold=25), Balance(sampling="sqrt", threshold=7)]
)
def test_deal_epoch__uses_every_source_evenly_over_the_epochs(balance: Balance) -> None:
    epochs = [deal_epoch(LABELS, balance, seed=5, epoch=e) for e in range(8)]
    used = np.bincount(np.concatenate(epochs), minlength=len(LABELS))
    for c in range(3):
        of_class = used[c == LABELS]
        assert of_class.min() >= 1
        assert of_class.max() - of_class.min() <= 1


def test_deal_epoch__is_a_function_of_seed_and_epoch() -> None:
    def dealt(seed: int, epoch: int) -> list[int]:
        return deal_epoch(LABELS, Balance(), seed=seed, epoch=epoch).tolist()

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


def test_balance_warnings__where_a_class_is_stretched_or_evened_out_twice() -> None:
    counts = {"many": 400, "few": 3}
    assert balance_warnings(counts, Balance()) == []
    assert balance_warnings(counts, Balance(sampling="sqrt")) == []
    (stretched,) = balance_warnings(counts, Balance(threshold=155))
    assert "few 52 times" in stretched
    assert len(balance_warnings(counts, Balance(threshold=155, sampling="sqrt"))) == 2
