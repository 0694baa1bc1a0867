"""Smaller images in the first epochs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from springfield.learning.examples.batches import Examples, epoch_batches
from springfield.learning.machine import engine
from springfield.learning.model.networks import NETWORKS, build_network
from springfield.learning.training.accumulation import train_step
from springfield.learning.training.fitting import Fitting, Plan, fresh_network
from springfield.learning.training.resizing import at_side, side_of
from springfield.recipe import Recipe, load_recipe
from springfield.recipe_limits import ONE_SIDE

PLAN = Plan("float32", images_per_second=0.0, epochs=4, save_every=2)


def _sides(size: int, steps: int, *settings: str) -> list[int]:
    recipe = load_recipe("default", settings)
    return [side_of(recipe, size, step / steps) for step in range(steps)]


def test_side_of__grows_from_half_to_the_whole() -> None:
    assert _sides(96, 12) == [48] * 3 + [64] * 3 + [80] * 3 + [96] * 3
    assert _sides(64, 12) == [32] * 5 + [48] * 4 + [64] * 3
    assert _sides(50, 12) == [32] * 9 + [50] * 3
    assert _sides(80, 4)[0] == 48  # never less than half: variations would pass over points


@pytest.mark.parametrize("steps", [4, 7, 150])
@pytest.mark.parametrize("size", [8, 32, 33, 64, 128, 224, 1024])
def test_side_of__never_falls_takes_few_graphs_and_ends_with_the_whole(
    size: int, steps: int
) -> None:
    sides = _sides(size, steps)
    assert sides == sorted(sides)
    assert sides[-1] == size
    assert len(set(sides)) <= 5
    assert all(side == size or side % 16 == 0 for side in sides)


def test_side_of__stays_where_it_is_off_or_the_network_knows_one_side_only() -> None:
    assert set(_sides(96, 12, "training.first_side=1")) == {96}
    assert set(_sides(96, 12, "network.name=original")) == {96}


@pytest.fixture(scope="module")
def larger(stripes: tuple[Examples, Examples]) -> tuple[Examples, Examples]:
    """The stripes at 64 px, which begin at 32."""
    return tuple(  # type: ignore[return-value]
        replace(part, images=part.images.repeat(2, axis=1).repeat(2, axis=2)) for part in stripes
    )


@pytest.fixture
def growing(small_recipe: Recipe) -> Recipe:
    return replace(small_recipe, training=replace(small_recipe.training, first_side=0.5))


def _fitting(data: tuple[Examples, Examples], recipe: Recipe, folder: Path) -> Fitting:
    engine.start(seed=recipe.training.seed, deterministic=True)
    return Fitting(fresh_network(recipe, PLAN, data[0]), *data, recipe, PLAN, folder)


def test_at_side__takes_the_step_of_the_network_itself(
    larger: tuple[Examples, Examples], growing: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told that the network is of another side, it makes a second one of the same layers."""
    found = []
    for side in (64, -1):
        engine.start(seed=3, deterministic=True)
        model = fresh_network(growing, PLAN, larger[0])
        images, targets = next(iter(epoch_batches(larger[0], growing, epoch=0, epochs=1)))
        with monkeypatch.context() as patch:
            patch.setattr(type(model), "input_shape", (None, side, side, 3))
            other = at_side(model, 64)
        assert (other is model) == (side == 64)
        step = train_step(other, growing.training)
        lost = step(images, targets)
        step.hand_back()
        found.append([lost, *model.get_weights(), *model.optimizer.variables])
    for one, two in zip(*found, strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("name", NETWORKS)
def test_at_side__is_made_of_every_network_that_grows(name: str) -> None:
    recipe = load_recipe("default", (f"network.name={name}",))
    model = build_network(recipe.network, size=64, classes=2)
    model.compile("sgd", "mse")
    side = side_of(recipe, 64, 0.0)
    assert side == (64 if name in ONE_SIDE else 32)
    assert at_side(model, side).output_shape == (None, 2)


class Watched:
    """Asks to stop after a number of steps."""

    def __init__(self, after: int = 10**9) -> None:
        self.left = after

    def on_step(self, progress: object, steps: int) -> None:
        self.left -= 1

    def on_epoch(self, progress: object) -> None:
        """Nothing to do."""

    def wants_stop(self) -> bool:
        return self.left <= 0


def test_run__grows_and_stopped_anywhere_ends_at_the_same_weights(
    larger: tuple[Examples, Examples], growing: Recipe, tmp_path: Path
) -> None:
    whole = _fitting(larger, growing, tmp_path / "whole")
    assert whole.run(Watched())
    assert [record["side"] for record in whole.progress.history] == [32, 48, 48, 64]
    steps = whole.train.steps(growing)
    for stop in (1, steps, 2 * steps + 1):
        folder = tmp_path / str(stop)
        assert not _fitting(larger, growing, folder).run(Watched(after=stop))
        resumed = _fitting(larger, growing, folder)
        assert resumed.run(Watched())
        for one, two in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)


def test_run__in_parts_grows_as_well(
    larger: tuple[Examples, Examples], growing: Recipe, tmp_path: Path
) -> None:
    parted = replace(growing, training=replace(growing.training, micro_batch=4))
    fitting = _fitting(larger, parted, tmp_path)
    before = fitting.model.get_weights()
    assert fitting.run(Watched())
    assert [record["side"] for record in fitting.progress.history] == [32, 48, 48, 64]
    assert fitting.progress.history[-1]["loss"] < fitting.progress.history[0]["loss"]
    assert any(
        not np.array_equal(a, b) for a, b in zip(before, fitting.model.get_weights(), strict=True)
    )
