"""Resizing: early steps learn from smaller images, in a fraction of the time.

What a network learns first can be seen on a small image as well ("progressive resizing", as in the
entries to DAWNBench of Howard et al. 2018; Tan & Le 2021, "EfficientNetV2"). The time that is saved
goes into more epochs.
"""

from __future__ import annotations

import math

import keras

from springfield.learning.machine.engine import compile_with
from springfield.recipe import Recipe

GROWN = 0.75  # share of the run from which on images have their whole side
SIDES = 3  # or so, before the whole one: each costs a graph of its own
GRAIN = 16  # pixels; sides are multiples of it, since networks halve them four or five times
LEAST = 32  # pixels


def side_of(recipe: Recipe, size: int, done: float) -> int:
    """Side in pixels of the images that a step learns from.

    Args:
        recipe: says at which share of the side training begins.
        size: side of the images in the store.
        done: share of the run's steps before this one.
    """
    first = recipe.first_side
    if first == 1 or done >= GROWN:
        return size
    begin = max(LEAST, math.ceil(size * first / GRAIN) * GRAIN)
    grain = GRAIN * max(1, round((size - begin) / SIDES / GRAIN))
    grown = int(size * (first + (1 - first) * done / GROWN))
    return min(size, begin + max(0, grown - begin) // grain * grain)


def sides_of(recipe: Recipe, size: int, *, epoch: int, epochs: int, steps: int) -> list[int]:
    """Sides of an epoch's images, step by step; see `side_of`."""
    return [side_of(recipe, size, (epoch + step / steps) / epochs) for step in range(steps)]


def mean_pixels(recipe: Recipe) -> float:
    """Of the images that a run learns from, as a share of the whole ones; grain left aside."""
    first = recipe.first_side
    return GROWN * (1 + first + first**2) / 3 + 1 - GROWN


def at_side(model: keras.Model, side: int) -> keras.Model:
    """The same compiled network for images of another side: same weights, same optimizer."""
    if side == model.input_shape[1]:
        return model
    images = keras.Input((side, side, 3), dtype="uint8", name="images")
    other = keras.Model(images, model.call(images))  # `call` does not insist on the side
    compile_with(other, model.optimizer, model.loss)
    return other
