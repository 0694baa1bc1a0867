"""A batch in parts takes the very step of the whole batch."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from springfield.learning.machine import engine
from springfield.learning.machine.card import ON_TENSORFLOW
from springfield.learning.model.optimizers import BlockRates, build_optimizer
from springfield.learning.training.accumulation import InParts, train_step
from springfield.learning.training.fitting import compile_network
from springfield.recipe import Recipe, load_recipe

BATCH, STEPS = 16, 4
RECIPES = {
    "one-cycle and average": (),
    "momentum": ("training.optimizer=sgd", "training.ema=0"),
    "adam": ("training.optimizer=adam", "training.schedule=constant"),
}


def _recipe(micro_batch: int, *settings: str) -> Recipe:
    words = (f"training.batch={BATCH}", f"training.micro_batch={micro_batch}", *settings)
    return load_recipe("default", words)


def _network(recipe: Recipe) -> keras.Model:
    """A network without batch normalisation and dropout: nothing in it hangs on the batch."""
    engine.start(seed=0, deterministic=True)
    model = keras.Sequential([
        keras.Input((16, 16, 3), dtype="uint8"), keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten(),
        keras.layers.Dense(3),
    ])  # fmt: skip
    compile_network(model, recipe, counts=np.array([9, 5, 2]), steps=STEPS)
    return model


def _trained(
    model: keras.Model, recipe: Recipe, *, weighed: bool
) -> tuple[list[np.ndarray], list[float]]:
    """All variables, those of the optimizer among them, and what the steps said."""
    step, random, said = train_step(model, recipe.training), np.random.default_rng(0), []
    for _ in range(STEPS):
        images = random.integers(0, 256, (BATCH, 16, 16, 3), dtype=np.uint8)
        targets = np.eye(3, dtype=np.float32)[random.integers(0, 3, BATCH)]
        own = random.random(BATCH).astype(np.float32) if weighed else None
        said += step(images, targets, own)
    step.hand_back()
    variables = [*model.variables, *model.optimizer.variables]
    return [np.asarray(variable) for variable in variables], said


def _check_alike(
    one: tuple[list[np.ndarray], list[float]], two: tuple[list[np.ndarray], list[float]]
) -> None:
    np.testing.assert_allclose(one[1], two[1], rtol=1e-6)
    for a, b in zip(one[0], two[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("kind", RECIPES)
@pytest.mark.parametrize("micro_batch", [8, 5])  # halves; parts of 4
def test_train_step__in_parts_ends_at_the_weights_of_the_whole_batch(
    kind: str, micro_batch: int
) -> None:
    found = []
    for together in (0, micro_batch):
        recipe = _recipe(together, *RECIPES[kind])
        found.append(_trained(_network(recipe), recipe, weighed=kind == "adam"))
    _check_alike(*found)


def test_train_step__in_uneven_parts_every_image_weighs_the_same() -> None:
    found = []
    for together in (0, 7):  # parts of 6, 5 and 5
        recipe = _recipe(together)
        found.append(_trained(_network(recipe), recipe, weighed=True))
    _check_alike(*found)


def test_train_step__in_parts_keeps_the_rates_of_blocks() -> None:
    found = []
    for together in (0, 4):
        recipe = _recipe(together)
        model = _network(recipe)
        rates = BlockRates((1, 1, 0, 0), decay=0.3, thaw=0.5, steps=STEPS)
        model.optimizer = build_optimizer(recipe.training, STEPS, rates)
        model.optimizer.build(model.trainable_variables)
        found.append(_trained(model, recipe, weighed=False))
    _check_alike(*found)


@pytest.mark.skipif(not ON_TENSORFLOW, reason="elsewhere one kind of step does both")
@pytest.mark.parametrize(("micro_batch", "in_parts"), [(0, False), (16, False), (15, True)])
def test_train_step__only_what_does_not_fit_is_parted(micro_batch: int, in_parts: bool) -> None:
    recipe = _recipe(micro_batch)
    assert isinstance(train_step(_network(recipe), recipe.training), InParts) == in_parts
