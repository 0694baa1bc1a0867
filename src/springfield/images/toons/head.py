"""Head: a turned head as a flat outline, and where on it the features lie.

Units: half the head's height; x to the right, y down, origin at the middle of the head. Features
lie on an upright cylinder that turns under the flat outline, which gives three-quarter views.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from springfield.images.toons.ink import Colour, Pen, darker, mixed
from springfield.images.toons.people import HEADS, PAINTS, SKINS, Person
from springfield.images.toons.pose import Pose

HEIGHTS = (-0.78, -0.3, 0.22, 0.66, 0.95)  # where HEADS gives half widths


@dataclass(frozen=True)
class Head:
    """A person's head in one pose; everything on it is drawn with `pen`."""

    person: Person
    pose: Pose
    pen: Pen

    @property
    def skin(self) -> Colour:
        return SKINS[self.person.skin]

    @property
    def hair(self) -> Colour:
        return PAINTS[self.person.hair_colour]

    @property
    def side(self) -> float:
        """-1..1: how far, and to which side, the face is turned."""
        return max(-1.0, min(1.0, self.pose.turn / 0.75))

    @property
    def width(self) -> float:
        """Half width at the temples."""
        return HEADS[self.person.head][1]

    def half_width(self, y: float) -> float:
        """Half width of the head at a height."""
        return float(np.interp(y, HEIGHTS, HEADS[self.person.head]))

    def on(self, around: float, y: float) -> float:
        """x of a feature `around` radians from the middle of the face at height y."""
        return self.half_width(y) * math.sin(around + self.pose.turn) * 0.96

    def outline(self) -> np.ndarray:
        """The outline, float [n, 2]: the jaw moves with the face, the back of the head away."""
        widths = HEADS[self.person.head]
        right = [(0.0, -1.0), *zip(widths, HEIGHTS, strict=True), (0.0, 1.02)]
        left = [(-x, y) for x, y in right[-2:0:-1]]
        points = np.array([*right, *left])
        points[:, 0] += self.side * 0.11 * points[:, 1]
        return points

    def draw_skull(self) -> None:
        """The bare head."""
        self.pen.shape(self.outline(), self.skin, shade=0.2)

    def draw_ear(self, which: int, in_front: bool) -> None:
        """The left (-1) or right (1) ear, if it belongs to this layer of the drawing."""
        away = which * self.pose.turn  # positive: on the far side
        if away > 0.3 or (in_front != (away < -0.12)):
            return
        size = self.person.ears
        reach = 0.98 * math.cos(self.pose.turn) if in_front else 1.02
        x = which * self.half_width(0.05) * reach - self.side * 0.02
        self.pen.ellipse(x, 0.06 + self.pose.nod, size * 0.72, size, self.skin)
        inner = mixed(darker(self.skin, 0.22), (190, 70, 60), 0.15)
        self.pen.ellipse(x + 0.02 * which, 0.08 + self.pose.nod, size * 0.34, size * 0.55, inner, 0)
        if "rings" in self.person.marks:
            y = 0.1 + size + self.pose.nod
            ring = [(x, y), (x + 0.09, y + 0.1), (x, y + 0.2), (x - 0.09, y + 0.1)]
            self.pen.ring(ring, PAINTS["mustard"], 0.055)
