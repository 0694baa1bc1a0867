"""The calibration plot: does "90 % sure" mean right nine times in ten?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

from springfield.results.page.html import Html, tag
from springfield.results.page.words import Words
from springfield.results.plots.svg import (
    Scale,
    box,
    dot,
    drawing,
    grid_along,
    grid_up,
    hover,
    line,
    path,
    text,
)

WIDTH, HEIGHT = 460, 500
LEFT, RIGHT, TOP, BOTTOM = 56, 440, 14, 398
STRIP = 44  # height of the histogram below


def calibration_plot(bins: Sequence[Mapping[str, float]], say: Words) -> Html:
    """How often right against how sure, a point per bin with its 95 % interval.

    bins: as `score` gives them, {"confidence", "accuracy", "n"}.
    """
    share = partial(say.percent, digits=0)
    along, up = Scale(0, 1, LEFT, RIGHT), Scale(0, 1, BOTTOM, TOP)
    most = max([float(each["n"]) for each in bins] + [1.0])
    return drawing(
        WIDTH,
        HEIGHT,
        say("plot.calibration"),
        grid_up(up, LEFT, RIGHT, share),
        grid_along(along, TOP, BOTTOM + STRIP + 8, share),
        line(along(0), up(0), along(1), up(1), "dash"),
        text(along(0.96), up(0.08), say("plot.too_sure"), "axis end"),
        text(along(0.04), up(0.9), say("plot.too_shy"), "axis"),
        path([(along(b["confidence"]), up(b["accuracy"])) for b in bins], "line thin blue"),
        *(_bin(each, along, up, most, say) for each in bins),
        text((LEFT + RIGHT) / 2, HEIGHT - 8, say("plot.confidence"), "axis middle"),
        text(
            0,
            0,
            say("plot.right"),
            "axis middle",
            f"translate(12 {(TOP + BOTTOM) / 2}) rotate(-90)",
        ),
    )


def _bin(each: Mapping[str, float], along: Scale, up: Scale, most: float, say: Words) -> Html:
    x, n = along(each["confidence"]), int(each["n"])
    low, high = _wilson(each["accuracy"], n)
    words = say("plot.bin", sure=say.percent(each["confidence"]),
                right=say.percent(each["accuracy"]), images=say("count.images", n=n))  # fmt: skip
    tall = max(1.5, STRIP * n / most)
    return tag(
        "g",
        hover(words),
        line(x, up(low), x, up(high), "whisker blue"),
        dot(x, up(each["accuracy"]), 4, "fill-blue paper-edge"),
        box((x - 8, BOTTOM + 8 + STRIP - tall), (16, tall), "fill-sky"),
        class_="hit",
    )


def _wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of n (Wilson 1927)."""
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
