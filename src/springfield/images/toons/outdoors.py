"""Outdoors: streets, parks and shores. Each draws x from -width to 2 * width for the camera."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from springfield.images.toons.ink import Colour, Pen, darker, mixed, scalloped
from springfield.images.toons.people import PAINTS
from springfield.images.toons.props import (
    GOODS,
    WOODS,
    box,
    bush,
    car,
    cloud,
    fir,
    hill,
    house,
    sky,
    tinted,
    tower,
    tree,
)


@dataclass(frozen=True)
class Hour:
    """A time of day: the sky from top to horizon, and how much leaves and walls darken."""

    top: Colour
    low: Colour
    dim: float
    night: bool = False


HOURS = (
    Hour((104, 172, 222), (206, 232, 240), 0.0),
    Hour((134, 190, 214), (240, 236, 214), 0.0),
    Hour((246, 172, 120), (252, 226, 172), 0.08),
    Hour((122, 98, 158), (246, 170, 150), 0.22),
    Hour((30, 36, 78), (74, 82, 138), 0.42, True),
    Hour((164, 176, 188), (214, 218, 220), 0.1),
)
LEAVES: tuple[Colour, ...] = (
    (98, 160, 90),
    (72, 132, 84),
    (140, 172, 84),
    (206, 140, 62),
    (56, 110, 92),
)


def _heavens(pen: Pen, width: float, rnd: Random, horizon: float) -> Hour:
    hour = rnd.choice(HOURS)
    sky(pen, width, hour.top, hour.low, horizon)
    if hour.night:
        for _ in range(40):
            pen.ellipse(
                rnd.uniform(-0.5, width + 0.5),
                rnd.uniform(-0.4, horizon),
                0.004,
                0.004,
                (250, 246, 214),
                0,
            )
        pen.ellipse(rnd.uniform(0, width), rnd.uniform(0.05, 0.25), 0.07, 0.07, (250, 244, 208), 0)
    else:
        if rnd.random() < 0.4:
            x, y = rnd.uniform(0, width), rnd.uniform(0.05, 0.25)
            pen.ellipse(x, y, 0.075, 0.075, (255, 240, 180), 0)
        for _ in range(rnd.randint(1, 4)):
            cloud(
                pen,
                rnd.uniform(-0.4, width + 0.4),
                rnd.uniform(-0.1, horizon * 0.6),
                rnd.uniform(0.2, 0.5),
                mixed(hour.low, (255, 255, 255), 0.6),
            )
    return hour


def _leaf(rnd: Random, hour: Hour) -> Colour:
    return mixed(rnd.choice(LEAVES), hour.top, hour.dim)


def street(pen: Pen, width: float, rnd: Random) -> None:
    """A row of houses, a pavement, perhaps a car and trees."""
    ground = rnd.uniform(0.68, 0.8)
    hour = _heavens(pen, width, rnd, ground)
    for _ in range(3):
        tree(
            pen,
            rnd.uniform(-0.4, width + 0.4),
            ground,
            rnd.uniform(0.4, 0.7),
            darker(_leaf(rnd, hour), 0.1),
            rnd,
        )
    x = -0.6
    while x < width + 0.5:
        w = rnd.uniform(0.3, 0.6)
        house(pen, x, ground, w, rnd, lit=hour.night)
        x += w + rnd.uniform(0.02, 0.3)
    if rnd.random() < 0.5:
        _fence(pen, width, ground, rnd)
    box(pen, -width, ground, 3 * width, 0.06, mixed(_leaf(rnd, hour), hour.top, 0.1), 0.6)
    box(
        pen, -width, ground + 0.06, 3 * width, 0.08, mixed((206, 200, 194), hour.top, hour.dim), 0.6
    )
    box(pen, -width, ground + 0.14, 3 * width, 2, mixed((128, 126, 136), hour.top, hour.dim), 0.6)
    if rnd.random() < 0.4:
        car(pen, rnd.uniform(0, width), ground + 0.2, rnd.uniform(0.4, 0.6), rnd.choice(GOODS))
    _veil(pen, width, hour)


def _veil(pen: Pen, width: float, hour: Hour) -> None:
    if hour.dim:
        pen.veil(
            [(-width, 0), (2 * width, 0), (2 * width, 2), (-width, 2)], hour.top, hour.dim * 0.7
        )


def _fence(pen: Pen, width: float, ground: float, rnd: Random) -> None:
    colour = rnd.choice((PAINTS["white"], PAINTS["cream"], *WOODS))
    t = tinted(pen, colour)
    box(pen, -width, ground - 0.12, 3 * width, 0.02, colour)
    x = -0.5
    while x < width + 0.5:
        t.polygon(
            [
                (x, ground),
                (x, ground - 0.15),
                (x + 0.02, ground - 0.175),
                (x + 0.04, ground - 0.15),
                (x + 0.04, ground),
            ],
            colour,
            line=0.8,
        )
        x += 0.065


def park(pen: Pen, width: float, rnd: Random) -> None:
    """Hills, trees, a path, a pond or a bench."""
    ground = rnd.uniform(0.55, 0.72)
    hour = _heavens(pen, width, rnd, ground)
    far = mixed(_leaf(rnd, hour), hour.low, 0.5)
    hill(pen, width, ground - 0.02, 0.2, far, rnd)
    near = _leaf(rnd, hour)
    hill(pen, width, ground + 0.04, 0.08, near, rnd)
    for _ in range(rnd.randint(2, 6)):
        y = ground + rnd.uniform(0.04, 0.12)
        tree(pen, rnd.uniform(-0.4, width + 0.4), y, rnd.uniform(0.3, 0.75), _leaf(rnd, hour), rnd)
    kind = rnd.random()
    x = rnd.uniform(0, width)
    if kind < 0.35:
        water = mixed((128, 186, 206), hour.top, hour.dim)
        tinted(pen, water).shape(
            [
                (x - 0.4, ground + 0.2),
                (x, ground + 0.14),
                (x + 0.45, ground + 0.18),
                (x + 0.35, ground + 0.27),
                (x - 0.3, ground + 0.28),
            ],
            water,
        )
    elif kind < 0.7:
        path = mixed((222, 204, 168), hour.top, hour.dim)
        tinted(pen, path).polygon(
            [(x - 0.03, ground + 0.06), (x + 0.03, ground + 0.06), (x + 0.5, 1.4), (x - 0.4, 1.4)],
            path,
        )
    for _ in range(rnd.randint(1, 4)):
        bush(
            pen,
            rnd.uniform(-0.3, width + 0.3),
            ground + rnd.uniform(0.1, 0.3),
            rnd.uniform(0.15, 0.35),
            _leaf(rnd, hour),
        )
    _veil(pen, width, hour)


def downtown(pen: Pen, width: float, rnd: Random) -> None:
    """Two rows of tall buildings, street lamps, a wall."""
    ground = rnd.uniform(0.72, 0.85)
    hour = _heavens(pen, width, rnd, ground)
    x = -0.5
    while x < width + 0.5:
        w, h = rnd.uniform(0.14, 0.26), rnd.uniform(0.35, 0.8)
        box(
            pen,
            x,
            ground - h,
            w,
            h,
            mixed(mixed((150, 150, 170), hour.low, 0.6), hour.top, hour.dim),
            0,
        )
        x += w
    x = -0.5
    while x < width + 0.5:
        w = rnd.uniform(0.18, 0.34)
        tower(pen, x, ground, w, rnd.uniform(0.2, 0.6), rnd, lit=hour.night)
        x += w + rnd.uniform(0, 0.12)
    box(pen, -width, ground, 3 * width, 2, mixed((150, 146, 150), hour.top, hour.dim))
    for k in range(rnd.randint(0, 3)):
        at = rnd.uniform(0, width)
        box(pen, at, ground - 0.42, 0.014, 0.48, (70, 70, 80))
        pen.ellipse(at + 0.007, ground - 0.44, 0.035, 0.035, (255, 240, 190), 0.5)
    _veil(pen, width, hour)


def shore(pen: Pen, width: float, rnd: Random) -> None:
    """Sea, sand, a sail, an umbrella."""
    horizon = rnd.uniform(0.45, 0.6)
    hour = _heavens(pen, width, rnd, horizon)
    sea = mixed((70, 150, 176), hour.top, hour.dim)
    box(pen, -width, horizon, 3 * width, 2, sea, 0)
    for k in range(14):
        x, y = rnd.uniform(-0.3, width + 0.3), horizon + rnd.uniform(0.02, 0.18)
        pen.stroke(
            [(x, y), (x + 0.05, y - 0.008), (x + 0.1, y)], mixed(sea, (255, 255, 255), 0.5), 0.006
        )
    if rnd.random() < 0.6:
        x = rnd.uniform(0, width)
        for tip in (-0.08, 0.1):
            tinted(pen, PAINTS["white"]).polygon(
                [(x, horizon - 0.2), (x, horizon - 0.02), (x + tip, horizon - 0.02)],
                PAINTS["white"],
            )
        box(pen, x - 0.09, horizon - 0.015, 0.2, 0.03, PAINTS["brick"])
    sand = mixed((238, 214, 164), hour.top, hour.dim)
    hill(pen, width, horizon + 0.24, 0.06, sand, rnd)
    if rnd.random() < 0.6:
        x, y, cloth = rnd.uniform(0, width), horizon + 0.3, rnd.choice(GOODS)
        box(pen, x - 0.006, y - 0.3, 0.012, 0.3, (240, 236, 224))
        tinted(pen, cloth).shape(
            [
                (x - 0.22, y - 0.26),
                (x - 0.1, y - 0.37),
                (x, y - 0.4),
                (x + 0.1, y - 0.37),
                (x + 0.22, y - 0.26),
                (x, y - 0.27),
            ],
            cloth,
        )
    _veil(pen, width, hour)


def snowfield(pen: Pen, width: float, rnd: Random) -> None:
    """Snow, firs and falling flakes."""
    ground = rnd.uniform(0.6, 0.72)
    hour = _heavens(pen, width, rnd, ground)
    hill(pen, width, ground, 0.16, mixed((210, 222, 236), hour.top, 0.3 * hour.dim + 0.1), rnd)
    for _ in range(rnd.randint(3, 7)):
        y, high = ground + rnd.uniform(0.02, 0.1), rnd.uniform(0.25, 0.6)
        fir(pen, rnd.uniform(-0.4, width + 0.4), y, high, mixed((70, 110, 100), hour.low, 0.25))
    hill(pen, width, ground + 0.12, 0.08, mixed((240, 244, 250), hour.top, hour.dim), rnd)
    for _ in range(50):
        x, y, r = rnd.uniform(-0.2, width + 0.2), rnd.uniform(0, 1), rnd.uniform(0.003, 0.008)
        pen.ellipse(x, y, r, r, (255, 255, 255), 0)
    _veil(pen, width, hour)


def backdrop(pen: Pen, width: float, rnd: Random) -> None:
    """No place at all: a title card with rays, blobs or a plain wash."""
    one, two = rnd.sample(GOODS, 2)
    one, two = mixed(one, (255, 255, 255), 0.3), mixed(two, (255, 255, 255), 0.55)
    sky(pen, width, one, two, 1.2)
    kind = rnd.random()
    middle = (rnd.uniform(0.2, 0.8) * width, rnd.uniform(0.3, 0.7))
    if kind < 0.4:
        turns = np.linspace(0, 2 * np.pi, 29)
        for a, b in zip(turns[0::2], turns[1::2], strict=False):
            far = [(middle[0] + 3 * np.cos(t), middle[1] + 3 * np.sin(t)) for t in (a, b)]
            pen.veil([middle, *far], (255, 255, 255), 0.22)
    elif kind < 0.7:
        for _ in range(7):
            r = rnd.uniform(0.05, 0.3)
            pen.veil(
                scalloped([(r, 0), (0, r), (-r, 0), (0, -r)], 8, 0.1 * r)
                + (rnd.uniform(0, width), rnd.random()),
                (255, 255, 255),
                0.18,
            )
