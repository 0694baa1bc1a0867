"""Face: eyes, brows, nose, mouth and marks, on a `Head`."""

from __future__ import annotations

import math

import numpy as np

from springfield.images.toons.head import Head
from springfield.images.toons.ink import CIRCLE, Colour, darker, mixed, moved, open_curve
from springfield.images.toons.marks import draw_marks
from springfield.images.toons.pose import MOODS

WHITE: Colour = (252, 250, 246)
DARK: Colour = (36, 28, 38)

# Half width, half height, radians from the middle of the face, share covered by the lid.
EYES: dict[str, tuple[float, float, float, float]] = {
    "oval": (0.155, 0.20, 0.50, 0.08),
    "round": (0.19, 0.19, 0.53, 0.0),
    "wide": (0.20, 0.235, 0.56, 0.0),
    "small": (0.115, 0.13, 0.46, 0.05),
    "narrow": (0.175, 0.125, 0.52, 0.22),
    "sleepy": (0.175, 0.19, 0.52, 0.48),
}

# Half width, height, how far it sticks out of a turned face, height of the tip (0 root, 1 base).
NOSES: dict[str, tuple[float, float, float, float]] = {
    "button": (0.09, 0.11, 0.15, 0.5),
    "snub": (0.10, 0.16, 0.22, 0.25),
    "bulb": (0.17, 0.24, 0.34, 0.62),
    "wide": (0.20, 0.17, 0.24, 0.75),
    "long": (0.10, 0.34, 0.34, 0.85),
    "hook": (0.12, 0.34, 0.42, 1.0),
    "pointed": (0.08, 0.24, 0.46, 0.6),
    "droop": (0.15, 0.42, 0.30, 0.95),
}
PUPILS = {"wide": 0.105, "small": 0.06, "narrow": 0.068}  # radius; others 0.078
EYE_Y = -0.06
MOUTH_Y = 0.55


def draw_features(head: Head) -> None:
    """Marks, eyes, brows and mouth; moustache and nose come over them."""
    draw_marks(head)
    for which in (-1, 1):
        _draw_eye(head, which)
        _draw_brow(head, which)
    _draw_mouth(head)


def eye_place(head: Head, which: int) -> tuple[float, float, float]:
    """Middle of an eye, and how wide it appears (1: seen from the front)."""
    spread = EYES[head.person.eyes][2]
    facing = math.cos(which * spread + head.pose.turn)
    return head.on(which * spread, EYE_Y), EYE_Y + head.pose.nod, max(0.35, min(1, facing * 1.1))


def _draw_eye(head: Head, which: int) -> None:
    rx, ry, _, lid = EYES[head.person.eyes]
    x, y, facing = eye_place(head, which)
    rx *= facing
    pen = head.pen
    lift = MOODS[head.pose.mood][2]
    if head.pose.blink:
        pen.line([(x - rx, y), (x, y + ry * 0.35), (x + rx, y)], 1.1)
        return
    pen.ellipse(x, y, rx, ry, WHITE, 0.75)
    gaze_x, gaze_y = head.pose.gaze
    size = PUPILS.get(head.person.eyes, 0.078)
    px, py = x + gaze_x * (rx - size) * 0.62, y + gaze_y * (ry - size) * 0.5
    pen.ellipse(px, py, size * max(0.8, facing), size * 1.12, DARK, 0)
    pen.ellipse(px + 0.022 * pen.light, py - 0.03, 0.02, 0.022, WHITE, 0)
    covered = max(0.0, lid - lift)
    if covered > 0.03:
        _draw_lid(head, (x, y), (rx, ry), covered)
    if "lashes" in head.person.marks:
        for k in (0.2, 0.65, 1.05):
            a = -math.pi / 2 + which * k
            start = (x + rx * math.cos(a), y + ry * math.sin(a))
            end = (x + (rx + 0.09) * math.cos(a), y + (ry + 0.09) * math.sin(a))
            pen.line([start, end], 0.9, 0.2)


def _draw_lid(
    head: Head, place: tuple[float, float], size: tuple[float, float], cover: float
) -> None:
    grown = CIRCLE * (np.array(size) + 0.6 * head.pen.weight / head.pen.unit)
    level = size[1] * (2 * cover - 1)
    above = grown[grown[:, 1] <= level]
    order = np.argsort(np.arctan2(above[:, 0], -above[:, 1]))
    lid = above[order] + place
    head.pen.polygon(lid, darker(head.skin, 0.12), line=0.5)


