"""The memory of a training, foretold and measured."""

from __future__ import annotations

import sys

import pytest

from springfield.learning.planning.footprint import FIXED, MIB, estimate, measure
from springfield.recipe import Recipe, load_recipe


def _recipe(*settings: str) -> Recipe:
    return load_recipe("default", ("network.width=0.125", "training.precision=float32", *settings))


def test_estimate__grows_with_what_is_looked_at_together() -> None:
    def images(recipe: Recipe, size: int = 64) -> int:
        return estimate(recipe, size=size, classes=3) - FIXED

    whole, twice = images(_recipe("training.batch=64")), images(_recipe("training.batch=128"))
    assert 1.8 < twice / whole < 2.0  # the weights stay
    assert images(_recipe("training.batch=128", "training.micro_batch=64")) == whole
    assert images(_recipe("training.batch=64"), size=128) > 3.5 * whole
    assert images(_recipe("training.batch=64", "network.members=3")) == whole  # one at a time


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems hide it")
def test_measure__stays_below_the_estimate_and_ends_where_there_is_no_room() -> None:
    recipe = _recipe("training.batch=48", "training.micro_batch=48")
    free = measure(recipe, size=160, classes=3, room=None)
    assert free.peak is not None
    assert free.empty + 50 * MIB < free.peak < estimate(recipe, size=160, classes=3)
    assert free.images_per_second > 0
    narrow = measure(recipe, size=160, classes=3, room=free.empty + 40 * MIB)
    assert (narrow.peak, narrow.micro_batch) == (None, 48)
