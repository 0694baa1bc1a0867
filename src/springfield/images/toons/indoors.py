"""Indoors: rooms behind the people. Each draws x from -width to 2 * width for the camera to move."""

from __future__ import annotations

from random import Random

from springfield.images.toons.ink import Colour, Pen, darker, mixed
from springfield.images.toons.people import PAINTS
from springfield.images.toons.props import (
    GOODS,
    WALLS,
    WOODS,
    box,
    lamp,
    painting,
    shelf,
    sofa,
    tinted,
    tree,
    window,
)


def _room(pen: Pen, width: float, rnd: Random, floor: float) -> Colour:
    """Wall with a pattern, skirting board and a floor that runs towards a vanishing point."""
    wall, wood = rnd.choice(WALLS), rnd.choice(WOODS)
    box(pen, -width, -1, 3 * width, 3, wall, 0)
    pattern = rnd.choice(("plain", "stripes", "panel", "dots"))
    tone = darker(wall, 0.07)
    if pattern == "stripes":
        x = -width
        while x < 2 * width:
            box(pen, x, -1, 0.06, 3, tone, 0)
            x += 0.14
    elif pattern == "panel":
        box(pen, -width, floor - 0.24, 3 * width, 0.3, darker(wood, 0.1))
    elif pattern == "dots":
        for k in range(int(3 * width / 0.16)):
            for row in range(6):
                pen.ellipse(
                    -width + 0.16 * k + 0.08 * (row % 2), 0.12 * row - 0.05, 0.014, 0.014, tone, 0
                )
    box(pen, -width, floor, 3 * width, 2, wood, 0)
    for k in range(-12, 13):
        foot, far = width / 2 + k * 0.5, width / 2 + k * 0.16
        pen.polygon(
            [(far, floor), (far + 0.006, floor), (foot + 0.02, floor + 0.7), (foot, floor + 0.7)],
            darker(wood, 0.16),
            line=0,
        )
    box(pen, -width, floor - 0.035, 3 * width, 0.04, mixed(wall, (255, 255, 255), 0.5))
    return wall


def living_room(pen: Pen, width: float, rnd: Random) -> None:
    """A sofa, pictures, a lamp, perhaps a bookcase."""
    floor = rnd.uniform(0.72, 0.85)
    _room(pen, width, rnd, floor)
    for k in range(rnd.randint(1, 3)):
        painting(
            pen,
            rnd.uniform(-0.1, width),
            rnd.uniform(0.05, 0.2),
            rnd.uniform(0.14, 0.26),
            rnd.uniform(0.14, 0.22),
            rnd,
        )
    if rnd.random() < 0.6:
        _view(pen, rnd.uniform(0, width * 0.8), 0.1, rnd)
    if rnd.random() < 0.5:
        shelf(pen, rnd.choice((-0.15, width - 0.35)), floor - 0.6, 0.45, 4, rnd)
    sofa(
        pen, rnd.uniform(-0.1, width * 0.5), floor + 0.06, rnd.uniform(0.6, 0.9), rnd.choice(GOODS)
    )
    lamp(pen, rnd.uniform(0, width), floor + 0.04, rnd.uniform(0.5, 0.7), PAINTS["cream"])


def _view(pen: Pen, x: float, y: float, rnd: Random) -> None:
    glass = rnd.choice(((170, 210, 232), (250, 206, 160), (60, 70, 110)))
    w, h = rnd.uniform(0.24, 0.4), rnd.uniform(0.26, 0.36)
    window(pen, x, y, w, h, glass, PAINTS["white"])
    cloth = rnd.choice(GOODS)
    t = tinted(pen, cloth)
    for side in (0, 1):
        edge = x + side * w
        d = -1 if side == 0 else 1
        t.shape(
            [
                (edge - d * 0.03, y - 0.05),
                (edge + d * 0.09, y - 0.05),
                (edge + d * 0.07, y + 0.5 * h),
                (edge + d * 0.1, y + h + 0.06),
                (edge - d * 0.01, y + h + 0.06),
                (edge + d * 0.02, y + 0.5 * h),
            ],
            cloth,
        )
    box(pen, x - 0.12, y - 0.07, w + 0.24, 0.025, rnd.choice(WOODS))


def kitchen(pen: Pen, width: float, rnd: Random) -> None:
    """Cupboards above, a worktop below, a fridge."""
    floor = rnd.uniform(0.8, 0.9)
    _room(pen, width, rnd, floor)
    unit = rnd.choice((*GOODS, *WALLS))
    x = -0.3
    while x < width + 0.3:
        box(pen, x, -0.1, 0.24, 0.3, unit)
        pen.ellipse(x + 0.21, 0.14, 0.01, 0.01, (90, 80, 80), 0)
        x += 0.26
    _view(pen, rnd.uniform(0.1, width * 0.6), 0.24, rnd)
    x = -0.3
    while x < width + 0.3:
        box(pen, x, floor - 0.26, 0.26, 0.26, unit)
        x += 0.27
    box(pen, -0.5, floor - 0.3, width + 1, 0.05, mixed(rnd.choice(WOODS), (255, 255, 255), 0.4))
    for _ in range(rnd.randint(2, 5)):
        colour = rnd.choice(GOODS)
        at, h = rnd.uniform(0, width), rnd.uniform(0.05, 0.12)
        box(pen, at, floor - 0.3 - h, rnd.uniform(0.05, 0.1), h, colour)
    if rnd.random() < 0.7:
        at = rnd.choice((-0.15, width - 0.25))
        box(pen, at, floor - 0.72, 0.36, 0.74, mixed(unit, (255, 255, 255), 0.7))
        box(pen, at, floor - 0.44, 0.36, 0.012, (120, 120, 126), 0)
        box(pen, at + 0.3, floor - 0.62, 0.015, 0.12, (120, 120, 126), 0)


