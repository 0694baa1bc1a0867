from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.explaining.doubt import FEWEST, MOST, Heard, doubt_labels, together


def alike(probabilities: np.ndarray) -> Heard:
    """Probabilities [n, C], with neighbours that say the same."""
    near = np.round(10 * probabilities).astype(np.int64)
    return Heard(probabilities, near, probabilities)


def answers(labels: np.ndarray, classes: int, *, errors: float = 0.0, seed: int = 0) -> np.ndarray:
    """What a network gives that is right about all but a share of each class, float64 [n, C]."""
    rng = np.random.default_rng(seed)
    taken_for = labels.copy()
    for label in range(classes):
        (rows,) = np.nonzero(labels == label)
        wrong = rng.choice(rows, round(errors * len(rows)), replace=False)
        taken_for[wrong] = (label + rng.integers(1, classes, len(wrong))) % classes
    logits = rng.normal(0, 1, (len(labels), classes))
    logits[np.arange(len(labels)), taken_for] += 8
    powers = np.exp(logits)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def test_doubt_labels__finds_the_wrong_ones_and_names_the_right_class() -> None:
    right = np.repeat([0, 1, 2], [300, 100, 20])
    labels = right.copy()
    labels[[5, 310, 405]] = [1, 2, 0]

    found = doubt_labels(alike(answers(right, 3)), labels)

    assert {(doubt.row, doubt.looks_like) for doubt in found} == {(5, 0), (310, 1), (405, 2)}
    assert all(0.9 <= doubt.evidence <= 1 for doubt in found)
    assert [doubt.evidence for doubt in found] == sorted(
        (doubt.evidence for doubt in found), reverse=True
    )


def test_doubt_labels__right_labels_are_left_in_peace() -> None:
    right = np.repeat([0, 1, 2], [300, 100, 10])
    assert doubt_labels(alike(answers(right, 3)), right) == []


def test_doubt_labels__a_rare_class_is_not_accused_more_often_at_equal_error_rates() -> None:
    right = np.repeat([0, 1, 2, 3], [2000, 1500, 40, 20])
    accused = np.zeros(4)
    for seed in range(20):
        shares = answers(right, 4, errors=0.05, seed=seed)
        for doubt in doubt_labels(alike(shares), right):
            accused[right[doubt.row]] += 1
    rates = accused / (20 * np.bincount(right))
    assert rates[:2].min() > 0.01  # there is something to compare with
    assert rates[2:].max() <= 1.1 * rates[:2].max()


def test_doubt_labels__a_class_that_is_never_sure_is_not_accused_for_it() -> None:
    """Its own images get little; what is little for it counts, not what is little for others."""
    right = np.repeat([0, 1, 2], [300, 200, 60])
    shares = answers(right, 3)
    unsure = right == 2
    shares[unsure] = [0.98, 0.01, 0.01]
    assert doubt_labels(alike(shares), right) == []


def test_doubt_labels__another_prior_changes_little() -> None:
    right = np.repeat([0, 1, 2, 3], [900, 600, 60, 30])
    labels = right.copy()
    labels[[7, 8, 905, 1510, 1565]] = [1, 3, 0, 1, 0]
    plain = answers(right, 4, errors=0.01)
    rebalanced = plain * [0.2, 0.3, 3, 6]
    rebalanced /= rebalanced.sum(axis=1, keepdims=True)
    before, after = (
        {doubt.row for doubt in doubt_labels(alike(each), labels)} for each in (plain, rebalanced)
    )
    assert len(before & after) >= 0.8 * len(before | after)
    assert {7, 8, 905, 1510, 1565} <= before & after


def test_doubt_labels__neighbours_can_clear_a_label() -> None:
    right = np.repeat([0, 1], [200, 200])
    labels = right.copy()
    labels[[3, 4]] = 1
    shares = answers(right, 2)
    near = shares.copy()
    near[3] = [0, 1]  # all that is most like it bears its label
    found = doubt_labels(Heard(shares, np.zeros((400, 2), np.int64), near), labels)
    assert [doubt.row for doubt in found] == [4]


def test_doubt_labels__accuses_few_even_in_chaos() -> None:
    right = np.repeat([0, 1, 2], 400)
    chaos = np.random.default_rng(0).permutation(right)
    assert len(doubt_labels(alike(answers(right, 3)), chaos)) == int(MOST * 1200)


@pytest.mark.parametrize("n", [0, FEWEST - 1])
def test_doubt_labels__says_nothing_without_enough_to_go_by(n: int) -> None:
    labels = np.arange(n) % 2
    assert doubt_labels(alike(answers(1 - labels, 2)), labels) == []


def test_together__keeps_the_order() -> None:
    one, other = (alike(answers(np.arange(n) % 3, 3)) for n in (4, 5))
    both = together([one, other])
    assert both.probabilities[4:].tolist() == other.probabilities.tolist()
    assert (both.near.shape, both.shares.shape) == ((9, 3), (9, 3))
