"""The tail plot: what each class's score owes to its number of training images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words, fraction
from springfield.results.plots.svg import (
    Scale,
    dot,
    drawing,
    grid_along,
    grid_up,
    hover,
    line,
    text,
)

WIDTH, HEIGHT = 860, 400
LEFT, RIGHT, TOP, BOTTOM = 46, 840, 34, 346
COLOURS = {"many": "blue", "medium": "gold", "few": "red"}
NAMED = 7  # of the weakest classes
LETTER = 6.2  # pixels, roughly


def tail_plot(classes: Mapping[str, Mapping[str, Any]], say: Words) -> Html:
    """F1 with its interval against training images, a point per class that can be judged.

    classes: as `score` gives them.
    """
    judged = {name: c for name, c in classes.items() if c["f1"] is not None}
    most = max([float(c["train"]) for c in judged.values()] + [10.0])
    least = min([float(c["train"]) for c in judged.values()] + [most / 2])
    along = Scale(max(least * 0.8, 0.8), most * 1.1, LEFT, RIGHT, True)
    up = Scale(0, 1, BOTTOM, TOP)
    points = [_point(name, c, along, up, say) for name, c in judged.items()]
    return drawing(
        WIDTH,
        HEIGHT,
        say("plot.tail"),
        text(0, 14, say("plot.f1"), "axis"),
        grid_up(up, LEFT, RIGHT),
        grid_along(along, TOP, BOTTOM),
        *points,
        _names(judged, along, up),
        text((LEFT + RIGHT) / 2, HEIGHT - 12, say("plot.train_images"), "axis middle"),
    )


def _point(name: str, c: Mapping[str, Any], along: Scale, up: Scale, say: Words) -> Html:
    x, colour = along(c["train"]), COLOURS[c["group"]]
    words = say("plot.class", name=name, f1=fraction(c["f1"]), low=fraction(c["low"]),
                high=fraction(c["high"]), train=int(c["train"]), n=int(c["n"]))  # fmt: skip
    return tag(
        "g",
        hover(words),
        line(x, up(c["low"]), x, up(c["high"]), f"whisker {colour}"),
        dot(x, up(c["f1"]), 4.5, f"fill-{colour} paper-edge"),
        class_="hit",
    )


def _names(judged: Mapping[str, Mapping[str, Any]], along: Scale, up: Scale) -> Html:
    """Name the weakest classes, each where it hides no other name."""
    shapes: list[Html] = []
    taken: list[tuple[float, float, float]] = []  # left, right, baseline
    for name, c in sorted(judged.items(), key=lambda item: item[1]["f1"])[:NAMED]:
        x, y, words = along(c["train"]), up(c["f1"]) + 4, name.replace("_", " ")
        long = LETTER * len(words)
        ends = x + 10 + long > RIGHT
        left, right = (x - 10 - long, x - 10) if ends else (x + 10, x + 10 + long)
        if any(left < r and right > x0 and abs(y - b) < 13 for x0, r, b in taken):
            continue
        taken.append((left, right, y))
        shapes.append(text(right if ends else left, y, words, "small end" if ends else "small"))
    return join(shapes)
