"""Strip plot: who appears when in videos."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from springfield.results.page.html import Html, join, tag
from springfield.results.plots.svg import Scale, box, drawing, hover, label, line, text

WIDTH, ROW, HEAD, FOOT, GAP = 860, 22, 30, 22, 22
MOST = 12  # classes with a row of their own
COLOURS = ("fill-blue", "fill-red", "fill-gold", "fill-leaf", "fill-sky")
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
TITLE, OTHERS = "Who appears when in {videos}: {names}", "others"
HOVER = "{name}, {start} to {end}, probability {probability:.2f}"


@dataclass(frozen=True)
class Bar:
    """A class from `start` to `end`, in seconds."""

    start: float
    end: float
    label: str
    probability: float


def strip_plot(strips: Mapping[str, Sequence[Bar]]) -> Html:
    """One strip per video, by its path; in it a row per class, the longest seen first.

    A class has the same colour in every strip; the less probable a bar is, the paler.
    """
    seconds: dict[str, float] = {}
    for bar in (bar for bars in strips.values() for bar in bars):
        seconds[bar.label] = seconds.get(bar.label, 0) + bar.end - bar.start
    ranked = sorted(seconds, key=lambda name: -seconds[name])
    colours = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(ranked[:MOST])}
    left = 20 + 6.9 * max([len(label(name)) for name in ranked[:MOST]] + [len(OTHERS)])
    shapes, y = [], 0.0
    for path, bars in strips.items():
        strip, height = _strip(path, bars, colours, left)
        shapes.append(tag("g", strip, transform=f"translate(0 {y:g})"))
        y += height
    title = TITLE.format(videos=", ".join(strips), names=", ".join(map(label, ranked[:MOST])))
    return drawing(WIDTH, y - GAP, title, hover(title), *shapes)


def _strip(
    path: str, bars: Sequence[Bar], colours: Mapping[str, str], left: float
) -> tuple[Html, float]:
    """A video's strip and its height in pixels."""
    own = {bar.label for bar in bars}
    rows = [name for name in colours if name in own] + [""] * bool(own - set(colours))
    bottom = HEAD + ROW * len(rows)
    along = Scale(0.0, max(bar.end for bar in bars), left, WIDTH - 24)
    lanes = [_lane(name, HEAD + ROW * i, along) for i, name in enumerate(rows)]
    shapes = join([
        text(left, 14, path if len(path) <= 100 else f"…{path[-99:]}", "strong"),
        _axis(along, bottom),
        *lanes,
        *(_bar(bar, HEAD + ROW * rows.index(bar.label if bar.label in colours else ""), along,
               colours.get(bar.label, "fill-soft")) for bar in bars),
    ])  # fmt: skip
    return shapes, bottom + FOOT + GAP


def _lane(name: str, y: float, along: Scale) -> Html:
    return join([
        line(along.start, y + ROW / 2, along.end, y + ROW / 2, "grid"),
        text(along.start - 10, y + 15, label(name) or OTHERS, "small end"),
    ])  # fmt: skip


def _bar(bar: Bar, y: float, along: Scale, colour: str) -> Html:
    says = HOVER.format(
        name=label(bar.label),
        start=_clock(bar.start, along.high),
        end=_clock(bar.end, along.high),
        probability=bar.probability,
    )
    # Half a pixel less on either side, so that one bar after the other stays two.
    corner = (along(bar.start) + 0.5, y + 3)
    size = (max(1.0, along(bar.end) - along(bar.start) - 1), ROW - 6)
    pale = f"{0.3 + 0.7 * bar.probability:.2f}"
    return tag(
        "g",
        hover(says),
        box(corner, size, "fill-paper"),  # the grid must not shine through
        box(corner, size, colour, fill_opacity=pale),
    )


def _axis(along: Scale, bottom: float) -> Html:
    """Grid lines at round times, at most nine, and the times below."""
    step = next((s for s in STEPS if along.high / s <= 8), 3600 * math.ceil(along.high / 28800))
    ticks = [i * step for i in range(int(along.high / step + 1e-9) + 1)]
    return join(
        join([line(along(t), HEAD - 4, along(t), bottom + 4, "grid"),
              text(along(t), bottom + 18, _clock(t, along.high), "tick middle")])
        for t in ticks
    )  # fmt: skip


def _clock(seconds: float, whole: float) -> str:
    """A time in a video of `whole` seconds: "7.5 s", "1:07" or "1:02:07"."""
    if whole < 60:
        return f"{round(seconds, 2):g} s"
    minutes, rest = divmod(round(seconds), 60)
    if whole < 3600:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
