"""Buildings: houses, towers, fences, and the cars before them. Units as in `paint`."""

from __future__ import annotations

from random import Random

import numpy as np

from springfield.images.toons.ink import Colour, Pen, darker, mixed, moved, points
from springfield.images.toons.paint import GOODS, WALLS, WHITE, WOODS, across, box, tinted
from springfield.images.toons.people import PAINTS

LIT: Colour = (255, 228, 140)
GLASS: Colour = (176, 208, 222)


def window(
    pen: Pen, corner: tuple[float, float], size: tuple[float, float], glass: Colour, frame: Colour
) -> None:
    """A window with a cross, a gleam and a sill."""
    (x, y), (w, h) = corner, size
    box(pen, (x - 0.012, y - 0.012), (w + 0.024, h + 0.024), frame)
    box(pen, corner, size, glass, 0)
    gleam = np.array(points(".1,0 .4,0 .1,1 0,1 0,.3")) * (w, h)
    pen.veil(moved(gleam, x, y), WHITE, 0.25)
    box(pen, (x + w / 2 - 0.006, y), (0.012, h), frame, 0)
    box(pen, (x, y + h / 2 - 0.006), (w, 0.012), frame, 0)
    box(pen, (x - 0.03, y + h + 0.01), (w + 0.06, 0.025), frame)


def house(pen: Pen, x: float, ground: float, w: float, rnd: Random, *, lit: bool) -> None:
    """A house with a roof, windows and a door."""
    wall = mixed(rnd.choice(WALLS + GOODS[:4]), WHITE, 0.15)
    roof = PAINTS[rnd.choice(("brick", "coal", "leather", "teal"))]
    h, rise = w * rnd.uniform(0.6, 1.1), w * rnd.uniform(0.2, 0.5)
    eaves = ground - h
    box(pen, (x, eaves), (w, h), wall)
    ridge = (x + w * rnd.uniform(0.3, 0.7), eaves - rise)
    tinted(pen, roof).polygon([(x - 0.05 * w, eaves), ridge, (x + 1.05 * w, eaves)], roof)
    frame = mixed(wall, WHITE, 0.6)
    for column in (0.14, 0.62):
        for row in range(max(1, round(h / 0.3))):
            corner = (x + column * w, eaves + 0.06 + 0.28 * row)
            window(pen, corner, (0.22 * w, 0.13), LIT if lit else GLASS, frame)
    box(pen, (x + 0.42 * w, ground - 0.2), (0.16 * w, 0.2), rnd.choice(GOODS))


def tower(pen: Pen, x: float, ground: float, w: float, rnd: Random, *, lit: bool) -> None:
    """A tall building of the town."""
    wall = mixed(rnd.choice(WALLS), (140, 150, 180), 0.45)
    h, step = rnd.uniform(0.2, 0.6), 0.055
    box(pen, (x, ground - h), (w, h), darker(wall, 0.15), 0.8)
    for row in range(int(h / step) - 1):
        for column in range(int(w / step)):
            if rnd.random() < 0.8:
                tone = LIT if lit and rnd.random() < 0.5 else darker(wall, 0.35)
                corner = (x + step * (column + 0.3), ground - h + step * (row + 0.5))
                box(pen, corner, (0.45 * step, 0.03), tone, 0)


def fence(pen: Pen, width: float, ground: float, rnd: Random) -> None:
    """Pickets along the whole street."""
    colour = rnd.choice((PAINTS["white"], PAINTS["cream"], *WOODS))
    across(pen, width, ground - 0.12, 0.02, colour)
    picket = points("0,0 0,-.15 .02,-.175 .04,-.15 .04,0")
    for x in np.arange(-0.5, width + 0.5, 0.065):
        tinted(pen, colour).polygon(moved(picket, float(x), ground), colour, line=0.8)


def car(pen: Pen, x: float, ground: float, size: float, colour: Colour) -> None:
    """A car from the side, `size` long."""
    pen = tinted(pen.at(x, ground, size), colour, 1.1)
    body = "-.5,-.08 -.5,-.22 -.3,-.26 -.2,-.42 .15,-.42 .28,-.26 .5,-.2 .5,-.08"
    pen.shape(points(body), colour, shade=0.03)
    for pane in ("-.24,-.27 -.16,-.38 -.02,-.38 -.02,-.27", ".02,-.27 .02,-.38 .13,-.38 .22,-.27"):
        pen.polygon(points(pane), GLASS, line=0.6)
    for wheel in (-0.3, 0.3):
        pen.ellipse(wheel, -0.07, 0.09, 0.09, (50, 46, 54), 0.5)
        pen.ellipse(wheel, -0.07, 0.04, 0.04, (180, 180, 186), 0.5)
