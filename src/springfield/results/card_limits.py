"""What a classifier should and should not be used for, as far as its own numbers say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from springfield.results.page.words import Words
from springfield.results.sections.background import by_reliance, read_background
from springfield.results.sections.classes import WEAK
from springfield.results.sections.mistakes import by_training_images
from springfield.results.sections.story import Story

NAMED = 12  # classes named in one sentence
SURE = 0.9  # probability from which an answer counts as sure
SHORTCUT = 0.5  # share of images that a background alone is enough for
MISLED = 0.02  # confidence beyond accuracy that is worth a word


def uses(story: Story, say: Words) -> list[str]:
    """Sentences on what it can be used for."""
    scores, predictions = story.judged or {}, story.predictions
    low, high = (say.percent(scores[f"accuracy_{end}"], 0) for end in ("low", "high"))
    lines = [
        f"Naming images of the same kind as those it was trained on, where being right {low} to "
        f"{high} of the time is enough."
    ]
    if predictions is not None and predictions.truth is not None:
        sure = predictions.readable & (predictions.confidence >= SURE)
        if sure.any():
            right = float((predictions.labels == predictions.truth)[sure].mean())
            lines.append(
                f"Sorting out what a person need not look at: {say.percent(float(sure.mean()), 0)} "
                f"of the held-out images got a probability of {SURE} or more, and of these answers "
                f"{say.percent(right)} were right."
            )
    sets = scores.get("sets")
    if sets and sets["n"]:
        lines.append(
            "Offering a choice where one answer is not safe: its sets held the right class "
            f"{say.percent(sets['coverage'], 0)} of the time."
        )
    return lines


def limits(story: Story, say: Words) -> list[str]:
    """Sentences on what it must not be trusted with."""
    scores = story.judged or {}
    classes: dict[str, dict[str, Any]] = scores["classes"]

    def those(which: Callable[[dict[str, Any]], bool]) -> str:
        return named(name for name, each in classes.items() if which(each))

    def verdict(each: dict[str, Any]) -> str:
        return str(each.get("verdict", "ok")).split(":")[0]

    found = {
        "No held-out image: nothing is known of": those(lambda c: c["n"] == 0),
        "Judged by so few images that the score may change with the next": those(
            lambda c: verdict(c) == "provisional"
        ),
        f"Weak, with an F1 below {WEAK}": those(lambda c: c["f1"] is not None and c["f1"] < WEAK),
        "Often named by the background alone": _shortcuts(story),
        "Most often mistaken": _confused(scores),
    }
    lines = [f"{what}: {names}." for what, names in found.items() if names]
    return [*lines, *_overconfidence(scores, say), _strangers(len(classes))]


def named(names: Iterable[str]) -> str:
    """Names as words, the first of them when there are many."""
    found = [plain(name) for name in names]
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(found[:NAMED]) + more


def plain(text: str) -> str:
    """Text of the user's that Markdown and HTML take for nothing else."""
    shown = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"[\\`*\[\]|#]|(?<!\w)_|_(?!\w)", r"\\\g<0>", shown)


def _strangers(classes: int) -> str:
    return (
        f"It always answers with one of its {classes} classes, also where an image shows none of "
        "them; images of another kind, of another camera or another hand, were not judged."
    )


def _shortcuts(story: Story) -> str:
    """Not those whose name other backgrounds get nearly as often."""
    found = read_background(story)
    judged = by_reliance(found) if found else []
    return named(
        name
        for name, each in judged
        if each["share"] >= SHORTCUT and each["share"] > 2 * (each["elsewhere"] or 0)
    )


def _confused(scores: dict[str, Any]) -> str:
    if "confusion" not in scores:
        return ""
    counts, names = by_training_images(scores)
    aside = np.asarray(counts) - np.diag(np.diag(counts))
    worst = [np.unravel_index(i, aside.shape) for i in np.argsort(-aside, axis=None)[:3]]
    return named(
        f"{names[i]} for {names[j]} ({aside[i, j]} of {sum(counts[i])})"
        for i, j in worst
        if aside[i, j] > 1
    )


def _overconfidence(scores: dict[str, Any], say: Words) -> list[str]:
    bins = scores.get("calibration", {}).get("bins", [])
    if not bins:
        return []
    sure = sum(each["confidence"] * each["n"] for each in bins) / sum(each["n"] for each in bins)
    if abs(sure - scores["accuracy"]) < MISLED:
        return []
    lean = "higher" if sure > scores["accuracy"] else "lower"
    return [
        f"Its probabilities are {lean} than they should be: {say.percent(sure)} sure on average, "
        f"{say.percent(scores['accuracy'])} right."
    ]
