from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from springfield.images.fingerprint import LENGTH, fingerprint, histograms, thumbnails


def picture(seed: int, size: tuple[int, int] = (200, 160)) -> Image.Image:
    """Soft random patches: no two seeds alike."""
    patches = np.random.default_rng(seed).integers(0, 256, (6, 7, 3)).astype(np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)


def as_jpeg(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=60)
    return Image.open(file)


def of(image: Image.Image) -> np.ndarray:
    return fingerprint(np.asarray(image)).astype(int)


CHANGES = {
    "encoded": as_jpeg,
    "smaller": lambda image: image.resize((160, 128), Image.Resampling.BILINEAR),
    "larger": lambda image: image.resize((250, 200), Image.Resampling.BILINEAR),
    "cropped": lambda image: image.crop((2, 1, 198, 158)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_fingerprint__survives(change: str) -> None:
    image = picture(1)

    difference = np.abs(of(CHANGES[change](image)) - of(image))[: LENGTH - 216]

    assert difference.mean() < 8
    assert np.abs(of(picture(2)) - of(image))[: LENGTH - 216].mean() > 30


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3), (47, 49)])
def test_fingerprint__any_size(size: tuple[int, int]) -> None:
    found = fingerprint(np.asarray(Image.new("RGB", size, (200, 100, 50))))

    assert found.dtype == np.uint8
    assert found.shape == (LENGTH,)
    assert LENGTH <= 1024
    assert (thumbnails(found[None])[0] == (200, 100, 50)).all()


def test_thumbnails__shows_the_picture_in_place() -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32, 32:, 0] = 255

    small = thumbnails(fingerprint(pixels)[None])[0]

    assert small.shape == (16, 16, 3)
    assert (small[:8, 8:, 0] == 255).all()
    assert small.sum() == 64 * 255


def test_histograms__shares_of_the_colours() -> None:
    pixels = np.zeros((60, 60, 3), np.uint8)
    pixels[:, :15] = 255  # a quarter, so half of 255 as a square root

    found = histograms(fingerprint(pixels)[None])[0]

    assert found.shape == (216,)
    assert found[215] == pytest.approx(127.5, abs=1)
    assert found[0] == pytest.approx(255 * 0.75**0.5, abs=1)
    assert np.count_nonzero(found) == 2
