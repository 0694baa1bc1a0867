"""Strangers: passers-by with any face and clothes, and clothes for a change."""

from __future__ import annotations

from random import Random

from springfield.images.toons.beard import MOUSTACHES, UNDER
from springfield.images.toons.clothes import PATTERNS
from springfield.images.toons.face import EYES, NOSES
from springfield.images.toons.garments import GARMENTS
from springfield.images.toons.glasses import LENSES
from springfield.images.toons.haircuts import STYLES
from springfield.images.toons.people import HEADS, PAINTS, SKINS, Outfit, Person

HAIR_COLOURS = ("black", "brown", "chestnut", "auburn", "ginger", "straw", "grey", "white")


def any_outfit(rnd: Random) -> Outfit:
    """Clothes of any kind, colours and pattern."""
    main, second = rnd.sample(sorted(PAINTS), 2)
    pattern = rnd.choice(("plain", "plain", *PATTERNS))
    return Outfit(rnd.choice(sorted(GARMENTS)), main, second, pattern)


def any_stranger(rnd: Random) -> Person:
    """Somebody who is none of the 42."""
    bearded = rnd.random() < 0.3
    return Person(
        skin=rnd.choice(sorted(SKINS)),
        head=rnd.choice(sorted(HEADS)),
        hair=rnd.choice(sorted(STYLES)),
        hair_colour=rnd.choice(HAIR_COLOURS),
        nose=rnd.choice(sorted(NOSES)),
        outfit=any_outfit(rnd),
        eyes=rnd.choice(sorted(EYES)),
        brows=rnd.choice(("plain", "thick", "thin", "arched")),
        age=rnd.choice(("adult", "adult", "old", "child")) if not bearded else "adult",
        build=rnd.uniform(0.85, 1.3),
        glasses=rnd.choice(sorted(LENSES)) if rnd.random() < 0.25 else "",
        beard=rnd.choice(sorted({*UNDER, *MOUSTACHES})) if bearded else "",
    )
