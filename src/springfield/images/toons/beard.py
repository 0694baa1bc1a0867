"""Beard: hair on the lower half of a face."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from springfield.images.toons.face import MOUTH_Y
from springfield.images.toons.head import Head
from springfield.images.toons.ink import Point, darker, mirrored, moved, points, scalloped
from springfield.images.toons.pose import MOODS


def draw_beard(head: Head) -> None:
    """The person's beard, to be drawn over the chin and before mouth and nose."""
    if draw := UNDER.get(head.person.beard):
        draw(head)


def draw_moustache(head: Head) -> None:
    """The person's moustache, to be drawn over the mouth and under the nose."""
    if shape := MOUSTACHES.get(head.person.beard):
        _draw_moustache(head, shape)


def _jaw(head: Head, top: float, drop: float, grow: float) -> np.ndarray:
    """The lower rim of the face from ear to ear, float [n, 2], grown outwards."""
    heights = [y for y in (top, 0.35, 0.6, 0.8, 0.95) if y >= top]
    rim = [(head.half_width(y) * grow, y) for y in heights] + [(0.0, 1.04 + drop)]
    points = np.array(rim + [(-x, y) for x, y in rim[-2::-1]])
    points[:, 0] += head.side * 0.11 * points[:, 1]
    return points


def _inner(head: Head, text: str) -> np.ndarray:
    """The upper edge, given by its right half, moved along with the face."""
    right = np.array(points(text))
    both = np.concatenate([right[:0:-1] * (-1, 1), right])
    scale = head.half_width(0.5) / 0.62 * (1 - 0.15 * abs(head.side))
    edge = moved(both * (scale, 1), head.on(0, MOUTH_Y), head.pose.nod)
    rim = np.array([head.half_width(y) for y in edge[:, 1]])
    sway = head.side * 0.11 * edge[:, 1]
    edge[:, 0] = np.clip(edge[:, 0], sway - rim, sway + rim)  # a turned face ends at its outline
    return edge


def _full(head: Head) -> None:
    drop = 0.28 + 0.1 * MOODS[head.pose.mood][1]
    shape = np.concatenate(
        [
            _jaw(head, 0.05, drop, 1.07),
            _inner(head, "0,.3 .3,.33 .48,.3 .6,.1"),
        ]
    )
    head.pen.polygon(scalloped(shape, 26, 0.05), head.hair, shade=0.16)


def _long(head: Head) -> None:
    w, s = head.half_width(0.6), head.side * 0.12
    rim = [(w * 1.05, 0.15), (w * 1.1, 0.7), (w * 0.8, 1.3), (w * 0.4, 1.8), (0.0, 2.05)]
    outer = moved(rim + [(-x, y) for x, y in rim[-2::-1]], s * 0.6, 0)
    shape = np.concatenate([outer, _inner(head, "0,.32 .3,.34 .5,.25")])
    head.pen.shape(shape, head.hair, shade=0.2)
    for x in (-0.3, 0.0, 0.3):
        head.pen.line([(x * w + s, 0.95), (x * 0.9 * w + s, 1.25), (x * 0.6 * w + s, 1.6)], 0.7)


def _short(head: Head) -> None:
    shape = np.concatenate(
        [
            _jaw(head, 0.2, 0.05, 1.03),
            _inner(head, "0,.33 .34,.38 .5,.42 .62,.2"),
        ]
    )
    head.pen.shape(shape, head.hair, shade=0.1)


def _strap(head: Head) -> None:
    shape = np.concatenate(
        [
            _jaw(head, 0.02, 0.2, 1.08),
            _inner(head, "0,.86 .4,.76 .6,.45 .68,.02"),
        ]
    )
    head.pen.polygon(scalloped(shape, 24, 0.045), head.hair)


def _stubble(head: Head) -> None:
    shape = np.concatenate([_jaw(head, 0.25, -0.02, 0.99), _inner(head, "0,.32 .36,.34 .62,.25")])
    head.pen.veil(shape, darker(head.hair, 0.3), 0.34)


def _goatee(head: Head) -> None:
    x = head.on(0, 0.85)
    half = points("0,.74 .15,.76 .2,.95 .1,1.18 0,1.34")
    head.pen.shape(moved(mirrored(half), x, head.pose.nod), head.hair, shade=0.08)


def _chops(head: Head) -> None:
    for which in (-1, 1):
        if which * head.pose.turn > 0.4:
            continue
        edge = [
            (head.half_width(y) * 1.06 * which + head.side * 0.11 * y, y)
            for y in (-0.1, 0.25, 0.6, 0.84)
        ]
        inner = [
            (head.on(which * a, y), y)
            for a, y in ((0.75, 0.8), (0.8, 0.45), (1.15, 0.2), (1.3, -0.1))
        ]
        head.pen.polygon(scalloped(edge + inner, 9, 0.05), head.hair, shade=0.06)


UNDER: dict[str, Callable[[Head], None]] = {
    "full": _full,
    "long": _long,
    "short": _short,
    "strap": _strap,
    "stubble": _stubble,
    "goatee": _goatee,
    "chops": _chops,
}

# Right half, from the middle outwards along the top and back along the bottom; origin: the lip.
MOUSTACHES: dict[str, tuple[Point, ...]] = {
    "walrus": points("0,-.16 .22,-.15 .42,.02 .5,.26 .36,.2 .2,.14 0,.1"),
    "handlebar": points("0,-.12 .2,-.13 .42,0 .62,-.16 .66,-.06 .5,.14 .22,.1 0,.02"),
    "pencil": points("0,-.08 .16,-.1 .38,.02 .36,.05 .14,0 0,-.01"),
    "full": points("0,-.14 .22,-.14 .45,.08 .48,.26 .3,.12 0,.04"),
    "long": points("0,-.14 .22,-.14 .42,.08 .4,.26 .25,.12 0,.04"),
    "short": points("0,-.1 .2,-.11 .4,.06 .42,.2 .28,.05 0,.02"),
}


def _draw_moustache(head: Head, half: Sequence[Point]) -> None:
    squeeze = max(0.55, math.cos(head.pose.turn))
    lift = 0.06 * MOODS[head.pose.mood][0]
    x, y = head.on(0, 0.42), 0.42 + head.pose.nod - lift
    shape = mirrored(half) * (squeeze * head.half_width(0.45) / 0.66, 1) + (x, y)
    head.pen.shape(shape, head.hair, line=0.9, shade=0.05)
