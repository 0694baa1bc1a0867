"""Outdoors: streets, parks, shores, drawn from x = -width to 2 * width for the camera to move."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from springfield.images.toons.buildings import car, fence, house, tower
from springfield.images.toons.ink import Colour, Pen, darker, mixed, moved, points, scalloped
from springfield.images.toons.paint import (
    GOODS,
    STEEL,
    WHITE,
    across,
    box,
    cloud,
    hill,
    sky,
    tinted,
)
from springfield.images.toons.people import PAINTS
from springfield.images.toons.plants import LEAVES, bush, fir, tree


@dataclass(frozen=True)
class Hour:
    """A time of day: the sky from top to horizon, and how far everything takes its colour."""

    top: Colour
    low: Colour
    dim: float
    night: bool = False

    def over(self, colour: Colour) -> Colour:
        """A colour in the light of this hour."""
        return mixed(colour, self.top, self.dim)


HOURS = (
    Hour((104, 172, 222), (206, 232, 240), 0.0),
    Hour((134, 190, 214), (240, 236, 214), 0.0),
    Hour((246, 172, 120), (252, 226, 172), 0.08),
    Hour((122, 98, 158), (246, 170, 150), 0.22),
    Hour((30, 36, 78), (74, 82, 138), 0.42, night=True),
    Hour((164, 176, 188), (214, 218, 220), 0.1),
)


def _heavens(pen: Pen, width: float, rnd: Random, horizon: float) -> Hour:
    hour = rnd.choice(HOURS)
    sky(pen, width, hour.top, hour.low, horizon)
    if hour.night:
        for _ in range(40):
            x, y = rnd.uniform(-0.5, width + 0.5), rnd.uniform(-0.4, horizon)
            pen.ellipse(x, y, 0.004, 0.004, (250, 246, 214), 0)
        moon = rnd.uniform(0, width), rnd.uniform(0.05, 0.25)
        pen.ellipse(*moon, 0.07, 0.07, (250, 244, 208), 0)
        return hour
    if rnd.random() < 0.4:
        sun = rnd.uniform(0, width), rnd.uniform(0.05, 0.25)
        pen.ellipse(*sun, 0.075, 0.075, (255, 240, 180), 0)
    for _ in range(rnd.randint(1, 4)):
        x, y = rnd.uniform(-0.4, width + 0.4), rnd.uniform(-0.1, horizon * 0.6)
        cloud(pen, x, y, rnd.uniform(0.2, 0.5), mixed(hour.low, WHITE, 0.6))
    return hour


def _dusk(pen: Pen, width: float, hour: Hour) -> None:
    if hour.dim:
        corners = [(-width, 0), (2 * width, 0), (2 * width, 2), (-width, 2)]
        pen.veil(corners, hour.top, hour.dim * 0.7)


def _anywhere(rnd: Random, width: float) -> float:
    return rnd.uniform(-0.4, width + 0.4)


def street(pen: Pen, width: float, rnd: Random) -> None:
    """A row of houses, a pavement, perhaps a fence and a car."""
    ground = rnd.uniform(0.68, 0.8)
    hour = _heavens(pen, width, rnd, ground)
    for _ in range(3):
        leaf = hour.over(darker(rnd.choice(LEAVES), 0.1))
        tree(pen, _anywhere(rnd, width), ground, rnd.uniform(0.4, 0.7), leaf, rnd)
    x = -0.6
    while x < width + 0.5:
        w = rnd.uniform(0.3, 0.6)
        house(pen, x, ground, w, rnd, lit=hour.night)
        x += w + rnd.uniform(0.02, 0.3)
    if rnd.random() < 0.5:
        fence(pen, width, ground, rnd)
    across(pen, width, ground, 0.06, hour.over(rnd.choice(LEAVES)), 0.6)
    across(pen, width, ground + 0.06, 0.08, hour.over((206, 200, 194)), 0.6)
    across(pen, width, ground + 0.14, 2, hour.over((128, 126, 136)), 0.6)
    if rnd.random() < 0.4:
        colour = rnd.choice(GOODS)
        car(pen, rnd.uniform(0, width), ground + 0.2, rnd.uniform(0.4, 0.6), colour)
    _dusk(pen, width, hour)


def park(pen: Pen, width: float, rnd: Random) -> None:
    """Hills, trees, bushes, perhaps a pond or a path."""
    ground = rnd.uniform(0.55, 0.72)
    hour = _heavens(pen, width, rnd, ground)
    far = mixed(hour.over(rnd.choice(LEAVES)), hour.low, 0.5)
    hill(pen, width, ground - 0.02, 0.2, far, rnd)
    hill(pen, width, ground + 0.04, 0.08, hour.over(rnd.choice(LEAVES)), rnd)
    for _ in range(rnd.randint(2, 6)):
        y, leaf = ground + rnd.uniform(0.04, 0.12), hour.over(rnd.choice(LEAVES))
        tree(pen, _anywhere(rnd, width), y, rnd.uniform(0.3, 0.75), leaf, rnd)
    kind, x = rnd.random(), rnd.uniform(0, width)
    if kind < 0.35:
        water = hour.over((128, 186, 206))
        pond = moved(points("-.4,.2 0,.14 .45,.18 .35,.27 -.3,.28"), x, ground)
        tinted(pen, water).shape(pond, water)
    elif kind < 0.7:
        gravel = hour.over((222, 204, 168))
        path = [
            (x - 0.03, ground + 0.06),
            (x + 0.03, ground + 0.06),
            (x + 0.5, 1.4),
            (x - 0.4, 1.4),
        ]
        tinted(pen, gravel).polygon(path, gravel)
    for _ in range(rnd.randint(1, 4)):
        y, leaf = ground + rnd.uniform(0.1, 0.3), hour.over(rnd.choice(LEAVES))
        bush(pen, _anywhere(rnd, width), y, rnd.uniform(0.15, 0.35), leaf)
    _dusk(pen, width, hour)


def downtown(pen: Pen, width: float, rnd: Random) -> None:
    """Two rows of tall buildings and street lamps."""
    ground = rnd.uniform(0.72, 0.85)
    hour = _heavens(pen, width, rnd, ground)
    haze = hour.over(mixed((150, 150, 170), hour.low, 0.6))
    x = -0.5
    while x < width + 0.5:
        w, h = rnd.uniform(0.14, 0.26), rnd.uniform(0.35, 0.8)
        box(pen, (x, ground - h), (w, h), haze, 0)
        x += w
    x = -0.5
    while x < width + 0.5:
        w = rnd.uniform(0.18, 0.34)
        tower(pen, x, ground, w, rnd, lit=hour.night)
        x += w + rnd.uniform(0, 0.12)
    across(pen, width, ground, 2, hour.over((150, 146, 150)))
    for _ in range(rnd.randint(0, 3)):
        x = rnd.uniform(0, width)
        box(pen, (x - 0.007, ground - 0.42), (0.014, 0.48), STEEL)
        pen.ellipse(x, ground - 0.44, 0.035, 0.035, (255, 240, 190), 0.5)
    _dusk(pen, width, hour)


def shore(pen: Pen, width: float, rnd: Random) -> None:
    """Sea and sand, perhaps a sail and an umbrella."""
    horizon = rnd.uniform(0.45, 0.6)
    hour = _heavens(pen, width, rnd, horizon)
    sea = hour.over((70, 150, 176))
    across(pen, width, horizon, 2, sea, 0)
    for _ in range(14):
        wave = points("0,0 .05,-.008 .1,0")
        place = _anywhere(rnd, width), horizon + rnd.uniform(0.02, 0.18)
        pen.stroke(moved(wave, *place), mixed(sea, WHITE, 0.5), 0.006)
    if rnd.random() < 0.6:
        boat = tinted(pen.at(rnd.uniform(0, width), horizon), PAINTS["white"])
        boat.polygon(points("0,-.2 0,-.02 -.08,-.02"), PAINTS["white"])
        boat.polygon(points("0,-.2 0,-.02 .1,-.02"), PAINTS["white"])
        boat.polygon(points("-.09,-.015 .11,-.015 .08,.02 -.07,.02"), PAINTS["brick"])
    hill(pen, width, horizon + 0.24, 0.06, hour.over((238, 214, 164)), rnd)
    if rnd.random() < 0.6:
        cloth = rnd.choice(GOODS)
        shade = tinted(pen.at(rnd.uniform(0, width), horizon + 0.3), cloth)
        box(shade, (-0.006, -0.3), (0.012, 0.3), PAINTS["white"])
        shade.shape(points("-.22,-.26 -.1,-.37 0,-.4 .1,-.37 .22,-.26 0,-.27"), cloth)
    _dusk(pen, width, hour)


def snowfield(pen: Pen, width: float, rnd: Random) -> None:
    """Snow, firs and falling flakes."""
    ground = rnd.uniform(0.6, 0.72)
    hour = _heavens(pen, width, rnd, ground)
    hill(pen, width, ground, 0.16, mixed(hour.over((210, 222, 236)), hour.top, 0.1), rnd)
    for _ in range(rnd.randint(3, 7)):
        y, leaf = ground + rnd.uniform(0.02, 0.1), mixed((70, 110, 100), hour.low, 0.25)
        fir(pen, _anywhere(rnd, width), y, rnd.uniform(0.25, 0.6), leaf)
    hill(pen, width, ground + 0.12, 0.08, hour.over((240, 244, 250)), rnd)
    for _ in range(50):
        r = rnd.uniform(0.003, 0.008)
        pen.ellipse(_anywhere(rnd, width), rnd.uniform(0, 1), r, r, WHITE, 0)
    _dusk(pen, width, hour)


def backdrop(pen: Pen, width: float, rnd: Random) -> None:
    """No place at all: a title card with rays, blobs or a plain wash."""
    one, two = rnd.sample(GOODS, 2)
    sky(pen, width, mixed(one, WHITE, 0.3), mixed(two, WHITE, 0.55), 1.2)
    kind = rnd.random()
    x, y = rnd.uniform(0.2, 0.8) * width, rnd.uniform(0.3, 0.7)
    if kind < 0.4:
        for a in np.linspace(0, 2 * np.pi, 14, endpoint=False):
            far = [(x + 3 * np.cos(t), y + 3 * np.sin(t)) for t in (a, a + 0.22)]
            pen.veil([(x, y), *far], WHITE, 0.22)
    elif kind < 0.7:
        blob = scalloped(points("1,0 0,1 -1,0 0,-1"), 8, 0.1)
        for _ in range(7):
            place = rnd.uniform(0, width), rnd.random()
            pen.veil(moved(blob * rnd.uniform(0.05, 0.3), *place), WHITE, 0.18)
