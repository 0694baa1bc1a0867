"""Ink: smooth filled shapes and tapering strokes on a supersampled canvas.

Curves are Catmull-Rom splines (E. Catmull and R. Rom, "A class of local interpolating splines",
1974). An outline is the same polygon grown along its normals and filled dark, a little more below
than above: it looks drawn with a brush, and costs one polygon instead of a line with joints.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]
Points = Sequence[Point] | np.ndarray  # float [n, 2]

SAMPLES = 5  # points of the polygon per piece of spline
_T = np.arange(SAMPLES) / SAMPLES
_BASIS = 0.5 * np.stack(
    [-_T + 2 * _T**2 - _T**3, 2 - 5 * _T**2 + 3 * _T**3, _T + 4 * _T**2 - 3 * _T**3, _T**3 - _T**2],
    axis=1,
)  # float [SAMPLES, 4]
_ANGLES = np.linspace(0, 2 * math.pi, 28, endpoint=False)
CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)  # float [28, 2]


@lru_cache(maxsize=1024)
def points(text: str) -> tuple[Point, ...]:
    """Points written as SVG writes them: ``"0,-1 .5,-.5"`` -> ((0, -1), (0.5, -0.5))."""
    pairs = (pair.split(",") for pair in text.split())
    return tuple((float(x), float(y)) for x, y in pairs)


def moved(points: Points, x: float, y: float) -> np.ndarray:
    """The points, float [n, 2], shifted by x and y."""
    return np.asarray(points, dtype=float) + np.array([x, y])


@lru_cache(maxsize=256)
def _around(n: int) -> np.ndarray:
    return (np.arange(n)[:, None] + np.array([-1, 0, 1, 2])) % n  # int [n, 4]


def closed_curve(points: Points) -> np.ndarray:
    """Smooth closed curve through the points: float [n, 2] -> [n * SAMPLES, 2]."""
    corners = np.asarray(points, dtype=float)
    return np.asarray(np.matmul(_BASIS, corners[_around(len(corners))]).reshape(-1, 2))


def open_curve(points: Points) -> np.ndarray:
    """Smooth curve from the first point to the last: float [n, 2] -> [(n - 1) * SAMPLES + 1, 2]."""
    p = np.asarray(points, dtype=float)
    padded = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    pieces = np.stack([padded[:-3], padded[1:-2], padded[2:-1], padded[3:]], axis=1)
    return np.concatenate([np.matmul(_BASIS, pieces).reshape(-1, 2), p[-1:]])


def mirrored(half: Points) -> np.ndarray:
    """Close a shape given by its right half, from top centre to bottom centre."""
    right = np.asarray(half, dtype=float)
    inner = right[1:-1] if right[-1, 0] == 0 else right[1:]
    return np.concatenate([right, (inner * (-1, 1))[::-1]])


def scalloped(points: Points, bumps: int, depth: float) -> np.ndarray:
    """A closed curve with round bumps along it, for curls, clouds and bushes."""
    curve = closed_curve(points)
    steps = np.hypot(*(np.roll(curve, -1, 0) - curve).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    where = np.linspace(0, along[-1], bumps * 4, endpoint=False)
    looped = np.concatenate([curve, curve[:1]])
    path = np.stack([np.interp(where, along, looped[:, k]) for k in (0, 1)], axis=1)
    height = np.tile([0.0, 0.75, 1.0, 0.75], bumps)
    return np.asarray(path + _normals(path) * (height * depth)[:, None])


def _normals(curve: np.ndarray) -> np.ndarray:
    """Outward normals at each point of a closed polygon, longer at corners (mitred)."""
    edge = np.concatenate([curve[1:], curve[:1]]) - curve
    length = np.sqrt(edge[:, 0] ** 2 + edge[:, 1] ** 2) + 1e-9
    x, y = edge[:, 1] / length, -edge[:, 0] / length
    before_x, before_y = np.concatenate([x[-1:], x[:-1]]), np.concatenate([y[-1:], y[:-1]])
    mitre = 1 / np.maximum(1 + x * before_x + y * before_y, 0.45)
    area = np.sum(curve[:, 0] * edge[:, 1] - curve[:, 1] * edge[:, 0])
    sign = mitre if area > 0 else -mitre
    return np.stack([(x + before_x) * sign, (y + before_y) * sign], axis=1)


def darker(colour: Colour, share: float) -> Colour:
    """The colour brought towards black by a share (0: as it is, 1: black)."""
    return mixed(colour, (0, 0, 0), share)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """The colour between two, `share` of the way to the other."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return r, g, b


@dataclass(frozen=True)
class Canvas:
    """The picture being drawn, with an opaque and a see-through way of drawing on it."""

    image: Image.Image
    solid: ImageDraw.ImageDraw
    glaze: ImageDraw.ImageDraw

    @staticmethod
    def blank(width: int, height: int) -> Canvas:
        """A new canvas of that many (supersampled) pixels."""
        image = Image.new("RGB", (width, height))
        return Canvas(image, ImageDraw.Draw(image), ImageDraw.Draw(image, "RGBA"))


