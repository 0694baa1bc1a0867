"""Answers of several folds, scored as one."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.results.judged import Judged, figures_of, pool
from springfield.results.metrics import score
from springfield.results.predictions import Predictions

CLASSES = ("cat", "dog", "eel")
COUNTS = dict.fromkeys(CLASSES, 50)


def judged(n: int, groups: np.ndarray, seed: int) -> Judged:
    """Answers to n images that a network of its own gave, right about two times in three."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    shares = random.dirichlet([1, 1, 1], n).astype(np.float32)
    shares[np.arange(n), truth] += 0.4
    shares /= shares.sum(axis=1, keepdims=True)
    paths = np.array([f"{seed}/{i}.jpg" for i in range(n)])
    predictions = Predictions(paths, CLASSES, shares, np.array(CLASSES)[truth])
    return Judged(predictions, groups, shares > 0.3, 0.9)


def test_pool__every_image_of_every_part_once() -> None:
    parts = [judged(5, np.arange(5), 1), judged(0, np.arange(0), 2), judged(7, np.arange(7) + 5, 3)]
    whole = pool(parts)
    paths = [path for part in parts for path in part.predictions.paths.tolist()]
    assert whole.predictions.paths.tolist() == paths
    assert whole.groups.tolist() == list(range(12))
    assert whole.sets.shape == (12, 3)
    assert whole.predictions.truth is not None
    assert len(whole.predictions.truth) == 12


def test_pool__the_frames_of_one_scene_stay_one_piece_of_evidence() -> None:
    def part(fold: int, scenes: np.ndarray) -> Judged:
        shares = np.tile(np.float32([0.8, 0.1, 0.1]), (50, 1))
        shares[:10] = [0.1, 0.8, 0.1]  # one scene of five is answered wrongly
        paths = np.array([f"{fold}/{i}.jpg" for i in range(50)])
        predictions = Predictions(paths, CLASSES, shares, np.full(50, "cat"))
        return Judged(predictions, scenes + 50 * fold, shares > 0.5, 0.9)

    scenes, alone = (
        score(whole.predictions, train_counts=COUNTS, groups=whole.groups)
        for numbers in (np.arange(50) // 10, np.arange(50))
        for whole in [pool([part(fold, numbers) for fold in range(4)])]
    )
    assert scenes["accuracy"] == alone["accuracy"] == 0.8
    width = [each["accuracy_high"] - each["accuracy_low"] for each in (alone, scenes)]
    assert width[1] > 2.5 * width[0]  # sqrt(10) is 3.2


def test_figures_of__are_those_of_score() -> None:
    part = judged(200, np.arange(200), 4)
    scores = score(part.predictions, train_counts=COUNTS)
    figures = figures_of(part)
    assert figures["n"] == scores["n"]
    for name in ("accuracy", "macro_f1"):
        assert figures[name] == pytest.approx(scores[name])


def test_figures_of__nothing() -> None:
    assert figures_of(judged(0, np.arange(0), 1)) == {"n": 0, "accuracy": None, "macro_f1": None}
