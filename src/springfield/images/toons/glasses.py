"""Glasses: frames around both eyes, a bridge, and the side piece to the near ear."""

from __future__ import annotations

import numpy as np

from springfield.images.toons.face import eye_place
from springfield.images.toons.head import Head
from springfield.images.toons.ink import CIRCLE, Point, moved, points
from springfield.images.toons.people import PAINTS

# The right lens around the middle of the right eye, in units of its half width and half height.
LENSES: dict[str, tuple[Point, ...]] = {
    "round": points("0,-1 .72,-.72 1,0 .72,.72 0,1 -.72,.72 -1,0 -.72,-.72"),
    "square": points("-.95,-.82 0,-.9 .98,-.82 1.02,0 .95,.82 0,.88 -.9,.82 -.98,0"),
    "cat": points("-.85,-.6 .1,-.8 1.45,-1.25 1.1,-.1 .6,.8 -.2,.85 -.9,.4"),
    "half": points("-1,-.05 0,-.12 1,-.05 .9,.6 .3,.95 -.4,.95 -.9,.6"),
    "dark": points("-.95,-.7 0,-.78 1.05,-.75 1,.1 .55,.85 -.3,.85 -.95,.2"),
}


def draw_glasses(head: Head) -> None:
    """The person's glasses, if any."""
    kind = head.person.glasses
    if not kind:
        return
    pen, colour = head.pen, PAINTS[head.person.glasses_colour]
    drop = 0.16 if kind == "half" else 0.01
    size = 0.29 if kind != "dark" else 0.33
    edges = []
    for which in (-1, 1):
        x, y, facing = eye_place(head, which)
        half = np.array([size * max(0.5, facing) * which, size])
        lens = moved(np.array(LENSES[kind]) * half, x, y + drop)
        pane = moved(CIRCLE * (0.9, 0.85) * half, x, y + drop)
        if kind == "dark":
            pen.shape(lens, (30, 32, 44), line=0.6)
            pen.veil(pane * (0.35, 0.3) + (0.65 * x - 0.04, 0.7 * y - 0.08), (200, 215, 235), 0.5)
        else:
            pen.veil(pane, (214, 234, 244), 0.28)
        pen.ring(lens, colour, 0.075)
        edges.append((x - half[0], x + half[0], y + drop))
    (left_in, left_out, y), (right_in, right_out, _) = edges
    pen.stroke(
        [(left_in, y - 0.05), ((left_in + right_in) / 2, y - 0.1), (right_in, y - 0.05)],
        colour,
        0.065,
        taper=0,
    )
    for which, out in ((-1, left_out), (1, right_out)):
        if which * head.pose.turn < 0.25:
            ear = which * head.half_width(0) * 0.98
            pen.stroke([(out, y - 0.06), (ear, -0.04 + head.pose.nod)], colour, 0.055, taper=0)
