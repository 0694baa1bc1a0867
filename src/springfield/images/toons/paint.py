"""Paint: what all scenery is drawn with: boxes, skies, hills, clouds, and palettes.

Units: the picture's height is 1, y down, the ground wherever the caller puts it. Scenery has thin
outlines in a dark shade of its own colour, so that people in dark ink stand out before it.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from springfield.images.toons.ink import (
    CIRCLE,
    Colour,
    Pen,
    darker,
    mixed,
    moved,
    open_curve,
    scalloped,
)
from springfield.images.toons.people import PAINTS

WALLS: tuple[Colour, ...] = (
    (214, 222, 206),
    (232, 214, 190),
    (196, 214, 224),
    (226, 196, 188),
    (206, 198, 220),
    (236, 224, 176),
    (176, 200, 190),
    (220, 206, 206),
    (168, 184, 204),
    (204, 180, 150),
)
WOODS: tuple[Colour, ...] = (
    (176, 126, 82),
    (144, 98, 64),
    (196, 154, 108),
    (112, 78, 60),
    (128, 110, 98),
)
_GOODS = ("red", "teal", "mustard", "moss", "navy", "coral")
_MORE_GOODS = ("violet", "sky", "cream", "rust", "lilac", "denim")
GOODS: tuple[Colour, ...] = tuple(PAINTS[name] for name in _GOODS + _MORE_GOODS)
STEEL: Colour = (90, 84, 92)
WHITE: Colour = (255, 255, 255)


def tinted(pen: Pen, colour: Colour, weight: float = 0.7) -> Pen:
    """The same pen with thinner ink in a dark shade of the colour."""
    shade = darker(mixed(colour, (70, 50, 80), 0.35), 0.3)
    return replace(pen, ink=shade, weight=pen.weight * weight)


def box(
    pen: Pen,
    corner: tuple[float, float],
    size: tuple[float, float],
    colour: Colour,
    line: float = 1.0,
) -> None:
    """An upright rectangle given by its top left corner, width and height."""
    (x, y), (w, h) = corner, size
    outline = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    (tinted(pen, colour) if line else pen).polygon(outline, colour, line=line)


def across(
    pen: Pen, width: float, y: float, height: float, colour: Colour, line: float = 1.0
) -> None:
    """A band over the whole picture and as far beyond as the camera may move."""
    box(pen, (-width, y), (3 * width, height), colour, line)


def sky(pen: Pen, width: float, top: Colour, bottom: Colour, horizon: float) -> None:
    """A sky that changes from the upper edge to the horizon."""
    across(pen, width, -1, 1, top, 0)
    bands = 24
    for k in range(bands):
        colour = mixed(top, bottom, k / (bands - 1))
        across(pen, width, horizon * k / bands, 1.4 * horizon / bands, colour, 0)
    across(pen, width, horizon, 1, bottom, 0)


def hill(pen: Pen, width: float, y: float, height: float, colour: Colour, rnd: Random) -> None:
    """Rolling hills across the picture with their feet about y."""
    crest = [(float(x), y - height * rnd.random()) for x in np.linspace(-width, 2 * width, 9)]
    top = open_curve(crest)
    outline = np.concatenate([top, [(2 * width, 2.0), (-width, 2.0)]])
    tinted(pen, colour).polygon(outline, colour)


def cloud(pen: Pen, x: float, y: float, size: float, colour: Colour) -> None:
    """A cloud, `size` wide."""
    oval = moved(CIRCLE[::2] * (0.5 * size, 0.15 * size), x, y)
    pen.polygon(scalloped(oval, 9, 0.09 * size), colour, line=0)
