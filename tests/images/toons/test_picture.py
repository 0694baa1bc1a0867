from __future__ import annotations

import io
from random import Random

import numpy as np
from PIL import Image

from springfield.images.toons.census import TOWNSFOLK, all_jobs
from springfield.images.toons.picture import LARGEST, any_scene, any_size, draw_picture, picture_of
from springfield.images.toons.scenery import FOREGROUNDS, PLACES
from springfield.images.toons.town import TOWN


def test_picture_of__function_of_its_arguments_alone() -> None:
    first = picture_of("milo_finch", 5, 1)
    picture_of("old_pim", 0, 1)
    assert picture_of("milo_finch", 5, 1) == first
    others = [("milo_finch", 6, 1), ("milo_finch", 5, 2), ("kirby_wexler", 5, 1)]
    assert all(picture_of(*other) != first for other in others)


def test_picture_of__everybody_can_be_drawn() -> None:
    for name in TOWNSFOLK:
        suffix, content = picture_of(name, 1, 3)
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            assert image.format == {".jpg": "JPEG", ".png": "PNG"}[suffix]
            assert min(image.size) >= 150


def test_picture_of__one_has_the_largest_size() -> None:
    _, content = picture_of("hollis_pepperell", 0, 0)
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == LARGEST == (1072, 1912)


def test_any_size__mean_of_the_original() -> None:
    sizes = [any_size(Random(f"0/{name}/{number}")) for name, number in all_jobs(1.0)]
    width, height = np.mean(sizes, axis=0)
    assert abs(width - 416) < 4
    assert abs(height - 409) < 4
    assert np.max(sizes, axis=0)[0] <= LARGEST[0]
    assert np.max(sizes, axis=0)[1] < LARGEST[1]


def test_draw_picture__shots_of_a_scene_differ() -> None:
    shots = [_small(draw_picture("silas_hobbs", number, 0, (320, 240))) for number in range(12)]
    for one in range(12):
        for other in range(one):
            assert np.abs(shots[one] - shots[other]).mean() > 8


def _small(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB").resize((16, 16), Image.Resampling.BOX), dtype=float)


def test_any_scene__clothes_change_now_and_then() -> None:
    outfits = [any_scene("rafi_zaman", Random(k)).outfit for k in range(200)]
    own = sum(outfit == TOWN["rafi_zaman"].outfit for outfit in outfits)
    assert 0.7 < own / 200 < 0.9


def test_places__all_draw_themselves_alike_twice() -> None:
    from springfield.images.toons.ink import Canvas, Pen

    for place in (*PLACES.values(), *FOREGROUNDS):
        drawn = []
        for _ in range(2):
            canvas = Canvas.blank(160, 120)
            place(Pen(canvas, ink=(20, 20, 20), weight=1, unit=120), 160 / 120, Random(4))
            drawn.append(np.asarray(canvas.image))
        assert (drawn[0] == drawn[1]).all()
        assert drawn[0].std() > 5
