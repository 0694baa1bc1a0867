"""Scenery: the places of Toonville, and what may stand in front of people."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np

from springfield.images.toons import indoors, outdoors
from springfield.images.toons.ink import Pen, darker
from springfield.images.toons.paint import GOODS, WOODS, across, box
from springfield.images.toons.people import PAINTS
from springfield.images.toons.plants import LEAVES, bush, fronds

# A picture 1 high and `width` wide; equal states of the random numbers give equal places.
Place = Callable[[Pen, float, Random], None]

PLACES: dict[str, Place] = {
    "living room": indoors.living_room,
    "kitchen": indoors.kitchen,
    "shop": indoors.shop,
    "classroom": indoors.classroom,
    "office": indoors.office,
    "street": outdoors.street,
    "park": outdoors.park,
    "downtown": outdoors.downtown,
    "shore": outdoors.shore,
    "snowfield": outdoors.snowfield,
    "backdrop": outdoors.backdrop,
}


def _counter(pen: Pen, width: float, rnd: Random) -> None:
    wood, y = rnd.choice(WOODS), rnd.uniform(0.8, 0.93)
    across(pen, max(1.0, width), y + 0.03, 1, darker(wood, 0.15))
    across(pen, max(1.0, width), y, 0.045, wood)
    for _ in range(rnd.randint(0, 3)):
        h = rnd.uniform(0.06, 0.14)
        box(pen, (rnd.uniform(0, width), y - h), (rnd.uniform(0.05, 0.1), h), rnd.choice(GOODS))


def _bushes(pen: Pen, width: float, rnd: Random) -> None:
    for _ in range(rnd.randint(1, 4)):
        bush(pen, rnd.uniform(-0.1, width + 0.1), 1.1, rnd.uniform(0.35, 0.7), rnd.choice(LEAVES))


def _fronds(pen: Pen, width: float, rnd: Random) -> None:
    fronds(pen, rnd.choice((0.0, width)), rnd)


def _post(pen: Pen, width: float, rnd: Random) -> None:
    x = rnd.choice((rnd.uniform(0, 0.25), rnd.uniform(0.75, 0.95))) * width
    box(pen, (x, -1), (rnd.uniform(0.03, 0.07), 3), rnd.choice((*WOODS, PAINTS["coal"])))


def _rail(pen: Pen, width: float, rnd: Random) -> None:
    tone = rnd.choice((*WOODS, PAINTS["white"], PAINTS["coal"]))
    across(pen, max(1.0, width), 0.86, 0.03, tone)
    for x in np.arange(-0.05, width, 0.11):
        box(pen, (float(x), 0.86), (0.02, 0.4), tone)


# What hides a part of whoever stands behind it.
FOREGROUNDS: tuple[Place, ...] = (_counter, _bushes, _fronds, _post, _rail)
