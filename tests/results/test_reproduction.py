"""The rows, fitted to the images there are, and what their runs add up to."""

from __future__ import annotations

from typing import Any

import pytest

from springfield.errors import RecipeError, SpringfieldError
from springfield.results.reproduction import (
    AROUND,
    ROWS,
    Experiment,
    check_rows,
    plan_experiments,
    row_of,
    seconds_at_most,
)

MANY = {f"class {i}": 400 - 9 * i for i in range(42)}
FEW = {"owl": 120, "hen": 40, "cat": 7}


def planned(counts: dict[str, int], *settings: str) -> dict[str, Experiment]:
    return {experiment.name: experiment for experiment in plan_experiments(settings, counts)}


def test_plan_experiments__as_published_where_there_are_images_enough() -> None:
    rows = planned(MANY)
    assert tuple(rows) == tuple(ROWS)
    assert all(row.asked == row.taken for row in rows.values())
    assert rows["original-20x300"].taken == (20, 300)
    assert rows["original"].taken == rows["ours-155"].taken == (42, 155)
    assert rows["ours"].taken is None


def test_plan_experiments__takes_no_more_than_there_is() -> None:
    rows = planned(FEW)
    assert (rows["original-20x300"].asked, rows["original-20x300"].taken) == ((20, 300), (3, 120))
    assert (rows["original"].asked, rows["original"].taken) == ((42, 155), (3, 120))
    original, ours = rows["original"].recipe(0), rows["ours-155"].recipe(0)
    assert (original.balance.cap, original.balance.threshold) == (120, 120)
    assert (ours.balance.cap, ours.balance.threshold) == (120, 0)


def test_plan_experiments__the_users_settings_come_last_and_the_seed_after_them() -> None:
    recipe = planned(MANY, "balance.cap=50", "training.seed=9")["original"].recipe(4)
    assert (recipe.balance.cap, recipe.training.seed, recipe.split.seed) == (50, 4, 4)
    assert planned(MANY, "balance.cap=50")["original"].taken == (42, 50)
    with pytest.raises(RecipeError, match=r"unknown recipe key 'balance\.capp'"):
        planned(MANY, "balance.capp=50")


def test_plan_experiments__no_row_but_the_autopilots_has_one() -> None:
    rows = planned(MANY)
    assert [name for name in rows if rows[name].recipe(0).balance.rebalance] == ["autopilot"]


def test_check_rows__names_the_one_that_was_meant() -> None:
    check_rows(ROWS)
    with pytest.raises(SpringfieldError, match="no such row; did you mean 'ours-155'"):
        check_rows(["ours155"])


def run(seed: int, accuracy: float, **more: Any) -> dict[str, Any]:
    return {"run": f"original-seed{seed}", "seed": seed, "classes": 42, "learned": 5000,
            "copies": 900, "n": 4000 + seed, "judged_classes": 41, "seconds": 60.0 + seed,
            "accuracy": accuracy, "accuracy_low": accuracy - 0.1, "accuracy_high": 1.0,
            "macro_f1": 0.5, "macro_f1_low": 0.4, "macro_f1_high": 0.6, **more}  # fmt: skip


def test_row_of__one_run_brings_its_interval_and_several_their_spread() -> None:
    original = planned(MANY)["original"]
    one = row_of(original, [run(0, 0.7)])
    assert (one["accuracy"], one["accuracy_high"], one["accuracy_sd"]) == (0.7, 1.0, None)
    three = row_of(original, [run(seed, 0.7 + 0.1 * seed) for seed in range(3)])
    assert three["accuracy"] == pytest.approx(0.8)
    assert three["accuracy_sd"] == pytest.approx(0.1)
    assert three["accuracy_low"] is None
    assert (three["n"], three["seconds"], three["published"]) == (4001, 61.0, 0.80)


def test_row_of__a_row_that_was_not_trained_knows_nothing() -> None:
    row = row_of(planned(MANY)["ours"], [])
    assert (row["accuracy"], row["n"], row["seconds"], row["runs"]) == (None, None, None, [])


def test_seconds_at_most__follows_images_pixels_and_epochs() -> None:
    rows = planned(MANY)
    original, ours = rows["original"].recipe(0), rows["ours"].recipe(0)
    small, large = (seconds_at_most(original, MANY, size) - AROUND for size in (32, 64))
    assert large == pytest.approx(4 * small)
    assert large == pytest.approx(30 * 42 * 155 / 400)
    assert seconds_at_most(ours, MANY, 96) == 300 + AROUND