def _draw_brow(head: Head, which: int) -> None:
    kind = head.person.brows
    _, _, lift, slant = MOODS[head.pose.mood]
    rx, ry, _, _ = EYES[head.person.eyes]
    x, y, facing = eye_place(head, which)
    y -= ry + 0.13 + lift
    half = (rx + 0.04) * facing
    width = {"thick": 0.12, "joined": 0.105, "thin": 0.045, "arched": 0.06}.get(kind, 0.07)
    bow = 0.11 if kind == "arched" else 0.045
    inner = (x - which * half * (1.5 if kind == "joined" else 1), y - slant * 0.28)
    outer = (x + which * half, y + slant * 0.2 + 0.03)
    middle = (x, y - bow)
    colour = darker(head.hair, 0.28)
    if head.person.hair_colour in ("white", "silver", "platinum"):
        colour = mixed(head.hair, (120, 110, 110), 0.35)
    head.pen.stroke([inner, middle, outer], colour, width, taper=0.55)


def draw_nose(head: Head) -> None:
    """The nose; it covers the middle of a moustache."""
    w, h, reach, tip = NOSES[head.person.nose]
    s = head.side
    x, top = head.on(0, 0.1), 0.06 + head.pose.nod
    d = 1.0 if s >= 0 else -1.0
    front = np.array(
        [(-w, 0.45 * h), (-w * 0.95, 0.8 * h), (0, h * 1.06), (w * 0.95, 0.8 * h), (w, 0.45 * h)]
    )
    turned = np.array(
        [
            (-0.1 * w * d, -0.25 * h),
            (d * reach * 0.55, tip * h * 0.55),
            (d * reach, tip * h * 0.95),
            (d * reach * 0.55, h * 1.08),
            (-0.35 * w * d, h * 0.86),
        ]
    )
    front = front if s >= 0 else front[::-1]
    share = min(1.0, abs(s) * 1.5)
    path = moved(open_curve((1 - share) * front + share * turned), x, top)
    tone = mixed(head.skin, (214, 96, 84), 0.16)
    head.pen.polygon(path, tone, line=0)
    head.pen.line(path, 0.95, 0.5)


def _draw_mouth(head: Head) -> None:
    smile, opened, _, _ = MOODS[head.pose.mood]
    pen = head.pen
    x, y = head.on(0, MOUTH_Y), MOUTH_Y + head.pose.nod
    w = (
        (0.30 + 0.06 * abs(smile))
        * max(0.6, math.cos(head.pose.turn))
        * head.half_width(MOUTH_Y)
        / 0.62
    )
    lips = "lips" in head.person.marks
    rise = 0.13 * smile
    corners = np.array([(x - w, y - rise), (x, y + rise * 0.7), (x + w, y - rise)])
    if opened < 0.1:
        if lips:
            pen.stroke(moved(corners, 0, 0.02), (176, 52, 60), 0.13, taper=0.9)
        pen.line(corners, 1.1)
        return
    w *= 0.85 if smile > 0 else 0.62
    upper = open_curve([(x - w, y - rise), (x, y - 0.02 * opened - rise * 0.2), (x + w, y - rise)])
    depth = 0.12 + 0.26 * opened
    lower = open_curve([(x + w, y - rise), (x + w * 0.6, y + depth * 0.8), (x, y + depth),
                        (x - w * 0.6, y + depth * 0.8), (x - w, y - rise)])  # fmt: skip
    if lips:
        pen.ring(np.concatenate([upper[::2], lower[1:-1:3]]), (176, 52, 60), 0.1)
    pen.polygon(np.concatenate([upper, lower[1:-1]]), (92, 26, 36), line=0.8)
    inside = lower[(lower[:, 1] > y + depth * 0.5)]
    pen.polygon(inside, (214, 104, 104), line=0)
    teeth = upper[1:-1]
    pen.polygon(np.concatenate([teeth, teeth[::-1] * (0.94, 1) + (0.06 * x, 0.085)]), WHITE, line=0)
