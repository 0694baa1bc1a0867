"""Training curves: accuracy and loss over the epochs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from springfield.results.page.html import Html, join
from springfield.results.page.words import Words
from springfield.results.plots.svg import (
    Scale,
    dot,
    drawing,
    grid_along,
    grid_up,
    path,
    side_by_side,
    text,
)

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 340, 40, 254
History = Mapping[str, Sequence[float]]  # a column per name, a value per epoch; NaN: not measured


def training_panels(history: History, say: Words) -> list[Html]:
    """Two drawings: accuracy (with the validation macro-F1) and loss."""
    accuracy = {"accuracy": "plot.train", "val_accuracy": "plot.val",
                "val_macro_f1": "plot.macro_f1"}  # fmt: skip
    loss = {"loss": "plot.train", "val_loss": "plot.val"}
    return [
        _panel(history, accuracy, say("plot.accuracy"), say),
        _panel(history, loss, say("plot.loss"), say),
    ]


def training_curves(history: History, say: Words) -> Html:
    """Both panels in one drawing, for the file."""
    return side_by_side(training_panels(history, say))


def _panel(history: History, names: Mapping[str, str], title: Html, say: Words) -> Html:
    epochs = list(history["epoch"])
    curves = {
        name: [(e, v) for e, v in zip(epochs, history[name], strict=True) if math.isfinite(v)]
        for name in names
        if name in history
    }
    values = [v for curve in curves.values() for _, v in curve] or [0.0, 1.0]
    along = Scale(min(epochs), max(max(epochs), min(epochs) + 1), LEFT, RIGHT)
    high = 1.0 if "accuracy" in names else max(values) * 1.04
    low = min([*values, high - 0.05])
    up = Scale(0.0 if low < high * 0.6 else low * 0.98, high, BOTTOM, TOP)
    colours = dict(zip(names, ("line thin faint", "line blue", "line red"), strict=False))
    return drawing(
        WIDTH,
        HEIGHT,
        say("plot.curve", what=title, n=len(epochs)),
        text(0, 16, title, "strong"),
        grid_up(up, LEFT, RIGHT, say.tick),
        grid_along(along, TOP, BOTTOM, lambda v: say.tick(v) if v == round(v) else ""),
        text((LEFT + RIGHT) / 2, BOTTOM + 38, say("plot.epoch"), "axis middle"),
        *(path([(along(e), up(v)) for e, v in curve], colours[name])
          for name, curve in curves.items()),
        _ends({say(names[name]): curve[-1] for name, curve in curves.items() if curve},
              along, up, say),
    )  # fmt: skip


def _ends(ends: Mapping[Html, tuple[float, float]], along: Scale, up: Scale, say: Words) -> Html:
    """A dot at the last epoch and value of each line; names beside, moved apart to not touch."""
    fills = ("fill-soft", "fill-blue", "fill-red")
    beside = max((along(epoch) for epoch, _ in ends.values()), default=LEFT) + 10
    marks = [
        (up(value), along(epoch), Html(f"{word} {say.fraction(value)}"), fill)
        for (word, (epoch, value)), fill in zip(ends.items(), fills, strict=False)
    ]
    shapes, lowest = [], -math.inf
    for y, x, label, colour in sorted(marks, key=lambda mark: mark[0]):
        lowest = max(y + 4, lowest + 15)
        shapes += [dot(x, y, 3, colour), text(beside, lowest, label, f"small {colour}")]
    return join(shapes)
