"""Heat: where in a picture a classifier finds a class, shown as a picture.

Evidence is a coarse map, float32 [h, w], over the square that the network takes, in logits; see
`springfield.learning.explaining.evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from springfield.images.decode import picture_box

SIDE = 320  # pixels of a view's longer side
WEAKEST = 1.0  # logits that never shine fully: below, a classifier has seen next to nothing
SHINE = 0.8  # opacity of the strongest evidence
FAVOURS = np.array([[43, 108, 176], [222, 110, 20]], np.float32)  # blue: the other, orange: the one

# From OKLab to linear sRGB (B. Ottosson, "A perceptual color space for image processing", 2020).
_TO_CONES = np.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728],
                      [1, -0.0894841775, -1.2914855480]])  # fmt: skip
_TO_LIGHT = np.array([[4.0767416621, -3.3077115913, 0.2309699292],
                      [-1.2684380046, 2.6097574011, -0.3413193965],
                      [-0.0041960863, -0.7034186147, 1.7076147010]])  # fmt: skip


@dataclass(frozen=True, eq=False)
class View:
    """What a network sees of an image, but sharp, and without padding, which cannot glow."""

    pixels: np.ndarray  # uint8 [H, W, 3]
    box: tuple[float, float, float, float]  # left, top, right, bottom in the square, 0 to 1


def view_of(pixels: np.ndarray, fit: str, side: int = SIDE) -> View:
    """The view of an image, uint8 [H, W, 3], that `to_square` fits into a square in this way.

    Its longer side has at most `side` pixels.
    """
    height, width = pixels.shape[:2]
    box = picture_box(width, height, fit)
    if fit == "crop":
        least = min(height, width)
        top, left = (height - least) // 2, (width - least) // 2
        pixels = pixels[top : top + least, left : left + least]
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return View(np.array(image), box)


def strength_of(*maps: np.ndarray) -> float:
    """The evidence to be shown as the strongest in all of these maps, so that they compare."""
    return max(WEAKEST, float(np.percentile(np.abs(np.stack(maps)), 98)))


def heat_map(view: View, evidence: np.ndarray, strongest: float) -> Image.Image:
    """The view with the evidence for a class over it, from nothing through red to yellow.

    What speaks against the class stays dark. `strongest` is what `strength_of` gave.
    """
    shares = (_spread(evidence, view) / strongest).clip(0, 1)
    colours = _ramp()[np.rint(255 * shares).astype(np.uint8)]
    return _laid_over(view, colours, shares)


def versus_map(view: View, evidence: np.ndarray, strongest: float) -> Image.Image:
    """The view with what speaks for one class in orange, and for the other in blue."""
    shares = (_spread(evidence, view) / strongest).clip(-1, 1)
    return _laid_over(view, FAVOURS[(shares > 0).astype(np.uint8)], np.abs(shares))


def grid_of(evidence: np.ndarray) -> list[list[float]]:
    """The map for JSON: rows from the top, in logits."""
    return [[round(float(value), 3) for value in row] for row in evidence]


def ramp_picture() -> Image.Image:
    """The colours of a heat map from weak to strong, for a legend, 256 by 12 pixels."""
    return Image.fromarray(np.rint(np.tile(_ramp(), (12, 1, 1))).astype(np.uint8))


def _spread(evidence: np.ndarray, view: View) -> np.ndarray:
    """Evidence at every pixel of the view, float32 [H, W], without steps from place to place."""
    height, width = view.pixels.shape[:2]
    down, across = evidence.shape
    left, top, right, bottom = view.box
    box = (left * across, top * down, right * across, bottom * down)
    coarse = Image.fromarray(np.ascontiguousarray(evidence, np.float32))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC, box))


def _laid_over(view: View, colours: np.ndarray, shares: np.ndarray) -> Image.Image:
    """Colours, [H, W, 3], over the view in grey: only evidence has a colour there."""
    grey = view.pixels @ np.array([0.299, 0.587, 0.114])
    paper = (38 + 0.72 * grey)[..., None]  # no deeper than the darkest heat
    opacity = SHINE * shares[..., None]
    mixed = paper * (1 - opacity) + colours * opacity
    return Image.fromarray(np.rint(mixed).clip(0, 255).astype(np.uint8))


@lru_cache(maxsize=1)
def _ramp() -> np.ndarray:
    """Purple, red, orange, yellow, float32 [256, 3].

    Its lightness rises evenly, so that no eye needs the hues to read it.
    """
    t = np.linspace(0, 1, 256)
    hue, chroma = np.deg2rad(325 + 135 * t), 0.12 + 0.07 * np.sin(np.pi * t)
    lab = np.stack([0.36 + 0.56 * t, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
    light = ((lab @ _TO_CONES.T) ** 3 @ _TO_LIGHT.T).clip(0, 1)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(255 * shown, np.float32)
