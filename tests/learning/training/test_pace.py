"""How fast this machine trains, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.learning.examples.batches import Examples
from springfield.learning.machine.engine import use_precision
from springfield.learning.training import pace
from springfield.recipe import Finetune, Network, Recipe, Training, load_recipe


def _plan(
    recipe: Recipe, data: tuple[Examples, Examples], speeds: dict[str, float], **keys: object
) -> pace.Plan:
    asked: list[str] = []

    def tried(names: Iterable[str]) -> dict[str, list[float]]:
        asked.extend(names)
        return {name: [1 / speeds[name]] for name in names}

    def measured(recipe: Recipe, data: Examples, precision: str) -> pace.Pace:
        asked.append(precision)
        return pace.Pace(precision, speeds[precision], 2 * speeds[precision])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pace, "_by_turns", tried)
        patch.setattr(pace, "measure_pace", measured)
        plan = pace.plan_run(
            replace(recipe, training=replace(recipe.training, **keys)),  # type: ignore[arg-type]
            *data,
        )
    use_precision("float32")  # as it was
    assert set(asked) == set(speeds)
    return plan


def test_plan_run__takes_the_faster_precision_and_fills_the_time(
    stripes: tuple[Examples, Examples], small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "is_avx2_alone", lambda: False)
    plan = _plan(
        small_recipe,
        stripes,
        {"float32": 10.0, "mixed_bfloat16": 20.0},
        precision="measured",
        minutes=1.0,
    )
    assert plan.precision == "mixed_bfloat16"
    assert plan.validate_every == 5  # four times in the 22 epochs that there would be otherwise
    assert plan.epochs == 26  # 54 s for 1080 images, 40 (5 batches of 8) and 16 / 2 / 5 an epoch
    assert plan.save_every == 150


def test_precisions__bfloat16_is_no_choice_where_it_would_be_emulated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for alone, choice in ((True, ("float32",)), (False, ("float32", "mixed_bfloat16"))):
        monkeypatch.setattr(pace, "is_avx2_alone", lambda alone=alone: alone)
        assert pace.precisions(Recipe()) == choice
        named = Recipe(training=Training(precision="mixed_bfloat16"))
        assert pace.precisions(named) == ("mixed_bfloat16",)


def test_plan_run__no_rate_is_found_where_only_the_last_block_is_trained(
    stripes: tuple[Examples, Examples], small_recipe: Recipe
) -> None:
    recipe = replace(
        small_recipe,
        network=Network(name="mobilenetv2", weights="imagenet"),
        finetune=Finetune(whole=False, top_epochs=2),
        training=replace(small_recipe.training, learning_rate=0.0),
    )
    with pytest.raises(RecipeError, match="name one for the last block"):
        pace.plan_run(recipe, *stripes)


def test_plan_run__a_named_precision_and_number_of_epochs_are_kept(
    stripes: tuple[Examples, Examples], small_recipe: Recipe
) -> None:
    plan = _plan(small_recipe, stripes, {"float32": 10.0}, epochs=7)
    assert (plan.precision, plan.epochs) == ("float32", 7)


def test_plan_run__stays_between_the_shortest_and_the_longest(
    stripes: tuple[Examples, Examples], small_recipe: Recipe
) -> None:
    assert _plan(small_recipe, stripes, {"float32": 0.01}).epochs == pace.SHORTEST
    assert _plan(small_recipe, stripes, {"float32": 1e6}).epochs == pace.LONGEST


def test_measure_pace__of_growing_images_lies_between_the_small_and_the_whole_ones(
    stripes: tuple[Examples, Examples], small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image of 32 px costs a second, one of 64 px five, and one of 48 px lies between."""
    costs = {32: 1.0, 64: 5.0}
    monkeypatch.setattr(pace, "_seconds_an_image", lambda *given: costs[given[-1]])
    large = stripes[0].images.repeat(2, axis=1).repeat(2, axis=2)
    found = pace.measure_pace(small_recipe, replace(stripes[0], images=large), "float32")
    middle = np.interp(48**2, [32**2, 64**2], [1, 5])
    assert 1 / found.images_per_second == pytest.approx(
        0.375 * 1 + 0.375 * middle + 0.25 * 5, rel=0.02
    )


def test_plan_run__measures_the_real_thing(
    stripes: tuple[Examples, Examples], small_recipe: Recipe
) -> None:
    plan = pace.plan_run(small_recipe, *stripes)
    assert plan.images_per_second > 0
    assert plan.answers_per_second > 0


