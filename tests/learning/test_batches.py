"""From the store to the network."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from springfield.learning.batches import Examples, epoch_batches
from springfield.recipe import Recipe, load_recipe

IMAGES = np.random.default_rng(0).integers(0, 256, (50, 16, 16, 3), dtype=np.uint8)
RECIPE = load_recipe("default", ("training.batch=8", "augment.mixup=0.4"))


def _examples() -> Examples:
    rows = np.arange(5, 45)
    return Examples(IMAGES, rows, np.repeat([0, 1], [30, 10]), ("a", "b"))


def _epoch(recipe: Recipe, epoch: int, first_step: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(epoch_batches(_examples(), recipe, epoch=epoch, first_step=first_step))


def test_epoch_batches__shapes() -> None:
    batches = _epoch(RECIPE, 0)
    assert len(batches) == _examples().steps(RECIPE) == 5
    for images, targets in batches:
        assert images.shape == (8, 16, 16, 3)
        assert images.dtype == np.uint8
        assert targets.shape == (8, 2)
        np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)


def test_epoch_batches__from_the_middle_are_the_same_batches() -> None:
    whole, rest = _epoch(RECIPE, 3), _epoch(RECIPE, 3, first_step=2)
    assert len(rest) == 3
    for (a, s), (b, t) in zip(whole[2:], rest, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(s, t)


def test_epoch_batches__a_folder_smaller_than_a_batch_makes_one_step() -> None:
    large = replace(RECIPE, training=replace(RECIPE.training, batch=64))
    assert [len(images) for images, _ in _epoch(large, 0)] == [40]


def test_epoch_batches__reads_only_the_rows_it_was_given() -> None:
    still = ("rotate", "zoom", "shift", "stretch", "light", "colour", "cutout", "mixup")
    recipe = load_recipe(
        "default", (*(f"augment.{k}=0" for k in still), "augment.flip=false", "training.batch=8")
    )
    seen = {image.tobytes() for images, _ in _epoch(recipe, 0) for image in images}
    assert seen == {image.tobytes() for image in IMAGES[5:45]}


def test_epoch_batches__an_error_in_the_thread_reaches_the_reader() -> None:
    broken = replace(_examples(), rows=np.arange(100, 140))
    with pytest.raises(IndexError):
        list(epoch_batches(broken, RECIPE, epoch=0))


def test_epoch_batches__a_reader_who_leaves_ends_the_thread() -> None:
    before = threading.active_count()
    reader = epoch_batches(_examples(), RECIPE, epoch=0)
    next(reader)
    reader.close()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(timeout=5)
    assert threading.active_count() <= before
