"""Film: when a picture was drawn and how it came down to us: palette, grain, softness, file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from springfield.images.toons.ink import Colour


@dataclass(frozen=True)
class Film:
    """The look of one picture. Shares are 0..1, `gain` multiplies red, green and blue."""

    ink: Colour = (38, 26, 40)
    weight: float = 1.0  # of the outlines
    saturation: float = 1.0
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    fade: float = 0.0  # blacks lifted
    grain: float = 0.0
    blur: float = 0.0  # pixels
    vignette: float = 0.0
    lines: float = 0.0  # dark scan lines of a television
    grey: bool = False


# How often each era of drawing occurs, and its film; `any_film` varies it.
ERAS: tuple[tuple[float, Film], ...] = (
    (0.46, Film()),
    (
        0.14,
        Film(
            ink=(66, 40, 30),
            weight=0.8,
            saturation=0.8,
            gain=(1.04, 0.98, 0.84),
            fade=0.08,
            grain=0.028,
            vignette=0.3,
        ),
    ),
    (0.12, Film(ink=(24, 20, 30), weight=1.5, saturation=1.15)),
    (0.10, Film(saturation=0.6, gain=(0.94, 1.0, 1.06), fade=0.2, blur=0.6, grain=0.015)),
    (0.08, Film(weight=1.1, saturation=1.1, gain=(0.96, 1.02, 1.08), blur=0.8, lines=0.12)),
    (0.05, Film(ink=(40, 40, 90), weight=0.65, saturation=0.9, gain=(1.05, 1.02, 1.0))),
    (
        0.05,
        Film(
            weight=1.2, saturation=0.0, gain=(1.02, 0.97, 0.86), grain=0.04, vignette=0.5, blur=0.4
        ),
    ),
)


def any_film(rnd: Random) -> Film:
    """The film of a picture, varied about its era."""
    film = rnd.choices([film for _, film in ERAS], [share for share, _ in ERAS])[0]
    light = max(0.82, min(1.08, rnd.gauss(0.98, 0.09)))
    warmth = max(-0.1, min(0.05, rnd.gauss(0.0, 0.04)))  # more turns skin yellow
    red, green, blue = film.gain
    return Film(
        ink=film.ink,
        weight=film.weight * rnd.uniform(0.8, 1.25),
        saturation=max(0.0, film.saturation + rnd.gauss(0, 0.12) * (film.saturation > 0)),
        gain=(red * light * (1 + warmth), green * light, blue * light * (1 - warmth)),
        fade=max(0.0, film.fade + rnd.gauss(0, 0.03)),
        grain=max(0.0, film.grain + rnd.gauss(0, 0.008)),
        blur=max(0.0, film.blur + rnd.gauss(-0.1, 0.3)),
        vignette=max(0.0, film.vignette + rnd.gauss(-0.05, 0.12)),
        lines=film.lines,
        grey=rnd.random() < 0.02,
    )


def develop(image: Image.Image, film: Film, rnd: Random) -> Image.Image:
    """Apply the film to a finished drawing."""
    image = image.convert("RGB", _matrix(film))
    if film.blur > 0.15:
        image = image.filter(ImageFilter.BoxBlur(film.blur))
    if film.vignette > 0.05:
        mask = _vignette().resize(image.size, Image.Resampling.BILINEAR)
        dark = mask.point([round(255 - (255 - v) * min(0.8, film.vignette)) for v in range(256)])
        image = ImageChops.multiply(image, Image.merge("RGB", (dark, dark, dark)))
    if film.lines:
        pixels = np.array(image)
        pixels[::3] = (pixels[::3] * (1 - film.lines)).astype(np.uint8)
        image = Image.fromarray(pixels)
    if film.grain > 0.01:
        image = _grained(image, film.grain, rnd)
    return image.convert("L") if film.grey else image


def _matrix(film: Film) -> tuple[float, ...]:
    luma = np.array([0.299, 0.587, 0.114])
    table = film.saturation * np.eye(3) + (1 - film.saturation) * luma
    table = table * np.array(film.gain)[:, None] * (1 - film.fade)
    offset = np.full((3, 1), 255 * film.fade * 0.55)
    return tuple(float(v) for v in np.concatenate([table, offset], axis=1).ravel())


@lru_cache(maxsize=1)
def _vignette() -> Image.Image:
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    return Image.fromarray((255 * np.clip(1.15 - 0.45 * (x**2 + y**2), 0, 1)).astype(np.uint8))


@lru_cache(maxsize=1)
def _noise() -> np.ndarray:
    """A sheet of grain large enough for the largest picture, int16 [2048, 1280]."""
    generator = np.random.default_rng(2208)
    return generator.normal(0, 256, (2048, 1280)).astype(np.int16)


def _grained(image: Image.Image, strength: float, rnd: Random) -> Image.Image:
    width, height = image.size
    sheet = _noise()
    top, left = rnd.randrange(max(1, 2048 - height)), rnd.randrange(max(1, 1280 - width))
    noise = (
        sheet[top : top + height, left : left + width, None] * np.int16(round(strength * 256)) >> 8
    )
    pixels = np.asarray(image).astype(np.int16) + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def encode(image: Image.Image, rnd: Random) -> tuple[str, bytes]:
    """Suffix and bytes of the picture's file: nearly always JPEG, of varying quality."""
    file = io.BytesIO()
    if rnd.random() < 0.015:
        image.save(file, "PNG", compress_level=3)
        return ".png", file.getvalue()
    image.save(file, "JPEG", quality=rnd.choice((58, 68, 75, 82, 88, 92, 95)))
    return ".jpg", file.getvalue()
