"""People: the words that describe what makes a person recognisable, drawing after drawing."""

from __future__ import annotations

from dataclasses import dataclass

from springfield.images.toons.ink import Colour

SKINS: dict[str, Colour] = {
    "porcelain": (250, 226, 208),
    "rose": (244, 202, 178),
    "peach": (234, 184, 150),
    "sand": (222, 170, 130),
    "honey": (200, 146, 102),
    "bronze": (174, 118, 80),
    "umber": (142, 92, 62),
    "cocoa": (112, 72, 50),
    "ebony": (84, 54, 42),
}

PAINTS: dict[str, Colour] = {
    "black": (44, 40, 48),
    "coal": (62, 60, 70),
    "brown": (96, 62, 42),
    "chestnut": (130, 78, 48),
    "auburn": (150, 62, 40),
    "ginger": (212, 112, 48),
    "straw": (226, 190, 112),
    "platinum": (238, 226, 190),
    "grey": (158, 156, 160),
    "silver": (196, 198, 208),
    "white": (244, 242, 236),
    "cream": (244, 230, 200),
    "red": (196, 54, 50),
    "brick": (168, 82, 62),
    "wine": (122, 38, 62),
    "rust": (190, 96, 52),
    "orange": (232, 134, 56),
    "mustard": (212, 164, 58),
    "lemon": (242, 214, 112),
    "olive": (122, 128, 66),
    "moss": (84, 118, 72),
    "leaf": (98, 160, 90),
    "mint": (156, 208, 176),
    "teal": (44, 132, 136),
    "sky": (126, 186, 220),
    "denim": (76, 108, 156),
    "navy": (42, 58, 98),
    "violet": (112, 84, 158),
    "plum": (120, 60, 112),
    "lilac": (186, 164, 210),
    "pink": (236, 158, 172),
    "coral": (236, 122, 104),
    "tan": (196, 164, 124),
    "leather": (124, 84, 56),
}

# Half widths of the head at five heights: crown, temple, cheek, jaw, chin (head is 2 units high).
HEADS: dict[str, tuple[float, float, float, float, float]] = {
    "round": (0.58, 0.80, 0.83, 0.66, 0.34),
    "oval": (0.54, 0.70, 0.69, 0.53, 0.27),
    "long": (0.50, 0.60, 0.58, 0.48, 0.26),
    "square": (0.62, 0.73, 0.74, 0.71, 0.44),
    "egg": (0.46, 0.66, 0.80, 0.76, 0.42),
    "heart": (0.64, 0.80, 0.72, 0.46, 0.17),
    "pear": (0.42, 0.60, 0.82, 0.86, 0.50),
    "lantern": (0.52, 0.64, 0.66, 0.72, 0.46),
    "diamond": (0.46, 0.68, 0.76, 0.50, 0.18),
}


@dataclass(frozen=True)
class Outfit:
    """What somebody wears: kind of garment, two colours, a pattern."""

    kind: str  # see garments.GARMENTS
    main: str
    second: str = "cream"
    pattern: str = "plain"  # plain | stripes | pinstripes | check | dots


@dataclass(frozen=True)
class Person:
    """An identity: everything here stays, everything else changes from picture to picture."""

    skin: str
    head: str
    hair: str  # see haircuts.STYLES
    hair_colour: str
    nose: str  # see face.NOSES
    outfit: Outfit
    eyes: str = "oval"  # see face.EYES
    brows: str = "plain"  # plain | thick | thin | arched | joined
    age: str = "adult"  # child | adult | old
    tall: float = 1.0  # stretches the head
    build: float = 1.0  # width of the body
    ears: float = 0.19  # half height
    glasses: str = ""  # round | square | cat | half | dark
    glasses_colour: str = "black"
    beard: str = ""  # see beard.UNDER and beard.MOUSTACHES
    hat: str = ""  # see hats.HATS
    hat_colour: str = "navy"
    marks: tuple[str, ...] = ()  # freckles mole lashes lips blush rings plaster bow cleft
