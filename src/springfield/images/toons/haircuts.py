"""Haircuts: what lies behind a head and what lies on it, a literal table.

Units: x as a share of the head's half width at the temples, y as in `Head`. `back` is drawn
before the head, `front` over the forehead; two outlines may be a lock on either side.
"""

from __future__ import annotations

from dataclasses import dataclass

from springfield.images.toons.ink import CIRCLE, Point, moved, points

Outline = tuple[Point, ...]


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
    right = ((side, low), (side, -0.5), (side * 0.78, -0.92 - 0.6 * (top - 1.1)))
    return (*_flipped(right), (0.0, -top), *right[::-1], *hairline[::-1], *_flipped(hairline[1:]))


def _flipped(outline: Outline) -> Outline:
    return tuple((-x, y) for x, y in outline)


_HIGH: Outline = points("0,-.62 .42,-.62 .78,-.46 .9,0")
_LOW: Outline = points("0,-.42 .4,-.42 .78,-.36 .9,0")
_PARTED: Outline = points("0,-.86 .3,-.62 .72,-.42 .88,.05")
_SWEPT: Outline = points(
    "-1.04,0 -1.08,-.5 -.85,-.98 -.2,-1.16 .5,-1.12 .95,-.82 1.06,-.4 1.02,0 .9,-.05 "
    ".8,-.42 .3,-.42 -.3,-.56 -.62,-.78 -.78,-.5 -.9,-.05"
)
_PULLED: Outline = _cap(1.1, 1.0, points("0,-.7 .4,-.66 .76,-.42 .9,.02"))


def _ball(x: float, y: float, r: float) -> Outline:
    return tuple((float(a), float(b)) for a, b in moved(CIRCLE[::3] * r, x, y))


def _lock(x: float, y: float) -> Outline:
    """A thick strand that hangs from the temple down to y and a little outwards."""
    right = ((x + 0.16, -0.5), (1.18 * x + 0.15, 0.6), (1.16 * x + 0.1, y))
    left = ((1.16 * x - 0.1, y), (1.18 * x - 0.15, 0.6), (x - 0.16, -0.5))
    return right + left


def _both(outline: Outline) -> tuple[Outline, Outline]:
    return outline, _flipped(outline)


