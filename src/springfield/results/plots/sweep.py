"""The sweep's plots: the best score so far over the trials, and each key against the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words
from springfield.results.plots.rates import written
from springfield.results.plots.svg import (
    Scale,
    dot,
    drawing,
    grid_along,
    grid_up,
    hover,
    line,
    path,
    text,
)

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 340, 46, 836, 40, 282
SMALL = {"width": 270, "height": 190, "left": 46, "right": 262, "top": 30, "bottom": 150}
COMPLETE, GIVEN_UP, BEST = "fill-blue paper-edge", "fill-paper faint", "fill-red paper-edge"
Trial = Mapping[str, Any]  # number, state, score and values; a row of the sweep's table


def progress_plot(trials: Sequence[Trial], say: Words) -> Html:
    """Every trial's score in their order, and the best one so far as a line."""
    known = [trial for trial in trials if trial["score"] is not None]
    up = _heights(known, BOTTOM, TOP)
    along = Scale(0.5, max(len(trials), 2) + 0.5, LEFT, RIGHT)
    best = accumulate((t["score"] if t["state"] == "complete" else 0.0 for t in known), max)
    steps = [(along(t["number"] + 1), up(b)) for t, b in zip(known, best, strict=True) if b]
    return drawing(
        WIDTH,
        HEIGHT,
        say("plot.sweep", n=len(trials)),
        text(0, 14, say("plot.sweep.score"), "axis"),
        grid_up(up, LEFT, RIGHT, say.tick),
        grid_along(along, TOP, BOTTOM, lambda v: say.tick(v) if v == round(v) else ""),
        text((LEFT + RIGHT) / 2, HEIGHT - 14, say("plot.sweep.trial"), "axis middle"),
        path(_stairs(steps), "line blue veil"),
        _marks(known, [(along(t["number"] + 1), up(t["score"])) for t in known], say),
    )


def key_plot(dimension: Mapping[str, Any], trials: Sequence[Trial], say: Words) -> Html:
    """A key's values against the score of each trial; `dimension` as asdict(Dimension) gives it."""
    key, choices = dimension["key"], dimension["choices"]
    known = [t for t in trials if t["score"] is not None and key in t["values"]]
    up = _heights(known, SMALL["bottom"], SMALL["top"])
    ends = (SMALL["left"], SMALL["right"])
    if choices:
        along = Scale(-0.5, len(choices) - 0.5, *ends)
        places = [along(choices.index(t["values"][key])) for t in known]
        ticks = join(text(along(i), SMALL["bottom"] + 18, shown(choice, say), "tick middle")
                     for i, choice in enumerate(choices))  # fmt: skip
    else:
        along = Scale(dimension["low"], dimension["high"], *ends, dimension["log"])
        places = [along(t["values"][key]) for t in known]
        ticks = _ends(along, dimension, say)
    return drawing(
        SMALL["width"],
        SMALL["height"],
        say("plot.sweep.key", name=key),
        text(0, 12, key, "small strong"),
        grid_up(up, *ends, say.tick),
        ticks,
        _marks(known, [(x, up(t["score"])) for t, x in zip(known, places, strict=True)], say),
    )


def shown(value: Any, say: Words) -> str:
    """A value of a key as people write it."""
    if isinstance(value, bool | str):
        return str(value).lower() if isinstance(value, bool) else value
    return say.number(value) if isinstance(value, int) else written(value, say) if value else "0"


def _heights(known: Sequence[Trial], bottom: float, top: float) -> Scale:
    """From below the lowest complete trial to above the highest of all.

    What was given up far below stands at the lower edge: it would flatten what matters.
    """
    complete = [trial["score"] for trial in known if trial["state"] == "complete"]
    scores = [trial["score"] for trial in known] or [0.0, 1.0]
    least, most = min(complete or scores), max(scores)
    room = max(0.1 * (most - least), 0.005)
    return Scale(max(0.0, least - 5 * room), min(1.0, most + room), bottom, top)


def _stairs(steps: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    corners: list[tuple[float, float]] = []
    for x, y in steps:
        corners += [(x, corners[-1][1]), (x, y)] if corners else [(x, y)]
    return corners


def _ends(along: Scale, dimension: Mapping[str, Any], say: Words) -> Html:
    y, middle = SMALL["bottom"] + 18, (along.start + along.end) / 2
    lows, highs = shown(dimension["low"], say), shown(dimension["high"], say)
    words = [text(along.start, y, lows, "tick"), text(along.end, y, highs, "tick end")]
    if dimension["log"]:
        words.append(text(middle, y, say("plot.sweep.log"), "tick middle"))
    return join([line(along.start, y - 18, along.end, y - 18, "base"), *words])


def _marks(known: Sequence[Trial], places: Sequence[tuple[float, float]], say: Words) -> Html:
    """A dot for each trial: open those that were given up early; red, above all, the best one."""
    complete = [t for t in known if t["state"] == "complete"]
    best = max(complete, key=lambda t: t["score"], default=None)
    dots = []
    for trial, place in sorted(zip(known, places, strict=True), key=lambda pair: pair[0] is best):
        style = COMPLETE if trial["state"] == "complete" else GIVEN_UP
        score = say.fraction(trial["score"])
        words = say("plot.sweep.point", number=trial["number"] + 1, score=score)
        mark = dot(*place, 4.5, BEST if trial is best else style)
        dots.append(tag("g", hover(words), mark, class_="hit"))
    return join(dots)
