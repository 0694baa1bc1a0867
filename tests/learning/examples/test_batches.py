"""From the store to the network."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import Catalog
from springfield.images.split import assign_parts
from springfield.learning.examples.balance import cap_training
from springfield.learning.examples.batches import Examples, epoch_batches, examples_of
from springfield.recipe import Balance, Recipe, Split, load_recipe
from springfield.recipe_limits import CHOICES

IMAGES = np.random.default_rng(0).integers(0, 256, (50, 16, 16, 3), dtype=np.uint8)
RECIPE = load_recipe(
    "default", ("training.batch=8", "augment.mixup=0.4", "augment.cutmix=1", "augment.remix=true")
)


def _examples() -> Examples:
    rows = np.arange(5, 45)
    return Examples(IMAGES, rows, np.repeat([0, 1], [30, 10]), ("a", "b"))


def _epoch(recipe: Recipe, epoch: int, first_step: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(epoch_batches(_examples(), recipe, epoch=epoch, epochs=4, first_step=first_step))


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


def test_epoch_batches__sampling_begins_where_it_was_deferred_to() -> None:
    augment = replace(RECIPE.augment, mixup=0.0, cutmix=0.0)
    late = replace(RECIPE, balance=Balance(sampling="uniform", deferred=0.5), augment=augment)
    rare = [sum(targets[:, 1].sum() for _, targets in _epoch(late, epoch)) for epoch in range(4)]
    assert rare == [10, 10, 20, 20]


def test_epoch_batches__remix_favours_the_rarer_class() -> None:
    plain = replace(RECIPE, augment=replace(RECIPE.augment, remix=False))
    shares = [
        sum(targets[:, 1].sum() for epoch in range(4) for _, targets in _epoch(recipe, epoch)) / 160
        for recipe in (plain, RECIPE)
    ]
    assert shares[0] == pytest.approx(0.25, abs=0.02)  # a quarter of the images
    assert shares[1] > shares[0] + 0.02


@pytest.mark.parametrize("sampling", CHOICES["balance.sampling"])
def test_epoch_batches__as_many_in_every_epoch(sampling: str) -> None:
    balance = Balance(sampling=sampling, deferred=0.4, threshold=17)
    recipe = replace(RECIPE, balance=balance)
    n = _examples().epoch_length(recipe)
    assert n == 47
    assert [len(_epoch(recipe, epoch)) for epoch in range(4)] == [n // 8] * 4


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
        list(epoch_batches(broken, RECIPE, epoch=0, epochs=1))


def test_epoch_batches__a_reader_who_leaves_ends_the_thread() -> None:
    before = threading.active_count()
    reader = epoch_batches(_examples(), RECIPE, epoch=0, epochs=1)
    next(reader)
    reader.close()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(timeout=5)
    assert threading.active_count() <= before


@pytest.mark.parametrize("seed", range(5))
def test_epoch_batches__no_source_near_duplicate_or_copy_of_a_held_out_image(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 300
    catalog = Catalog(
        Path(),
        {
            "path": np.array([f"{i}.jpg" for i in range(n)]),
            "label": random.choice(["a", "b", "c"], n, p=[0.8, 0.15, 0.05]),
            "group": random.integers(0, 150, n),
            "reason": np.full(n, ""),
        },
    )
    catalog = cap_training(assign_parts(catalog, Split()), 60, seed)
    # every image shows the number of its row in its colour
    images = np.zeros((n, 4, 4, 3), np.uint8)
    images[..., 0] = (np.arange(n) % 256)[:, None, None]
    images[..., 1] = (np.arange(n) // 256)[:, None, None]
    data = examples_of(catalog, images, "train")
    recipe = load_recipe("original", ("balance.threshold=100", "training.batch=16"))
    seen = {
        int(image[0, 0, 0]) + 256 * int(image[0, 0, 1])
        for epoch in range(3)
        for batch, _ in epoch_batches(data, recipe, epoch=epoch, epochs=3)
        for image in batch
    }
    held_out = set(catalog["group"][np.isin(catalog["part"], ["val", "test"])].tolist())
    assert held_out
    assert len(seen) > 60
    assert not held_out & {int(catalog["group"][row]) for row in seen}
