"""The drawing kit: hand-written SVG, coloured by classes so that it follows light and dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from springfield.results.page.document import asset
from springfield.results.page.html import Html, join, tag
from springfield.results.page.palette import resolve
from springfield.results.page.words import pretty

MARGIN = 24  # pixels around a picture that stands alone
TICKS = 5
LONGEST = 32  # letters of a class's name
Points = Sequence[tuple[float, float]]


def drawing(width: float, height: float, label: str, *shapes: object) -> Html:
    """Return an ``<svg>`` of that size in user units; `label` says what one sees."""
    return tag(
        "svg",
        *shapes,
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        class_="plot",
        role="img",
        aria_label=label,
    )


def stand_alone(picture: Html) -> str:
    """The same picture as the text of an SVG file, with its own colours, letters and margin."""
    opening, rest = picture.split(">", 1)
    width, height = _size(picture)
    around = f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN:g} {height + 2 * MARGIN:g}"
    sized = tag(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=around,
        width=width + 2 * MARGIN,
        height=height + 2 * MARGIN,
        class_="plot",
        role="img",
        aria_label=Html(opening.split('aria-label="')[1].split('"')[0]),
    ).removesuffix("</svg>")
    style = tag("style", Html(resolve(asset("plots.css"))))
    paper = box((-MARGIN, -MARGIN), (width + 2 * MARGIN, height + 2 * MARGIN), "paper")
    return f"{sized}{style}{paper}{rest}\n".replace("&nbsp;", "\u00a0")  # HTML alone knows it


def _size(picture: Html) -> tuple[float, float]:
    width, height = picture.split('viewBox="0 0 ')[1].split('"')[0].split()
    return float(width), float(height)


def side_by_side(pictures: Sequence[Html], gap: float = 24) -> Html:
    """Several drawings in a row as one drawing."""
    left, tallest, placed = 0.0, 0.0, []
    for picture in pictures:
        width, height = _size(picture)
        placed.append(Html(picture.replace("<svg", f'<svg x="{left:g}"', 1)))
        left, tallest = left + width + gap, max(tallest, height)
    label = "; ".join(picture.split('aria-label="')[1].split('"')[0] for picture in pictures)
    return drawing(left - gap, tallest, Html(label), *placed)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Html:
    """A straight line."""
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=class_)


def text(x: float, y: float, content: object, class_: str, transform: str | None = None) -> Html:
    """Letters with their baseline at y."""
    return tag("text", content, x=float(x), y=float(y), class_=class_, transform=transform)


def box(
    corner: tuple[float, float],
    size: tuple[float, float],
    class_: str,
    *inside: object,
    **more: object,
) -> Html:
    """A rectangle from its upper left corner."""
    (x, y), (width, height) = corner, size
    return tag(
        "rect",
        *inside,
        x=float(x),
        y=float(y),
        width=float(max(width, 0)),
        height=float(max(height, 0)),
        class_=class_,
        **more,
    )


def dot(x: float, y: float, radius: float, class_: str) -> Html:
    """A filled circle."""
    return tag("circle", cx=float(x), cy=float(y), r=float(radius), class_=class_)


def path(points: Points, class_: str) -> Html:
    """A line through points."""
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return tag("polyline", points=steps, class_=class_)


def area(points: Points, class_: str) -> Html:
    """A filled shape with these corners."""
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return tag("polygon", points=steps, class_=class_)


def label(name: str) -> str:
    """A class's name as a plot writes it, no longer than `LONGEST` letters."""
    words = pretty(name)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def hover(content: object) -> Html:
    """What the pointer shows, and screen readers read."""
    return tag("title", content)


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` onto pixels from `start` to `end`, straight or by logarithm."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        turn: Callable[[float], float] = math.log if self.log else float
        low, high = turn(self.low), turn(self.high)
        share = (turn(max(value, self.low)) - low) / ((high - low) or 1)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round values inside the range, roughly `TICKS` of them."""
        if self.log:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            found = [m * 10.0**p for p in powers for m in (1, 2, 5)]
            inside = [value for value in found if self.low <= value <= self.high * 1.0001]
            return [v for v in inside if f"{v:e}"[0] == "1"] if len(inside) > TICKS + 4 else inside
        span = (self.high - self.low) or 1
        raw = span / TICKS
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(i * step, 10) for i in range(first, last + 1)]


def grid_up(scale: Scale, left: float, right: float, show: Callable[[float], str]) -> Html:
    """Horizontal grid lines from left to right with their values at the left."""
    return join(
        join([line(left, scale(v), right, scale(v), "grid"),
              text(left - 8, scale(v) + 4, show(v), "tick end")])
        for v in scale.ticks()
    )  # fmt: skip


def grid_along(scale: Scale, top: float, bottom: float, show: Callable[[float], str]) -> Html:
    """Vertical grid lines from top to bottom with their values below."""
    return join(
        join([line(scale(v), top, scale(v), bottom, "grid"),
              text(scale(v), bottom + 18, show(v), "tick middle")])
        for v in scale.ticks()
    )  # fmt: skip
