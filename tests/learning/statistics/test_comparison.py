from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.statistics.comparison import compare

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
    assert 0 < found.chance < found.difference[1] == found.macro_f1[1] - found.macro_f1[0]


def test_compare__of_equal_gains_the_earlier_is_kept() -> None:
    better = answers((0.95, 0.8, 0.8, 1.0), 1)
    assert compare(np.stack([PLAIN, better, better]), TRUTH, ALONE).best == 1


def test_compare__a_gain_that_costs_accuracy_is_refused() -> None:
    found = compare(np.stack([PLAIN, answers((0.75, 0.8, 0.8, 1.0), 1)]), TRUTH, ALONE)
    assert found.difference[1] > 0.1
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
    assert together.chance > alone.chance
    assert together.difference[1] == alone.difference[1]


def test_compare__macro_f1_is_that_of_equally_frequent_classes() -> None:
    truth, answer = np.array([0] * 8 + [1] * 2), np.array([0] * 6 + [1] * 2 + [1, 0])
    # as among 8 images of each: of the first 6 right and 2 taken for the second, of that 4 and 4
    expected = (2 * 6 / (2 * 6 + 2 + 4) + 2 * 4 / (2 * 4 + 4 + 2)) / 2
    found = compare(answer[None], truth, np.arange(10))
    assert (found.macro_f1[0], found.best) == (pytest.approx(expected), 0)


@pytest.mark.parametrize("counts", [(1,) * 12, (3, 3), (40, 12, 5, 2, 1, 1)])
def test_compare__the_best_of_many_equals_is_seldom_taken_for_better(
    counts: tuple[int, ...],
) -> None:
    truth = np.repeat(np.arange(len(counts)), counts)
    kept = 0
    for trial in range(100):
        random = np.random.default_rng(trial)
        first = random.random(len(truth)) < 0.6
        others = random.random((20, len(truth))) < 0.6  # as good as the first, and like it
        right = np.where(random.random(others.shape) < 0.3, others, first)
        right[0] = first
        given = np.where(right, truth, (truth + 1) % len(counts))
        kept += compare(given, truth, np.arange(len(truth))).best > 0
    assert kept <= 19  # 10 expected at 90 %; three standard errors are 9
