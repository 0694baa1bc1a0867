"""The reproduction plot: what each row reached here, and what was published for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words
from springfield.results.plots.svg import (
    Scale,
    dot,
    drawing,
    grid_along,
    hover,
    line,
    text,
)

WIDTH, ROW, TOP, BOTTOM = 860, 34, 44, 34
LETTER = 6.6  # pixels, roughly
LEGEND = {"original": "fill-gold", "ours": "fill-blue", "published": "fill-paper ink"}


@dataclass(frozen=True)
class Mark:
    """A row: its title, the accuracy measured here with its bounds, and the published one."""

    title: str
    ours: bool
    accuracy: float | None
    low: float | None
    high: float | None
    published: float | None


def reproduction_plot(marks: Sequence[Mark], say: Words) -> Html:
    """Accuracy along the page, a row for each mark from the top; rings are published figures."""
    known = [
        value
        for mark in marks
        for value in (mark.accuracy, mark.low, mark.published)
        if value is not None
    ]
    left = 24 + LETTER * max((len(mark.title) for mark in marks), default=4)
    lowest = int(min([*known, 0.9]) * 10) / 10
    along = Scale(lowest, 1.0, left, WIDTH - 48)
    bottom = TOP + ROW * len(marks)
    return drawing(
        WIDTH,
        bottom + BOTTOM,
        say("plot.reproduction"),
        _legend(left, say),
        grid_along(along, TOP - 8, bottom, say.tick),
        *(_row(mark, along, TOP + ROW * (i + 0.5), say) for i, mark in enumerate(marks)),
    )


def _row(mark: Mark, along: Scale, y: float, say: Words) -> Html:
    shapes: list[Html | None] = [text(along.start - 14, y + 4, mark.title, "end")]
    here = None if mark.accuracy is None else along(mark.accuracy)
    colour = "blue" if mark.ours else "gold"
    if mark.published is not None:
        there = along(mark.published)
        shapes.append(line(there, y, there if here is None else here, y, "dash"))
        shapes.append(dot(there, y, 5, "fill-paper ink"))
    if here is not None:
        if mark.low is not None and mark.high is not None:
            shapes.append(line(along(mark.low), y, along(mark.high), y, f"whisker {colour}"))
        shapes.append(dot(here, y, 5.5, f"fill-{colour} paper-edge"))
        shapes.append(text(here, y - 10, say.fraction(mark.accuracy), "tick middle"))
    words = say("plot.row", title=mark.title, here=say.fraction(mark.accuracy),
                published=say.fraction(mark.published, 2))  # fmt: skip
    return tag("g", hover(words), *shapes, class_="hit")


def _legend(left: float, say: Words) -> Html:
    shapes, x = [], left
    for name, class_ in LEGEND.items():
        words = say(f"plot.{name}")
        shapes += [dot(x + 5, 9, 5, class_), text(x + 18, 13, words, "axis")]
        x += 40 + LETTER * len(words)
    return join(shapes)
