"""Scores of predictions: overall, per class, by size of class, and how far to believe them.

Every figure comes with its 95 % interval; `intervals` says how they are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from springfield.errors import DataError, did_you_mean
from springfield.learning.statistics.intervals import Draws, Evidence, draw, f1_of, interval, macro
from springfield.recipe import Scores
from springfield.results.predictions import Predictions

LIMITS = Scores()
NONE_ALONE: Mapping[str, int] = {}
PROVISIONAL = 10  # fewer distinct pictures held out: the score may change with the next one
BINS = 15  # of equal width, for the calibration error (Guo et al. 2017)


def score(
    predictions: Predictions,
    *,
    train_counts: dict[str, int],
    groups: np.ndarray | None = None,
    alone: Mapping[str, int] = NONE_ALONE,
    limits: Scores = LIMITS,
    seed: int = 0,
) -> dict[str, Any]:
    """Score predictions whose truth is known; every readable image counts exactly once.

    Args:
        predictions: of n images.
        train_counts: training images of each class.
        groups: numbers of the near-duplicate groups, int [n]; None: every image is its own.
        alone: images of each class that has a single distinct picture, for its verdict.
        limits: between "few", "medium" and "many" training images; see `group_of`.
        seed: of the intervals.

    Returns:
        Ready for JSON: `accuracy`, `macro_f1` (over the classes that have a held-out image),
        `log_loss` (nats), `classes`, `groups`, `limits`, `confusion` (rows: truth),
        `calibration`; `low` and `high` bound 95 % intervals, and a class's belong to its F1. A
        figure nobody can know is None. Precision is 0 where a class was never answered.

    Raises:
        DataError: an image's true class is one the predictions do not know.
    """
    if predictions.truth is None:
        raise ValueError("score needs predictions whose truth is known")
    readable = predictions.readable
    known = predictions.where(readable)
    members = None if groups is None else np.asarray(groups)[readable]
    evidence = evidence_of(known, members)
    draws = draw(evidence, seed)
    f1 = f1_of(*evidence.tally())
    judged = np.bincount(evidence.truth, minlength=evidence.classes) > 0
    right = float(evidence.right.mean()) if len(known) else None
    train = {name: int(train_counts.get(name, 0)) for name in known.classes}
    kinds = {name: group_of(n, limits) for name, n in train.items()}
    classes = _classes(known.classes, evidence, draws)
    for name, distinct in zip(known.classes, evidence.scenes.tolist(), strict=True):
        verdict = verdict_of(classes[name]["n"], distinct, alone.get(name, 0))
        classes[name] |= {"train": train[name], "group": kinds[name], "verdict": verdict}
    return {
        "n": len(known),
        "unreadable": int((~readable).sum()),
        **_named("accuracy", right, *interval(right, draws.accuracy)),
        **_named("macro_f1", *macro(f1, draws.f1, judged)),
        "judged_classes": int(judged.sum()),
        "log_loss": _log_loss(known, evidence.truth),
        "classes": classes,
        "groups": _groups(np.array([*kinds.values()]), evidence, draws),
        "limits": asdict(limits),
        "confusion": _confusion(evidence),
        "calibration": _calibration(known, evidence),
    }


def group_of(train_images: int, limits: Scores = LIMITS) -> str:
    """ "many", "medium" or "few", by the number of training images of a class."""
    if train_images > limits.many:
        return "many"
    return "few" if train_images < limits.few else "medium"


def verdict_of(n: int, distinct: int, alone: int = 0) -> str:
    """Whether a class can be judged by `n` held-out images, `distinct` pictures among them.

    `alone` is how many images it has in all, where these are one picture and its near-duplicates.
    """
    if n == 0:
        return f"cannot be judged: {_images(alone, 1) if alone else 'no held-out image'}"
    return f"provisional: {_images(n, distinct)}" if distinct < PROVISIONAL else "ok"


def _images(n: int, distinct: int) -> str:
    if n == distinct:
        return f"{n} image{'s' if n > 1 else ''}"
    return f"{n} images of {distinct} distinct picture{'s' if distinct > 1 else ''}"


def evidence_of(known: Predictions, groups: np.ndarray | None) -> Evidence:
    """Readable predictions whose truth is known, as the intervals take them.

    Raises `DataError` when an image's true class is one the predictions do not know.
    """
    number = {name: i for i, name in enumerate(known.classes)}
    names = [str(name) for name in known.truth] if known.truth is not None else []
    for name in sorted(set(names) - set(number)):
        raise DataError(
            f"'{name}' is not a class of this classifier{did_you_mean(name, known.classes)}"
        )
    truth = np.array([number[name] for name in names], np.int64)
    members = np.arange(len(truth)) if groups is None else groups
    clusters = np.unique(members, return_inverse=True)[1]
    return Evidence(truth, known.answers, clusters, len(known.classes))


def _named(
    name: str, value: float | None, low: float | None, high: float | None
) -> dict[str, float | None]:
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _classes(names: tuple[str, ...], evidence: Evidence, draws: Draws) -> dict[str, dict[str, Any]]:
    hits, false_alarms, misses = evidence.tally()
    f1 = f1_of(hits, false_alarms, misses)
    table = {}
    for i, name in enumerate(names):
        n = int(hits[i] + misses[i])
        said = hits[i] + false_alarms[i]
        low, high = interval(float(f1[i]) if n else None, draws.f1[:, i])
        table[name] = {
            "precision": (float(hits[i] / said) if said else 0.0) if n else None,
            "recall": float(hits[i] / n) if n else None,
            "f1": float(f1[i]) if n else None,
            "n": n,
            "low": low,
            "high": high,
        }
    return table


def _groups(kinds: np.ndarray, evidence: Evidence, draws: Draws) -> dict[str, dict[str, Any]]:
    """The same over the classes of each kind; kinds: str [C]."""
    f1 = f1_of(*evidence.tally())
    n = np.bincount(evidence.truth, minlength=evidence.classes)
    table: dict[str, dict[str, Any]] = {}
    for kind in ("many", "medium", "few"):
        inside = (kinds == kind)[evidence.truth]
        table[kind] = {
            "classes": int((kinds == kind).sum()),
            "judged_classes": int(((kinds == kind) & (n > 0)).sum()),
            "n": int(inside.sum()),
            "accuracy": float(evidence.right[inside].mean()) if inside.any() else None,
            **_named("macro_f1", *macro(f1, draws.f1, (kinds == kind) & (n > 0))),
        }
    return table


def _confusion(evidence: Evidence) -> list[list[int]]:
    size = evidence.classes
    cells = np.bincount(evidence.truth * size + evidence.answers, minlength=size * size)
    return [[int(n) for n in row] for row in cells.reshape(size, size)]


def _log_loss(known: Predictions, truth: np.ndarray) -> float | None:
    if not len(known):
        return None
    given = known.probabilities[np.arange(len(known)), truth].astype(np.float64)
    return float(-np.log(given.clip(np.finfo(np.float32).eps, 1)).mean())


def _calibration(known: Predictions, evidence: Evidence) -> dict[str, Any]:
    confidence = known.confidence.astype(np.float64)
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = [
        {
            "confidence": float(confidence[place == i].mean()),
            "accuracy": float(evidence.right[place == i].mean()),
            "n": int((place == i).sum()),
        }
        for i in np.unique(place)
    ]
    error = sum(b["n"] * abs(b["confidence"] - b["accuracy"]) for b in bins)
    return {"ece": error / len(known) if len(known) else None, "bins": bins}
