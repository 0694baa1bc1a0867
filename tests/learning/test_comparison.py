from __future__ import annotations

import numpy as np

from springfield.learning.comparison import compare

TRUTH = np.repeat([0, 1, 2, 3], [200, 40, 10, 4])
ALONE = np.arange(len(TRUTH))


def answers(right: tuple[float, ...], seed: int) -> np.ndarray:
    """Right as often as said for each class, otherwise the most frequent other class."""
    chance = np.random.default_rng(seed).random(len(TRUTH))
    return np.where(chance < np.array(right)[TRUTH], TRUTH, np.where(TRUTH == 0, 1, 0))


PLAIN = answers((0.95, 0.7, 0.2, 0.0), 0)


def test_compare__the_same_answers_are_not_better() -> None:
    found = compare(np.stack([PLAIN, PLAIN]), TRUTH, ALONE)
    assert (found.best, found.difference[1]) == (0, 0)


def test_compare__what_helps_rare_classes_is_better() -> None:
    found = compare(np.stack([PLAIN, answers((0.95, 0.8, 0.8, 1.0), 1)]), TRUTH, ALONE)
    assert found.best == 1
    assert 0 < found.low[1] < found.difference[1] < found.high[1]


def test_compare__of_equal_gains_the_earlier_is_kept() -> None:
    better = answers((0.95, 0.8, 0.8, 1.0), 1)
    assert compare(np.stack([PLAIN, better, better]), TRUTH, ALONE).best == 1


def test_compare__a_gain_that_costs_accuracy_is_refused() -> None:
    found = compare(np.stack([PLAIN, answers((0.75, 0.8, 0.8, 1.0), 1)]), TRUTH, ALONE)
    assert found.low[1] > 0
    assert (found.allowed.tolist(), found.best) == ([True, False], 0)


def test_compare__one_rare_image_that_is_suddenly_right_says_little() -> None:
    lucky = PLAIN.copy()
    lucky[-1] = 3
    assert compare(np.stack([PLAIN, lucky]), TRUTH, ALONE).best == 0


def test_compare__frames_of_one_scene_are_one_piece_of_evidence() -> None:
    truth = np.repeat([0, 1], [60, 24])
    plain, better = np.zeros(84, np.int64), truth.copy()
    better[[3, 9, 70]] = 1, 1, 0
    frames = np.concatenate([np.arange(60), np.full(24, 60)])
    alone, together = (
        compare(np.stack([plain, better]), truth, groups) for groups in (np.arange(84), frames)
    )
    assert together.low[1] < alone.low[1]


def test_compare__the_best_of_many_equals_is_seldom_taken_for_better() -> None:
    truth = np.repeat(np.arange(6), 12)
    groups = np.arange(len(truth))
    kept = 0
    for trial in range(40):
        random = np.random.default_rng(trial)
        right = random.random((20, len(truth))) < 0.6  # all of them: as good as the first
        given = np.where(right, truth, (truth + 1) % 6)
        kept += compare(given, truth, groups).best > 0
    assert kept <= 8  # 4 expected at 90 %; three standard errors are 5.7
