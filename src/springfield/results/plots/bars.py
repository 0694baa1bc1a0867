"""Class bars: how many images each class has, and where they went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from springfield.results.page.html import Html, fill, join, scrolled, tag, void
from springfield.results.page.words import Words
from springfield.results.plots.svg import Scale, box, drawing, grid_along, hover, label, text

COLOURS = {"train": "fill-blue", "val": "fill-sky", "test": "fill-gold", "out": "fill-faint"}
WIDTH, ROW, TOP, BOTTOM = 860, 19, 30, 30


@dataclass(frozen=True)
class Bar:
    """A class and its number of images by part: any of train, val, test, out."""

    name: str
    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


def class_bars(bars: Sequence[Bar], say: Words, scale: str = "linear") -> Html:
    """Horizontal bars, largest class first; `scale` is "linear" or "log".

    On the logarithmic scale a bar ends at its total and its parts end at their running totals.
    """
    ordered = sorted(bars, key=lambda bar: (-bar.total, bar.name))
    numbers = 20 + 6.6 * max((len(say.number(bar.total)) for bar in ordered), default=1)
    left = numbers + 6.6 * max((len(label(bar.name)) for bar in ordered), default=4)
    bottom = TOP + ROW * len(ordered)
    low = 1.0 if scale == "log" else 0.0
    most = max([bar.total for bar in ordered] + [2])
    along = Scale(low, most, left, WIDTH - 16, log=scale == "log")
    return drawing(
        WIDTH,
        bottom + BOTTOM,
        say("plot.bars"),
        _legend(ordered, left, say),
        grid_along(along, TOP - 4, bottom, say.tick),
        *(_row(bar, TOP + ROW * i, (along, numbers), say) for i, bar in enumerate(ordered)),
    )


def both_scales(bars: Sequence[Bar], say: Words) -> Html:
    """The class bars on both scales, and the switch between them."""
    choices = (
        join([
            void("input", type="radio", name="scale", id=scale, value=scale, checked=not i),
            tag("label", say(f"scale.{scale}"), for_=scale),
        ])
        for i, scale in enumerate(("linear", "log"))
    )  # fmt: skip
    return tag(
        "div",
        tag("div", *choices, class_="switch", role="radiogroup", aria_label=say("plot.bars")),
        *(scrolled(class_bars(bars, say, scale), say("plot.bars"))
          for scale in ("linear", "log")),
        class_="switched",
    )  # fmt: skip


def _row(bar: Bar, y: float, frame: tuple[Scale, float], say: Words) -> Html:
    along, numbers = frame  # the scale, and the room for the totals before it
    shapes, reached = [], 0
    for part, colour in COLOURS.items():
        count = bar.parts.get(part, 0)
        if count:
            start = along(reached) if reached else along.start
            reached += count
            width = max(along(reached) - start, 1.5 if reached == bar.total else 0)
            shapes.append(box((start, y + 3), (width, ROW - 6), colour))
    parts = join((fill("{part} {n}", part=say(f"plot.{part}"), n=say.number(n))
                  for part, n in bar.parts.items() if n), ", ")  # fmt: skip
    images = say("count.images", n=bar.total)
    key = "plot.bar" if len(bar.parts) > 1 else "plot.bar.whole"
    return tag(
        "g",
        hover(say(key, name=bar.name, images=images, parts=parts)),
        text(along.start - numbers, y + 14, label(bar.name), "small end"),
        text(along.start - 9, y + 14, say.number(bar.total), "tick small end"),
        *shapes,
        class_="hit",
    )


def _legend(bars: Sequence[Bar], left: float, say: Words) -> Html:
    used = [part for part in COLOURS if any(bar.parts.get(part) for bar in bars)]
    if len(used) < 2:
        return Html()
    shapes, x = [], left
    for part in used:
        word = say(f"plot.{part}")
        shapes += [box((x, 4), (10, 10), COLOURS[part]), text(x + 16, 13, word, "axis")]
        x += 34 + 7 * len(word)
    return join(shapes)
