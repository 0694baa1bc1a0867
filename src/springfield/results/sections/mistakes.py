"""Mistakes: the confusion matrix, the most frequent ones, and the worst as pictures."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from PIL import Image

from springfield.results.page.document import figure, section
from springfield.results.page.html import Html, breakable, join, tag, void
from springfield.results.page.thumbnails import data_uri, thumbnail
from springfield.results.page.words import Words, pretty
from springfield.results.plots.confusion import MOST, confusion_matrix
from springfield.results.predictions import Predictions
from springfield.results.sections.evidence import Eyes, eyes_on, heat_maps
from springfield.results.sections.story import Story

SHOWN = 20  # thumbnails
OF_A_KIND = 2  # of the same truth and answer
PAIRS = 8  # most frequent mistakes named


def by_training_images(scores: dict[str, Any]) -> tuple[list[list[int]], list[str]]:
    """The confusion matrix with its classes from the most training images to the fewest."""
    names = list(scores["classes"])
    order = sorted(
        range(len(names)), key=lambda i: (-scores["classes"][names[i]].get("train", 0), names[i])
    )
    counts = np.asarray(scores["confusion"], np.int64)[np.ix_(order, order)]
    return counts.tolist(), [names[i] for i in order]


def confusion(story: Story, say: Words) -> Html | None:
    """The matrix, and its largest mistakes in words."""
    scores = story.judged
    if not scores or "confusion" not in scores:
        return None
    counts, names = by_training_images(scores)
    matrix, caption = confusion_matrix(counts, names, say), say("confusion.caption")
    if len(names) > MOST:
        caption = join([caption, say("plot.worst", n=MOST, total=len(names))], " ")
    return section(
        "confusion",
        say,
        figure(matrix, caption, wide=True),
        _frequent(np.asarray(counts), names, say),
    )


def mistakes(story: Story, say: Words) -> Html | None:
    """The wrong answers it was surest of."""
    if not story.judged or story.predictions is None or story.predictions.truth is None:
        return None
    worst = worst_mistakes(story.predictions)
    if not worst:
        return section("mistakes", say, tag("p", say("mistakes.none")))
    eyes = eyes_on(story, [str(story.predictions.paths[i]) for i in worst])
    cards = [_card(story, each, i, say) for each, i in zip(eyes, worst, strict=True)]
    how = tag("p", say("mistakes.heat")) if any(eyes) else None
    shape = "mistaken" if any(eyes) else "gallery"
    return section("mistakes", say, how, tag("ul", *cards, class_=shape))


def worst_mistakes(predictions: Predictions) -> list[int]:
    """Row numbers of the most confident wrong answers, at most two of one kind of mistake."""
    if predictions.truth is None:
        return []
    wrong = np.flatnonzero(predictions.readable & (predictions.labels != predictions.truth))
    surest = wrong[np.argsort(-predictions.confidence[wrong], kind="stable")]
    kinds: Counter[tuple[str, str]] = Counter()
    chosen = []
    for i in surest:
        kind = (str(predictions.truth[i]), str(predictions.labels[i]))
        kinds[kind] += 1
        if kinds[kind] <= OF_A_KIND:
            chosen.append(int(i))
        if len(chosen) == SHOWN:
            break
    return chosen


def _card(story: Story, eyes: Eyes | None, i: int, say: Words) -> Html:
    predictions = story.predictions
    assert predictions is not None  # a mistake is a prediction
    assert predictions.truth is not None
    path = str(predictions.paths[i])
    labels = [str(predictions.labels[i]), str(predictions.truth[i])]
    answer, truth = map(pretty, labels)
    sure = say.percent(float(predictions.confidence[i]), 0)
    picture = thumbnail(
        story.root / path, say("mistakes.alt", path=path, truth=truth, answer=answer)
    )
    if eyes:
        maps = heat_maps(eyes, story.root / path, labels)
        heat = [_heat(each, pretty(name), say) for each, name in zip(maps, labels, strict=False)]
        picture = tag("div", tag("figure", picture), *heat, class_="trio")
    words = say("mistakes.card", truth=truth, answer=answer, sure=sure)
    return tag("li", picture, words, tag("div", breakable(path), class_="path"), class_="card")


def _heat(heat: Image.Image, label: str, say: Words) -> Html:
    alt = say("mistakes.where", label=label)
    image = void("img", src=data_uri(heat), alt=alt, width=heat.width, height=heat.height)
    return tag("figure", image, tag("figcaption", say("mistakes.for", label=label)))


def _frequent(counts: np.ndarray, names: list[str], say: Words) -> Html | None:
    totals = counts.sum(axis=1)
    aside = counts - np.diag(np.diag(counts))
    order = np.argsort(-aside, axis=None, kind="stable")[:PAIRS]
    pairs = [np.unravel_index(i, aside.shape) for i in order]
    lines = [
        tag("li", say("confusion.pair", truth=pretty(names[i]), answer=pretty(names[j]),
                      k=int(aside[i, j]), n=int(totals[i])))
        for i, j in pairs if aside[i, j]
    ]  # fmt: skip
    if not lines:
        return None
    return tag("div", tag("h3", say("confusion.most")), tag("ul", *lines, class_="columns"))
