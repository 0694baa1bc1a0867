"""Garments: what makes a suit a suit, drawn over the torso. Places as in `Body.on`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from springfield.images.toons.body import Body
from springfield.images.toons.ink import Colour, darker, mixed
from springfield.images.toons.people import PAINTS

WHITE: Colour = (255, 255, 255)
HORN: Colour = (60, 44, 40)


@dataclass(frozen=True)
class Garment:
    """How far the sleeves go (0..2 half arms), and what is drawn over the torso."""

    sleeve: float
    details: Callable[[Body], None]


def _neckline(body: Body, colour: Colour) -> None:
    body.pen.ring(body.patch("-.62,0 0,.09 .62,0 0,.02"), colour, 0.1)


def _collar(body: Body, colour: Colour) -> None:
    for wing in body.sides(".02,.1 .34,.17 .62,.03 .5,-.03"):
        body.pen.polygon(wing, colour, line=0.8)


def _tie(body: Body, colour: Colour) -> None:
    blade = "-.1,.09 .1,.09 .07,.15 .15,.6 0,.7 -.15,.6 -.07,.15"
    body.pen.polygon(body.patch(blade), colour, line=0.7)


def _bow(body: Body, colour: Colour) -> None:
    x, y = body.on(0, 0.09)
    for s in (-1, 1):
        wing = [(x, y), (x + s * 0.34, y - 0.16), (x + s * 0.36, y + 0.16)]
        body.pen.shape(wing, colour, line=0.8)
    body.pen.ellipse(x, y, 0.08, 0.09, darker(colour, 0.15), 0.7)


def _buttons(body: Body, rows: tuple[float, ...], u: float = 0.0, colour: Colour = HORN) -> None:
    for v in rows:
        body.pen.ellipse(*body.on(u, v), 0.05, 0.05, colour, 0)


def _tee(body: Body) -> None:
    _neckline(body, darker(body.worn.main, 0.2))


def _sweater(body: Body) -> None:
    _neckline(body, mixed(body.worn.main, body.worn.second, 0.5))
    body.pen.veil(body.patch("-1,.92 1,.92 1,1 -1,1"), (20, 10, 30), 0.2)


def _shirt(body: Body) -> None:
    _buttons(body, (0.3, 0.5, 0.7, 0.9))
    if body.worn.pattern == "plain":
        _tie(body, body.worn.second)
    _collar(body, mixed(body.worn.main, WHITE, 0.3))


def _bowtie(body: Body) -> None:
    _collar(body, PAINTS["white"])
    _buttons(body, (0.35, 0.55, 0.75))
    _bow(body, body.worn.second)


def _vest(body: Body) -> None:
    shirt = body.worn.second if body.worn.pattern == "plain" else PAINTS["cream"]
    body.pen.polygon(body.patch("-.42,0 .42,0 .25,.18 0,.36 -.25,.18"), shirt, line=0.7)
    _collar(body, PAINTS["white"])
    _bow(body, PAINTS["wine" if body.worn.main != PAINTS["wine"] else "navy"])
    _buttons(body, (0.45, 0.6, 0.75, 0.9))


def _suit(body: Body) -> None:
    body.pen.polygon(body.patch("-.4,0 .4,0 .24,.25 0,.5 -.24,.25"), PAINTS["white"], line=0.7)
    blade = "-.1,.09 .1,.09 .07,.15 .12,.39 0,.47 -.12,.39 -.07,.15"
    body.pen.polygon(body.patch(blade), body.worn.second, line=0.7)
    _collar(body, PAINTS["white"])
    for lapel in body.sides(".42,-.01 .66,.06 .6,.24 .44,.27 0,.56 .3,.25"):
        body.pen.polygon(lapel, darker(body.worn.main, 0.18), line=0.8)
    body.pen.line(body.patch("0,.56 .02,.78 0,1"), 0.8, 0)
    _buttons(body, (0.62, 0.78), 0.08)


def _jacket(body: Body) -> None:
    shirt = "-.3,0 .3,0 .18,.48 0,.95 -.18,.48"
    body.pen.polygon(body.patch(shirt), body.worn.second, line=0.7)
    for lapel in body.sides(".2,.2 .62,.13 .6,-.02 .34,-.02"):
        body.pen.polygon(lapel, darker(body.worn.main, 0.2), line=0.8)
    for pocket in body.sides(".4,.62 .8,.6"):
        body.pen.line(pocket, 0.9, 0)


def _coat(body: Body) -> None:
    for lapel in body.sides("0,.22 .55,.16 .75,.03 .5,-.06"):
        body.pen.polygon(lapel, darker(body.worn.main, 0.2), line=0.9)
    for u in (-0.2, 0.2):
        _buttons(body, (0.32, 0.5, 0.68, 0.86), u, body.worn.second)
    body.pen.line(body.patch("0,.22 0,.6 0,1"), 0.9, 0)


def _cardigan(body: Body) -> None:
    shirt = "-.44,0 .44,0 .26,.35 0,.7 -.26,.35"
    body.pen.polygon(body.patch(shirt), body.worn.second, line=0.7)
    _collar(body, mixed(body.worn.second, WHITE, 0.4))
    body.pen.line(body.patch("0,.7 0,.85 0,1"), 0.9, 0)
    _buttons(body, (0.76, 0.9), 0.07, PAINTS["cream"])


def _hoodie(body: Body) -> None:
    hood = "-.8,.1 -.7,-.1 0,-.02 .7,-.1 .8,.1 .3,.16 0,.18 -.3,.16"
    body.pen.shape(body.patch(hood), darker(body.worn.main, 0.15))
    for string in body.sides(".22,.16 .24,.28 .22,.38"):
        body.pen.stroke(string, body.worn.second, 0.06, taper=0)
    body.pen.line(body.patch("-.5,.95 -.4,.66 0,.64 .4,.66 .5,.95"), 0.8)


def _apron(body: Body) -> None:
    for strap in body.sides(".48,.25 .5,.1 .6,0"):
        body.pen.stroke(strap, body.worn.main, 0.13, taper=0)
    bib = "-.5,.22 .5,.22 .62,.55 .9,.7 .92,1 -.92,1 -.9,.7 -.62,.55"
    body.pen.polygon(body.patch(bib), body.worn.main, line=0.9)
    body.pen.line(body.patch("-.35,.72 -.33,.86 .33,.86 .35,.72"), 0.8)


def _dungarees(body: Body) -> None:
    for strap in body.sides(".46,.38 .56,.2 .62,.03"):
        body.pen.stroke(strap, body.worn.main, 0.2, taper=0)
    bib = "-.52,.34 .52,.34 .6,.62 1,.72 .99,1 -.99,1 -1,.72 -.6,.62"
    body.pen.polygon(body.patch(bib), body.worn.main, line=0.9)
    for u in (-0.45, 0.45):
        body.pen.ellipse(*body.on(u, 0.38), 0.08, 0.08, PAINTS["lemon"], 0.7)
    body.pen.line(body.patch("-.25,.46 -.24,.6 .24,.6 .25,.46"), 0.8)


def _dress(body: Body) -> None:
    for wing in body.sides(".04,.09 .4,.15 .66,.05 .45,-.02"):
        body.pen.shape(wing, mixed(body.worn.second, WHITE, 0.2), line=0.8)
    if body.worn.pattern == "plain":
        belt = "-.99,.55 .99,.55 .99,.62 -.99,.62"
        body.pen.polygon(body.patch(belt), body.worn.second, line=0.7)


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