@dataclass(frozen=True)
class Pen:
    """Draws on a canvas in its own units: where a figure stands, how big, how far it leans."""

    canvas: Canvas
    ink: Colour
    weight: float  # outline, in canvas pixels
    x: float = 0.0
    y: float = 0.0
    unit: float = 1.0  # canvas pixels per unit
    turn: float = 0.0  # radians, clockwise
    light: float = 1.0  # -1: light from the left, 1: from the right

    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> Pen:
        """A pen whose origin lies at that place of this one's units."""
        [[x, y]] = self.place([(x, y)])
        return replace(self, x=float(x), y=float(y), unit=self.unit * scale, turn=self.turn + turn)

    def place(self, points: Points) -> np.ndarray:
        """Points in this pen's units -> canvas pixels, float [n, 2]."""
        p = np.asarray(points, dtype=float)
        c, s = self.unit * math.cos(self.turn), self.unit * math.sin(self.turn)
        return np.asarray(p @ np.array([[c, s], [-s, c]]) + (self.x, self.y))

    def shape(self, points: Points, fill: Colour, *, line: float = 1.0, shade: float = 0.0) -> None:
        """A closed smooth shape; `shade` is the depth of the shadow on its dark side, in units."""
        self.polygon(closed_curve(points), fill, line=line, shade=shade)

    def polygon(
        self, points: Points, fill: Colour, *, line: float = 1.0, shade: float = 0.0
    ) -> None:
        """A closed shape with straight sides; `line` multiplies the weight of its outline."""
        outline = self.place(points)
        if line or shade:
            normals = _normals(outline)
        if line:
            grow = self.weight * line * (1 + 0.3 * np.clip(normals[:, 1:], -1, 1))
            self._fill(outline + normals * grow, self.ink)
        self._fill(outline, fill)
        if shade:
            self._shadow(outline, normals, shade * self.unit)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, fill: Colour, line: float = 1.0
    ) -> None:
        """An ellipse with its axes along the units."""
        w = self.weight * line / self.unit
        if line:
            self._fill(self.place(CIRCLE * (rx + w, ry + w) + (x, y)), self.ink)
        self._fill(self.place(CIRCLE * (rx, ry) + (x, y)), fill)

    def stroke(self, points: Points, colour: Colour, width: float, *, taper: float = 0.6) -> None:
        """A smooth stroke, `width` units wide in its middle and thinner by `taper` at both ends."""
        self._fill(self.place(ribbon(open_curve(points), width, taper)), colour)

    def tube(self, curve: np.ndarray, width: float, fill: Colour) -> None:
        """A limb along a curve, float [n, 2]; drawn in two pieces so that a sharp bend is whole."""
        bend = len(curve) // 2
        pieces = [self.place(ribbon(c, width, 0.1)) for c in (curve[: bend + 2], curve[bend - 1 :])]
        for piece in pieces:
            self._fill(piece + _normals(piece) * self.weight, self.ink)
        for piece in pieces:
            self._fill(piece, fill)

    def line(self, points: Points, line: float = 1.0, taper: float = 0.6) -> None:
        """A smooth stroke of ink, as wide as an outline."""
        self.stroke(points, self.ink, 1.4 * self.weight * line / self.unit, taper=taper)

    def ring(self, points: Points, colour: Colour, width: float) -> None:
        """The outline of a closed smooth shape alone."""
        curve = self.place(closed_curve(points))
        grow = _normals(curve) * (width * self.unit / 2)
        out, inner = curve + grow, curve - grow
        self._fill(np.concatenate([out, out[:1], inner[:1], inner[::-1]]), colour)

    def veil(self, points: Points, colour: Colour, opacity: float) -> None:
        """A see-through shape with straight sides; smooth the points first for a round one."""
        xy = np.rint(self.place(points)).ravel().tolist()
        self.canvas.glaze.polygon(xy, fill=(*colour, round(255 * opacity)))

    def _shadow(self, outline: np.ndarray, normals: np.ndarray, depth: float) -> None:
        away = np.array([-0.9 * self.light, 0.45])
        facing = np.maximum(normals @ away, 0)[:, None]
        inner = outline - away * depth * facing
        dark = facing[:, 0] > 0
        start = int(np.argmax(dark & ~np.roll(dark, 1)))
        order = (np.arange(len(outline)) + start) % len(outline)
        order = order[dark[order]]
        edge = np.concatenate([outline[order], inner[order][::-1]])
        if len(edge) > 4:
            xy = np.rint(edge).ravel().tolist()
            self.canvas.glaze.polygon(xy, fill=(40, 20, 70, 46))

    def _fill(self, points: np.ndarray, colour: Colour) -> None:
        self.canvas.solid.polygon(np.rint(points).ravel().tolist(), fill=colour)


def ribbon(curve: np.ndarray, width: float, taper: float) -> np.ndarray:
    """The polygon around a curve: float [n, 2] -> [2 n, 2]."""
    ahead = np.concatenate(
        [curve[1:2] - curve[:1], curve[2:] - curve[:-2], curve[-1:] - curve[-2:-1]]
    )
    across = ahead[:, ::-1] * (0.5, -0.5) / (np.sqrt((ahead**2).sum(1, keepdims=True)) + 1e-9)
    along = np.linspace(-1, 1, len(curve))[:, None]
    half = across * width * (1 - taper * along**2)
    return np.concatenate([curve + half, (curve - half)[::-1]])
