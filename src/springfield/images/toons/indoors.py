"""Indoors: rooms behind the people, drawn from x = -width to 2 * width for the camera to move."""

from __future__ import annotations

from random import Random

import numpy as np

from springfield.images.toons.furniture import (
    blackboard,
    blinds,
    cabinet,
    curtained_window,
    lamp,
    painting,
    shelf,
    sofa,
    table,
)
from springfield.images.toons.ink import Colour, Pen, darker, mixed, moved, points
from springfield.images.toons.paint import (
    GOODS,
    STEEL,
    WALLS,
    WHITE,
    WOODS,
    across,
    box,
    tinted,
)
from springfield.images.toons.people import PAINTS
from springfield.images.toons.plants import LEAVES, tree


def _room(pen: Pen, width: float, rnd: Random, floor: float) -> None:
    """Wall with a pattern, skirting board and a floor that runs towards a vanishing point."""
    wall, wood = rnd.choice(WALLS), rnd.choice(WOODS)
    across(pen, width, -1, 3, wall, 0)
    WALLPAPERS[rnd.choice(tuple(WALLPAPERS))](pen, width, floor, darker(wall, 0.07))
    across(pen, width, floor, 2, wood, 0)
    for k in range(-12, 13):
        foot, far = width / 2 + k * 0.5, width / 2 + k * 0.16
        board = [
            (far, floor),
            (far + 0.006, floor),
            (foot + 0.02, floor + 0.7),
            (foot, floor + 0.7),
        ]
        pen.polygon(board, darker(wood, 0.16), line=0)
    across(pen, width, floor - 0.035, 0.04, mixed(wall, WHITE, 0.5))
    pen.veil([(-width, -1), (2 * width, -1), (2 * width, 0.08), (-width, 0.0)], (40, 20, 70), 0.1)


def _plain(pen: Pen, width: float, floor: float, tone: Colour) -> None:
    pass


def _striped(pen: Pen, width: float, floor: float, tone: Colour) -> None:
    for x in np.arange(-width, 2 * width, 0.14):
        box(pen, (float(x), -1), (0.06, 3), tone, 0)


def _panelled(pen: Pen, width: float, floor: float, tone: Colour) -> None:
    across(pen, width, floor - 0.24, 0.3, darker(tone, 0.12))
    for x in np.arange(-width, 2 * width, 0.2):
        box(pen, (float(x), floor - 0.2), (0.15, 0.13), darker(tone, 0.18), 0.6)


def _dotted(pen: Pen, width: float, floor: float, tone: Colour) -> None:
    for k, x in enumerate(np.arange(-width, 2 * width, 0.08)):
        for y in np.arange(-0.05 + 0.06 * (k % 2), floor, 0.12):
            pen.ellipse(float(x), float(y), 0.014, 0.014, tone, 0)


WALLPAPERS = {"plain": _plain, "striped": _striped, "panelled": _panelled, "dotted": _dotted}


def living_room(pen: Pen, width: float, rnd: Random) -> None:
    """A sofa, pictures, a lamp, perhaps a bookcase."""
    floor = rnd.uniform(0.72, 0.85)
    _room(pen, width, rnd, floor)
    for _ in range(rnd.randint(1, 3)):
        painting(pen, rnd.uniform(-0.1, width), rnd.uniform(0.05, 0.2), rnd)
    if rnd.random() < 0.6:
        curtained_window(pen, rnd.uniform(0, width * 0.8), 0.1, rnd)
    if rnd.random() < 0.5:
        shelf(pen, rnd.choice((-0.15, width - 0.35)), floor - 0.6, 0.45, 4, rnd)
    wide = rnd.uniform(0.6, 0.9)
    sofa(pen, rnd.uniform(-0.1, width * 0.5), floor + 0.06, wide, rnd.choice(GOODS))
    lamp(pen, rnd.uniform(0, width), floor + 0.04, rnd.uniform(0.5, 0.7))


