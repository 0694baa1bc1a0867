"""Body: the measures of a torso, and limbs that hang from it.

Units: half the head's height; origin at the base of the neck, y down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from springfield.images.toons.held import HELD
from springfield.images.toons.ink import Colour, Pen, Point, moved, open_curve, points, ribbon
from springfield.images.toons.people import PAINTS, SKINS, Outfit, Person
from springfield.images.toons.pose import Pose


@dataclass(frozen=True)
class Build:
    """Measures of an age: half width of the shoulders, lengths, thickness of the sleeves."""

    shoulder: float
    torso: float
    arm: float  # half of it
    leg: float
    sleeve: float


BUILDS = {
    "child": Build(0.74, 1.3, 0.62, 0.95, 0.26),
    "adult": Build(1.12, 2.05, 0.98, 2.0, 0.36),
    "old": Build(1.02, 1.95, 0.95, 1.7, 0.33),
}
SHARES = (0.0, 0.035, 0.1, 0.2, 0.45, 0.78, 1.0)  # of the torso, where its width is given

# Elbow and hand of the right arm, in half arms from the shoulder, and whether before the torso.
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
class Worn:
    """An outfit in colours."""

    kind: str
    main: Colour
    second: Colour
    pattern: str

    @property
    def over(self) -> bool:
        """Whether the garment is worn over another, whose sleeves show."""
        return self.kind in ("apron", "dungarees")

    @property
    def sleeves(self) -> Colour:
        return self.second if self.over else self.main


def worn(outfit: Outfit) -> Worn:
    """The colours of an outfit."""
    return Worn(outfit.kind, PAINTS[outfit.main], PAINTS[outfit.second], outfit.pattern)


@dataclass(frozen=True)
class Body:
    """A person's body in one pose and dress."""

    person: Person
    pose: Pose
    pen: Pen
    worn: Worn

    @property
    def build(self) -> Build:
        return BUILDS[self.person.age]

    @property
    def shoulder(self) -> float:
        return self.build.shoulder * self.person.build

    @property
    def skin(self) -> Colour:
        return SKINS[self.person.skin]

    def on(self, u: float, v: float) -> Point:
        """A place on the torso: u from -1 (left edge) to 1, v from 0 (neck) to 1 (hips)."""
        belly = 0.92 + 0.55 * max(0.0, self.person.build - 1.0)
        hem = belly * (1.25 if self.worn.kind == "dress" else 1.0)
        widths = (0.34, 0.66, 0.9, 1.0, 0.95, belly, hem)
        return u * self.shoulder * float(np.interp(v, SHARES, widths)), v * self.build.torso

    def places(self, corners: Sequence[Point]) -> np.ndarray:
        """Several such places, float [n, 2]."""
        return np.array([self.on(u, v) for u, v in corners])

    def patch(self, text: str) -> np.ndarray:
        """Likewise, written as `points`."""
        return self.places(points(text))

    def sides(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Likewise, on the left and on the right; the text gives the right."""
        right = self.patch(text)
        return right * (-1, 1), right

    def torso(self) -> np.ndarray:
        """Outline of the torso, float [n, 2]."""
        left, right = self.places([(-1, v) for v in SHARES]), self.places([(1, v) for v in SHARES])
        return np.concatenate([right, left[::-1]])


def draw_arm(body: Body, which: int, in_front: bool, sleeve: float) -> None:
    """The left (-1) or right (1) arm if it belongs to this layer; `sleeve` 0..2 half arms long."""
    name = body.pose.arms[0 if which < 0 else 1]
    elbow, hand, front = ARM_POSES[name]
    if front != in_front:
        return
    start = np.array(body.on(which * 0.8, 0.2))
    reach = np.array([which, 1.0]) * body.build.arm
    curve = open_curve(np.array([start, start + elbow * reach, start + hand * reach]))
    width = body.build.sleeve * (0.8 + 0.25 * body.person.build)
    x, y = (float(v) for v in curve[-1])
    if name != "behind":
        _draw_hand(body.pen.at(x, y, width * 0.62), body.skin, which, name)
    body.pen.tube(curve, width * 0.74, body.skin)
    body.pen.tube(curve[: max(3, round(len(curve) * sleeve / 2))], width, body.worn.sleeves)
    if name == "hold" and which > 0:
        HELD[body.pose.held](body.pen.at(x, y - 0.1))
        body.pen.ellipse(x, y, width * 0.5, width * 0.44, body.skin, 0.8)


def _draw_hand(pen: Pen, skin: Colour, which: int, name: str) -> None:
    """A hand of half width 1 about the origin: waving, pointing, or at rest."""
    if name == "wave":
        for fan in (-0.7, -0.15, 0.4, 1.0):
            finger = open_curve([(0, 0), (1.9 * fan, -1.9 + 0.5 * abs(fan))])
            pen.polygon(ribbon(finger, 0.62, 0.3), skin, line=0.9)
    elif name == "point":
        pen.polygon(ribbon(open_curve([(0, 0), (1.9 * which, 0.05)]), 0.62, 0.3), skin, line=0.9)
    else:
        pen.ellipse(-0.7 * which, 0.1, 0.42, 0.5, skin, 0.9)
    pen.ellipse(0, 0, 1, 0.95, skin, 0.9)


def draw_legs(body: Body, cloth: Colour) -> None:
    """Trousers or bare legs, and shoes."""
    bare = body.worn.kind == "dress"
    width = body.shoulder * (0.42 if bare else 0.78)
    for which in (-1, 1):
        x, y = body.on(which * 0.45, 1.0)
        foot = (x + which * 0.08, y + body.build.leg)
        leg = ribbon(open_curve([(x, y - 0.2), foot]), width, 0.1)
        body.pen.polygon(leg, body.skin if bare else cloth, shade=0.08)
        shoe = points(
            "-.26,.2 -.2,-.1 .1,-.1 .3,.2" if which < 0 else "-.26,.2 -.2,-.1 .1,-.1 .7,.2"
        )
        body.pen.shape(moved(shoe, *foot), PAINTS["leather"])