def shop(pen: Pen, width: float, rnd: Random) -> None:
    """Shelves of goods or of books, a striped banner."""
    floor = rnd.uniform(0.82, 0.92)
    _room(pen, width, rnd, floor)
    bottles = rnd.random() < 0.6
    x = -0.4
    while x < width + 0.3:
        w = rnd.uniform(0.35, 0.6)
        shelf(pen, x, 0.08, w, 5, rnd, bottles=bottles)
        x += w + rnd.uniform(0.05, 0.2)
    colour = rnd.choice(GOODS)
    for k in range(-6, int(width / 0.1) + 6):
        tone = colour if k % 2 else PAINTS["cream"]
        tinted(pen, tone).shape(
            [
                (k * 0.1, -0.2),
                (k * 0.1 + 0.1, -0.2),
                (k * 0.1 + 0.1, 0.03),
                (k * 0.1 + 0.05, 0.06),
                (k * 0.1, 0.03),
            ],
            tone,
            line=0.7,
        )
    if rnd.random() < 0.6:
        box(pen, -0.5, floor - 0.22, width + 1, 0.5, rnd.choice(WOODS))
        box(
            pen, -0.5, floor - 0.25, width + 1, 0.04, mixed(rnd.choice(WOODS), (255, 255, 255), 0.3)
        )


def classroom(pen: Pen, width: float, rnd: Random) -> None:
    """A blackboard with sums and drawings, posters, desks."""
    floor = rnd.uniform(0.78, 0.88)
    _room(pen, width, rnd, floor)
    left, w = rnd.uniform(-0.1, 0.2), rnd.uniform(0.7, 1.0) * max(width, 0.7)
    board = rnd.choice(((54, 84, 72), (50, 56, 66), (236, 240, 240)))
    chalk = (230, 236, 226) if sum(board) < 500 else (60, 90, 150)
    box(pen, left - 0.02, 0.06, w + 0.04, 0.46, rnd.choice(WOODS))
    box(pen, left, 0.08, w, 0.42, board, 0)
    for _ in range(rnd.randint(4, 9)):
        x, y = left + rnd.uniform(0.03, max(0.1, w - 0.2)), rnd.uniform(0.12, 0.42)
        kind = rnd.random()
        if kind < 0.6:
            steps = [
                (x + 0.02 * k, y + rnd.uniform(-0.012, 0.012)) for k in range(rnd.randint(3, 9))
            ]
            pen.stroke(steps, chalk, 0.007)
        else:
            r = rnd.uniform(0.02, 0.05)
            pen.ring([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], chalk, 0.007)
    for _ in range(rnd.randint(0, 3)):
        painting(pen, rnd.uniform(-0.2, width), rnd.uniform(-0.1, 0.55), 0.14, 0.18, rnd)
    for k in range(3):
        x = rnd.uniform(-0.2, width)
        wood = mixed(WOODS[2], (255, 255, 255), 0.2)
        box(pen, x, floor - 0.06, 0.3, 0.04, wood)
        box(pen, x + 0.02, floor - 0.02, 0.02, 0.2, (110, 110, 120))
        box(pen, x + 0.26, floor - 0.02, 0.02, 0.2, (110, 110, 120))


def office(pen: Pen, width: float, rnd: Random) -> None:
    """Blinds, a filing cabinet, a plant, a clock."""
    floor = rnd.uniform(0.78, 0.9)
    _room(pen, width, rnd, floor)
    x0, w = rnd.uniform(-0.1, 0.4), rnd.uniform(0.4, 0.8)
    glass = rnd.choice(((176, 212, 232), (70, 84, 124), (250, 214, 170)))
    box(pen, x0, 0.06, w, 0.44, glass)
    for k in range(9):
        box(pen, x0 - 0.01, 0.06 + 0.048 * k, w + 0.02, 0.02, (238, 236, 228), 0.4)
    pen.ellipse(rnd.uniform(0, width), 0.14, 0.07, 0.07, (250, 248, 240), 1)
    at = rnd.choice((-0.1, width - 0.2))
    for k in range(4):
        box(
            pen,
            at,
            floor - 0.56 + 0.14 * k,
            0.26,
            0.14,
            rnd.choice((PAINTS["grey"], PAINTS["silver"])),
        )
        box(pen, at + 0.1, floor - 0.5 + 0.14 * k, 0.06, 0.015, (80, 80, 90), 0)
    pot = rnd.uniform(0.2, width)
    tree(pen, pot, floor, rnd.uniform(0.3, 0.5), rnd.choice((PAINTS["moss"], PAINTS["leaf"])), rnd)
    box(pen, pot - 0.06, floor - 0.09, 0.12, 0.11, PAINTS["brick"])
