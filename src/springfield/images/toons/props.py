"""Props: the things that scenery is made of.

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
    Point,
    darker,
    mixed,
    open_curve,
    scalloped,
)
from springfield.images.toons.people import PAINTS

WALLS: tuple[Colour, ...] = (
    (214, 222, 206), (232, 214, 190), (196, 214, 224), (226, 196, 188), (206, 198, 220), (236, 224, 176),
    (176, 200, 190), (220, 206, 206), (168, 184, 204), (204, 180, 150),
)  # fmt: skip
WOODS: tuple[Colour, ...] = (
    (176, 126, 82),
    (144, 98, 64),
    (196, 154, 108),
    (112, 78, 60),
    (128, 110, 98),
)
GOODS: tuple[Colour, ...] = tuple(
    PAINTS[name]
    for name in (
        "red",
        "teal",
        "mustard",
        "moss",
        "navy",
        "coral",
        "violet",
        "sky",
        "cream",
        "rust",
        "lilac",
        "denim",
    )
)


def tinted(pen: Pen, colour: Colour, weight: float = 0.7) -> Pen:
    """The same pen with thinner ink in a dark shade of the colour."""
    return replace(
        pen, ink=darker(mixed(colour, (70, 50, 80), 0.35), 0.3), weight=pen.weight * weight
    )


def box(
    pen: Pen, x: float, y: float, w: float, h: float, colour: Colour, line: float = 1.0
) -> None:
    """An upright rectangle given by its top left corner."""
    corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    tinted(pen, colour).polygon(corners, colour, line=line)


def sky(pen: Pen, width: float, top: Colour, bottom: Colour, horizon: float) -> None:
    """A sky in eight bands from -1 to the horizon."""
    bands = 9
    for k in range(bands):
        y = horizon * k / bands - (1.0 if k == 0 else 0.0)
        box(pen, -width, y, 3 * width, horizon + 1, mixed(top, bottom, k / (bands - 1)), 0)


def cloud(pen: Pen, x: float, y: float, size: float, colour: Colour = (250, 250, 250)) -> None:
    """A cloud, `size` wide."""
    oval = CIRCLE[::2] * (0.5 * size, 0.15 * size) + (x, y)
    tinted(pen, colour).polygon(scalloped(oval, 9, 0.09 * size), colour, line=0)


def tree(pen: Pen, x: float, ground: float, height: float, leaf: Colour, rnd: Random) -> None:
    """A round or tall tree, or a fir."""
    kind = rnd.random()
    if kind < 0.3:
        fir(pen, x, ground, height, leaf)
        return
    _trunk(pen, x, ground, height, WOODS[rnd.randrange(4)])
    rx, ry = (0.3, 0.3) if kind < 0.75 else (0.2, 0.38)
    crown = CIRCLE[::2] * (rx * height, ry * height) + (x, ground - 0.68 * height)
    outline = scalloped(crown, 11, 0.05 * height)
    tinted(pen, leaf).polygon(outline, leaf, shade=0.08 * height)


def fir(pen: Pen, x: float, ground: float, height: float, leaf: Colour) -> None:
    """A pointed tree of three storeys."""
    _trunk(pen, x, ground, height, WOODS[3])
    for k in range(3):
        y, half = ground - height * (0.18 + 0.24 * k), height * (0.26 - 0.06 * k)
        skirt = [(x - half, y), (x, y - 0.36 * height), (x + half, y)]
        tinted(pen, leaf).polygon(skirt, darker(leaf, 0.08 * (2 - k)))


def _trunk(pen: Pen, x: float, ground: float, height: float, bark: Colour) -> None:
    w, top = 0.05 * height, ground - 0.6 * height
    outline = [(x - w, ground), (x - 0.6 * w, top), (x + 0.6 * w, top), (x + w, ground)]
    tinted(pen, bark).polygon(outline, bark)


def bush(pen: Pen, x: float, ground: float, size: float, leaf: Colour) -> None:
    """A bush, `size` wide."""
    oval = CIRCLE[::2] * (0.5 * size, 0.28 * size) + (x, ground - 0.2 * size)
    tinted(pen, leaf).polygon(scalloped(oval, 10, 0.06 * size), leaf, shade=0.06 * size)


def window(pen: Pen, x: float, y: float, w: float, h: float, glass: Colour, frame: Colour) -> None:
    """A window with a cross and a sill."""
    box(pen, x - 0.012, y - 0.012, w + 0.024, h + 0.024, frame)
    box(pen, x, y, w, h, glass, 0)
    pen.veil(
        [(x + 0.1 * w, y), (x + 0.4 * w, y), (x + 0.1 * w, y + h), (x, y + h), (x, y + 0.3 * h)],
        (255, 255, 255),
        0.25,
    )
    box(pen, x + w / 2 - 0.006, y, 0.012, h, frame, 0)
    box(pen, x, y + h / 2 - 0.006, w, 0.012, frame, 0)
    box(pen, x - 0.03, y + h + 0.01, w + 0.06, 0.025, frame)


def painting(pen: Pen, x: float, y: float, w: float, h: float, rnd: Random) -> None:
    """A framed picture of hills, a shape, or somebody's ancestor."""
    frame = rnd.choice(WOODS)
    box(pen, x - 0.015, y - 0.015, w + 0.03, h + 0.03, frame)
    one, two = rnd.sample(GOODS, 2)
    box(pen, x, y, w, h, mixed(one, (255, 255, 255), 0.5), 0)
    if rnd.random() < 0.5:
        pen.polygon(
            [
                (x, y + h),
                (x, y + 0.7 * h),
                (x + 0.4 * w, y + 0.35 * h),
                (x + w, y + 0.8 * h),
                (x + w, y + h),
            ],
            two,
            line=0,
        )
    else:
        pen.ellipse(x + w / 2, y + h / 2, 0.26 * w, 0.3 * h, two, 0)