def kitchen(pen: Pen, width: float, rnd: Random) -> None:
    """Cupboards above, a worktop below, perhaps a fridge."""
    floor = rnd.uniform(0.8, 0.9)
    _room(pen, width, rnd, floor)
    unit = rnd.choice((*GOODS, *WALLS))
    for x in np.arange(-0.3, width + 0.3, 0.26):
        box(pen, (float(x), -0.1), (0.24, 0.3), unit)
        box(pen, (float(x) + 0.2, 0.12), (0.02, 0.02), STEEL, 0)
    curtained_window(pen, rnd.uniform(0.1, width * 0.6), 0.24, rnd)
    for x in np.arange(-0.3, width + 0.3, 0.27):
        box(pen, (float(x), floor - 0.26), (0.26, 0.26), unit)
    across(pen, width, floor - 0.3, 0.05, mixed(rnd.choice(WOODS), WHITE, 0.4))
    for _ in range(rnd.randint(2, 5)):
        h = rnd.uniform(0.05, 0.12)
        corner = (rnd.uniform(0, width), floor - 0.3 - h)
        box(pen, corner, (rnd.uniform(0.05, 0.1), h), rnd.choice(GOODS))
    if rnd.random() < 0.7:
        x = rnd.choice((-0.15, width - 0.25))
        box(pen, (x, floor - 0.72), (0.36, 0.74), mixed(unit, WHITE, 0.7))
        box(pen, (x, floor - 0.44), (0.36, 0.012), STEEL, 0)
        box(pen, (x + 0.3, floor - 0.62), (0.015, 0.12), STEEL, 0)


def shop(pen: Pen, width: float, rnd: Random) -> None:
    """Shelves of goods or of books, a striped awning, perhaps a counter."""
    floor = rnd.uniform(0.82, 0.92)
    _room(pen, width, rnd, floor)
    x = -0.4
    while x < width + 0.3:
        w = rnd.uniform(0.35, 0.6)
        shelf(pen, x, 0.08, w, 5, rnd)
        x += w + rnd.uniform(0.05, 0.2)
    colour = rnd.choice(GOODS)
    for k in range(-6, int(width / 0.1) + 6):
        tone = colour if k % 2 else PAINTS["cream"]
        flap = moved(points("0,-.2 .1,-.2 .1,.03 .05,.06 0,.03"), k * 0.1, 0)
        tinted(pen, tone).shape(flap, tone, line=0.7)
    if rnd.random() < 0.6:
        across(pen, width, floor - 0.22, 0.5, rnd.choice(WOODS))
        across(pen, width, floor - 0.25, 0.04, mixed(rnd.choice(WOODS), WHITE, 0.3))


def classroom(pen: Pen, width: float, rnd: Random) -> None:
    """A blackboard, pictures, desks."""
    floor = rnd.uniform(0.78, 0.88)
    _room(pen, width, rnd, floor)
    blackboard(pen, rnd.uniform(-0.1, 0.2), 0.08, rnd.uniform(0.7, 1.0) * max(width, 0.7), rnd)
    for _ in range(rnd.randint(0, 3)):
        painting(pen, rnd.uniform(-0.2, width), rnd.uniform(-0.1, 0.55), rnd)
    for _ in range(3):
        table(pen, rnd.uniform(-0.2, width), floor)


def office(pen: Pen, width: float, rnd: Random) -> None:
    """Blinds, a filing cabinet, a plant, a clock."""
    floor = rnd.uniform(0.78, 0.9)
    _room(pen, width, rnd, floor)
    blinds(pen, rnd.uniform(-0.1, 0.4), 0.06, rnd.uniform(0.4, 0.8), rnd)
    x = rnd.uniform(0, width)
    pen.ellipse(x, 0.14, 0.07, 0.07, (250, 248, 240))
    pen.stroke([(x, 0.1), (x, 0.14)], STEEL, 0.01)
    pen.stroke([(x, 0.14), (x + 0.03, 0.16)], STEEL, 0.01)
    cabinet(pen, rnd.choice((-0.1, width - 0.2)), floor, rnd)
    pot = rnd.uniform(0.2, width)
    tree(pen, pot, floor, rnd.uniform(0.3, 0.5), LEAVES[rnd.randrange(2)], rnd)
    box(pen, (pot - 0.06, floor - 0.09), (0.12, 0.11), PAINTS["brick"])
