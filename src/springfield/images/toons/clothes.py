"""Clothes: the torso with the pattern and the details of what is worn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from springfield.images.toons.body import Body
from springfield.images.toons.garments import GARMENTS, WHITE
from springfield.images.toons.ink import Colour, mixed


def draw_torso(body: Body) -> None:
    """The clothed torso with its pattern and details."""
    worn = body.worn
    body.pen.shape(body.torso(), worn.sleeves)
    PATTERNS[worn.pattern](body, mixed(worn.second, WHITE, 0.5) if worn.over else worn.second)
    _shadow(body)
    GARMENTS[worn.kind].details(body)


def _shadow(body: Body) -> None:
    left, right = body.sides("1,.12 1,.3 1,.5 1,.75 1,1 .62,1 .68,.75 .75,.5 .78,.3")
    body.pen.veil(left if body.pen.light > 0 else right, (40, 20, 70), 0.16)


def _plain(body: Body, colour: Colour) -> None:
    pass


def _stripes(body: Body, colour: Colour) -> None:
    for v in np.arange(0.16, 0.98, 0.17):
        top, bottom = v + 0.012, v + 0.087
        edge = [
            (-0.985, v),
            (0, top),
            (0.985, v),
            (0.985, v + 0.075),
            (0, bottom),
            (-0.985, v + 0.075),
        ]
        body.pen.polygon(body.places(edge), colour, line=0)


def _pinstripes(body: Body, colour: Colour) -> None:
    for u in (-0.82, -0.5, -0.18, 0.18, 0.5, 0.82):
        body.pen.stroke(body.places([(u, 0.14), (u, 0.5), (u, 0.99)]), colour, 0.035, taper=0)


def _check(body: Body, colour: Colour) -> None:
    for u in (-0.66, -0.22, 0.22, 0.66):
        edge = [(u - 0.08, 0.1), (u + 0.08, 0.1), (u + 0.08, 0.99), (u - 0.08, 0.99)]
        body.pen.veil(body.places(edge), colour, 0.55)
    for v in (0.2, 0.42, 0.64, 0.86):
        edge = [(-0.98, v), (0.98, v), (0.98, v + 0.07), (-0.98, v + 0.07)]
        body.pen.veil(body.places(edge), colour, 0.55)


def _dots(body: Body, colour: Colour) -> None:
    for row, v in enumerate(np.arange(0.18, 0.98, 0.13)):
        for u in np.arange(-0.8 + 0.2 * (row % 2), 0.85, 0.4):
            body.pen.ellipse(*body.on(float(u), float(v)), 0.075, 0.075, colour, 0)


PATTERNS: dict[str, Callable[[Body, Colour], None]] = {
    "plain": _plain,
    "stripes": _stripes,
    "pinstripes": _pinstripes,
    "check": _check,
    "dots": _dots,
}
