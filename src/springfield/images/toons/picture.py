"""Picture: one file of Toonville, a function of (seed, class, number) and nothing else.

Three numbers in a row may share a scene: place, clothes, company and film are then the same, but
each has another shot of it (near, middle, far), so no two are near duplicates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image

from springfield.images.toons.figure import NECK, draw_person, height_of
from springfield.images.toons.film import Film, any_film, develop, encode
from springfield.images.toons.ink import Canvas, Pen
from springfield.images.toons.people import Outfit, Person
from springfield.images.toons.pose import any_pose
from springfield.images.toons.scenery import FOREGROUNDS, PLACES
from springfield.images.toons.strangers import any_outfit, any_stranger
from springfield.images.toons.town import TOWN

LARGEST = (1072, 1912)  # the one picture of the largest class that has this size
ASPECTS = (1.33, 1.33, 1.25, 1.0, 1.0, 0.75, 0.75, 1.78, 0.62, 0.9)
SHOTS = ((0.25, 0.31), (0.17, 0.22), (0.12, 0.145))  # half a head, as a share of the shorter side
SHARED = 0.5  # pictures that belong to a scene of three


@dataclass(frozen=True)
class Scene:
    """What the pictures of a scene share."""

    place: str
    place_seed: int
    outfit: Outfit
    company: tuple[tuple[Person, Outfit], ...]
    film: Film
    light: float


def picture_of(name: str, number: int, seed: int) -> tuple[str, bytes]:
    """Suffix and bytes of picture `number` of a class. Equal arguments give equal bytes."""
    rnd = Random(f"{seed}/{name}/{number}")
    size = LARGEST if (name, number) == ("hollis_pepperell", 0) else any_size(rnd)
    return encode(draw_picture(name, number, seed, size), rnd)


def draw_one(folder: Path, name: str, number: int, seed: int) -> Path:
    """Draw one picture into its class folder and return its file."""
    suffix, content = picture_of(name, number, seed)
    file = folder / name / f"pic_{number:04d}{suffix}"
    file.write_bytes(content)
    return file


def draw_picture(name: str, number: int, seed: int, size: tuple[int, int]) -> Image.Image:
    """The picture itself, of that width and height."""
    rnd = Random(f"{seed}/{name}/{number}/drawing")
    shared = rnd.random() < SHARED
    key = f"{number // 3}/of three" if shared else f"{number}/alone"
    scene = any_scene(name, Random(f"{seed}/{name}/{key}"))
    shot = (number + number // 3) % 3 if shared else rnd.choice((0, 1, 1, 2))
    large = size[0] * size[1] > 400_000
    finer = 2 if large else 3
    canvas = Canvas.blank(size[0] * finer, size[1] * finer)
    _compose(canvas, name, scene, shot, rnd)
    return develop(canvas.image.reduce(finer), scene.film, rnd)


def any_size(rnd: Random) -> tuple[int, int]:
    """Width and height in pixels: 416 x 409 on average over many pictures."""
    area = (396.4 * math.exp(rnd.gauss(0, 0.24))) ** 2
    aspect = rnd.choice(ASPECTS) * math.exp(rnd.gauss(0, 0.06))
    width, height = math.sqrt(area * aspect), math.sqrt(area / aspect)
    return max(150, min(1040, round(width))), max(150, min(1040, round(height)))


def any_scene(name: str, rnd: Random) -> Scene:
    """A place, clothes, company and film, drawn at random."""
    person = TOWN[name]
    outfit = any_outfit(rnd) if rnd.random() < 0.2 else person.outfit
    company = []
    for _ in range(rnd.choice((0, 0, 0, 0, 1, 1, 2))):
        if rnd.random() < 0.5:
            stranger = any_stranger(rnd)
            company.append((stranger, stranger.outfit))
        else:
            other = TOWN[rnd.choice([other for other in TOWN if other != name])]
            company.append((other, other.outfit))
    return Scene(
        place=rnd.choice(tuple(PLACES)),
        place_seed=rnd.getrandbits(32),
        outfit=outfit,
        company=tuple(company),
        film=any_film(rnd),
        light=rnd.choice((-1.0, 1.0)),
    )


def _compose(canvas: Canvas, name: str, scene: Scene, shot: int, rnd: Random) -> None:
    wide, high = canvas.image.size
    short = min(wide, high)
    weight = scene.film.weight * 0.0031 * short
    pen = Pen(canvas, scene.film.ink, weight, light=scene.light)
    zoom = (1.5, 1.2, 1.0)[shot] * rnd.uniform(0.95, 1.12)
    width = wide / high
    place = pen.at(
        -(zoom - 1) * wide * rnd.random(), -(zoom - 1) * high * rnd.uniform(0.2, 1), high * zoom
    )
    PLACES[scene.place](place, width, Random(scene.place_seed))
    unit = short * rnd.uniform(*SHOTS[shot])
    person = TOWN[name]
    x, y = _stand(wide, high, unit, person, rnd)
    for other, outfit in scene.company:
        _draw_company(pen, other, outfit, (x, y, unit), rnd)
    draw_person(pen.at(x, y, unit), person, any_pose(rnd), scene.outfit)
    if rnd.random() < 0.22:
        rnd.choice(FOREGROUNDS)(pen.at(0, 0, high), width, rnd)


def _stand(wide: int, high: int, unit: float, person: Person, rnd: Random) -> tuple[float, float]:
    """Where the base of somebody's neck goes: the head inside, the soles low or out of sight."""
    room = max(0.0, wide / 2 - 1.2 * unit)
    x = wide / 2 + room * rnd.uniform(-0.8, 0.8)
    rise = (person.tall + NECK) * unit
    head_room = unit * rnd.uniform(1.15, 2.0)  # from the upper edge to the middle of the head
    soles = high * rnd.uniform(0.9, 1.05) - (height_of(person) - person.tall) * unit
    return x, max(head_room, soles) + rise


def _draw_company(
    pen: Pen, other: Person, outfit: Outfit, main: tuple[float, float, float], rnd: Random
) -> None:
    """Somebody else: further away, or as near but cut off by the picture's edge."""
    x, y, unit = main
    wide = pen.canvas.image.size[0]
    side = -1 if x > wide / 2 else 1
    if rnd.random() < 0.25:
        edge = 0 if side < 0 else wide
        draw_person(
            pen.at(
                edge + side * unit * rnd.uniform(0, 0.5),
                y + unit * rnd.uniform(-0.2, 0.8),
                unit * 0.95,
            ),
            other,
            any_pose(rnd),
            outfit,
        )
        return
    smaller = unit * rnd.uniform(0.45, 0.68)
    away = unit * rnd.uniform(1.6, 3.2) * (side if rnd.random() < 0.75 else -side)
    draw_person(
        pen.at(x + away, y - unit * rnd.uniform(-0.5, 0.5), smaller), other, any_pose(rnd), outfit
    )
