"""Pace: how fast this machine trains the network, measured once before a run begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import numpy as np

from springfield.learning.accumulation import train_step
from springfield.learning.batches import Examples, epoch_batches
from springfield.learning.finetuning import RECALIBRATED
from springfield.learning.fitting import Plan, at_a_time, fresh_network
from springfield.learning.rate_finder import find_rate
from springfield.recipe import Recipe

TRIAL_STEPS = 8
LONGEST = 150  # epochs; more only learns a small folder by heart
SHORTEST = 3
IN_STEPS = 0.9  # share of the time that steps fill at the measured pace: beside the training, which
# makes the next batch meanwhile, they take longer; then there are checkpoints and the first graphs
SAVE_SECONDS = 60  # training time between checkpoints inside an epoch


@dataclass(frozen=True)
class Pace:
    """Images a second in a precision."""

    precision: str
    trained: float
    answered: float  # without learning from them, as in validation


def plan_run(recipe: Recipe, data: Examples, held_out: Examples) -> Plan:
    """Measure a few training steps on `data` and decide precision, epochs, checkpoints and rate.

    Which precision is faster depends on the network and the processor: bfloat16 helps plain
    convolutions where there are instructions for it and slows everything else down.
    """
    named = recipe.training.precision
    if not recipe.tuning.whole:
        return plan_at(recipe, Pace("float32" if named == "measured" else named, 0.0, 0.0), 0, 0)
    paces = [measure_pace(recipe, data, precision) for precision in precisions(recipe)]
    fastest = max(paces, key=lambda pace: pace.trained)
    plan = plan_at(recipe, fastest, data.steps(recipe), len(held_out.rows))
    if recipe.training.learning_rate:
        return plan
    return replace(plan, rate_test=asdict(find_rate(recipe, fastest.precision, data)))


def plan_at(recipe: Recipe, pace: Pace, steps: int, held_out: int) -> Plan:
    """What follows from a pace that was measured.

    Args:
        recipe: with its minutes, or its epochs.
        pace: of the recipe's network.
        steps: batches in an epoch.
        held_out: images to validate by after each.
    """
    if not recipe.tuning.whole:
        return Plan(pace.precision, pace.trained, epochs=0, save_every=1)
    epoch = epoch_seconds(recipe, pace, steps, held_out)
    fitting = round(recipe.training.minutes * 60 * IN_STEPS / epoch)
    return Plan(
        precision=pace.precision,
        images_per_second=round(pace.trained, 1),
        answers_per_second=round(pace.answered, 1),
        epochs=recipe.training.epochs or min(LONGEST, max(SHORTEST, fitting)),
        save_every=max(1, round(SAVE_SECONDS * pace.trained / recipe.training.batch)),
    )


def precisions(recipe: Recipe) -> tuple[str, ...]:
    """The precisions that a recipe leaves to choose from."""
    named = recipe.training.precision
    return ("float32", "mixed_bfloat16") if named == "measured" else (named,)


def epoch_seconds(recipe: Recipe, pace: Pace, steps: int, held_out: int) -> float:
    """How long an epoch of `steps` batches takes, with its validation."""
    trained, looked_at = steps * recipe.training.batch, held_out
    if recipe.tuning.batch_norm == "recalibrated":
        looked_at += min(trained, RECALIBRATED)
    return trained / pace.trained + looked_at / pace.answered


def measure_pace(recipe: Recipe, data: Examples, precision: str) -> Pace:
    """Train and answer a batch a few times, in a network of its own."""
    model = fresh_network(recipe, Plan(precision, 0.0, epochs=1, save_every=1), data)
    train_on = train_step(model, recipe.training)
    images, targets = next(iter(epoch_batches(data, recipe, epoch=0, epochs=1)))
    some = images[: at_a_time(recipe)]
    trained = len(images) / _shortest(lambda: train_on(images, targets))
    train_on.hand_back()
    return Pace(precision, trained, len(some) / _shortest(lambda: model.predict_on_batch(some)))


def _shortest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of a few times: other programs can slow one, never hasten it.

    The first one makes the graph and does not count.
    """
    seconds = []
    for _ in range(TRIAL_STEPS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return float(np.min(seconds[1:]))
