"""Clothes: patterns over a torso, and what makes a suit a suit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from springfield.images.toons.body import Body
from springfield.images.toons.ink import Colour, Pen, darker, mixed
from springfield.images.toons.people import PAINTS


@dataclass(frozen=True)
class Garment:
    """How far the sleeves go (0..2 half arms), and what is drawn over the torso."""

    sleeve: float
    details: Callable[[Body], None]


def draw_torso(body: Body) -> None:
    """The clothed torso with its pattern and details."""
    kind, main, second, pattern = body.clothed
    under = kind in UNDER
    body.pen.shape(body.torso(), second if under else main)
    PATTERNS[pattern](body, mixed(second, (255, 255, 255), 0.5) if under else second)
    body.pen.veil(_shadow(body), (40, 20, 70), 0.16)
    GARMENTS[kind].details(body)


def _shadow(body: Body) -> np.ndarray:
    side = -body.pen.light
    edge = [(side, v) for v in (0.12, 0.3, 0.5, 0.75, 1.0)]
    inner = [(side * u, v) for u, v in ((0.62, 1.0), (0.68, 0.75), (0.75, 0.5), (0.78, 0.3))]
    return body.patch(edge + inner)


def _plain(body: Body, colour: Colour) -> None:
    pass


def _stripes(body: Body, colour: Colour) -> None:
    for v in np.arange(0.16, 0.98, 0.17):
        w = 0.075
        edge = [
            (-0.985, v),
            (0, v + 0.012),
            (0.985, v),
            (0.985, v + w),
            (0, v + w + 0.012),
            (-0.985, v + w),
        ]
        body.pen.polygon(body.patch(edge), colour, line=0)


def _pinstripes(body: Body, colour: Colour) -> None:
    for u in (-0.82, -0.5, -0.18, 0.18, 0.5, 0.82):
        body.pen.stroke(body.patch([(u, 0.14), (u, 0.5), (u, 0.99)]), colour, 0.035, taper=0)


def _check(body: Body, colour: Colour) -> None:
    for u in (-0.66, -0.22, 0.22, 0.66):
        edge = [(u - 0.08, 0.1), (u + 0.08, 0.1), (u + 0.08, 0.99), (u - 0.08, 0.99)]
        body.pen.veil(body.patch(edge), colour, 0.55)
    for v in (0.2, 0.42, 0.64, 0.86):
        body.pen.veil(
            body.patch([(-0.98, v), (0.98, v), (0.98, v + 0.07), (-0.98, v + 0.07)]), colour, 0.55
        )


def _dots(body: Body, colour: Colour) -> None:
    for row, v in enumerate(np.arange(0.18, 0.98, 0.13)):
        for u in np.arange(-0.8 + 0.2 * (row % 2), 0.85, 0.4):
            x, y = body.on(float(u), float(v))
            body.pen.ellipse(x, y, 0.075, 0.075, colour, 0)


PATTERNS: dict[str, Callable[[Body, Colour], None]] = {
    "plain": _plain,
    "stripes": _stripes,
    "pinstripes": _pinstripes,
    "check": _check,
    "dots": _dots,
}


def _neckline(body: Body, colour: Colour) -> None:
    body.pen.ring(body.patch([(-0.62, 0.0), (0, 0.09), (0.62, 0.0), (0, 0.02)]), colour, 0.1)


def _collar(body: Body, colour: Colour) -> None:
    for s in (-1, 1):
        wing = [(s * 0.02, 0.1), (s * 0.34, 0.17), (s * 0.62, 0.03), (s * 0.5, -0.03)]
        body.pen.polygon(body.patch(wing), colour, line=0.8)


def _front(body: Body, colour: Colour, open_to: float, wide: float) -> None:
    """The shirt that shows between two lapels."""
    body.pen.polygon(
        body.patch(
            [
                (-wide, 0.0),
                (wide, 0.0),
                (wide * 0.6, open_to * 0.5),
                (0, open_to),
                (-wide * 0.6, open_to * 0.5),
            ]
        ),
        colour,
        line=0.7,
    )


def _tie(body: Body, colour: Colour, length: float) -> None:
    body.pen.polygon(
        body.patch(
            [
                (-0.1, 0.09),
                (0.1, 0.09),
                (0.07, 0.15),
                (0.15, length - 0.08),
                (0, length),
                (-0.15, length - 0.08),
                (-0.07, 0.15),
            ]
        ),
        colour,
        line=0.7,
    )


def _buttons(
    body: Body, rows: tuple[float, ...], u: float = 0.0, colour: Colour = (60, 44, 40)
) -> None:
    for v in rows:
        x, y = body.on(u, v)
        body.pen.ellipse(x, y, 0.05, 0.05, colour, 0)


def _tee(body: Body) -> None:
    _neckline(body, darker(body.clothed[1], 0.2))


def _sweater(body: Body) -> None:
    _neckline(body, mixed(body.clothed[1], body.clothed[2], 0.5))
    body.pen.veil(body.patch([(-1, 0.92), (1, 0.92), (1, 1), (-1, 1)]), (20, 10, 30), 0.2)


def _shirt(body: Body) -> None:
    _buttons(body, (0.3, 0.5, 0.7, 0.9))
    if body.clothed[3] == "plain":
        _tie(body, body.clothed[2], 0.75)
    _collar(body, mixed(body.clothed[1], (255, 255, 255), 0.3))


def _bowtie(body: Body) -> None:
    _collar(body, PAINTS["white"])
    _buttons(body, (0.35, 0.55, 0.75))
    _bow(body, body.clothed[2])


def _bow(body: Body, colour: Colour) -> None:
    for s in (-1, 1):
        x, y = body.on(0, 0.09)
        body.pen.shape(
            [(x, y), (x + s * 0.34, y - 0.16), (x + s * 0.36, y + 0.16)], colour, line=0.8
        )
    body.pen.ellipse(*body.on(0, 0.09), 0.08, 0.09, darker(colour, 0.15), 0.7)


def _vest(body: Body) -> None:
    _front(body, body.clothed[2] if body.clothed[3] == "plain" else PAINTS["cream"], 0.36, 0.42)
    _collar(body, PAINTS["white"])
    _bow(body, PAINTS["wine"] if body.clothed[1] != PAINTS["wine"] else PAINTS["navy"])
    _buttons(body, (0.45, 0.6, 0.75, 0.9))


def _suit(body: Body) -> None:
    _front(body, PAINTS["white"], 0.5, 0.4)
    _tie(body, body.clothed[2], 0.47)
    _collar(body, PAINTS["white"])
    dark = darker(body.clothed[1], 0.18)
    for s in (-1, 1):
        lapel = [
            (s * 0.42, -0.01),
            (s * 0.66, 0.06),
            (s * 0.6, 0.24),
            (s * 0.44, 0.27),
            (0, 0.56),
            (s * 0.3, 0.25),
        ]
        body.pen.polygon(body.patch(lapel), dark, line=0.8)
    body.pen.line(body.patch([(0.0, 0.56), (0.02, 0.78), (0.0, 1.0)]), 0.8, 0)
    _buttons(body, (0.62, 0.78), 0.08)


def _jacket(body: Body) -> None:
    _front(body, body.clothed[2], 0.95, 0.3)
    for s in (-1, 1):
        body.pen.polygon(
            body.patch([(s * 0.2, 0.2), (s * 0.62, 0.13), (s * 0.6, -0.02), (s * 0.34, -0.02)]),
            darker(body.clothed[1], 0.2),
            line=0.8,
        )
        body.pen.line(body.patch([(s * 0.4, 0.62), (s * 0.8, 0.6)]), 0.9, 0)


def _coat(body: Body) -> None:
    dark = darker(body.clothed[1], 0.2)
    for s in (-1, 1):
        body.pen.polygon(
            body.patch([(0, 0.22), (s * 0.55, 0.16), (s * 0.75, 0.03), (s * 0.5, -0.06)]),
            dark,
            line=0.9,
        )
        _buttons(body, (0.32, 0.5, 0.68, 0.86), s * 0.2, body.clothed[2])
    body.pen.line(body.patch([(0.0, 0.22), (0.0, 0.6), (0.0, 1.0)]), 0.9, 0)


def _cardigan(body: Body) -> None:
    _front(body, body.clothed[2], 0.7, 0.44)
    _collar(body, mixed(body.clothed[2], (255, 255, 255), 0.4))
    body.pen.line(body.patch([(0.0, 0.7), (0.0, 0.85), (0.0, 1.0)]), 0.9, 0)
    _buttons(body, (0.76, 0.9), 0.07, (244, 230, 200))


def _hoodie(body: Body) -> None:
    hood = [
        (-0.8, 0.1),
        (-0.7, -0.1),
        (0, -0.02),
        (0.7, -0.1),
        (0.8, 0.1),
        (0.3, 0.16),
        (0, 0.18),
        (-0.3, 0.16),
    ]
    body.pen.shape(body.patch(hood), darker(body.clothed[1], 0.15))
    for s in (-1, 1):
        body.pen.stroke(
            body.patch([(s * 0.22, 0.16), (s * 0.24, 0.28), (s * 0.22, 0.38)]),
            body.clothed[2],
            0.06,
            taper=0,
        )
    body.pen.line(
        body.patch([(-0.5, 0.95), (-0.4, 0.66), (0, 0.64), (0.4, 0.66), (0.5, 0.95)]), 0.8
    )


def _apron(body: Body) -> None:
    bib = [
        (-0.5, 0.22),
        (0.5, 0.22),
        (0.62, 0.55),
        (0.9, 0.7),
        (0.92, 1.0),
        (-0.92, 1.0),
        (-0.9, 0.7),
        (-0.62, 0.55),
    ]
    for s in (-1, 1):
        body.pen.stroke(
            body.patch([(s * 0.48, 0.25), (s * 0.5, 0.1), (s * 0.6, 0.0)]),
            body.clothed[1],
            0.13,
            taper=0,
        )
    body.pen.polygon(body.patch(bib), body.clothed[1], line=0.9)
    body.pen.line(body.patch([(-0.35, 0.72), (-0.33, 0.86), (0.33, 0.86), (0.35, 0.72)]), 0.8)


def _dungarees(body: Body) -> None:
    bib = [
        (-0.52, 0.34),
        (0.52, 0.34),
        (0.6, 0.62),
        (1.0, 0.72),
        (0.99, 1.0),
        (-0.99, 1.0),
        (-1.0, 0.72),
        (-0.6, 0.62),
    ]
    for s in (-1, 1):
        body.pen.stroke(
            body.patch([(s * 0.46, 0.38), (s * 0.56, 0.2), (s * 0.62, 0.03)]),
            body.clothed[1],
            0.2,
            taper=0,
        )
    body.pen.polygon(body.patch(bib), body.clothed[1], line=0.9)
    for s in (-1, 1):
        body.pen.ellipse(*body.on(s * 0.45, 0.38), 0.08, 0.08, PAINTS["lemon"], 0.7)
    body.pen.line(body.patch([(-0.25, 0.46), (-0.24, 0.6), (0.24, 0.6), (0.25, 0.46)]), 0.8)


def _dress(body: Body) -> None:
    for s in (-1, 1):
        body.pen.shape(
            body.patch([(s * 0.04, 0.09), (s * 0.4, 0.15), (s * 0.66, 0.05), (s * 0.45, -0.02)]),
            mixed(body.clothed[2], (255, 255, 255), 0.2),
            line=0.8,
        )
    if body.clothed[3] == "plain":
        body.pen.polygon(
            body.patch([(-0.99, 0.55), (0.99, 0.55), (0.99, 0.62), (-0.99, 0.62)]),
            body.clothed[2],
            line=0.7,
        )


GARMENTS: dict[str, Garment] = {
    "tee": Garment(0.7, _tee),
    "sweater": Garment(1.8, _sweater),
    "shirt": Garment(0.9, _shirt),
    "bowtie": Garment(1.8, _bowtie),
    "vest": Garment(1.8, _vest),
    "suit": Garment(1.8, _suit),
    "jacket": Garment(1.8, _jacket),
    "coat": Garment(1.8, _coat),
    "cardigan": Garment(1.8, _cardigan),
    "hoodie": Garment(1.8, _hoodie),
    "apron": Garment(0.9, _apron),
    "dungarees": Garment(0.9, _dungarees),
    "dress": Garment(0.7, _dress),
}

# Worn under an apron or dungarees, which are not the colour of the sleeves.
UNDER = ("apron", "dungarees")


def draw_scarf(pen: Pen, colour: Colour) -> None:
    """A scarf around the neck, the extra of cold pictures."""
    pen.shape(
        [(-0.6, -0.14), (0, -0.02), (0.6, -0.14), (0.62, 0.14), (0, 0.28), (-0.62, 0.14)], colour
    )
    pen.polygon([(0.15, 0.16), (0.45, 0.12), (0.55, 0.9), (0.25, 0.95)], colour, shade=0.06)
