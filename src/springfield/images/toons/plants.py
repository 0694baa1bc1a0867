"""Plants: trees, firs, bushes and fronds. Units as in `paint`."""

from __future__ import annotations

from random import Random

from springfield.images.toons.ink import CIRCLE, Colour, Pen, darker, moved, scalloped
from springfield.images.toons.paint import WOODS, tinted

LEAVES: tuple[Colour, ...] = (
    (98, 160, 90),
    (72, 132, 84),
    (140, 172, 84),
    (206, 140, 62),
    (56, 110, 92),
)


def tree(pen: Pen, x: float, ground: float, height: float, leaf: Colour, rnd: Random) -> None:
    """A round or tall tree, or a fir."""
    kind = rnd.random()
    if kind < 0.3:
        fir(pen, x, ground, height, leaf)
        return
    _trunk(pen, x, ground, height, WOODS[rnd.randrange(4)])
    rx, ry = (0.3, 0.3) if kind < 0.75 else (0.2, 0.38)
    crown = moved(CIRCLE[::2] * (rx * height, ry * height), x, ground - 0.68 * height)
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
    oval = moved(CIRCLE[::2] * (0.5 * size, 0.28 * size), x, ground - 0.2 * size)
    tinted(pen, leaf).polygon(scalloped(oval, 10, 0.06 * size), leaf, shade=0.06 * size)


def fronds(pen: Pen, x: float, rnd: Random) -> None:
    """Long leaves that rise from below the picture."""
    leaf = rnd.choice(LEAVES)
    for _ in range(6):
        lean, top = rnd.uniform(-0.35, 0.35), rnd.uniform(0.4, 0.75)
        middle, level = x + lean * 0.4, 0.5 * (1 + top)
        blade = [(x, 1.1), (middle + 0.045, level), (x + lean, top), (middle - 0.045, level)]
        tinted(pen, leaf).shape(blade, darker(leaf, rnd.uniform(0, 0.25)))
