"""Scenery: the places of Toonville, and what may stand in front of people."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from springfield.images.toons import indoors, outdoors
from springfield.images.toons.ink import Pen, darker
from springfield.images.toons.people import PAINTS
from springfield.images.toons.props import GOODS, WOODS, box, bush, tinted

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


def draw_place(pen: Pen, name: str, width: float, rnd: Random) -> None:
    """Draw a place into a picture 1 high and `width` wide; equal `rnd` states give equal places."""
    PLACES[name](pen, width, rnd)


def draw_foreground(pen: Pen, width: float, rnd: Random) -> None:
    """Something at the lower edge or at a side that hides a part of whoever stands there."""
    kind = rnd.choice(("counter", "bush", "plant", "post", "rail"))
    if kind == "counter":
        wood = rnd.choice(WOODS)
        y = rnd.uniform(0.8, 0.93)
        box(pen, -1, y + 0.03, 3 + width, 1, darker(wood, 0.15))
        box(pen, -1, y, 3 + width, 0.045, wood)
        for _ in range(rnd.randint(0, 3)):
            tone, h = rnd.choice(GOODS), rnd.uniform(0.06, 0.14)
            box(pen, rnd.uniform(0, width), y - h, rnd.uniform(0.05, 0.1), h, tone)
    elif kind == "bush":
        for k in range(rnd.randint(1, 4)):
            bush(
                pen,
                rnd.uniform(-0.1, width + 0.1),
                1.1,
                rnd.uniform(0.35, 0.7),
                outdoors.LEAVES[rnd.randrange(5)],
            )
    elif kind == "plant":
        _draw_fronds(pen, rnd.choice((0.0, width)), rnd)
    elif kind == "post":
        tone = rnd.choice((*WOODS, PAINTS["coal"]))
        x = rnd.choice((rnd.uniform(0, 0.25), rnd.uniform(0.75, 0.95))) * width
        box(pen, x, -1, rnd.uniform(0.03, 0.07), 3, tone)
    else:
        tone = rnd.choice((*WOODS, PAINTS["white"], PAINTS["coal"]))
        box(pen, -1, 0.86, 3 + width, 0.03, tone)
        x = -0.05
        while x < width:
            box(pen, x, 0.86, 0.02, 0.4, tone)
            x += 0.11


def _draw_fronds(pen: Pen, x: float, rnd: Random) -> None:
    leaf = outdoors.LEAVES[rnd.randrange(5)]
    for _ in range(6):
        lean = rnd.uniform(-0.35, 0.35)
        top = rnd.uniform(0.4, 0.75)
        mid = (x + lean * 0.4, 0.5 * (1 + top))
        tinted(pen, leaf).shape(
            [(x, 1.1), (mid[0] + 0.045, mid[1]), (x + lean, top), (mid[0] - 0.045, mid[1])],
            darker(leaf, rnd.uniform(0, 0.25)),
        )
