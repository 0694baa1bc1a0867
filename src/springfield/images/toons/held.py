"""Held: things in a hand, drawn about it in half heads."""

from __future__ import annotations

from collections.abc import Callable

from springfield.images.toons.ink import Pen, points
from springfield.images.toons.people import PAINTS


def _mug(pen: Pen) -> None:
    pen.ring(points(".2,-.25 .45,-.2 .45,.1 .2,.12"), PAINTS["cream"], 0.09)
    pen.polygon(points("-.25,-.35 .25,-.35 .22,.3 -.22,.3"), PAINTS["coral"], shade=0.08)


def _book(pen: Pen) -> None:
    pen.polygon(points("-.45,-.5 .4,-.56 .45,.32 -.4,.38"), PAINTS["teal"], shade=0.1)
    pen.polygon(points("-.25,-.3 .22,-.34 .23,-.16 -.24,-.12"), PAINTS["cream"], line=0)


def _ball(pen: Pen) -> None:
    pen.ellipse(0, -0.25, 0.42, 0.42, PAINTS["red"])
    pen.stroke(points("-.4,-.3 0,-.15 .4,-.3"), PAINTS["cream"], 0.12, taper=0.2)


def _letter(pen: Pen) -> None:
    sheet = pen.at(0, -0.2, 1, -0.15)
    sheet.polygon(points("-.5,-.3 .5,-.3 .5,.34 -.5,.34"), PAINTS["white"])
    sheet.line(points("-.48,-.28 0,.08 .48,-.28"), 0.8)


def _flower(pen: Pen) -> None:
    pen.stroke(points("0,.3 .04,-.2 0,-.7"), PAINTS["moss"], 0.08, taper=0)
    for x, y in points(".2,-.75 -.2,-.75 0,-.98 .12,-.55 -.12,-.55"):
        pen.ellipse(x, y, 0.16, 0.16, PAINTS["pink"], 0.7)
    pen.ellipse(0, -0.75, 0.13, 0.13, PAINTS["lemon"], 0.6)


def _lollipop(pen: Pen) -> None:
    pen.stroke(points("0,.3 0,-.5"), PAINTS["white"], 0.08, taper=0)
    pen.ellipse(0, -0.7, 0.33, 0.33, PAINTS["coral"])
    pen.ring(points(".17,-.7 0,-.53 -.17,-.7 0,-.87"), PAINTS["cream"], 0.07)


HELD: dict[str, Callable[[Pen], None]] = {
    "mug": _mug,
    "book": _book,
    "ball": _ball,
    "letter": _letter,
    "flower": _flower,
    "lollipop": _lollipop,
}
