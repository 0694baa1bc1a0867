"""The plot of the benchmarks: lines over a logarithmic axis, each named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from springfield.results.plots.svg import (
    Scale,
    dot,
    drawing,
    grid_along,
    grid_up,
    path,
    stand_alone,
    text,
)

LEFT, RIGHT, TOP, BOTTOM = 60, 640, 30, 330
COLOURS = ("gold", "blue", "red", "leaf", "ink")
APART = 15  # pixels between two names

Lines = Mapping[str, Sequence[tuple[float, float]]]  # the points of each, from left to right


def lines_plot(lines: Lines, along: str, up: str, *, log: bool = False, main: str = "") -> str:
    """Return an SVG file.

    Args:
        lines: at most five of them, with values above 0 along the axis.
        along: what the axis along the bottom shows.
        up: what the other axis shows, from 0 to 1.
        log: whether that one is logarithmic and follows the values, too.
        main: name of the line whose dots are larger.
    """
    xs, ys = zip(*(point for points in lines.values() for point in points), strict=True)
    across = Scale(0.8 * min(xs), 1.2 * max(xs), LEFT, RIGHT, log=True)
    low, high = (0.8 * min(ys), 1.2 * max(ys)) if log else (0.0, 1.0)
    upwards = Scale(low, high, BOTTOM, TOP, log=log)
    shapes: list[object] = []
    taken: list[float] = []
    for (name, points), colour in zip(lines.items(), COLOURS, strict=False):
        places = [(across(x), upwards(y)) for x, y in points]
        shapes += [path(places, f"line {colour}")]
        shapes += [dot(*place, 5 if name == main else 3, f"fill-{colour}") for place in places]
        taken.append(_free(places[-1][1] + 4, taken))
        shapes.append(text(RIGHT + 8, taken[-1], name, "strong"))
    return stand_alone(
        drawing(
            RIGHT + 150,
            BOTTOM + 50,
            f"{up} against {along}",
            text(0, 14, up, "axis"),
            grid_up(upwards, LEFT, RIGHT, lambda value: f"{value:,g}"),
            grid_along(across, TOP, BOTTOM, lambda value: f"{value:,g}"),
            text((LEFT + RIGHT) / 2, BOTTOM + 42, along, "axis middle"),
            *shapes,
        )
    )


def _free(wanted: float, taken: Sequence[float]) -> float:
    """The place nearest to the wanted one whose letters cover no others'."""
    places = (wanted + sign * step for step in range(0, 400, 2) for sign in (1, -1))
    return next(y for y in places if all(abs(y - other) >= APART for other in taken))
