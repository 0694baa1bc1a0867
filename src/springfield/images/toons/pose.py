"""Pose: how somebody happens to stand and feel in one picture."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from springfield.images.toons.held import HELD

# How much the mouth smiles (-1..1), how far it opens (0..1), how far brows rise and slant.
MOODS: dict[str, tuple[float, float, float, float]] = {
    "pleased": (0.6, 0.0, 0.0, 0.0),
    "delighted": (0.9, 0.5, 0.1, 0.0),
    "laughing": (1.0, 0.9, 0.12, 0.05),
    "calm": (0.15, 0.0, 0.0, 0.0),
    "talking": (0.2, 0.4, 0.03, 0.0),
    "surprised": (-0.1, 0.8, 0.2, 0.0),
    "cross": (-0.6, 0.0, -0.08, -0.35),
    "shouting": (-0.4, 0.9, -0.06, -0.3),
    "sad": (-0.7, 0.0, 0.06, 0.35),
    "worried": (-0.3, 0.15, 0.1, 0.3),
}
ARMS = ("down", "down", "hip", "wave", "hold", "point", "behind", "chin")


@dataclass(frozen=True)
class Pose:
    """One stance. Angles in radians, offsets in half heads."""

    turn: float = 0.0  # of the head about its axis; positive: towards the right
    nod: float = 0.0  # moves the features down
    tilt: float = 0.0  # of the head sideways
    lean: float = 0.0  # of the whole figure
    mood: str = "calm"
    gaze: tuple[float, float] = (0.0, 0.0)
    blink: bool = False
    arms: tuple[str, str] = ("down", "down")
    held: str = "mug"


def any_pose(rnd: Random) -> Pose:
    """A stance drawn at random, most of them nearly frontal."""
    return Pose(
        turn=max(-0.85, min(0.85, rnd.gauss(0, 0.45))),
        nod=rnd.gauss(0, 0.035),
        tilt=rnd.gauss(0, 0.08),
        lean=rnd.gauss(0, 0.05),
        mood=rnd.choice(tuple(MOODS)),
        gaze=(rnd.uniform(-1, 1), rnd.uniform(-0.6, 0.6)),
        blink=rnd.random() < 0.06,
        arms=(rnd.choice(ARMS), rnd.choice(ARMS)),
        held=rnd.choice(tuple(HELD)),
    )