def test_plan_at__a_folder_smaller_than_a_batch_has_its_own_number_of_images(
    stripes: tuple[Examples, Examples], small_recipe: Recipe
) -> None:
    training = replace(small_recipe.training, batch=64, minutes=1.0)
    recipe, few = replace(small_recipe, training=training), stripes[0].where(np.arange(24))
    assert few.images_trained(recipe) == 24
    measured = pace.Pace("float32", images_per_second=24.0, answers_per_second=np.inf)
    assert pace.plan_at(recipe, measured, few.images_trained(recipe), 0).epochs == 54


@pytest.mark.parametrize(
    ("images", "held_out", "first_side", "apart"),
    [
        (5140, 734, 1.0, 3),  # 4.8 % of the work if it were after every epoch
        (5140, 734, 0.5, 4),
        (2170, 1256, 1.0, 10),
        (5140, 100, 1.0, 1),
        (5140, 0, 1.0, 1),
    ],
)
def test_epochs_apart__validation_takes_a_fiftieth_of_the_work(
    images: int, held_out: int, first_side: float, apart: int
) -> None:
    recipe = Recipe(training=Training(first_side=first_side))
    assert pace.epochs_apart(recipe, images, held_out) == apart


def test_epochs_apart__images_that_normalisation_is_taken_from_are_looked_at_as_well() -> None:
    settings = ("finetune.batch_norm=recalibrated", "training.first_side=1")
    recipe = load_recipe("full-marks", settings)
    assert pace.epochs_apart(recipe, 5140, 100) == 7  # 2,148 images


def test_plan_at__validates_each_of_few_epochs_and_wherever_it_may_stop_early() -> None:
    fast = pace.Pace("float32", images_per_second=100.0, answers_per_second=400.0)
    for keys, every in (
        ({"epochs": 60}, 10),
        ({"epochs": 18}, 4),
        ({"epochs": 7}, 1),
        ({"epochs": 60, "patience": 5}, 1),
    ):
        recipe = Recipe(training=Training(first_side=1.0, **keys))
        assert pace.plan_at(recipe, fast, 2170, 1256).validate_every == every


def test_median_of__what_was_made_ahead_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four batches were ready after the graph was made; the fifth has to be waited for."""
    takes = [*[0.001] * 4, *[0.02] * 3]
    now = iter(np.cumsum([0.0, *(x for t in takes for x in (t, 0.0))]).tolist())
    monkeypatch.setattr(pace, "TRIAL_STEPS", 8)
    monkeypatch.setattr(pace.time, "perf_counter", lambda: next(now))
    assert pace._median_of(lambda: None) == pytest.approx(0.02)


def test_by_turns__what_slows_the_machine_slows_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other work triples the time of every step at first; the second kind is the slower one."""
    clock, taken = [0.0], []

    def step(name: str, seconds: float) -> None:
        taken.append(name)
        clock[0] += seconds * (3 if len(taken) <= 10 else 1)

    monkeypatch.setattr(pace.time, "perf_counter", lambda: clock[0])
    found = pace._by_turns({"a": partial(step, "a", 0.1), "b": partial(step, "b", 0.2)})
    assert taken == ["a", "b"] * (len(taken) // 2)
    assert np.array(found["b"]) == pytest.approx(2 * np.array(found["a"]))
    assert min(found, key=lambda name: pace._late_median(found[name])) == "a"


def test_by_turns__what_is_hopeless_at_once_is_not_done_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [0.0]

    def step(seconds: float) -> None:
        clock[0] += seconds

    monkeypatch.setattr(pace.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(pace, "TRIAL_SECONDS", 100)
    steps = {"a": partial(step, 1.0), "b": partial(step, 2.0), "c": partial(step, 9.0)}
    found = pace._by_turns(steps)
    assert [len(found[name]) for name in "abc"] == [pace.TRIAL_STEPS - 1] * 2 + [2]
    assert [len(each) for each in pace._by_turns({"a": steps["a"], "c": steps["c"]}).values()] == [
        2,
        2,
    ]


def test_by_turns__a_step_that_was_held_up_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, taken = [0.0], []

    def step(seconds: float) -> None:
        taken.append(seconds)
        clock[0] += seconds + (5 if len(taken) == 3 else 0)  # the first that is timed

    monkeypatch.setattr(pace.time, "perf_counter", lambda: clock[0])
    found = pace._by_turns({"a": partial(step, 0.1), "b": partial(step, 0.2)})
    assert found["a"][0] == pytest.approx(5.1)
    assert min(found, key=lambda name: pace._late_median(found[name])) == "a"
