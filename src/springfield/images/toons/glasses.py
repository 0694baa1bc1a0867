"""Glasses: frames around both eyes, a bridge, and the side piece to the near ear."""

from __future__ import annotations

import numpy as np

from springfield.images.toons.face import eye_place
from springfield.images.toons.head import Head
from springfield.images.toons.ink import CIRCLE
from springfield.images.toons.people import PAINTS

# The right lens around the middle of the right eye, in units of its half width and half height.
LENSES: dict[str, list[tuple[float, float]]] = {
    "round": [(0, -1), (0.72, -0.72), (1, 0), (0.72, 0.72), (0, 1), (-0.72, 0.72), (-1, 0), (-0.72, -0.72)],
    "square": [(-0.95, -0.82), (0, -0.9), (0.98, -0.82), (1.02, 0), (0.95, 0.82), (0, 0.88), (-0.9, 0.82), (-0.98, 0)],
    "cat": [(-0.85, -0.6), (0.1, -0.8), (1.45, -1.25), (1.1, -0.1), (0.6, 0.8), (-0.2, 0.85), (-0.9, 0.4)],
    "half": [(-1, -0.05), (0, -0.12), (1, -0.05), (0.9, 0.6), (0.3, 0.95), (-0.4, 0.95), (-0.9, 0.6)],
    "dark": [(-0.95, -0.7), (0, -0.78), (1.05, -0.75), (1.0, 0.1), (0.55, 0.85), (-0.3, 0.85), (-0.95, 0.2)],
}  # fmt: skip


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
        lens = np.array(LENSES[kind]) * half + (x, y + drop)
        pane = CIRCLE * (0.9, 0.85) * half + (x, y + drop)
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
