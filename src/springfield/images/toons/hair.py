"""Hair: a person's haircut, behind the head and over the forehead."""

from __future__ import annotations

import numpy as np

from springfield.images.toons.haircuts import STYLES, Outline, Style
from springfield.images.toons.head import Head
from springfield.images.toons.ink import Colour, darker, mixed, moved, scalloped


def draw_back_hair(head: Head) -> None:
    """The part behind the head; it swings away from where the face turns."""
    style = STYLES[head.person.hair]
    for outline in style.back:
        _draw_lock(head, outline, style, -0.1 * head.side, 0.14, darker(head.hair, 0.12))


def draw_front_hair(head: Head) -> None:
    """The part over the forehead; it moves along with the face."""
    style = STYLES[head.person.hair]
    for outline in style.front:
        _draw_lock(head, outline, style, 0.05 * head.side, 0.16, head.hair)
    tone = mixed(darker(head.hair, 0.4), (255, 255, 255), 0.12)
    for strand in style.strands:
        path = np.array(strand) * (head.width, 1)
        head.pen.stroke(moved(path, 0.07 * head.side, 0), tone, 0.05)


def _draw_lock(
    head: Head,
    outline: Outline,
    style: Style,
    shift: float,
    shade: float,
    colour: Colour,
) -> None:
    lock = np.array(outline) * (head.width, 1)
    lock[:, 0] += shift * (1 - lock[:, 1] * 0.5)
    if style.curl:
        bumps = max(6, round(14 * np.ptp(lock[:, 0]) / 1.6))
        head.pen.polygon(scalloped(lock, bumps, style.curl), colour, shade=shade)
    elif style.straight:
        head.pen.polygon(lock, colour, shade=shade)
    else:
        head.pen.shape(lock, colour, shade=shade)
