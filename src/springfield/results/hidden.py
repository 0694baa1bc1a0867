"""Hidden: the largest budget predicted from the smaller ones, to see how far to trust a curve."""

from __future__ import annotations

from typing import Any

import numpy as np

from springfield.learning.statistics.intervals import LEVEL
from springfield.results.curve_posterior import Points, chance
from springfield.results.learning_curve import Curves, around, fit_curves
from springfield.results.measured import Measured

APART = 1.5  # a budget is hidden together with those that are nearly as large
FEWEST = 2  # budgets left to predict from
JUDGED = 10  # held-out images without which what was measured says little


def predict_hidden(measured: Measured) -> dict[str, Any] | None:
    """Hide each class's largest budget, fit the rest, predict it and compare.

    The interval is for what that one training showed on these held-out images, so it has the luck
    of a training in it. None when fewer than `FEWEST` budgets are left.
    """
    last = measured.counts[-1]
    used = measured.own_points() & (measured.counts <= last / APART)
    if used.any(axis=1).sum() < FEWEST:
        return None
    points = measured.points(used)
    curves = fit_curves(points)
    expected, plain = curves.at(last)
    seen = expected + _luck(points, curves, last, plain)
    truth = measured.recall[_ends(measured), range(len(last))]
    classes = {
        name: {
            "images": int(last[c]),
            "n": int(measured.held_out[c]),
            **_compared(float(np.median(expected[:, c])), seen[:, c].clip(0, 1), float(truth[c])),
        }
        for c, name in enumerate(measured.classes)
    }
    centre = float(plain.mean())
    came = float(measured.recall[-1].mean())
    overall = _compared(centre, around(seen.mean(axis=1), centre), came)
    judged = [each for each in classes.values() if each["n"] >= JUDGED] + [overall]
    return {
        "images": int(last.max()),
        **overall,
        "judged": len(judged),
        "median_error": float(np.median([each["error"] for each in judged])),
        "coverage": float(np.mean([each["covered"] for each in judged])),
        "classes": classes,
    }


def _ends(measured: Measured) -> np.ndarray:
    """The budget that a class's curve ends with, the first that has all its images: int64 [C]."""
    return len(measured.budgets) - 1 - measured.own_points()[::-1].argmax(axis=0)


def _luck(points: Points, curves: Curves, images: np.ndarray, likely: np.ndarray) -> np.ndarray:
    """How far one training at `images` [C] may depart from its curves, draws float64 [R, C]."""
    random = np.random.default_rng([0, 1])
    new = Points(np.array(images, float)[None], likely[None], points.judged, np.array([[True]]))
    own = np.sqrt(chance(new, curves.spreads, points.most)[:, 0])
    shared = curves.spreads["shared"][:, None] * random.standard_normal((len(own), 1))
    return np.asarray(own * random.standard_normal(own.shape) + shared)


def _compared(predicted: float, seen: np.ndarray, truth: float) -> dict[str, Any]:
    low, high = map(float, np.quantile(seen, LEVEL))
    return {
        "predicted": predicted,
        "low": min(low, predicted),
        "high": max(high, predicted),
        "measured": truth,
        "error": abs(predicted - truth),
        "covered": low <= truth <= high,
    }
