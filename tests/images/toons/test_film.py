from __future__ import annotations

import io
from random import Random

import numpy as np
from PIL import Image

from springfield.images.toons.film import ERAS, Film, any_film, develop, encode
from springfield.images.toons.people import SKINS

PATCH = Image.new("RGB", (40, 40), (200, 120, 60))


def test_develop__plain_film_changes_nothing() -> None:
    developed = np.asarray(develop(PATCH, Film(), Random(0))).astype(int)
    assert np.abs(developed - np.asarray(PATCH)).max() <= 1


def test_develop__without_saturation_is_grey() -> None:
    developed = np.asarray(develop(PATCH, Film(saturation=0), Random(0))).astype(int)
    assert np.ptp(developed, axis=2).max() <= 1


def test_develop__grain_depends_on_the_random_state_alone() -> None:
    film = Film(grain=0.05)
    one, again, other = (np.asarray(develop(PATCH, film, Random(k))) for k in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()
    assert one.std(axis=(0, 1)).min() > 2


def test_develop__grey_film_is_one_channel() -> None:
    assert develop(PATCH, Film(grey=True), Random(0)).mode == "L"


def test_any_film__shares_add_up() -> None:
    assert abs(sum(share for share, _ in ERAS) - 1) < 1e-9


def test_any_film__skin_never_turns_cartoon_yellow() -> None:
    for seed in range(300):
        film = any_film(Random(seed))
        for skin in SKINS.values():
            patch = develop(Image.new("RGB", (4, 4), skin), film, Random(0)).convert("RGB")
            red, green, blue = (int(v) for v in np.asarray(patch).mean((0, 1)))
            assert not (red > 225 and green > 190 and blue < 90)


def test_encode__mostly_jpeg_of_varying_quality() -> None:
    noise = Image.effect_noise((64, 64), 60).convert("RGB")
    files = [encode(noise, Random(seed)) for seed in range(200)]
    suffixes = [suffix for suffix, _ in files]
    assert 190 < suffixes.count(".jpg") < 200
    assert len({len(content) for _, content in files}) > 5
    with Image.open(io.BytesIO(files[0][1])) as image:
        assert image.size == (64, 64)
