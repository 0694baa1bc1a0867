from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.answering.classifier import Description
from springfield.learning.answering.rebalance import Choice, Seen, _leaning, choose_head
from springfield.learning.model.heads import METHODS, Head

CENTRES = 2.2 * np.eye(6)[:4]


def seen(counts: tuple[int, ...], seed: int) -> Seen:
    """Normal clouds about the centres, two views of each image."""
    labels = np.repeat(np.arange(4), counts)
    noise = np.random.default_rng(seed).normal(size=(len(labels), 2, 6))
    features = (CENTRES[labels][:, None] + noise).astype(np.float32)
    return Seen(features, labels, np.arange(len(labels)))


def choose(train: tuple[int, ...], val: tuple[int, ...], seed: int = 0) -> Choice:
    """What is chosen for the head that is best for classes as frequent as in training."""
    shares = np.array(train) / sum(train)
    bias = np.log(shares) - (CENTRES**2).sum(axis=1) / 2
    plain = Head(CENTRES.T.astype(np.float32), bias.astype(np.float32))
    training, validation = seen(train, seed), seen(val, seed + 1)
    return choose_head(training, validation, plain, learned=shares, natural=shares)


SKEWED, BALANCED = (1500, 150, 30, 10), (200, 200, 200, 200)


def test_choose_head__keeps_what_serves_rare_classes_better() -> None:
    choice = choose(SKEWED, (300, 60, 30, 20))
    assert choice.kept.method != "plain"
    row = next(each for each in choice.table()["tries"] if each["kept"])
    assert row["difference"] > row["low"] > 0
    fresh = seen((500,) * 4, 7)
    right = [
        (each.head.logits(fresh.features[:, 0]).argmax(axis=1) == fresh.labels).mean()
        for each in (choice.tries[0], choice.kept)
    ]
    assert right[1] > right[0] + 0.05


def test_choose_head__keeps_the_plain_one_where_nothing_is_better() -> None:
    kept = [choose(BALANCED, (40, 40, 40, 40), seed).kept.method for seed in range(5)]
    assert kept == ["plain"] * 5


@pytest.mark.parametrize("val", [(0, 0, 0, 0), (1, 0, 0, 0), (3, 1, 0, 0)])
def test_choose_head__a_tiny_validation_part_keeps_the_plain_one(val: tuple[int, ...]) -> None:
    choice = choose(SKEWED, val)
    assert choice.kept.method == "plain"
    assert choice.table()["rows"] == sum(val)


def test_choose_head__the_table_has_every_try() -> None:
    table = choose(SKEWED, (60, 20, 10, 5)).table()
    assert {each["method"] for each in table["tries"]} == {"plain", "tau-norm", *METHODS}
    assert table["tries"][0]["method"] == "plain"
    assert sum(each["kept"] for each in table["tries"]) == 1
    assert table["kept"].startswith(next(e["method"] for e in table["tries"] if e["kept"]))


@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
def test_leaning__measures_how_much_of_the_prior_is_in_a_head(part: float) -> None:
    counts = (1200, 600, 300, 100)
    natural = np.log(np.array(counts) / sum(counts))
    even = Head(CENTRES.T.astype(np.float32), -((CENTRES**2).sum(axis=1) / 2).astype(np.float32))
    _, lean = _leaning(even.leaning(part * natural).divided(3.0), seen(counts, 3), natural)
    np.testing.assert_allclose(lean, part * natural)


def test_described__says_what_it_is_and_assumes() -> None:
    choice = choose(SKEWED, (300, 60, 30, 20))
    validation = seen((300, 60, 30, 20), 1)
    before = Description(("a", "b", "c", "d"), 32, "crop", digest="d1")
    by_name = {each.name: each for each in choice.tries}
    even = by_name["logit-adjustment 1"].described(before, validation)
    half = by_name["logit-adjustment 0.5"].described(before, validation)
    assert (even.head, even.digest, len(even.calibration.lowest)) == (
        "logit-adjustment 1",
        "d1",
        4,
    )
    np.testing.assert_allclose(even.prior, [0.25] * 4)
    assert sum(half.prior) == pytest.approx(1)
    assert 0.25 < half.prior[0] < SKEWED[0] / sum(SKEWED)
