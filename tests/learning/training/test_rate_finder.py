"""The range test: what it says of curves that are known, and that it leaves nothing behind."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import keras
import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.learning.examples.augment import as_far_as
from springfield.learning.examples.batches import Examples
from springfield.learning.machine import engine
from springfield.learning.training import pace, rate_finder
from springfield.learning.training.fitting import Plan, fresh_network
from springfield.learning.training.rate_finder import RateTest, find_rate, judge, smoothed
from springfield.recipe import Recipe

RATES = 1e-5 * 10 ** (np.arange(110) / rate_finder.PER_DECADE)


def curve(rates: np.ndarray, edge: float, noise: float, seed: int) -> list[float]:
    """Falls from 3.5 to 2.9 around 1e-4, and rises from `edge` on."""
    place = np.log10(rates)
    losses = 3.5 - 0.6 / (1 + np.exp(-6 * (place + 4)))
    losses += np.maximum(0, 3 * (place - np.log10(edge)))
    return list(losses + noise * np.random.default_rng(seed).normal(size=len(rates)))


@pytest.mark.parametrize("edge", [3e-3, 1e-2, 3e-2])
@pytest.mark.parametrize("seed", range(5))
def test_judge__takes_a_quarter_of_the_edge_whatever_the_noise(edge: float, seed: int) -> None:
    found = judge(list(RATES), curve(RATES, edge, 0.15, seed))
    assert edge / 2 < found.high < edge * 2.5
    assert found.learning_rate == pytest.approx(found.high / 4, rel=0.06)  # two digits
    assert found.low < found.high


def test_judge__is_not_misled_by_a_second_valley() -> None:
    losses = np.array(curve(RATES, 1e-2, 0.1, 0))
    losses[-15:] = 2.5
    assert 5e-3 < judge(list(RATES), list(losses)).high < 2.5e-2


def test_judge__finds_the_steepest_descent_where_there_is_no_noise() -> None:
    assert judge(list(RATES), curve(RATES, 1e-2, 0, 0)).low == pytest.approx(1e-4, rel=0.3)


def test_judge__passes_over_what_is_no_number() -> None:
    losses = curve(RATES, 1e-2, 0, 0)
    whole = judge(list(RATES), losses)
    assert judge([*RATES, 1.0], [*losses, float("nan")]) == whole


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_judge__a_loss_that_never_falls_is_told(noise: float) -> None:
    random = np.random.default_rng(0)
    losses = np.linspace(3, 3.5, len(RATES)) + noise * random.normal(size=len(RATES))
    with pytest.raises(RecipeError, match="the loss falls at no rate"):
        judge(list(RATES), list(losses))


def test_smoothed__leaves_a_straight_line_straight_and_weighs_neighbours() -> None:
    flat = smoothed(RATES, np.full(len(RATES), 2.0))
    assert flat == pytest.approx(np.full(len(RATES), 2.0))
    spike = np.zeros(len(RATES))
    spike[50] = 1
    assert smoothed(RATES, spike).argmax() == 50
    assert smoothed(RATES, spike)[50] < 0.1


@pytest.fixture(scope="module")
def found(stripes: tuple[Examples, Examples], small_recipe: Recipe) -> RateTest:
    engine.start(seed=0, deterministic=True)
    return find_rate(small_recipe, "float32", stripes[0])


def test_find_rate__stops_soon_after_the_loss_began_to_rise(found: RateTest) -> None:
    assert found.rates[-1] < rate_finder.HIGHEST / 2
    assert found.rates[-rate_finder.AFTER - 2] <= found.high
    assert 1e-4 < found.learning_rate < 0.3


def test_plan_run__finds_the_rate_again_and_leaves_nothing_changed(
    stripes: tuple[Examples, Examples],
    small_recipe: Recipe,
    found: RateTest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stepped() -> list[np.ndarray]:
        model = fresh_network(small_recipe, Plan("float32", 0, 1, 1), stripes[0])
        model.train_on_batch(stripes[0].images[:8], np.eye(2)[stripes[0].labels[:8]])
        return [np.asarray(weight) for weight in model.get_weights()]

    measured = pace.Pace("float32", images_per_second=100.0, answers_per_second=200.0)
    monkeypatch.setattr(pace, "measure_pace", lambda *_: measured)
    assert pace.plan_run(small_recipe, *stripes).rate_test is None
    unnamed = replace(small_recipe, training=replace(small_recipe.training, learning_rate=0.0))
    before = stepped()
    plan = pace.plan_run(unnamed, *stripes)
    assert plan.rate_test == asdict(found)
    assert all(np.array_equal(a, b) for a, b in zip(before, stepped(), strict=True))
    assert keras.config.dtype_policy().name == "float32"
    kept = Plan(**json.loads(json.dumps(asdict(plan))))
    named = replace(unnamed.training, learning_rate=found.learning_rate)
    assert kept == plan
    assert kept.settle(unnamed).training == named


def test_settle__a_plan_without_a_rate_test_keeps_the_recipes(
    small_recipe: Recipe,
) -> None:
    plan = Plan(precision="float32", images_per_second=9.5, epochs=3, save_every=2)
    settled = plan.settle(small_recipe)
    assert settled.training == small_recipe.training
    assert settled == replace(small_recipe, augment=as_far_as(small_recipe.augment, 3))
