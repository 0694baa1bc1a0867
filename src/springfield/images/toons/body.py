"""Body: the measures of a torso, and limbs that hang from it.

Units: half the head's height; origin at the base of the neck, y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.images.toons.ink import Colour, Pen, Point, open_curve, ribbon
from springfield.images.toons.people import PAINTS, SKINS, Person
from springfield.images.toons.pose import Pose

# Half width of the shoulders, length of the torso, of an arm's half, of the legs, thickness of arms.
AGES: dict[str, tuple[float, float, float, float, float]] = {
    "child": (0.74, 1.3, 0.62, 0.95, 0.26),
    "adult": (1.12, 2.05, 0.98, 2.0, 0.36),
    "old": (1.02, 1.95, 0.95, 1.7, 0.33),
}

# Elbow and hand of the right arm, in half arm lengths from the shoulder, and whether in front.
ARM_POSES: dict[str, tuple[Point, Point, bool]] = {
    "down": ((0.22, 0.95), (0.16, 1.9), False),
    "hip": ((0.72, 0.72), (0.0, 1.3), False),
    "wave": ((0.8, 0.42), (1.05, -0.6), True),
    "hold": ((0.2, 0.95), (-0.3, 0.62), True),
    "point": ((0.72, 0.42), (1.6, 0.1), True),
    "behind": ((0.34, 0.9), (-0.2, 1.4), False),
    "chin": ((0.28, 0.95), (-0.62, -0.12), True),
}


@dataclass(frozen=True)
class Body:
    """A person's body in one pose."""

    person: Person
    pose: Pose
    pen: Pen
    clothed: tuple[str, Colour, Colour, str]  # kind, main, second, pattern

    @property
    def shoulder(self) -> float:
        return AGES[self.person.age][0] * self.person.build

    @property
    def length(self) -> float:
        return AGES[self.person.age][1]

    @property
    def arm(self) -> float:
        return AGES[self.person.age][2]

    @property
    def skin(self) -> Colour:
        return SKINS[self.person.skin]

    def profile(self, v: float) -> float:
        """Half width of the torso at a share of its length."""
        belly = 0.92 + 0.55 * max(0.0, self.person.build - 1.0)
        flare = 1.25 if self.clothed[0] == "dress" else 1.0
        widths = (0.36, 0.82, 1.0, 0.94, belly, belly * flare)
        return self.shoulder * float(np.interp(v, (0, 0.05, 0.14, 0.45, 0.78, 1), widths))

    def on(self, u: float, v: float) -> Point:
        """A place on the torso: u from -1 (left edge) to 1, v from 0 (neck) to 1 (hips)."""
        return u * self.profile(v), v * self.length

    def torso(self) -> np.ndarray:
        """Outline of the torso, float [n, 2]."""
        right = [self.on(1, v) for v in (0.0, 0.05, 0.14, 0.45, 0.78, 1.0)]
        return np.array(right + [(-x, y) for x, y in right[::-1]])

    def patch(self, corners: list[tuple[float, float]]) -> np.ndarray:
        """Places (u, v) on the torso as points."""
        return np.array([self.on(u, v) for u, v in corners])


def draw_arm(body: Body, which: int, in_front: bool, sleeve: float) -> None:
    """The left (-1) or right (1) arm if it belongs to this layer; `sleeve` 0..2 half arms long."""
    name = body.pose.arms[0 if which < 0 else 1]
    elbow, hand, front = ARM_POSES[name]
    if front != in_front:
        return
    start = np.array(body.on(which * 0.8, 0.17))
    flip = np.array([which, 1.0]) * body.arm
    points = [tuple(start), tuple(start + elbow * flip), tuple(start + hand * flip)]
    width = AGES[body.person.age][4] * (0.8 + 0.25 * body.person.build)
    pen = body.pen
    curve = open_curve(points)
    palm = curve[-1]
    if name != "behind":
        _draw_hand(body, palm, which, name, width)
    pen.polygon(ribbon(curve, width * 0.74, 0.1), body.skin)
    cut = max(3, round(len(curve) * sleeve / 2))
    pen.polygon(ribbon(curve[:cut], width, 0.12), body.clothed[1], shade=0.08)
    if name == "hold" and which > 0:
        HELD[body.pose.held](pen.at(float(palm[0]), float(palm[1]) - 0.1))
        pen.ellipse(float(palm[0]), float(palm[1]), width * 0.5, width * 0.44, body.skin, 0.8)


