"""The size scatter: width against height of every image."""

from __future__ import annotations

import numpy as np

from springfield.results.page.html import Html
from springfield.results.page.words import Words
from springfield.results.plots.svg import (
    Scale,
    box,
    drawing,
    grid_along,
    grid_up,
    hover,
    line,
    text,
)

SIDE, LEFT, RIGHT, TOP, BOTTOM = 560, 64, 536, 14, 510
CELL = 5  # pixels of the plot: images closer than this share one mark, so 100,000 draw as fast


def size_scatter(width: np.ndarray, height: np.ndarray, say: Words) -> Html:
    """Width and height on logarithmic axes; a mark is darker where more images are.

    width, height: int64 [n], pixels, all positive.
    """
    if not len(width):
        return drawing(SIDE, 40, say("plot.sizes", n=0), text(0, 24, "–", "axis"))
    low = max(1.0, float(min(width.min(), height.min())) * 0.8)
    high = float(max(width.max(), height.max(), low * 2)) * 1.15
    along, up = Scale(low, high, LEFT, RIGHT, True), Scale(low, high, BOTTOM, TOP, True)
    return drawing(
        SIDE,
        SIDE,
        say("plot.sizes", n=len(width)),
        grid_up(up, LEFT, RIGHT, say.tick),
        grid_along(along, TOP, BOTTOM, say.tick),
        line(along(low), up(low), along(high), up(high), "dash"),
        text(along(high) - 10, up(high) + 30, say("plot.square"), "axis end"),
        *_marks(width, height, along, up, say),
        text((LEFT + RIGHT) / 2, SIDE - 6, say("plot.width"), "axis middle"),
        text(0, 0, say("plot.height"), "axis middle", f"translate(12 {BOTTOM / 2}) rotate(-90)"),
    )


def _marks(
    width: np.ndarray, height: np.ndarray, along: Scale, up: Scale, say: Words
) -> list[Html]:
    x = along.start + np.log(width / along.low) / np.log(along.high / along.low) * (
        along.end - along.start
    )
    y = up.start + np.log(height / up.low) / np.log(up.high / up.low) * (up.end - up.start)
    cells = np.stack([x, y]).astype(np.int64) // CELL  # [2, n]
    places, first, counts = np.unique(cells, axis=1, return_index=True, return_counts=True)
    strongest = np.log1p(counts.max())
    return [
        box(
            (float(column * CELL), float(row * CELL)),
            (CELL - 0.6, CELL - 0.6),
            "fill-blue",
            hover(say("plot.size", width=int(width[i]), height=int(height[i]),
                      images=say("count.images", n=int(n)))),
            fill_opacity=float(0.25 + 0.75 * np.log1p(n) / strongest),
        )
        for (column, row), i, n in zip(places.T, first, counts, strict=True)
    ]  # fmt: skip
