"""Judged: answers to images of known classes, also of several folds together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from springfield.learning.statistics.intervals import macro_f1_of
from springfield.results.predictions import Predictions


@dataclass(frozen=True, eq=False)
class Judged:
    """Answers to n images whose truth is known."""

    predictions: Predictions
    groups: np.ndarray  # int64 [n], number of each image's near-duplicate group
    sets: np.ndarray  # bool [n, C], the classes each image may be
    level: float  # share of the images whose set is to hold the truth


def pool(parts: Sequence[Judged]) -> Judged:
    """The answers of several classifiers with the same classes to images of their own."""
    first = parts[0]
    known = [part.predictions for part in parts]
    predictions = Predictions(
        np.concatenate([each.paths for each in known]),
        first.predictions.classes,
        np.concatenate([each.probabilities for each in known]),
        np.concatenate([each.truth for each in known if each.truth is not None]),
    )
    groups, sets = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("groups", "sets")
    )
    return Judged(predictions, groups, sets, first.level)


def figures_of(judged: Judged) -> dict[str, Any]:
    """`n`, `accuracy` and `macro_f1`, without intervals; None where there is no image."""
    predictions = judged.predictions
    if predictions.truth is None or not len(predictions):
        return {"n": 0, "accuracy": None, "macro_f1": None}
    right = predictions.labels == predictions.truth
    macro_f1 = macro_f1_of(predictions.truth, predictions.labels)
    return {"n": len(right), "accuracy": float(right.mean()), "macro_f1": macro_f1}
