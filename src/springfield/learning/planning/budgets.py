"""Budgets: how many training images per class a learning curve is measured at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from springfield.recipe import Recipe

FIRST = 8  # images per class, where the classes have more
APART = 1.5  # a last step shorter than this would measure the noise twice
FEWEST = 3  # budgets, to tell a curve from a line


def budgets_of(counts: Sequence[int], factor: float = 2.0) -> list[int]:
    """Images per class, each about `factor` times the one before, up to the largest class.

    Args:
        counts: training images of each class.
        factor: from one budget to the next.

    Returns:
        8, 16, 32, ... and last the count of the largest class, which means all images. Small
        classes begin below 8.
    """
    most, first = max(counts), float(FIRST)
    while first > 1 and most / first < APART * factor ** (FEWEST - 2):
        first /= 2
    steps = math.ceil(math.log(most / first, factor)) if most > first else 0
    before = {round(first * factor**i) for i in range(steps)}
    return [*sorted(n for n in before if n * min(APART, factor) <= most), most]


def budget_recipes(recipe: Recipe, counts: Sequence[int], budgets: Sequence[int]) -> list[Recipe]:
    """The recipe of each budget's training: the user's, with a cap and a share of the minutes.

    Minutes, and so steps, grow with the square root of the images: with twice the images 1.4 times
    the steps and 0.7 times the epochs. Equal steps would let the small budgets learn by heart what
    the large ones have hardly seen; equal epochs would leave the small ones untrained. Where the
    recipe names its epochs, every budget has as many.

    Args:
        recipe: the user's; its own cap holds as well.
        counts: training images of each class.
        budgets: images per class.
    """
    roots = [math.sqrt(sum(min(n, budget) for n in counts)) for budget in budgets]
    return [
        replace(
            recipe,
            balance=replace(recipe.balance, cap=budget),
            training=replace(
                recipe.training, minutes=max(0.01, recipe.training.minutes * root / sum(roots))
            ),
        )
        for budget, root in zip(budgets, roots, strict=True)
    ]
