"""Hats: literal outlines over the hair, in the units of `hair`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from springfield.images.toons.head import Head
from springfield.images.toons.ink import Point, darker, mirrored, mixed, moved, points
from springfield.images.toons.people import PAINTS

Half = tuple[Point, ...]


@dataclass(frozen=True)
class Hat:
    """Right halves from top centre to bottom centre, each with how much darker it is."""

    parts: tuple[tuple[Half, float], ...]
    peak: str = ""  # a part in another colour: band | bobble | visor | tassel | knot
    ribs: tuple[Half, ...] = field(default=())


HATS: dict[str, Hat] = {
    "beanie": Hat(
        (
            (points("0,-1.34 .6,-1.24 1.04,-.85 1.1,-.5 0,-.44"), 0.0),
            (points("0,-.72 .6,-.7 1.12,-.62 1.14,-.36 .6,-.34 0,-.38"), 0.15),
        ),
        "bobble",
    ),
    "bowler": Hat(
        (
            (points("0,-1.62 .5,-1.56 .86,-1.2 .92,-.7 0,-.6"), 0.0),
            (points("0,-.72 .8,-.74 1.4,-.86 1.42,-.7 .9,-.52 0,-.46"), 0.1),
        ),
        "band",
    ),
    "captain": Hat(
        (
            (points("0,-1.5 .8,-1.5 1.4,-1.2 1.2,-.92 0,-.86"), 0.0),
            (points("0,-.98 .6,-.98 1.06,-.9 1.04,-.55 0,-.5"), 0.7),
        ),
        "visor",
    ),
    "fez": Hat(((points("0,-1.75 .55,-1.74 .62,-1.66 .86,-.75 .5,-.62 0,-.58"), 0.0),), "tassel"),
    "toque": Hat(
        (
            (points("0,-1.95 .5,-2.05 1,-1.95 1.25,-1.6 1,-1.25 .9,-.9 0,-.85"), 0.0),
            (points("0,-1.08 .6,-1.06 .96,-1 .98,-.6 0,-.52"), 0.06),
        ),
        "",
        (
            points("-.5,-1.2 -.52,-1.5 -.62,-1.7"),
            points(".1,-1.2 .1,-1.5 .05,-1.75"),
            points(".55,-1.2 .6,-1.5 .7,-1.65"),
        ),
    ),
    "straw": Hat(
        (
            (points("0,-1.42 .55,-1.4 .8,-1.1 .88,-.66 0,-.6"), 0.0),
            (points("0,-.76 .8,-.76 1.5,-.62 1.95,-.4 1.5,-.42 .8,-.5 0,-.46"), 0.08),
        ),
        "band",
    ),
    "sunhat": Hat(
        (
            (points("0,-1.36 .6,-1.32 .94,-1 1.02,-.6 0,-.55"), 0.0),
            (points("0,-.78 1,-.74 1.9,-.4 2.15,0 1.6,-.1 .9,-.36 0,-.42"), 0.05),
        ),
        "band",
    ),
    "wrap": Hat(
        ((points("0,-1.5 .7,-1.4 1.12,-1 1.14,-.5 .8,-.45 0,-.52"), 0.0),),
        "knot",
        (
            points("-1,-.6 -.3,-.9 .3,-1.25"),
            points("1,-.6 .4,-.75 -.2,-.95"),
            points("-.9,-.95 -.5,-1.2 0,-1.36"),
        ),
    ),
    "bandana": Hat(((points("0,-1.18 .6,-1.1 1,-.8 1.08,-.36 .6,-.5 0,-.56"), 0.0),), "dots"),
}


def draw_hat(head: Head) -> None:
    """The person's hat, if any."""
    if not head.person.hat:
        return
    hat, colour = HATS[head.person.hat], PAINTS[head.person.hat_colour]
    shift = 0.05 * head.side
    if hat.peak in ("bobble", "knot"):
        _draw_peak(head, hat.peak, shift)
    for half, dark in hat.parts:
        outline = moved(mirrored(half) * (head.width, 1), shift, 0)
        tone = mixed(colour, PAINTS["navy"], dark) if hat.peak == "visor" else darker(colour, dark)
        head.pen.shape(outline, tone, shade=0.2)
        if dark == 0.0 and hat.peak == "band":
            _draw_band(head, shift)
    for rib in hat.ribs:
        head.pen.line(moved(np.array(rib) * (head.width, 1), shift, 0), 0.8)
    if hat.peak not in ("bobble", "knot"):
        _draw_peak(head, hat.peak, shift)


def _draw_band(head: Head, shift: float) -> None:
    y0, y1 = -0.98, -0.7
    x = head.width * 0.93
    band = [(-x, y0), (0, y0 + 0.04), (x, y0), (x, y1), (0, y1 + 0.06), (-x, y1)]
    tone = PAINTS["wine"] if head.person.hat_colour != "straw" else PAINTS["brick"]
    head.pen.polygon(moved(band, shift, 0), tone, line=0.4)


def _draw_peak(head: Head, peak: str, shift: float) -> None:
    pen, w = head.pen, head.width
    colour = PAINTS[head.person.hat_colour]
    if peak == "bobble":
        pen.ellipse(shift, -1.42, 0.2, 0.19, mixed(colour, (255, 255, 255), 0.75))
    elif peak == "knot":
        for x in (-0.2, 0.22):
            pen.ellipse(shift + x, -1.48, 0.25, 0.19, darker(colour, 0.08))
    elif peak == "visor":
        lower = [
            (-0.85 * w, -0.62),
            (0, -0.52),
            (0.85 * w, -0.62),
            (0.75 * w, -0.34),
            (0, -0.24),
            (-0.75 * w, -0.34),
        ]
        pen.shape(moved(lower, shift * 3, 0), PAINTS["black"])
        pen.ellipse(shift * 3, -0.78, 0.13, 0.13, PAINTS["mustard"], 0.6)
    elif peak == "tassel":
        pen.line([(shift, -1.74), (0.5 * w, -1.7), (0.95 * w, -1.35)], 1.0, 0.2)
        pen.polygon(
            [(0.85 * w, -1.36), (1.03 * w, -1.36), (1.1 * w, -1.02), (0.8 * w, -1.02)],
            PAINTS["mustard"],
            line=0.6,
        )
    elif peak == "dots":
        for x, y in ((-0.6, -0.72), (-0.25, -0.92), (0.15, -0.72), (0.5, -0.9), (0.75, -0.6)):
            pen.ellipse(x * w + shift, y, 0.05, 0.05, PAINTS["cream"], 0)
