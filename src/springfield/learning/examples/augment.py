"""Augment: one warp, one colour matrix, one hidden square and one mix per image.

All randomness of an epoch is drawn beforehand as a table, so any image of any epoch can be made
again from (seed, epoch, place in the epoch) alone: that is what makes resuming exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from springfield.images.decode import PAD
from springfield.learning.examples.mixing import Mixes, draw_mixes
from springfield.recipe import Augment

GREY = (PAD, PAD, PAD)  # as the letterbox pads
VARIED = ("rotate", "zoom", "shift", "stretch", "light", "colour", "cutout")  # by how much
MIXED = ("mixup", "cutmix")
NOT_AT_ALL = 0.2  # share of `full_from`; a run of fewer epochs only flips its images


@dataclass(frozen=True)
class Draws:
    """What happens to each image of an epoch."""

    warp: np.ndarray  # float32 [m, 2, 3], result -> source, squares of side 1
    colour: np.ndarray  # float32 [m, 3, 4], RGB1 -> RGB, in 0..255
    hide: np.ndarray  # float32 [m, 4], x0, y0, x1, y1 of the hidden square, side 1
    mix: Mixes


def share_varied(augment: Augment, epochs: float) -> float:
    """How far a run of so many epochs varies its images, of what the recipe says.

    A network that sees an image a few times does not come to know it by heart, and learns more from
    one that looks like those it will be asked about.
    """
    if epochs >= augment.full_from:
        return 1.0
    return max(0.0, (epochs / augment.full_from - NOT_AT_ALL) / (1 - NOT_AT_ALL))


def as_far_as(augment: Augment, epochs: float) -> Augment:
    """The variations, mixing among them, of a run of so many epochs."""
    share = share_varied(augment, epochs)
    return replace(augment, **{name: share * getattr(augment, name) for name in (*VARIED, *MIXED)})


def is_varied(augment: Augment) -> bool:
    """Whether images are changed beyond flipping them."""
    return any(getattr(augment, name) for name in (*VARIED, *MIXED))


def draw_epoch(n: int, augment: Augment, *, seed: int, epoch: int) -> Draws:
    """Draw the variations of `n` images for one epoch."""
    random = np.random.default_rng([seed, epoch, 3])
    return Draws(
        warp=_warps(n, augment, random),
        colour=_colours(n, augment, random),
        hide=_squares(n, augment, random),
        mix=draw_mixes(n, augment, random),
    )


def vary(image: np.ndarray, draws: Draws, place: int, side: int) -> np.ndarray:
    """Return one varied image.

    Args:
        image: uint8 [S, S, 3].
        draws: of this epoch.
        place: the image's place in the epoch.
        side: s of the result in pixels, at least half of S, or points would be passed over.

    Returns:
        uint8 [s, s, 3].
    """
    warped = cv2.warpAffine(
        image,
        _in_pixels(draws.warp[place], image.shape[0], side),
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=GREY,
    )
    coloured = cv2.transform(warped, draws.colour[place])
    x0, y0, x1, y1 = (draws.hide[place] * side).round().astype(int)
    coloured[y0:y1, x0:x1] = GREY
    return coloured


def _in_pixels(warp: np.ndarray, source: int, side: int) -> np.ndarray:
    """Turn a warp of the unit square into one from a grid of `side` to one of `source` pixels.

    Returns:
        float64 [2, 3].
    """
    linear = warp[:, :2].astype(np.float64) * source / side
    # pixel centres lie half a pixel inside: u = (x + 0.5) / side
    moved = warp[:, 2] * source + linear.sum(axis=1) * 0.5 - 0.5
    if (np.abs(linear) == np.eye(2)).all():
        moved = moved.round()  # a mere shift or flip need not blur
    return np.concatenate([linear, moved[:, None]], axis=1)


def _warps(n: int, augment: Augment, random: np.random.Generator) -> np.ndarray:
    angle = np.deg2rad(random.uniform(-augment.rotate, augment.rotate, n))
    zoom = np.exp(random.uniform(-1, 1, n) * np.log1p(augment.zoom))
    stretch = np.exp(random.uniform(-0.5, 0.5, n) * np.log1p(augment.stretch))
    shift = random.uniform(-augment.shift, augment.shift, (n, 2))
    flip = np.where(augment.flip & (random.random(n) < 0.5), -1.0, 1.0)
    cos, sin = np.cos(angle), np.sin(angle)
    linear = np.stack(
        [
            np.stack([cos * zoom * stretch * flip, -sin * zoom / stretch], axis=1),
            np.stack([sin * zoom * stretch * flip, cos * zoom / stretch], axis=1),
        ],
        axis=1,
    )  # [n, 2, 2], about the centre of the square
    moved = 0.5 + shift - linear.sum(axis=2) * 0.5
    return np.concatenate([linear, moved[:, :, None]], axis=2).astype(np.float32)


def _colours(n: int, augment: Augment, random: np.random.Generator) -> np.ndarray:
    contrast = np.exp(random.uniform(-1, 1, n) * np.log1p(augment.light))
    bright = random.uniform(-augment.light, augment.light, n) * 128
    saturation = 1 + random.uniform(-1, 1, n) * augment.colour * 1.5
    hue = random.uniform(-1, 1, n) * augment.colour * 0.5  # radians about the grey axis
    grey = np.full((3, 3), 1 / 3)
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / np.sqrt(3)
    cos, sin = np.cos(hue)[:, None, None], np.sin(hue)[:, None, None]
    turned = grey + (np.eye(3) - grey) * cos + cross * sin
    paled = saturation[:, None, None] * np.eye(3) + (1 - saturation)[:, None, None] * grey
    matrix = contrast[:, None, None] * (paled @ turned)
    offset = bright + 128 * (1 - contrast)
    moved = np.repeat(offset[:, None, None], 3, axis=1)
    return np.concatenate([matrix, moved], axis=2).astype(np.float32)


def _squares(n: int, augment: Augment, random: np.random.Generator) -> np.ndarray:
    """Cutout (DeVries & Taylor 2017): the centre may lie anywhere, the square may be cut off."""
    half = augment.cutout * random.uniform(0.5, 1, n) / 2
    x, y = random.random(n), random.random(n)
    return np.clip(np.stack([x - half, y - half, x + half, y + half], axis=1), 0, 1).astype(
        np.float32
    )
