"""Hats: literal outlines over the hair, in the units of `hair`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from springfield.images.toons.head import Head
from springfield.images.toons.ink import Point, darker, mirrored, mixed
from springfield.images.toons.people import PAINTS

Half = list[Point]


@dataclass(frozen=True)
class Hat:
    """Right halves from top centre to bottom centre, each with how much darker it is."""

    parts: tuple[tuple[Half, float], ...]
    peak: str = ""  # a part in another colour: band | bobble | visor | tassel | knot
    ribs: tuple[Half, ...] = field(default=())


HATS: dict[str, Hat] = {
    "beanie": Hat((([(0, -1.34), (0.6, -1.24), (1.04, -0.85), (1.1, -0.5), (0, -0.44)], 0.0), ([(0, -0.72), (0.6, -0.7), (1.12, -0.62), (1.14, -0.36), (0.6, -0.34), (0, -0.38)], 0.15)), "bobble"),
    "bowler": Hat((([(0, -1.62), (0.5, -1.56), (0.86, -1.2), (0.92, -0.7), (0, -0.6)], 0.0), ([(0, -0.72), (0.8, -0.74), (1.4, -0.86), (1.42, -0.7), (0.9, -0.52), (0, -0.46)], 0.1)), "band"),
    "captain": Hat((([(0, -1.5), (0.8, -1.5), (1.4, -1.2), (1.2, -0.92), (0, -0.86)], 0.0), ([(0, -0.98), (0.6, -0.98), (1.06, -0.9), (1.04, -0.55), (0, -0.5)], 0.7)), "visor"),
    "fez": Hat((([(0, -1.75), (0.55, -1.74), (0.62, -1.66), (0.86, -0.75), (0.5, -0.62), (0, -0.58)], 0.0),), "tassel"),
    "toque": Hat((([(0, -1.95), (0.5, -2.05), (1.0, -1.95), (1.25, -1.6), (1.0, -1.25), (0.9, -0.9), (0, -0.85)], 0.0), ([(0, -1.08), (0.6, -1.06), (0.96, -1.0), (0.98, -0.6), (0, -0.52)], 0.06)), "",
                 ([(-0.5, -1.2), (-0.52, -1.5), (-0.62, -1.7)], [(0.1, -1.2), (0.1, -1.5), (0.05, -1.75)], [(0.55, -1.2), (0.6, -1.5), (0.7, -1.65)])),
    "straw": Hat((([(0, -1.42), (0.55, -1.4), (0.8, -1.1), (0.88, -0.66), (0, -0.6)], 0.0), ([(0, -0.76), (0.8, -0.76), (1.5, -0.62), (1.95, -0.4), (1.5, -0.42), (0.8, -0.5), (0, -0.46)], 0.08)), "band"),
    "sunhat": Hat((([(0, -1.36), (0.6, -1.32), (0.94, -1.0), (1.02, -0.6), (0, -0.55)], 0.0), ([(0, -0.78), (1.0, -0.74), (1.9, -0.4), (2.15, 0.0), (1.6, -0.1), (0.9, -0.36), (0, -0.42)], 0.05)), "band"),
    "wrap": Hat((([(0, -1.5), (0.7, -1.4), (1.12, -1.0), (1.14, -0.5), (0.8, -0.45), (0, -0.52)], 0.0),), "knot",
                ([(-1.0, -0.6), (-0.3, -0.9), (0.3, -1.25)], [(1.0, -0.6), (0.4, -0.75), (-0.2, -0.95)], [(-0.9, -0.95), (-0.5, -1.2), (0.0, -1.36)])),
    "bandana": Hat((([(0, -1.18), (0.6, -1.1), (1.0, -0.8), (1.08, -0.36), (0.6, -0.5), (0, -0.56)], 0.0),), "dots"),
}  # fmt: skip


def draw_hat(head: Head) -> None:
    """The person's hat, if any."""
    if not head.person.hat:
        return
    hat, colour = HATS[head.person.hat], PAINTS[head.person.hat_colour]
    shift = (0.05 * head.side, 0.0)
    if hat.peak in ("bobble", "knot"):
        _draw_peak(head, hat.peak, shift[0])
    for half, dark in hat.parts:
        points = mirrored(half) * (head.width, 1) + shift
        tone = mixed(colour, PAINTS["navy"], dark) if hat.peak == "visor" else darker(colour, dark)
        head.pen.shape(points, tone, shade=0.2)
        if dark == 0.0 and hat.peak == "band":
            _draw_band(head, points)
    for rib in hat.ribs:
        head.pen.line(np.array(rib) * (head.width, 1) + shift, 0.8)
    if hat.peak not in ("bobble", "knot"):
        _draw_peak(head, hat.peak, shift[0])


def _draw_band(head: Head, crown: np.ndarray) -> None:
    y0, y1 = -0.98, -0.7
    x = head.width * 0.93
    band = [(-x, y0), (0, y0 + 0.04), (x, y0), (x, y1), (0, y1 + 0.06), (-x, y1)]
    tone = PAINTS["wine"] if head.person.hat_colour != "straw" else PAINTS["brick"]
    head.pen.polygon(np.array(band) + (float(crown[:, 0].mean()), 0), tone, line=0.4)


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
        pen.shape(np.array(lower) + (shift * 3, 0), PAINTS["black"])
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