def _draw_hand(body: Body, palm: np.ndarray, which: int, name: str, width: float) -> None:
    pen, skin = body.pen, body.skin
    x, y = float(palm[0]), float(palm[1])
    r = width * 0.62
    if name in ("wave", "point"):
        fans = (-0.7, -0.15, 0.4, 1.0) if name == "wave" else (0.1,)
        up = (0.0, -1.0) if name == "wave" else (float(which), 0.0)
        for fan in fans:
            tip = (
                x + r * 1.9 * (up[0] + (fan if name == "wave" else 0)),
                y + r * 1.9 * (up[1] + 0.25 * abs(fan)),
            )
            pen.polygon(ribbon(open_curve([(x, y), tip]), r * 0.62, 0.3), skin, line=0.9)
    else:
        pen.ellipse(x - which * r * 0.7, y + r * 0.1, r * 0.42, r * 0.5, skin, 0.9)
    pen.ellipse(x, y, r, r * 0.95, skin, 0.9)


def draw_legs(body: Body, cloth: Colour) -> None:
    """Trousers or bare legs, and shoes."""
    pen = body.pen
    length = AGES[body.person.age][3]
    bare = body.clothed[0] == "dress"
    width = body.shoulder * (0.42 if bare else 0.78)
    for which in (-1, 1):
        x, y = body.on(which * 0.45, 1.0)
        end = (x + which * 0.08, y + length)
        shoe = [(end[0] - 0.26, end[1] + 0.2), (end[0] - 0.2, end[1] - 0.1), (end[0] + 0.1, end[1] - 0.1),
                (end[0] + 0.3 + 0.2 * (which + 1), end[1] + 0.2)]  # fmt: skip
        pen.polygon(
            ribbon(open_curve([(x, y - 0.2), end]), width, 0.1),
            body.skin if bare else cloth,
            shade=0.08,
        )
        pen.shape(shoe, PAINTS["leather"])


def _mug(pen: Pen) -> None:
    pen.ring([(0.2, -0.25), (0.45, -0.2), (0.45, 0.1), (0.2, 0.12)], PAINTS["cream"], 0.09)
    pen.polygon(
        [(-0.25, -0.35), (0.25, -0.35), (0.22, 0.3), (-0.22, 0.3)], PAINTS["coral"], shade=0.08
    )


def _book(pen: Pen) -> None:
    pen.polygon(
        [(-0.45, -0.5), (0.4, -0.56), (0.45, 0.32), (-0.4, 0.38)], PAINTS["teal"], shade=0.1
    )
    pen.polygon(
        [(-0.25, -0.3), (0.22, -0.34), (0.23, -0.16), (-0.24, -0.12)], PAINTS["cream"], line=0
    )


def _ball(pen: Pen) -> None:
    pen.ellipse(0, -0.25, 0.42, 0.42, PAINTS["red"])
    pen.stroke([(-0.4, -0.3), (0, -0.15), (0.4, -0.3)], PAINTS["cream"], 0.12, taper=0.2)


def _letter(pen: Pen) -> None:
    pen.at(0, -0.2, 1, -0.15).polygon(
        [(-0.5, -0.3), (0.5, -0.3), (0.5, 0.34), (-0.5, 0.34)], PAINTS["white"]
    )
    pen.at(0, -0.2, 1, -0.15).line([(-0.48, -0.28), (0, 0.08), (0.48, -0.28)], 0.8)


def _flower(pen: Pen) -> None:
    pen.stroke([(0, 0.3), (0.04, -0.2), (0, -0.7)], PAINTS["moss"], 0.08, taper=0)
    for x, y in ((0.2, -0.75), (-0.2, -0.75), (0, -0.98), (0.12, -0.55), (-0.12, -0.55)):
        pen.ellipse(x, y, 0.16, 0.16, PAINTS["pink"], 0.7)
    pen.ellipse(0, -0.75, 0.13, 0.13, PAINTS["lemon"], 0.6)


def _lollipop(pen: Pen) -> None:
    pen.stroke([(0, 0.3), (0, -0.5)], PAINTS["white"], 0.08, taper=0)
    pen.ellipse(0, -0.7, 0.33, 0.33, PAINTS["coral"])
    pen.ring([(0.17, -0.7), (0, -0.53), (-0.17, -0.7), (0, -0.87)], PAINTS["cream"], 0.07)


HELD = {
    "mug": _mug,
    "book": _book,
    "ball": _ball,
    "letter": _letter,
    "flower": _flower,
    "lollipop": _lollipop,
}
