"""Needed: the answer to "how many images?", from what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from springfield.errors import SpringfieldError
from springfield.learning.statistics.intervals import LEVEL, bounds
from springfield.results.hidden import predict_hidden
from springfield.results.learning_curve import Curves, around, fit_curves
from springfield.results.measured import Measured

FAR = 4.0  # times the largest budget; beyond, no number is given
FEWEST = 3  # budgets of a curve
RULE = 500  # images per class: what the project that this one started from held to be the least
FINE = 40  # numbers of images looked at in each factor of ten
SHOWN = 3  # of them that a curve in the answer skips to the next
Answer = dict[str, Any]


@dataclass(frozen=True)
class Need:
    """The number of training images at which a recall is reached, with its 95 % interval."""

    images: int | None
    low: int | None
    high: int | None
    more_than: int | None  # it takes more than so many; None: a number is known, or none suffices
    limit: tuple[float, float, float]  # the recall that is never passed, with its interval


def check_target(target: float) -> None:
    """Raise `SpringfieldError` when no recall can be meant."""
    if not 0 < target < 1:
        raise SpringfieldError(f"--target {target:g}: it must lie between 0 and 1, such as 0.9")


def needed(recall: np.ndarray, limit: np.ndarray, target: float, images: np.ndarray) -> Need:
    """Find where draws of a curve reach the target.

    Args:
        recall: float64 [R, G], each row rising.
        limit: what each row levels off at, float64 [R].
        target: between 0 and 1.
        images: float64 [G], rising.
    """
    steps = (recall < target).sum(axis=1)  # taken before the target
    reached = np.append(images, np.inf)[steps]
    middle, low, high = np.quantile(reached, (0.5, *LEVEL), method="nearest")
    ends = np.quantile(limit, (0.5, *LEVEL))
    far = np.isinf(middle) and ends[0] >= target
    return Need(
        _whole(middle),
        _whole(low),
        _whole(high),
        more_than=int(images[-1]) if far else None,
        limit=(float(ends[0]), float(ends[1]), float(ends[2])),
    )


def _whole(images: float) -> int | None:
    return None if np.isinf(images) else int(np.ceil(images - 1e-9))


def answer_from(measured: Measured | None, train: dict[str, int], target: float) -> Answer:
    """Say how many training images per class reach the target, for the mean recall and each class.

    The curves hold for images nobody has seen: their intervals have the luck of the held-out images
    in them (a bootstrap over these, near duplicates as one) beside what the fit leaves open.

    Args:
        measured: what was right; None: nothing yet.
        train: training images that each class has.
        target: recall, between 0 and 1.

    Returns:
        `images_per_class`, `low`, `high` (None: no number is known), `more_than` and `limit`, see
        `Need`; `points` of the mean recall and its `curve`; `rule`, the mean recall that the curve
        gives `RULE` images per class (None: too far out); `classes`, with the same for each and
        `needs` for the number; `hidden`, see `predict_hidden`.
    """
    unknown: Answer = {"points": [], "curve": []}
    classes: Answer = {
        name: {
            "images": n,
            "n": None if measured is None else 0,
            **_as_dict(None, "needs"),
            **unknown,
        }
        for name, n in train.items()
    }
    overall = {**_as_dict(None, "images_per_class"), **unknown, "rule": None, "hidden": None}
    answer = {"target": target, **overall, "classes": classes}
    if measured is None:
        return answer
    draws = measured.resampled()
    answer |= {"points": _mean_points(measured, draws), "hidden": predict_hidden(measured)}
    for c, name in enumerate(measured.classes):
        classes[name] |= {"n": int(measured.held_out[c]), "points": _points(measured, draws, c)}
    if len(measured.budgets) >= FEWEST:
        # Only the spread of the draws is used: their prior pulls a recall towards the middle.
        curves = fit_curves(measured.points(), measured.recall + draws - draws.mean(axis=0))
        answer |= _needs(measured, curves, target, classes)
    return answer


def _needs(measured: Measured, curves: Curves, target: float, classes: Answer) -> Answer:
    """The need of the mean recall; those of the classes are added to `classes`."""
    images = _looked_at(curves.most)
    each, mean = curves.along(np.append(images, np.inf))
    for name, recall in zip(measured.classes, each, strict=True):
        need = needed(recall[:, :-1], recall[:, -1], target, images)
        classes[name] |= {**_as_dict(need, "needs"), "curve": _curve(recall, images)}
    need = needed(mean[:, :-1], mean[:, -1], target, images)
    answer = {**_as_dict(need, "images_per_class"), "curve": _curve(mean, images)}
    if images[-1] >= RULE:
        _, there = curves.along(np.array([float(RULE)]))
        answer["rule"] = {"images": RULE, **_point(None, there[:, 0])}
    return answer


def _looked_at(most: float) -> np.ndarray:
    end = max(FAR * most, 10.0)
    return np.geomspace(1, end, round(FINE * np.log10(end)))


def _as_dict(need: Need | None, name: str) -> Answer:
    if need is None:
        return {name: None, "low": None, "high": None, "more_than": None, "limit": None}
    limit = dict(zip(("recall", "low", "high"), need.limit, strict=True))
    return {name: need.images, "low": need.low, "high": need.high, "more_than": need.more_than,
            "limit": limit}  # fmt: skip


def _curve(recall: np.ndarray, images: np.ndarray) -> list[Answer]:
    places = range(len(images) - 1, -1, -SHOWN)
    return [{"images": round(float(images[i]), 1), **_point(None, recall[:, i])}
            for i in reversed(places)]  # fmt: skip


def _point(value: float | None, draws: np.ndarray) -> Answer:
    """A recall with its interval; without a value of its own the middle of its draws."""
    value = float(np.median(draws)) if value is None else float(value)
    low, high = bounds(value, draws)
    return {"recall": value, "low": low, "high": high}


def _mean_points(measured: Measured, draws: np.ndarray) -> list[Answer]:
    """The mean recall at each budget, and how many classes had as many images."""
    means = measured.recall.mean(axis=1)
    return [
        {
            "images": budget,
            "whole": int((counts == budget).sum()),
            # The priors of many classes add up to a pull, see `intervals.macro`.
            **_point(mean, around(drawn.mean(axis=1), mean)),
        }
        for budget, counts, mean, drawn in zip(
            measured.budgets, measured.counts, means, draws.swapaxes(0, 1), strict=True
        )
    ]


def _points(measured: Measured, draws: np.ndarray, c: int) -> list[Answer]:
    """What was measured of one class."""
    return [
        {"images": int(measured.counts[b, c]), **_point(measured.recall[b, c], draws[:, b, c])}
        for b in np.flatnonzero(measured.own_points()[:, c])
    ]
