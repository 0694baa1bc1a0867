"""Variations of training images."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from springfield.learning.examples.augment import GREY, as_far_as, draw_epoch, vary
from springfield.recipe import Augment

STILL = Augment(
    rotate=0, zoom=0, shift=0, stretch=0, flip=False, light=0, colour=0, cutout=0, mixup=0
)
IMAGE = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)


def _varied(augment: Augment, place: int = 0) -> np.ndarray:
    return vary(IMAGE, draw_epoch(20, augment, seed=3, epoch=1), place, 32)


def test_vary__with_everything_off_is_the_image_itself() -> None:
    np.testing.assert_array_equal(_varied(STILL), IMAGE)


def test_vary__at_half_the_side_is_the_mean_of_four_pixels() -> None:
    varied = vary(IMAGE, draw_epoch(1, STILL, seed=3, epoch=1), 0, 16)
    means = IMAGE.reshape(16, 2, 16, 2, 3).mean(axis=(1, 3))
    assert varied.shape == (16, 16, 3)
    assert np.abs(varied - means).max() <= 1


def test_vary__at_another_side_moves_the_picture_as_far() -> None:
    """Of a soft picture, which has nothing finer than the pixels of the smaller one."""
    soft = cv2.resize(IMAGE[:4, :4], (64, 64), interpolation=cv2.INTER_CUBIC)
    draws = draw_epoch(20, replace(Augment(), cutout=0, light=0, colour=0), seed=3, epoch=1)
    for place in range(20):
        whole = cv2.resize(vary(soft, draws, place, 64), (32, 32), interpolation=cv2.INTER_AREA)
        difference = np.abs(whole.astype(int) - vary(soft, draws, place, 32))
        assert np.median(difference) <= 2


def test_vary__flip_alone_mirrors_half_of_the_images() -> None:
    flips = [
        np.array_equal(_varied(replace(STILL, flip=True), i), IMAGE[:, ::-1]) for i in range(20)
    ]
    same = [np.array_equal(_varied(replace(STILL, flip=True), i), IMAGE) for i in range(20)]
    assert sum(flips) + sum(same) == 20
    assert 3 <= sum(flips) <= 17


def test_vary__cutout_hides_a_grey_square_and_nothing_else() -> None:
    varied = _varied(replace(STILL, cutout=0.5), place=4)
    changed = (varied != IMAGE).any(axis=2)
    assert changed.any()
    assert (varied[changed] == GREY).all()


def test_vary__light_keeps_shapes_and_changes_levels() -> None:
    varied = _varied(replace(STILL, light=0.3), place=1).astype(float)
    inside = (varied > 5) & (varied < 250)
    line = np.polyfit(IMAGE[inside].astype(float), varied[inside], 1)
    assert np.abs(np.polyval(line, IMAGE[inside].astype(float)) - varied[inside]).max() < 1.5
    assert abs(line[0] - 1) > 0.01 or abs(line[1]) > 1


@pytest.mark.parametrize(
    ("epochs", "share"), [(1, 0.0), (6, 0.0), (18, 0.5), (30, 1.0), (200, 1.0)]
)
def test_as_far_as__few_epochs_vary_images_less(epochs: int, share: float) -> None:
    mixed = Augment(mixup=0.2, cutmix=0.5, full_from=30)
    found = as_far_as(mixed, epochs)
    assert (found.rotate, found.cutout) == pytest.approx((15 * share, 0.35 * share))
    assert (found.mixup, found.cutmix) == pytest.approx((0.2 * share, 0.5 * share))
    assert found.flip
    assert as_far_as(replace(mixed, full_from=0), epochs).rotate == 15


def test_draw_epoch__is_a_function_of_seed_and_epoch() -> None:
    one, again = (draw_epoch(5, Augment(), seed=1, epoch=2) for _ in range(2))
    other = draw_epoch(5, Augment(), seed=1, epoch=3)
    np.testing.assert_array_equal(one.warp, again.warp)
    assert not np.array_equal(one.warp, other.warp)


def test_draw_epoch__mixing_leaves_all_else_as_it_was() -> None:
    plain, mixed = (
        draw_epoch(5, replace(Augment(), mixup=a, cutmix=a), seed=1, epoch=2) for a in (0.0, 1.0)
    )
    for part in ("warp", "colour", "hide"):
        np.testing.assert_array_equal(getattr(plain, part), getattr(mixed, part))


@pytest.mark.parametrize("part", ["rotate", "zoom", "shift", "stretch", "colour"])
def test_vary__each_part_changes_the_image(part: str) -> None:
    assert not np.array_equal(
        _varied(replace(STILL, **{part: 0.4 if part != "rotate" else 20})), IMAGE
    )
