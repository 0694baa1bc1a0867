"""Hair: what lies behind a head and what lies on it, as literal outlines.

Units: x as a share of the head's half width at the temples, y as in `Head`. `back` is drawn
before the head, `front` after the face; a pair of lists is one lock on either side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.images.toons.head import Head
from springfield.images.toons.ink import CIRCLE, Point, darker, mixed, scalloped

Outline = list[Point]


@dataclass(frozen=True)
class Style:
    """A haircut: closed outlines; `curl` > 0 makes their edge curly, `straight` jagged."""

    back: tuple[Outline, ...] = ()
    front: tuple[Outline, ...] = ()
    strands: tuple[Outline, ...] = ()
    curl: float = 0.0
    straight: bool = False


def _cap(top: float, side: float, hairline: Outline, low: float = 0.0) -> Outline:
    """Hair over the crown, symmetrical: `hairline` is its right half from the middle outwards."""
    right: Outline = [(side, low), (side * 1.0, -0.5), (side * 0.78, -0.92 + (top - 1.1) * -0.6)]
    outer: Outline = [(-x, y) for x, y in right] + [(0.0, -top)] + right[::-1]
    inner: Outline = hairline[::-1] + [(-x, y) for x, y in hairline[1:]]
    return outer + inner


_HIGH: Outline = [(0.0, -0.62), (0.42, -0.62), (0.78, -0.46), (0.9, 0.0)]
_LOW: Outline = [(0.0, -0.42), (0.4, -0.42), (0.78, -0.36), (0.9, 0.0)]
_PARTED: Outline = [(0.0, -0.86), (0.3, -0.62), (0.72, -0.42), (0.88, 0.05)]
_SWEPT: Outline = [
    (-1.04, 0.0), (-1.08, -0.5), (-0.85, -0.98), (-0.2, -1.16), (0.5, -1.12), (0.95, -0.82), (1.06, -0.4),
    (1.02, 0.0), (0.9, -0.05), (0.8, -0.42), (0.3, -0.42), (-0.3, -0.56), (-0.62, -0.78), (-0.78, -0.5), (-0.9, -0.05),
]  # fmt: skip
_PULLED: Outline = _cap(1.1, 1.0, [(0.0, -0.7), (0.4, -0.66), (0.76, -0.42), (0.9, 0.02)])


def _ball(x: float, y: float, r: float) -> Outline:
    return [(float(a), float(b)) for a, b in CIRCLE[::3] * r + (x, y)]


def _both(outline: Outline) -> tuple[Outline, Outline]:
    return outline, [(-x, y) for x, y in outline]


STYLES: dict[str, Style] = {
    "bald": Style(),
    "fringe": Style(back=_both([(0.8, -0.3), (1.14, -0.32), (1.3, 0.0), (1.22, 0.34), (0.95, 0.44), (0.7, 0.2)]), curl=0.06,
                    strands=([(-0.1, -1.0), (-0.16, -1.12), (-0.3, -1.16)], [(0.08, -1.0), (0.12, -1.14), (0.02, -1.2)])),
    "crop": Style(front=(_cap(1.1, 1.03, _HIGH),)),
    "receding": Style(front=(_cap(1.1, 1.05, [(0.0, -0.78), (0.2, -0.74), (0.44, -0.86), (0.66, -0.72), (0.8, -0.4), (0.88, 0.06)], 0.08),)),
    "combover": Style(back=_both([(0.8, -0.35), (1.08, -0.35), (1.14, 0.1), (0.85, 0.16)]),
                      strands=([(-0.92, -0.52), (-0.4, -1.0), (0.5, -0.92)], [(-0.94, -0.44), (-0.3, -0.9), (0.62, -0.8)], [(-0.9, -0.6), (-0.5, -1.06), (0.3, -1.04)])),
    "sidepart": Style(front=(_SWEPT,), strands=([(-0.55, -0.82), (0.0, -0.92), (0.6, -0.78)],)),
    "quiff": Style(front=([(-1.03, 0.0), (-1.05, -0.5), (-0.82, -0.95), (-0.5, -1.35), (0.1, -1.55), (0.75, -1.48), (0.98, -1.2), (0.8, -1.02),
                           (1.02, -0.6), (1.03, 0.0), (0.9, -0.05), (0.8, -0.5), (0.35, -0.7), (-0.3, -0.66), (-0.78, -0.5), (-0.9, -0.05)],),
                   strands=([(-0.4, -0.8), (-0.1, -1.2), (0.6, -1.32)],)),
    "widow": Style(front=(_cap(1.12, 1.03, [(0.0, -0.36), (0.2, -0.66), (0.52, -0.84), (0.8, -0.5), (0.9, 0.08)], 0.1),),
                   strands=([(-0.15, -0.7), (-0.3, -0.95), (-0.55, -1.0)], [(0.15, -0.7), (0.3, -0.95), (0.55, -1.0)])),
    "bowl": Style(front=(_cap(1.2, 1.14, [(0.0, -0.3), (0.5, -0.28), (0.84, -0.24), (0.94, 0.1)], 0.14),),
                  strands=([(-0.2, -0.9), (-0.3, -0.6), (-0.32, -0.4)], [(0.3, -0.9), (0.42, -0.6), (0.42, -0.4)])),
    "mop": Style(front=(_cap(1.22, 1.13, _LOW, 0.05),), curl=0.13),
    "thatch": Style(front=([(-1.06, 0.02), (-1.2, -0.4), (-1.0, -0.45), (-1.12, -0.9), (-0.78, -0.88), (-0.7, -1.28), (-0.35, -1.04), (-0.05, -1.38),
                            (0.25, -1.06), (0.62, -1.3), (0.7, -0.92), (1.1, -0.95), (0.98, -0.5), (1.2, -0.42), (1.06, 0.02), (0.88, -0.2),
                            (0.74, -0.5), (0.5, -0.34), (0.28, -0.56), (0.02, -0.34), (-0.24, -0.56), (-0.5, -0.32), (-0.74, -0.52), (-0.88, -0.2)],), straight=True),
    "flattop": Style(front=([(-1.02, 0.0), (-1.05, -0.6), (-0.98, -1.3), (-0.5, -1.36), (0.5, -1.36), (0.98, -1.3), (1.05, -0.6), (1.02, 0.0),
                             (0.9, -0.4), (0.72, -0.6), (0.0, -0.66), (-0.72, -0.6), (-0.9, -0.4)],)),
    "mohawk": Style(front=([(-0.22, -0.7), (-0.42, -1.1), (-0.38, -1.5), (-0.1, -1.3), (-0.02, -1.72), (0.2, -1.36), (0.42, -1.6), (0.4, -1.1), (0.22, -0.7)],), straight=True,
                    strands=([(-0.85, -0.3), (-0.8, -0.55), (-0.66, -0.75)], [(0.85, -0.3), (0.8, -0.55), (0.66, -0.75)])),
    "afro": Style(back=(_ball(0.0, -0.5, 1.42),), front=(_cap(1.3, 1.1, [(0.0, -0.5), (0.5, -0.46), (0.84, -0.26), (0.94, 0.1)], 0.1),), curl=0.1),
    "puffs": Style(back=(*_both(_ball(0.98, -0.98, 0.52)),), front=(_PULLED,), curl=0.08),
    "curls": Style(back=(_ball(0.0, -0.35, 1.22),), front=(_cap(1.28, 1.16, _LOW, 0.22),), curl=0.12),
    "bun": Style(back=(_ball(0.0, -1.22, 0.42),), front=(_PULLED,), strands=([(-0.3, -0.78), (-0.2, -0.95), (-0.05, -1.02)], [(0.3, -0.78), (0.2, -0.95), (0.05, -1.02)])),
    "topknot": Style(back=([(-0.16, -0.9), (-0.3, -1.3), (-0.5, -1.42), (-0.2, -1.5), (0.0, -1.62), (0.2, -1.5), (0.5, -1.42), (0.3, -1.3), (0.16, -0.9)],),
                     front=(_cap(1.08, 1.02, [(0.0, -0.66), (0.4, -0.74), (0.76, -0.5), (0.9, -0.1)], -0.1),)),
    "pigtails": Style(back=(*_both([(0.85, -0.5), (1.3, -0.66), (1.62, -0.3), (1.66, 0.25), (1.4, 0.62), (1.22, 0.2), (1.0, -0.1)]),), front=(_cap(1.12, 1.04, _PARTED),)),
    "braids": Style(back=(*_both([(0.8, 0.0), (1.1, 0.1), (1.2, 0.45), (1.08, 0.62), (1.2, 0.85), (1.06, 1.02), (1.14, 1.25), (1.0, 1.42), (0.98, 1.66),
                                  (0.84, 1.6), (0.82, 1.3), (0.78, 0.9)]),), front=(_cap(1.14, 1.06, _PARTED, 0.1),)),
    "long": Style(back=([(-1.08, -0.6), (0.0, -1.16), (1.08, -0.6), (1.26, 0.3), (1.3, 1.2), (1.1, 1.65), (0.5, 1.5), (0.0, 1.45), (-0.5, 1.5), (-1.1, 1.65), (-1.3, 1.2), (-1.26, 0.3)],),
                  front=(_cap(1.14, 1.08, _PARTED, 0.2),)),
    "wavy": Style(back=([(-1.1, -0.6), (0.0, -1.16), (1.1, -0.6), (1.36, 0.2), (1.2, 0.6), (1.44, 1.0), (1.1, 1.5), (0.4, 1.35), (-0.4, 1.35), (-1.1, 1.5), (-1.44, 1.0), (-1.2, 0.6), (-1.36, 0.2)],),
                  front=(_cap(1.18, 1.12, _PARTED, 0.3),), curl=0.05),
    "locs": Style(back=tuple([(x - 0.16, -0.5), (x + 0.16, -0.5), (1.18 * x + 0.15, 0.6), (1.16 * x + 0.1, y), (1.16 * x - 0.1, y), (1.18 * x - 0.15, 0.6)]
                             for x, y in ((-0.98, 1.05), (-0.7, 1.35), (0.7, 1.35), (0.98, 1.05))),
                  front=(_cap(1.2, 1.08, [(0.0, -0.56), (0.42, -0.6), (0.78, -0.4), (0.86, 0.5)], 0.6),),
                  strands=([(-0.3, -0.66), (-0.34, -0.9), (-0.2, -1.1)], [(0.3, -0.66), (0.34, -0.9), (0.2, -1.1)], [(-0.95, -0.5), (-1.0, 0.0), (-0.94, 0.4)], [(0.95, -0.5), (1.0, 0.0), (0.94, 0.4)])),
    "mullet": Style(back=([(-1.05, -0.4), (0.0, -1.1), (1.05, -0.4), (1.16, 0.4), (1.34, 1.15), (0.9, 1.0), (0.6, 1.25), (0.0, 1.0), (-0.6, 1.25), (-0.9, 1.0), (-1.34, 1.15), (-1.16, 0.4)],),
                    front=(_cap(1.14, 1.06, [(0.0, -0.5), (0.3, -0.46), (0.6, -0.54), (0.84, -0.34), (0.92, 0.15)], 0.2),)),
    "tower": Style(back=([(-1.0, -0.3), (-1.12, -1.0), (-0.9, -1.7), (-0.45, -2.05), (0.2, -2.1), (0.8, -1.8), (1.1, -1.1), (1.0, -0.3)],), front=(_PULLED,),
                   strands=([(-0.7, -1.0), (-0.2, -1.35), (0.7, -1.4)], [(-0.6, -1.5), (0.0, -1.7), (0.55, -1.75)])),
}  # fmt: skip


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
        points = np.array(strand) * (head.width, 1) + (0.07 * head.side, 0)
        head.pen.stroke(points, tone, 0.05)


def _draw_lock(
    head: Head,
    outline: Outline,
    style: Style,
    shift: float,
    shade: float,
    colour: tuple[int, int, int],
) -> None:
    points = np.array(outline) * (head.width, 1)
    points[:, 0] += shift * (1 - points[:, 1] * 0.5)
    if style.curl:
        bumps = max(6, round(14 * np.ptp(points[:, 0]) / 1.6))
        head.pen.polygon(scalloped(points, bumps, style.curl), colour, shade=shade)
    elif style.straight:
        head.pen.polygon(points, colour, shade=shade)
    else:
        head.pen.shape(points, colour, shade=shade)
