"""The network's structure as a picture: plates as tall as the image, as thick as its channels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import wrap
from typing import Any

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words
from springfield.results.plots.svg import Points, box, drawing, hover, line, text

WIDTH, TALL, TOP = 848, 120, 24  # of all stages, of the largest plate; margin above
LEAST, MOST = 120, 158  # width of a stage
ROW = 16
LETTER = 5.9  # pixels, roughly
# Written behind the layer they follow.
FOLLOWERS = {"BatchNormalization", "ReLU", "Activation"}


@dataclass
class Stage:
    """Layers in a row whose output has one height and width."""

    shape: tuple[int, ...]  # of the last layer: (height, width, channels) or (features,)
    layers: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def weights(self) -> int:
        return sum(int(layer.get("parameters", 0)) for layer in self.layers)

    def lines(self, say: Words) -> list[str]:
        """The layers in short words, followers joined to their layer, repetitions counted."""
        units: list[str] = []
        for layer in self.layers:
            kind = str(layer["kind"])
            word = say(f"layer.{kind}") if f"layer.{kind}" in say.table else kind
            if kind in FOLLOWERS and units:
                units[-1] += f", {word}"
            else:
                units.append(word)
        runs = [(unit, len(list(same))) for unit, same in groupby(units)]
        return [unit if n == 1 else f"{n} × {unit}" for unit, n in runs]


def network_picture(layers: Sequence[Mapping[str, Any]], say: Words) -> Html:
    """Draw layers in order, each {name, kind, shape, parameters}.

    shape: of the output, (height, width, channels) or (features,), with or without a batch axis.
    """
    stages = stages_of(layers)
    largest = max((stage.shape[0] for stage in stages if len(stage.shape) > 1), default=1)
    floor = TOP + TALL + 44
    step = min(MOST, max(LEAST, WIDTH / max(len(stages), 1)))
    wide = int(step / LETTER)
    lines = [[part for each in s.lines(say) for part in wrap(each, wide)] for s in stages]
    rows = max(map(len, lines), default=0)
    return drawing(
        step * max(len(stages), 1),
        floor + 74 + ROW * rows,
        say("plot.network"),
        line(0, floor, step * len(stages), floor, "grid"),
        *(
            _column(stage, step * i, (floor, largest), lines[i], say)
            for i, stage in enumerate(stages)
        ),
    )


def stages_of(layers: Sequence[Mapping[str, Any]]) -> list[Stage]:
    """Group layers into stages of one resolution; the input stands alone."""
    stages: list[Stage] = []
    for layer in layers:
        shape = _shape(layer.get("shape"))
        if not stages or _parts(stages[-1], shape):
            stages.append(Stage(shape))
        stages[-1].shape = shape
        stages[-1].layers.append(layer)
    return stages


def _parts(before: Stage, shape: tuple[int, ...]) -> bool:
    """Whether a layer of that output begins a new stage."""
    whole = len(shape) == 1 or any(each["kind"] == "InputLayer" for each in before.layers)
    return before.shape != shape if whole else before.shape[:-1] != shape[:-1]


def _shape(shape: Any) -> tuple[int, ...]:
    sides = [side for side in shape or () if side is not None]
    return tuple(int(side) for side in (sides[-3:] if len(sides) != 2 else sides[-1:])) or (0,)


def _column(
    stage: Stage, left: float, frame: tuple[float, int], lines: list[str], say: Words
) -> Html:
    floor, largest = frame
    names = [f"{layer['name']} {layer['kind']} {layer.get('shape')}" for layer in stage.layers]
    weights = say("plot.weights", n=stage.weights) if stage.weights else ""
    below = floor + 46
    return tag(
        "g",
        hover(join(names, "\n")),
        _plate(stage.shape, left, floor, largest),
        text(left, floor + 24, " × ".join(say.number(side) for side in stage.shape), "strong"),
        *(text(left, below + ROW * i, words, "small quiet") for i, words in enumerate(lines)),
        text(left, below + ROW * len(lines) + 4, weights, "small"),
    )  # fmt: skip


def _plate(shape: tuple[int, ...], left: float, floor: float, largest: int) -> Html:
    channels = shape[-1]
    thick = 4 + 5 * math.log2(max(channels, 1) + 1)
    if len(shape) == 1:  # features have neither height nor width: a rod
        long = min(float(TALL), 11 * math.log2(channels + 1))
        return box((left, floor - long), (9, long), "fill-red")
    tall = 14 + (TALL - 14) * shape[0] / largest
    deep = 0.36 * tall
    top, right = floor - tall, left + thick
    roof = [(left, top), (left + deep, top - deep), (right + deep, top - deep), (right, top)]
    wall = [(right, top), (right + deep, top - deep), (right + deep, floor - deep), (right, floor)]
    colour = "fill-gold" if channels in (1, 3) else "fill-blue"
    return join(
        [
            _face(wall, colour, 0.45),
            _face(roof, colour, 0.7),
            box((left, top), (thick, tall), f"{colour} paper-edge"),
        ]
    )


def _face(corners: Points, colour: str, strength: float) -> Html:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return tag("polygon", points=points, class_=f"{colour} paper-edge", fill_opacity=strength)
