"""Sets of classes: how often they hold the true one, overall and for every class."""

from __future__ import annotations

from typing import Any

import numpy as np

from springfield.results.predictions import Predictions


def score_sets(predictions: Predictions, sets: np.ndarray, level: float) -> dict[str, Any]:
    """Score the sets of predictions whose truth is known; unreadable images do not count.

    Args:
        predictions: n images.
        sets: bool [n, C], the classes each image may be.
        level: the coverage that was promised.

    Returns:
        Ready for JSON: `level`; `coverage`, the share of images whose set holds the true class;
        `size`, the mean number of classes in a set; the same two with `n` for each class. What
        nobody can know is None.
    """
    if predictions.truth is None:
        raise ValueError("score_sets needs predictions whose truth is known")
    truth = predictions.truth[predictions.readable]
    inside = sets[predictions.readable]
    number = {name: c for c, name in enumerate(predictions.classes)}
    labels = np.array([number[str(name)] for name in truth], np.int64)
    covered = inside[np.arange(len(labels)), labels]
    sizes = inside.sum(axis=1)
    return {
        "level": level,
        **_of(covered, sizes),
        "classes": {
            name: _of(covered[labels == c], sizes[labels == c]) for name, c in number.items()
        },
    }


def _of(covered: np.ndarray, sizes: np.ndarray) -> dict[str, float | int | None]:
    n = len(covered)
    return {
        "n": n,
        "coverage": float(covered.mean()) if n else None,
        "size": float(sizes.mean()) if n else None,
    }
