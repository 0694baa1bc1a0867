from __future__ import annotations

import pytest

from springfield.learning.planning.budgets import budget_recipes, budgets_of
from springfield.recipe import load_recipe


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (1189, [8, 16, 32, 64, 128, 256, 512, 1189]),
        (560, [8, 16, 32, 64, 128, 256, 560]),  # 512 is too close to 560
        (24, [8, 16, 24]),
        (20, [4, 8, 20]),
        (5, [1, 2, 5]),
        (2, [1, 2]),
        (1, [1]),
    ],
)
def test_budgets_of__double_up_to_the_largest_class(most: int, expected: list[int]) -> None:
    assert budgets_of([most, 1]) == expected


def test_budgets_of__finer_steps_stay_apart_too() -> None:
    assert budgets_of([70], 2**0.5) == [8, 11, 16, 23, 32, 45, 70]


def test_budget_recipes__share_the_minutes_by_the_root_of_the_images() -> None:
    recipe = load_recipe("default", ("training.minutes=6",))
    one, four = budget_recipes(recipe, [10, 40], [5, 20])
    assert (one.balance.cap, four.balance.cap) == (5, 20)
    assert one.training.minutes + four.training.minutes == pytest.approx(6)
    assert four.training.minutes == pytest.approx(one.training.minutes * 3**0.5)  # 10 and 30 images


def test_budget_recipes__named_epochs_are_everyones() -> None:
    recipe = load_recipe("default", ("training.epochs=7",))
    assert [r.training.epochs for r in budget_recipes(recipe, [10], [5, 10])] == [7, 7]
