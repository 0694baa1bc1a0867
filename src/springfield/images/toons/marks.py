"""Marks: what is on the skin of a face: freckles, moles, wrinkles."""

from __future__ import annotations

from collections.abc import Callable

from springfield.images.toons.head import Head
from springfield.images.toons.ink import CIRCLE, darker, mixed, moved, points
from springfield.images.toons.people import PAINTS


def draw_marks(head: Head) -> None:
    """The person's marks; lashes, lips, rings and bows belong to eyes, mouth, ears and hair."""
    for name in head.person.marks:
        if name in MARKS:
            MARKS[name](head)
    if head.person.age == "old":
        _wrinkles(head)


def _blush(head: Head) -> None:
    for which in (-1, 1):
        cheek = moved(CIRCLE * (0.15, 0.1), head.on(which * 0.75, 0.3), 0.32 + head.pose.nod)
        head.pen.veil(cheek, (226, 80, 90), 0.3)


def _freckles(head: Head) -> None:
    tone = mixed(head.skin, (150, 70, 30), 0.5)
    for around, y in points(".5,.24 .66,.31 .82,.23 .62,.38"):
        for which in (-1, 1):
            head.pen.ellipse(head.on(which * around, y), y + head.pose.nod, 0.026, 0.026, tone, 0)


def _mole(head: Head) -> None:
    place = head.on(0.55, 0.5), 0.46 + head.pose.nod
    head.pen.ellipse(*place, 0.05, 0.05, darker(head.skin, 0.55), 0)


def _cleft(head: Head) -> None:
    head.pen.line(moved(points("0,.82 .01,.93"), head.on(0, 0.85), head.pose.nod), 0.9)


def _plaster(head: Head) -> None:
    pen = head.pen.at(head.on(-0.8, 0.3), 0.34 + head.pose.nod, 1, -0.4)
    pen.polygon(points("-.16,-.06 .16,-.06 .16,.06 -.16,.06"), PAINTS["cream"], line=0.6)


def _wrinkles(head: Head) -> None:
    nod = head.pose.nod
    for which in (-1, 1):
        a, b = head.on(which * 0.4, 0.4), head.on(which * 0.62, 0.5)
        fold = [(a, 0.3 + nod), (b, 0.42 + nod), (b * 0.98, 0.56 + nod)]
        head.pen.stroke(fold, darker(head.skin, 0.3), 0.03)
    for y in (-0.62, -0.52):
        line = moved(points("-.2,0 0,-.03 .2,0"), head.on(0, -0.6), y + nod)
        head.pen.stroke(line, darker(head.skin, 0.22), 0.025)


MARKS: dict[str, Callable[[Head], None]] = {
    "blush": _blush,
    "freckles": _freckles,
    "mole": _mole,
    "cleft": _cleft,
    "plaster": _plaster,
}
