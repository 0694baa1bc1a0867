"""The range test: loss against an exponentially rising learning rate, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from springfield.results.page.html import Html, join
from springfield.results.page.words import Words
from springfield.results.plots.svg import (
    Scale,
    box,
    dot,
    drawing,
    grid_along,
    grid_up,
    line,
    path,
    text,
)

WIDTH, HEIGHT = 860, 380
LEFT, RIGHT, TOP, BOTTOM = 46, 836, 40, 322
CLEAR = 150  # pixels that the words beside a line take


def rate_plot(found: Mapping[str, Any], say: Words) -> Html:
    """The losses as dots and their mean as a line, until it leaves the drawing; a `RateTest`."""
    rates, losses, smooth = found["rates"], found["losses"], found["smooth"]
    lowest = min(losses)
    before = max(loss for rate, loss in zip(rates, losses, strict=True) if rate <= found["high"])
    room = 0.06 * (before - lowest) or 1.0
    along = Scale(rates[0], rates[-1], LEFT, RIGHT, True)
    up = Scale(lowest - room, before + 4 * room, BOTTOM, TOP)
    inside = [i for i, loss in enumerate(losses) if loss <= up.high]
    left = next((i for i, mean in enumerate(smooth) if mean > up.high), len(smooth))
    words = written(found["learning_rate"], say)
    span = (along(found["high"]) - along(found["low"]), BOTTOM - TOP)
    return drawing(
        WIDTH,
        HEIGHT,
        say("plot.rates", rate=words),
        box((along(found["low"]), TOP), span, "band"),
        text(0, 14, say("plot.rates.loss"), "axis"),
        grid_up(up, LEFT, RIGHT, say.tick),
        grid_along(along, TOP, BOTTOM, lambda rate: written(rate, say)),
        text((LEFT + RIGHT) / 2, HEIGHT - 14, say("plot.rates.rate"), "axis middle"),
        *(dot(along(rates[i]), up(losses[i]), 2.2, "fill-faint") for i in inside),
        path([(along(rates[i]), up(smooth[i])) for i in range(left)], "line blue"),
        _found(along(found["learning_rate"]), words),
    )


def written(rate: float, say: Words) -> str:
    """A rate with at most two digits that are not zeros at its beginning."""
    digits = f"{float(f'{rate:.2g}'):.12f}".rstrip("0").partition(".")[2]
    return say.number(rate, len(digits))


def _found(x: float, rate: str) -> Html:
    side = "end" if x > RIGHT - CLEAR else ""
    words = text(x + (-8 if side else 8), BOTTOM - 10, rate, f"strong fill-red {side}".strip())
    return join([line(x, TOP, x, BOTTOM, "line red"), words])