def shelf(
    pen: Pen, x: float, y: float, w: float, rows: int, rnd: Random, *, bottles: bool = False
) -> None:
    """Shelves of books, or of bottles and jars; a row is 0.14 high."""
    wood = rnd.choice(WOODS)
    box(pen, x - 0.02, y - 0.02, w + 0.04, rows * 0.14 + 0.04, darker(wood, 0.25))
    for row in range(rows):
        base = y + (row + 1) * 0.14
        at = x + 0.01
        while at < x + w - 0.04:
            wide = rnd.uniform(0.022, 0.045)
            tall = rnd.uniform(0.07, 0.115)
            colour = rnd.choice(GOODS)
            box(pen, at, base - tall, wide, tall, colour, 0.5)
            if bottles:
                box(pen, at + 0.3 * wide, base - tall - 0.02, 0.4 * wide, 0.03, colour, 0.5)
            at += wide + rnd.choice((0.003, 0.003, 0.03)) + (0.01 if bottles else 0)
        box(pen, x - 0.02, base, w + 0.04, 0.016, wood, 0.7)


def lamp(pen: Pen, x: float, ground: float, height: float, shade: Colour) -> None:
    """A standard lamp with a warm halo."""
    for r in (0.34, 0.24, 0.15):
        pen.veil(CIRCLE * r * height / 0.8 + (x, ground - height), (255, 236, 170), 0.12)
    box(pen, x - 0.008, ground - height, 0.016, height, (90, 80, 80))
    box(pen, x - 0.07, ground - 0.015, 0.14, 0.02, (90, 80, 80))
    top = ground - height
    tinted(pen, shade).polygon(
        [
            (x - 0.05, top - 0.1),
            (x + 0.05, top - 0.1),
            (x + 0.09, top + 0.05),
            (x - 0.09, top + 0.05),
        ],
        shade,
    )


def sofa(pen: Pen, x: float, ground: float, w: float, colour: Colour) -> None:
    """A sofa seen from the front."""
    t = tinted(pen, colour, 0.9)
    t.shape(
        [
            (x, ground - 0.3),
            (x + 0.04, ground - 0.42),
            (x + w / 2, ground - 0.44),
            (x + w - 0.04, ground - 0.42),
            (x + w, ground - 0.3),
            (x + w, ground),
            (x, ground),
        ],
        darker(colour, 0.08),
    )
    for k in range(2):
        t.shape(
            [
                (x + 0.05 + k * (w / 2 - 0.05), ground - 0.18),
                (x + w / 2 - 0.005 + k * (w / 2 - 0.05), ground - 0.18),
                (x + w / 2 - 0.005 + k * (w / 2 - 0.05), ground - 0.08),
                (x + 0.05 + k * (w / 2 - 0.05), ground - 0.08),
            ],
            mixed(colour, (255, 255, 255), 0.12),
        )
    for left in (x - 0.04, x + w - 0.06):
        t.shape(
            [
                (left, ground),
                (left, ground - 0.22),
                (left + 0.05, ground - 0.27),
                (left + 0.1, ground - 0.22),
                (left + 0.1, ground),
            ],
            colour,
        )


