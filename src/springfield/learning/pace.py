"""Pace: how fast this machine trains the network, measured once before a run begins."""

from __future__ import annotations

import time
from dataclasses import asdict, replace

import numpy as np

from springfield.learning.accumulation import train_step
from springfield.learning.batches import Examples, epoch_batches
from springfield.learning.finetuning import RECALIBRATED
from springfield.learning.fitting import Plan, fresh_network
from springfield.learning.rate_finder import find_rate
from springfield.recipe import Recipe

TRIAL_STEPS = 8
LONGEST = 150  # epochs; more only learns a small folder by heart
SHORTEST = 3
FORWARD = 1 / 3  # of a training step's work is done to validate an image
IN_STEPS = 0.95  # share of the time left for training and validation; the rest saves and waits
SAVE_SECONDS = 60  # training time between checkpoints inside an epoch


def plan_run(recipe: Recipe, data: Examples, held_out: Examples) -> Plan:
    """Measure a few training steps on `data` and decide precision, epochs, checkpoints and rate.

    Which precision is faster depends on the network and the processor: bfloat16 helps plain
    convolutions where there are instructions for it and slows everything else down.
    """
    named = recipe.training.precision
    if not recipe.tuning.whole:
        return plan_at(recipe, ("float32" if named == "measured" else named, 0.0), 0, 0)
    speeds = {name: images_per_second(recipe, data, name) for name in precisions(recipe)}
    fastest = max(speeds, key=lambda name: speeds[name])
    plan = plan_at(recipe, (fastest, speeds[fastest]), data.steps(recipe), len(held_out.rows))
    if recipe.training.learning_rate:
        return plan
    return replace(plan, rate_test=asdict(find_rate(recipe, fastest, data)))


def plan_at(recipe: Recipe, pace: tuple[str, float], steps: int, held_out: int) -> Plan:
    """What follows from a pace that was measured.

    Args:
        recipe: with its minutes, or its epochs.
        pace: the precision, and training images a second in it.
        steps: batches in an epoch.
        held_out: images to validate by after each.
    """
    precision, speed = pace
    if not recipe.tuning.whole:
        return Plan(precision, speed, epochs=0, save_every=1)
    epoch = epoch_seconds(recipe, speed, steps, held_out)
    fitting = round(recipe.training.minutes * 60 * IN_STEPS / epoch)
    return Plan(
        precision=precision,
        images_per_second=round(speed, 1),
        epochs=recipe.training.epochs or min(LONGEST, max(SHORTEST, fitting)),
        save_every=max(1, round(SAVE_SECONDS * speed / recipe.training.batch)),
    )


def precisions(recipe: Recipe) -> tuple[str, ...]:
    """The precisions that a recipe leaves to choose from."""
    named = recipe.training.precision
    return ("float32", "mixed_bfloat16") if named == "measured" else (named,)


def epoch_seconds(recipe: Recipe, speed: float, steps: int, held_out: int) -> float:
    """How long an epoch takes with its validation: `steps` batches at `speed` images a second."""
    trained, looked_at = steps * recipe.training.batch, held_out
    if recipe.tuning.batch_norm == "recalibrated":
        looked_at += min(trained, RECALIBRATED)
    return (trained + FORWARD * looked_at) / speed


def images_per_second(recipe: Recipe, data: Examples, precision: str) -> float:
    """Speed of the fastest of a few steps: other programs can slow a step, never hasten it."""
    model = fresh_network(recipe, Plan(precision, 0.0, epochs=1, save_every=1), data)
    train_on = train_step(model, recipe.training)
    images, targets = next(iter(epoch_batches(data, recipe, epoch=0, epochs=1)))
    seconds = []
    for _ in range(TRIAL_STEPS):
        began = time.perf_counter()
        train_on(images, targets)
        seconds.append(time.perf_counter() - began)
    return len(images) / float(np.min(seconds[1:]))
