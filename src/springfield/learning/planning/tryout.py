"""Tryout: what `python -m springfield.learning.planning.tryout` does with a network.

Run in a process of its own, because the memory of a process that has trained before says nothing of
the next training, and because it may run out. It takes what `footprint.measure` asks as JSON on
standard input and ends with a line of JSON on standard output.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from springfield.learning.examples.batches import Examples
from springfield.learning.machine import card, engine
from springfield.learning.machine.child import end_with_parent
from springfield.learning.machine.memory import Peak, hold_to, private_bytes
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.fitting import Fitting, Plan, fresh_network
from springfield.learning.training.pace import measure_pace
from springfield.learning.training.validation import validation_scores
from springfield.recipe import Balance, Recipe, recipe_from

STEPS = 2  # of training, with a checkpoint and a validation after them


class _Brief:
    """Watches a training and ends it after `STEPS`."""

    def __init__(self) -> None:
        self.done = 0

    def on_step(self, progress: Progress, steps: int) -> None:
        self.done += 1

    def on_epoch(self, progress: Progress) -> None:
        pass

    def wants_stop(self) -> bool:
        return self.done >= STEPS


def main() -> None:
    """Train for some steps and say the highest private memory (on a card: the backend's own)."""
    end_with_parent()
    asked = json.load(sys.stdin)
    recipe = _everyday(recipe_from(asked["recipe"]))
    training = recipe.training
    engine.start(seed=0, deterministic=training.deterministic, memory=training.memory)
    data = _drawn(asked["size"], asked["classes"], recipe)
    empty = 0 if card.device() == "gpu" else private_bytes()
    if asked["room"] and card.device() == "cpu":
        hold_to(asked["room"])
    with Peak() as peak, tempfile.TemporaryDirectory() as folder:
        pace = measure_pace(recipe, data, training.precision)
        _train(_at_once_whole(recipe), data, Path(folder))
    taken = card.peak_bytes() if card.device() == "gpu" else peak.bytes
    print(json.dumps({"empty": empty, "peak": taken, **asdict(pace)}), flush=True)


def _everyday(recipe: Recipe) -> Recipe:
    """The recipe without what decides how long an epoch is; memory does not hang on that."""
    balance = Balance(loss=recipe.balance.loss, tau=recipe.balance.tau)
    return replace(recipe, balance=balance)


def _at_once_whole(recipe: Recipe) -> Recipe:
    """The recipe with images that have their whole side from the first step on."""
    return replace(recipe, training=replace(recipe.training, first_side=1.0))


def _drawn(size: int, classes: int, recipe: Recipe) -> Examples:
    """Noise of that size for some batches, seen again until every class has occurred.

    A training has its images in a file that is mapped, so there should be no more of them here.
    """
    different = STEPS * recipe.training.batch
    images = np.random.default_rng(0).integers(0, 256, (different, size, size, 3), np.uint8)
    numbers, names = np.arange(max(classes, different)), tuple(map(str, range(classes)))
    return Examples(images, numbers % different, numbers % classes, names)


def _train(recipe: Recipe, data: Examples, folder: Path) -> None:
    plan = Plan(recipe.training.precision, 0.0, epochs=1, save_every=10**9)
    model = fresh_network(recipe, plan, data)
    Fitting(model, data, data, recipe, plan, folder).run(_Brief())
    validation_scores(model, data, recipe.training.at_a_time)


if __name__ == "__main__":
    main()