def house(pen: Pen, x: float, ground: float, w: float, rnd: Random, *, lit: bool) -> None:
    """A house with a roof, windows and a door."""
    wall, roof = (
        rnd.choice(WALLS + GOODS[:4]),
        rnd.choice((PAINTS["brick"], PAINTS["coal"], PAINTS["leather"], PAINTS["teal"])),
    )
    wall = mixed(wall, (255, 255, 255), 0.15)
    h = w * rnd.uniform(0.6, 1.1)
    box(pen, x, ground - h, w, h, wall)
    rise = w * rnd.uniform(0.2, 0.5)
    tinted(pen, roof).polygon(
        [
            (x - 0.05 * w, ground - h),
            (x + w * rnd.uniform(0.3, 0.7), ground - h - rise),
            (x + 1.05 * w, ground - h),
        ],
        roof,
    )
    glass = (255, 228, 140) if lit else (150, 186, 204)
    for column in (0.14, 0.62):
        for row in range(max(1, round(h / 0.3))):
            window(
                pen,
                x + column * w,
                ground - h + 0.06 + 0.28 * row,
                0.22 * w,
                0.13,
                glass,
                mixed(wall, (255, 255, 255), 0.6),
            )
    door = rnd.choice(GOODS)
    box(pen, x + 0.42 * w, ground - 0.2, 0.16 * w, 0.2, door)


def tower(pen: Pen, x: float, ground: float, w: float, h: float, rnd: Random, *, lit: bool) -> None:
    """A tall building of the far town."""
    wall = mixed(rnd.choice(WALLS), (140, 150, 180), 0.45)
    box(pen, x, ground - h, w, h, darker(wall, 0.15), 0.8)
    step = 0.055
    for row in range(int(h / step) - 1):
        for column in range(int(w / step)):
            if rnd.random() < 0.8:
                glow = lit and rnd.random() < 0.5
                tone = (255, 226, 140) if glow else darker(wall, 0.35)
                y = ground - h + step * (row + 0.5)
                pen.polygon(
                    [
                        (x + step * (column + 0.3), y),
                        (x + step * (column + 0.75), y),
                        (x + step * (column + 0.75), y + 0.03),
                        (x + step * (column + 0.3), y + 0.03),
                    ],
                    tone,
                    line=0,
                )


def car(pen: Pen, x: float, ground: float, size: float, colour: Colour) -> None:
    """A car from the side, `size` long."""

    def at(points: list[Point]) -> np.ndarray:
        return np.array(points) * size + (x, ground)

    t = tinted(pen, colour, 1.1)
    t.shape(
        at(
            [
                (-0.5, -0.08),
                (-0.5, -0.22),
                (-0.3, -0.26),
                (-0.2, -0.42),
                (0.15, -0.42),
                (0.28, -0.26),
                (0.5, -0.2),
                (0.5, -0.08),
            ]
        ),
        colour,
        shade=0.03 * size,
    )
    t.polygon(
        at([(-0.24, -0.27), (-0.16, -0.38), (-0.02, -0.38), (-0.02, -0.27)]),
        (190, 216, 226),
        line=0.6,
    )
    t.polygon(
        at([(0.02, -0.27), (0.02, -0.38), (0.13, -0.38), (0.22, -0.27)]), (190, 216, 226), line=0.6
    )
    for wheel in (-0.3, 0.3):
        pen.ellipse(
            x + wheel * size, ground - 0.07 * size, 0.09 * size, 0.09 * size, (50, 46, 54), 0.5
        )
        pen.ellipse(
            x + wheel * size, ground - 0.07 * size, 0.04 * size, 0.04 * size, (180, 180, 186), 0.5
        )


def hill(pen: Pen, width: float, y: float, height: float, colour: Colour, rnd: Random) -> None:
    """Rolling hills across the picture with their crest about y."""
    xs = np.linspace(-width, 2 * width, 9)
    crest = [(float(x), y - height * rnd.random()) for x in xs]
    tinted(pen, colour).polygon(_rolling(crest), colour)


def _rolling(crest: list[Point]) -> np.ndarray:
    top = open_curve(crest)
    return np.concatenate([top, [(top[-1, 0], 2.0), (top[0, 0], 2.0)]])
