"""Parity: whether an exported classifier answers as the original does, class by class.

Both answer the same images, so a difference between them is no accident of which images were held
out. What an export may lose is measured by what was known of the original in the first place: a
class is lost when its F1 falls below the 95 % interval of the original's. Where a class has many
images, that allows a few changed answers in a hundred; where it has one to three, one changed
answer of two or three passes and the last right one never does, since an interval of Jeffreys'
prior starts above 0 as soon as one answer is right. A class without a held-out image cannot lose
anything that anybody measured; it is listed and not judged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from springfield.files import csv_text
from springfield.results.metrics import score
from springfield.results.predictions import Predictions

COLUMNS = ("original_recall", "recall", "original_f1", "f1", "low", "agreement")
NAMED = 3  # classes that a message names; the table has all


def compare(
    original: Predictions,
    exported: Predictions,
    *,
    train_counts: dict[str, int],
    groups: np.ndarray | None = None,
) -> dict[str, Any]:
    """Compare two classifiers' answers to the same images; the truth is the original's.

    Args:
        original: of n readable images whose truth is known, n at least 1.
        exported: of the same images, in the same order.
        train_counts: training images of each class.
        groups: numbers of the near-duplicate groups, int64 [n]; see `score`.

    Returns:
        What parity.json holds: `agreement` is the share of equal answers, `max_difference` that
        of probabilities, `lost` names the classes that are lost.
    """
    given = np.nan_to_num(exported.probabilities)  # no number is no answer: it agrees with nothing
    exported = replace(exported, probabilities=given)
    before, after = (
        score(each, train_counts=train_counts, groups=groups) for each in (original, exported)
    )
    same = original.answers == exported.answers
    classes = {
        name: _class(was, after["classes"][name], same[original.truth == name])
        for name, was in before["classes"].items()
    }
    return {
        "n": len(original),
        "agreement": float(same.mean()),
        "max_difference": float(np.abs(original.probabilities - given).max()),
        "accuracy": after["accuracy"],
        "macro_f1": after["macro_f1"],
        "original_accuracy": before["accuracy"],
        "original_accuracy_low": before["accuracy_low"],
        "original_macro_f1": before["macro_f1"],
        "lost": [name for name, found in classes.items() if found["verdict"] == "lost"],
        "classes": classes,
    }


def _class(was: dict[str, Any], now: dict[str, Any], same: np.ndarray) -> dict[str, Any]:
    """Scores of a class before and after, and whether each of its images is answered the same."""
    if not was["n"]:
        verdict = was["verdict"]
    elif not was["f1"]:
        verdict = "nothing to lose: never right"
    else:
        verdict = "lost" if now["f1"] < was["low"] else "kept"
    return {
        "n": was["n"],
        "original_recall": was["recall"],
        "recall": now["recall"],
        "original_f1": was["f1"],
        "f1": now["f1"],
        "low": was["low"],
        "agreement": float(same.mean()) if was["n"] else None,
        "verdict": verdict,
    }


def objections(parity: dict[str, Any], tolerance: float) -> list[str]:
    """Why an export is not the original: none, or one clause for each reason.

    Args:
        parity: from `compare`.
        tolerance: largest difference in probability that the format may make.
    """
    found = [
        f"loses {name} (F1 {of['f1']:.3f} after {of['original_f1']:.3f}, whose interval starts "
        f"at {of['low']:.3f})"
        for name, of in parity["classes"].items()
        if of["verdict"] == "lost"
    ]
    if (more := len(found) - NAMED) > 0:
        found[NAMED:] = [f"loses {more} more class{'es' if more > 1 else ''}"]
    if parity["accuracy"] < parity["original_accuracy_low"]:
        found.append(
            f"has accuracy {parity['accuracy']:.3f} after {parity['original_accuracy']:.3f}, "
            f"whose interval starts at {parity['original_accuracy_low']:.3f}"
        )
    if parity["max_difference"] > tolerance:
        found.append(
            f"differs by {parity['max_difference']:.4f} in a probability, where rounding explains "
            f"{tolerance:g}"
        )
    return found


def parity_csv(parity: dict[str, Any]) -> str:
    """The table of classes: class, n, the figures of both, whether it is kept or lost."""
    rows = []
    for name, of in parity["classes"].items():
        figures = ["" if of[key] is None else f"{of[key]:.6f}" for key in COLUMNS]
        rows.append([name, of["n"], *figures, of["verdict"]])
    return csv_text(["class", "n", *COLUMNS, "verdict"], rows)