STYLES: dict[str, Style] = {
    "bald": Style(),
    "fringe": Style(
        back=_both(points(".8,-.3 1.14,-.32 1.3,0 1.22,.34 .95,.44 .7,.2")),
        curl=0.06,
    ),
    "crop": Style(front=(_cap(1.1, 1.03, _HIGH),)),
    "receding": Style(
        front=(_cap(1.1, 1.05, points("0,-.78 .2,-.74 .44,-.86 .66,-.72 .8,-.4 .88,.06"), 0.08),)
    ),
    "combover": Style(
        back=_both(points(".8,-.35 1.08,-.35 1.14,.1 .85,.16")),
        strands=(
            points("-.92,-.52 -.4,-1 .5,-.92"),
            points("-.94,-.44 -.3,-.9 .62,-.8"),
            points("-.9,-.6 -.5,-1.06 .3,-1.04"),
        ),
    ),
    "sidepart": Style(front=(_SWEPT,), strands=(points("-.55,-.82 0,-.92 .6,-.78"),)),
    "quiff": Style(
        front=(
            points(
                "-1.03,0 -1.05,-.5 -.82,-.95 -.5,-1.35 .1,-1.55 .75,-1.48 .98,-1.2 .8,-1.02 "
                "1.02,-.6 1.03,0 .9,-.05 .8,-.5 .35,-.7 -.3,-.66 -.78,-.5 -.9,-.05"
            ),
        ),
        strands=(points("-.4,-.8 -.1,-1.2 .6,-1.32"),),
    ),
    "widow": Style(
        front=(_cap(1.12, 1.03, points("0,-.36 .2,-.66 .52,-.84 .8,-.5 .9,.08"), 0.1),),
        strands=(points("-.15,-.7 -.3,-.95 -.55,-1"), points(".15,-.7 .3,-.95 .55,-1")),
    ),
    "bowl": Style(
        front=(_cap(1.2, 1.14, points("0,-.3 .5,-.28 .84,-.24 .94,.1"), 0.14),),
        strands=(points("-.2,-.9 -.3,-.6 -.32,-.4"), points(".3,-.9 .42,-.6 .42,-.4")),
    ),
    "mop": Style(front=(_cap(1.22, 1.13, _LOW, 0.05),), curl=0.13),
    "thatch": Style(
        front=(
            points(
                "-1.06,.02 -1.2,-.4 -1,-.45 -1.12,-.9 -.78,-.88 -.7,-1.28 -.35,-1.04 -.05,-1.38 "
                ".25,-1.06 .62,-1.3 .7,-.92 1.1,-.95 .98,-.5 1.2,-.42 1.06,.02 .88,-.2 .74,-.5 "
                ".5,-.34 .28,-.56 .02,-.34 -.24,-.56 -.5,-.32 -.74,-.52 -.88,-.2"
            ),
        ),
        straight=True,
    ),
    "flattop": Style(
        front=(
            points(
                "-1.02,0 -1.05,-.6 -.98,-1.3 -.5,-1.36 .5,-1.36 .98,-1.3 1.05,-.6 1.02,0 .9,-.4 "
                ".72,-.6 0,-.66 -.72,-.6 -.9,-.4"
            ),
        )
    ),
    "mohawk": Style(
        front=(
            points(
                "-.22,-.7 -.42,-1.1 -.38,-1.5 -.1,-1.3 -.02,-1.72 .2,-1.36 .42,-1.6 .4,-1.1 .22,-.7"
            ),
        ),
        straight=True,
        strands=(points("-.85,-.3 -.8,-.55 -.66,-.75"), points(".85,-.3 .8,-.55 .66,-.75")),
    ),
    "afro": Style(
        back=(_ball(0.0, -0.5, 1.42),),
        front=(_cap(1.3, 1.1, points("0,-.5 .5,-.46 .84,-.26 .94,.1"), 0.1),),
        curl=0.1,
    ),
    "puffs": Style(back=(*_both(_ball(0.98, -0.98, 0.52)),), front=(_PULLED,), curl=0.08),
    "curls": Style(
        back=(_ball(0.0, -0.35, 1.22),), front=(_cap(1.28, 1.16, _LOW, 0.22),), curl=0.12
    ),
    "bun": Style(
        back=(_ball(0.0, -1.22, 0.42),),
        front=(_PULLED,),
        strands=(points("-.3,-.78 -.2,-.95 -.05,-1.02"), points(".3,-.78 .2,-.95 .05,-1.02")),
    ),
    "topknot": Style(
        back=(
            points("-.16,-.9 -.3,-1.3 -.5,-1.42 -.2,-1.5 0,-1.62 .2,-1.5 .5,-1.42 .3,-1.3 .16,-.9"),
        ),
        front=(_cap(1.08, 1.02, points("0,-.66 .4,-.74 .76,-.5 .9,-.1"), -0.1),),
    ),
    "pigtails": Style(
        back=(*_both(points(".85,-.5 1.3,-.66 1.62,-.3 1.66,.25 1.4,.62 1.22,.2 1,-.1")),),
        front=(_cap(1.12, 1.04, _PARTED),),
    ),
    "braids": Style(
        back=(
            *_both(
                points(
                    ".8,0 1.1,.1 1.2,.45 1.08,.62 1.2,.85 1.06,1.02 1.14,1.25 1,1.42 .98,1.66 "
                    ".84,1.6 .82,1.3 .78,.9"
                )
            ),
        ),
        front=(_cap(1.14, 1.06, _PARTED, 0.1),),
    ),
    "long": Style(
        back=(
            points(
                "-1.08,-.6 0,-1.16 1.08,-.6 1.26,.3 1.3,1.2 1.1,1.65 .5,1.5 0,1.45 -.5,1.5 "
                "-1.1,1.65 -1.3,1.2 -1.26,.3"
            ),
        ),
        front=(_cap(1.14, 1.08, _PARTED, 0.2),),
    ),
    "wavy": Style(
        back=(
            points(
                "-1.1,-.6 0,-1.16 1.1,-.6 1.36,.2 1.2,.6 1.44,1 1.1,1.5 .4,1.35 -.4,1.35 "
                "-1.1,1.5 -1.44,1 -1.2,.6 -1.36,.2"
            ),
        ),
        front=(_cap(1.18, 1.12, _PARTED, 0.3),),
        curl=0.05,
    ),
    "locs": Style(
        back=(*_both(_lock(0.98, 1.05)), *_both(_lock(0.7, 1.35))),
        front=(_cap(1.2, 1.08, points("0,-.56 .42,-.6 .78,-.4 .86,.5"), 0.6),),
        strands=(
            points("-.3,-.66 -.34,-.9 -.2,-1.1"),
            points(".3,-.66 .34,-.9 .2,-1.1"),
            points("-.95,-.5 -1,0 -.94,.4"),
            points(".95,-.5 1,0 .94,.4"),
        ),
    ),
    "mullet": Style(
        back=(
            points(
                "-1.05,-.4 0,-1.1 1.05,-.4 1.16,.4 1.34,1.15 .9,1 .6,1.25 0,1 -.6,1.25 -.9,1 "
                "-1.34,1.15 -1.16,.4"
            ),
        ),
        front=(_cap(1.14, 1.06, points("0,-.5 .3,-.46 .6,-.54 .84,-.34 .92,.15"), 0.2),),
    ),
    "tower": Style(
        back=(points("-1,-.3 -1.12,-1 -.9,-1.7 -.45,-2.05 .2,-2.1 .8,-1.8 1.1,-1.1 1,-.3"),),
        front=(_PULLED,),
        strands=(points("-.7,-1 -.2,-1.35 .7,-1.4"), points("-.6,-1.5 0,-1.7 .55,-1.75")),
    ),
}
