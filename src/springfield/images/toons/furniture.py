"""Furniture: what stands and hangs in rooms. Units as in `paint`."""

from __future__ import annotations

from random import Random

import numpy as np

from springfield.images.toons.buildings import GLASS, window
from springfield.images.toons.ink import CIRCLE, Colour, Pen, darker, mixed, moved, points
from springfield.images.toons.paint import GOODS, STEEL, WHITE, WOODS, box, tinted
from springfield.images.toons.people import PAINTS


def painting(pen: Pen, x: float, y: float, rnd: Random) -> None:
    """A framed picture of hills, or of a shape that may be somebody's ancestor."""
    w, h = rnd.uniform(0.14, 0.26), rnd.uniform(0.14, 0.22)
    box(pen, (x - 0.015, y - 0.015), (w + 0.03, h + 0.03), rnd.choice(WOODS))
    one, two = rnd.sample(GOODS, 2)
    box(pen, (x, y), (w, h), mixed(one, WHITE, 0.5), 0)
    if rnd.random() < 0.5:
        hills = np.array(points("0,1 0,.7 .4,.35 1,.8 1,1")) * (w, h)
        pen.polygon(moved(hills, x, y), two, line=0)
    else:
        pen.ellipse(x + w / 2, y + h / 2, 0.26 * w, 0.3 * h, two, 0)


def shelf(pen: Pen, x: float, y: float, w: float, rows: int, rnd: Random) -> None:
    """Shelves of books, or of bottles and jars; a row is 0.14 high."""
    wood, bottles = rnd.choice(WOODS), rnd.random() < 0.5
    box(pen, (x - 0.02, y - 0.02), (w + 0.04, rows * 0.14 + 0.04), darker(wood, 0.25))
    for row in range(rows):
        base, at = y + (row + 1) * 0.14, x + 0.01
        while at < x + w - 0.04:
            wide, tall = rnd.uniform(0.022, 0.045), rnd.uniform(0.07, 0.115)
            colour = rnd.choice(GOODS)
            box(pen, (at, base - tall), (wide, tall), colour, 0.5)
            if bottles:
                box(pen, (at + 0.3 * wide, base - tall - 0.02), (0.4 * wide, 0.03), colour, 0.5)
            at += wide + rnd.choice((0.003, 0.003, 0.03)) + 0.01 * bottles
        box(pen, (x - 0.02, base), (w + 0.04, 0.016), wood, 0.7)


def lamp(pen: Pen, x: float, ground: float, height: float) -> None:
    """A standard lamp with a warm halo."""
    top = ground - height
    for r in (0.34, 0.24, 0.15):
        pen.veil(moved(CIRCLE * r * height / 0.8, x, top), (255, 236, 170), 0.12)
    box(pen, (x - 0.008, top), (0.016, height), STEEL)
    box(pen, (x - 0.07, ground - 0.015), (0.14, 0.02), STEEL)
    shade = moved(points("-.05,-.1 .05,-.1 .09,.05 -.09,.05"), x, top)
    tinted(pen, PAINTS["cream"]).polygon(shade, PAINTS["cream"])


def sofa(pen: Pen, x: float, ground: float, w: float, colour: Colour) -> None:
    """A sofa seen from the front."""
    pen = tinted(pen.at(x, ground), colour, 0.9)
    back = [(0, -0.3), (0.04, -0.42), (w / 2, -0.44), (w - 0.04, -0.42), (w, -0.3), (w, 0), (0, 0)]
    pen.shape(back, darker(colour, 0.08))
    for left in (0.05, w / 2):
        right = left + w / 2 - 0.055
        cushion = [(left, -0.18), (right, -0.18), (right, -0.08), (left, -0.08)]
        pen.shape(cushion, mixed(colour, WHITE, 0.12))
    for left in (-0.04, w - 0.06):
        pen.shape(moved(points("0,0 0,-.22 .05,-.27 .1,-.22 .1,0"), left, 0), colour)


def curtained_window(pen: Pen, x: float, y: float, rnd: Random) -> None:
    """A window on day, dusk or night between two curtains."""
    w, h = rnd.uniform(0.24, 0.4), rnd.uniform(0.26, 0.36)
    window(
        pen, (x, y), (w, h), rnd.choice((GLASS, (250, 206, 160), (60, 70, 110))), PAINTS["white"]
    )
    cloth = rnd.choice(GOODS)
    half = np.array(points("-.03,-.05 .09,-.05 .07,.15 .1,.4 -.01,.4 .02,.15"))
    for edge, inwards in ((x, -1), (x + w, 1)):
        curtain = half * (inwards, h / 0.32)
        tinted(pen, cloth).shape(moved(curtain, edge, y), cloth)
    box(pen, (x - 0.12, y - 0.07), (w + 0.24, 0.025), rnd.choice(WOODS))


def blinds(pen: Pen, x: float, y: float, w: float, rnd: Random) -> None:
    """A wide window behind blinds."""
    box(pen, (x, y), (w, 0.44), rnd.choice((GLASS, (70, 84, 124), (250, 214, 170))))
    for k in range(9):
        box(pen, (x - 0.01, y + 0.048 * k), (w + 0.02, 0.02), (238, 236, 228), 0.4)


def blackboard(pen: Pen, x: float, y: float, w: float, rnd: Random) -> None:
    """A board with scribbles and sums."""
    board = rnd.choice(((54, 84, 72), (50, 56, 66), (236, 240, 240)))
    chalk = (230, 236, 226) if sum(board) < 500 else (60, 90, 150)
    box(pen, (x - 0.02, y - 0.02), (w + 0.04, 0.46), rnd.choice(WOODS))
    box(pen, (x, y), (w, 0.42), board, 0)
    for _ in range(rnd.randint(4, 9)):
        left, top = x + rnd.uniform(0.03, max(0.1, w - 0.2)), y + rnd.uniform(0.04, 0.34)
        if rnd.random() < 0.6:
            steps = range(rnd.randint(3, 9))
            scribble = [(left + 0.02 * k, top + rnd.uniform(-0.012, 0.012)) for k in steps]
            pen.stroke(scribble, chalk, 0.007)
        else:
            r = rnd.uniform(0.02, 0.05)
            pen.ring(moved(np.array(points("0,-1 1,0 0,1 -1,0")) * r, left, top), chalk, 0.007)


def cabinet(pen: Pen, x: float, ground: float, rnd: Random) -> None:
    """A filing cabinet of four drawers."""
    steel = PAINTS[rnd.choice(("grey", "silver", "olive", "tan"))]
    for k in range(4):
        box(pen, (x, ground - 0.56 + 0.14 * k), (0.26, 0.14), steel)
        box(pen, (x + 0.1, ground - 0.5 + 0.14 * k), (0.06, 0.015), STEEL, 0)


def table(pen: Pen, x: float, ground: float) -> None:
    """A desk on two legs."""
    box(pen, (x, ground - 0.06), (0.3, 0.04), mixed(WOODS[2], WHITE, 0.2))
    for leg in (0.02, 0.26):
        box(pen, (x + leg, ground - 0.02), (0.02, 0.2), STEEL)
