"""Hair: a person's haircut, behind the head and over the forehead."""

from __future__ import annotations

import numpy as np

from springfield.images.toons.haircuts import STYLES
from springfield.images.toons.head import Head
from springfield.images.toons.ink import Colour, darker, mixed, moved, scalloped


def draw_back_hair(head: Head) -> None:
    """The part behind the head; it swings away from where the face turns."""
    for outline in STYLES[head.person.hair].back:
        lock = np.array(outline) * (head.width, 1)
        lock[:, 0] -= 0.1 * head.side * (1 - 0.5 * lock[:, 1])
        _draw_lock(head, lock, darker(head.hair, 0.12))


def draw_front_hair(head: Head) -> None:
    """The part over the forehead: its rim stays on the skull, the hairline goes with the face."""
    style = STYLES[head.person.hair]
    for outline in style.front:
        x, y = np.array(outline).T
        hairline = np.clip(2 - 2 * np.abs(x), 0, 1) * np.clip((y + 1) / 0.35, 0, 1)
        shifted = x * head.width + head.side * (0.11 * y + 0.17 * hairline)
        _draw_lock(head, np.stack([shifted, y], axis=1), head.hair)
    tone = mixed(darker(head.hair, 0.4), (255, 255, 255), 0.12)
    for strand in style.strands:
        path = np.array(strand) * (head.width, 1)
        head.pen.stroke(moved(path, 0.03 * head.side, 0), tone, 0.05)


def _draw_lock(head: Head, lock: np.ndarray, colour: Colour) -> None:
    style = STYLES[head.person.hair]
    if style.curl:
        bumps = max(6, round(14 * np.ptp(lock[:, 0]) / 1.6))
        head.pen.polygon(scalloped(lock, bumps, style.curl), colour, shade=0.15)
    elif style.straight:
        head.pen.polygon(lock, colour, shade=0.15)
    else:
        head.pen.shape(lock, colour, shade=0.15)
