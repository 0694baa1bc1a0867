"""Intervals are checked the only way that counts: known truth, many trials, coverage counted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from springfield.learning.statistics import intervals
from springfield.learning.statistics.intervals import (
    Evidence,
    draw,
    f1_of,
    interval,
    macro,
    macro_f1_of,
)

TRIALS = 200
SIZES = np.array([300, 120, 40, 12, 5, 3, 3, 2])  # held-out images per class


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "DRAWS", 400)


def confusing(right: float) -> NDArray[np.float64]:
    """Probability of each answer given the truth, [C, C]."""
    random = np.random.default_rng(7)
    table = random.dirichlet(np.full(len(SIZES), 0.5), len(SIZES)) * (1 - right)
    return table + np.eye(len(SIZES)) * right


def held_out(table: NDArray[np.float64], random: np.random.Generator) -> Evidence:
    truth = np.repeat(np.arange(len(SIZES)), SIZES)
    chance = random.random((len(truth), 1))
    answers = (chance > table.cumsum(axis=1)[truth]).sum(axis=1).clip(0, len(SIZES) - 1)
    return Evidence(truth, answers, np.arange(len(truth)), len(SIZES))


def coverage(right: float) -> tuple[NDArray[np.float64], float, float]:
    """Shares of the trials whose interval holds the true F1 [C], accuracy and macro-F1."""
    table, random = confusing(right), np.random.default_rng(1)
    expected = SIZES[:, None] * table
    hits = np.diag(expected)
    true_f1 = f1_of(hits, expected.sum(axis=0) - hits, expected.sum(axis=1) - hits)
    inside = np.zeros((TRIALS, len(SIZES) + 2))
    for trial in range(TRIALS):
        evidence = held_out(table, random)
        draws, f1 = draw(evidence, trial), f1_of(*evidence.tally())
        bounds = [interval(float(f1[i]), draws.f1[:, i]) for i in range(len(SIZES))]
        bounds.append(interval(float(evidence.right.mean()), draws.accuracy))
        bounds.append(macro(f1, draws.f1, SIZES > 0)[1:])
        truths = [*true_f1, hits.sum() / SIZES.sum(), true_f1.mean()]
        inside[trial] = [
            low is not None and high is not None and low <= value <= high
            for (low, high), value in zip(bounds, truths, strict=True)
        ]
    shares = inside.mean(axis=0)
    return shares[:-2], float(shares[-2]), float(shares[-1])


@pytest.mark.parametrize("right", [0.6, 0.9])
def test_draw__covers_the_truth(right: float) -> None:
    classes, accuracy, macro_f1 = coverage(right)
    # 200 trials at 95 %: one standard error is 1.5 points, four of them 6.2
    assert classes.min() >= 0.89, classes
    assert classes.mean() <= 0.99, classes
    assert 0.89 <= accuracy <= 0.99
    assert 0.89 <= macro_f1 <= 1


def test_draw__three_right_answers_are_not_certainty() -> None:
    truth = np.array([0, 0, 0] + [1] * 50)
    draws = draw(Evidence(truth, truth, np.arange(53), 2), 0)
    low, high = interval(1.0, draws.f1[:, 0])
    assert low is not None
    assert 0.3 < low < 0.75
    assert high == 1


@pytest.mark.parametrize("scenes", [1, 3])
def test_draw__many_frames_of_few_scenes_prove_no_more_than_the_scenes(scenes: int) -> None:
    def bounds(frames: int) -> list[float]:
        truth = np.repeat([0] * scenes + [1] * 50, [frames] * scenes + [1] * 50)
        clusters = np.repeat(np.arange(scenes + 50), [frames] * scenes + [1] * 50)
        draws = draw(Evidence(truth, truth, clusters, 2), 0)
        return np.quantile(draws.f1[:, 0], [0.025, 0.25, 0.5]).tolist()

    assert bounds(frames=100) == pytest.approx(bounds(frames=1), abs=0.06)


def test_draw__covers_the_truth_of_scenes_that_are_right_or_wrong_as_a_whole() -> None:
    random = np.random.default_rng(3)
    inside = []
    for trial in range(TRIALS):
        right = np.repeat(random.random(5) < 0.8, 100)  # five patients with a hundred slices each
        truth, clusters = np.zeros(500, np.int64), np.repeat(np.arange(5), 100)
        draws = draw(Evidence(truth, np.where(right, 0, 1), clusters, 2), trial)
        low, high = interval(float(right.mean()), draws.accuracy)
        assert low is not None
        assert high is not None
        inside.append(low <= 0.8 <= high)
    assert np.mean(inside) >= 0.9


def test_draw__accuracy_is_the_jeffreys_interval() -> None:
    """For independent images the draws must follow Beta(k + 1/2, n - k + 1/2)."""
    truth = np.zeros(40, np.int64)
    answers = (np.arange(40) >= 36).astype(np.int64)
    draws = draw(Evidence(truth, answers, np.arange(40), 2), 0).accuracy
    exact = np.random.default_rng(0).beta(36.5, 4.5, 200_000)
    assert draws.mean() == pytest.approx(exact.mean(), abs=0.01)
    assert draws.std() == pytest.approx(exact.std(), rel=0.15)


def test_macro__interval_is_centred_on_the_estimate() -> None:
    f1 = np.array([0.95, 1.0, 0.9])
    draws = np.random.default_rng(0).normal(0.8, 0.01, (400, 3))
    value, low, high = macro(f1, draws, np.array([True, True, False]))
    assert value == pytest.approx(0.975)
    assert low is not None
    assert high is not None
    assert low < 0.975 < high < 1


def test_macro__of_one_class_is_as_careful_as_the_class_itself() -> None:
    evidence = Evidence(np.zeros(3, int), np.zeros(3, int), np.arange(3), 2)
    draws = draw(evidence, seed=0).f1
    own = interval(1.0, draws[:, 0])
    assert macro(np.array([1.0, 0.0]), draws, np.array([True, False])) == (1.0, *own)
    assert own[0] is not None
    assert own[0] < 0.6


def test_macro__of_many_tiny_classes_has_room_for_what_they_do_not_show() -> None:
    truth = np.arange(8)  # one image each, all right
    draws = draw(Evidence(truth, truth, truth, 8), 0).f1
    value, low, high = macro(np.ones(8), draws, np.ones(8, bool))
    assert (value, high) == (1, 1)
    assert low is not None
    assert low < 0.75  # eight of eight are no rarity at 0.75


def test_macro__no_class_judged() -> None:
    assert macro(np.zeros(2), np.zeros((5, 2)), np.array([False, False])) == (None, None, None)


def test_macro_f1_of__by_hand() -> None:
    truth, answers = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    assert macro_f1_of(truth, answers) == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert macro_f1_of(np.array([0, 0]), np.array([2, 2])) == 0
    assert macro_f1_of(np.array(["hen", "owl"]), np.array(["hen", "hen"])) == pytest.approx(1 / 3)
