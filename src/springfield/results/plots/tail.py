"""The tail plot: what each class's score owes to its number of training images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words, pretty
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
APART = 7  # pixels between classes of one size
SIDE_BY_SIDE = 70  # pixels for all of them, at most
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
    places = _places(judged, along)
    points = [_point(name, c, (places[name], up), say) for name, c in judged.items()]
    return drawing(
        WIDTH,
        HEIGHT,
        say("plot.tail"),
        text(0, 14, say("plot.f1"), "axis"),
        grid_up(up, LEFT, RIGHT, say.tick),
        grid_along(along, TOP, BOTTOM, say.tick),
        *points,
        _names(judged, places, up),
        text((LEFT + RIGHT) / 2, HEIGHT - 12, say("plot.train_images"), "axis middle"),
    )


def _places(judged: Mapping[str, Mapping[str, Any]], along: Scale) -> dict[str, float]:
    """Where each class stands; those of equal size stand side by side instead of in one line."""
    sizes: dict[int, list[str]] = {}
    for name in sorted(judged, key=lambda name: judged[name]["f1"]):
        sizes.setdefault(int(judged[name]["train"]), []).append(name)
    places: dict[str, float] = {}
    for size, names in sizes.items():
        apart = min(APART, SIDE_BY_SIDE / len(names))
        half = apart * (len(names) - 1) / 2
        middle = min(max(along(size), LEFT + half), RIGHT - half)
        places |= {name: middle - half + apart * i for i, name in enumerate(names)}
    return places


def _point(name: str, c: Mapping[str, Any], place: tuple[float, Scale], say: Words) -> Html:
    (x, up), colour = place, COLOURS[c["group"]]
    words = say("plot.class", name=name, f1=say.fraction(c["f1"]), train=int(c["train"]),
                interval=say.interval(c["low"], c["high"]), n=int(c["n"]))  # fmt: skip
    return tag(
        "g",
        hover(words),
        line(x, up(c["low"]), x, up(c["high"]), f"whisker {colour}"),
        dot(x, up(c["f1"]), 4.5, f"fill-{colour} paper-edge"),
        class_="hit",
    )


def _names(judged: Mapping[str, Mapping[str, Any]], places: Mapping[str, float], up: Scale) -> Html:
    """Name the weakest classes whose names hide neither a point nor another name."""
    shapes: list[Html] = []
    taken = [(places[name] - 5, places[name] + 5, up(c["f1"]) + 4) for name, c in judged.items()]
    for name, c in sorted(judged.items(), key=lambda item: item[1]["f1"]):
        x, y, words = places[name], up(c["f1"]) + 4, pretty(name)
        for left, class_ in ((x + 9, "small"), (x - 9 - LETTER * len(words), "small end")):
            right = left + LETTER * len(words)
            free = not any(left < r and right > s and abs(y - b) < 12 for s, r, b in taken)
            if free and left > LEFT and right < RIGHT + 16:
                taken.append((left, right, y))
                shapes.append(text(left if class_ == "small" else right, y, words, class_))
                break
        if len(shapes) == NAMED:
            break
    return join(shapes)
