"""Rate finder: which learning rate a network can take, measured in some hundred steps.

The range test of L. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017: the rate
rises exponentially from step to step, and the loss falls, levels off and explodes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from springfield.errors import RecipeError
from springfield.learning.examples.balance import share_done
from springfield.learning.examples.batches import Batch, Examples, epoch_batches
from springfield.learning.examples.class_weights import epoch_weights
from springfield.learning.model.backbones import load_pretrained
from springfield.learning.training.accumulation import train_step
from springfield.learning.training.fitting import Plan, fresh_network
from springfield.recipe import Recipe

LOWEST, HIGHEST = 1e-5, 10.0
PER_DECADE = 25  # steps in which the rate grows tenfold
WIDTH = 0.2  # decades: a batch's loss is noisy, the mean over its neighbours much less
CLEARLY = 3.0  # standard errors of such a mean
SHARE = 0.1  # of its fall that the loss must rise by where there is little noise
AFTER = 12  # steps that are still made after the loss began to rise
SAFE = 4.0  # a whole run takes that much less than a few steps do


@dataclass(frozen=True)
class RateTest:
    """What a range test measured; plain numbers only."""

    learning_rate: float  # the suggestion
    low: float  # where the loss falls fastest
    high: float  # where it begins to rise
    rates: list[float]  # of each step
    losses: list[float]  # of each step's batch
    smooth: list[float]  # the same, as a mean over its neighbours


def find_rate(recipe: Recipe, precision: str, data: Examples) -> RateTest:
    """Train a network of its own at ever higher rates, with the recipe's optimizer and losses.

    Args:
        recipe: its learning rate and schedule do not count.
        precision: "float32" or "mixed_bfloat16".
        data: rows to learn from.

    Raises:
        RecipeError: the loss does not fall at any rate.
    """
    steady = replace(recipe.training, schedule="constant", learning_rate=LOWEST, ema=0.0)
    at_once = replace(recipe.finetune, thaw=0.0)  # every block must stand the rate
    recipe = replace(recipe, training=steady, finetune=at_once)
    steps = round(PER_DECADE * math.log10(HIGHEST / LOWEST)) + 1
    plan = Plan(precision, 0.0, epochs=math.ceil(steps / data.steps(recipe)), save_every=steps)
    model = fresh_network(recipe, plan, data)
    load_pretrained(model, recipe.network)
    weights = epoch_weights(data.counts(), recipe.balance, share_done(0, plan.epochs))
    train_on = train_step(model, recipe.training)
    rates: list[float] = []
    losses: list[float] = []
    for step, (images, targets) in enumerate(itertools.islice(_batches(recipe, plan, data), steps)):
        rates.append(LOWEST * 10 ** (step / PER_DECADE))
        train_on.hand_back()
        model.optimizer.learning_rate = rates[-1]
        own = None if weights is None else targets @ weights
        losses.append(train_on(images, targets, own)[0])
        if not math.isfinite(losses[-1]) or _is_past_rise(rates, losses):
            break
    return judge(rates, losses)


def judge(rates: list[float], losses: list[float]) -> RateTest:
    """The suggestion: a quarter of the rate at which the loss begins to rise.

    The edge of the rise is where L. Smith, "A disciplined approach to neural network
    hyper-parameters", 2018, puts the peak of the one-cycle schedule. It can be told from noise
    where neither the steepest descent nor the place of the minimum can: between them the loss
    hardly changes over one or two decades.

    Raises:
        RecipeError: the loss does not fall at any rate.
    """
    whole = np.isfinite(losses)
    kept, known = np.array(rates)[whole], np.array(losses)[whole]
    smooth = smoothed(kept, known)
    high = min(_rise(kept, known), len(kept) - 1)
    lowest = int(smooth[: high + 1].argmin())
    if lowest == 0 or smooth[0] - smooth[lowest] < CLEARLY * _error(known):
        raise RecipeError(
            "training.learning_rate = 0: the loss falls at no rate, so none can be found; name one"
        )
    low = np.gradient(smooth[: lowest + 1], np.log(kept[: lowest + 1])).argmin()
    return RateTest(
        learning_rate=float(f"{kept[high] / SAFE:.2g}"),
        low=float(kept[low]),
        high=float(kept[high]),
        rates=kept.tolist(),
        losses=known.tolist(),
        smooth=smooth.tolist(),
    )


def smoothed(rates: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Mean of the losses around each rate, by a bell of `WIDTH` decades; all float64 [n]."""
    apart = np.subtract.outer(np.log10(rates), np.log10(rates)) / WIDTH
    bell = np.exp(-0.5 * apart**2)
    return bell @ losses / bell.sum(axis=1)


def _rise(rates: np.ndarray, losses: np.ndarray) -> int:
    """The first step whose mean is clearly above the lowest one before; all of them if none is.

    A loss that has not clearly fallen yet cannot rise: that is noise.
    """
    if len(losses) < 2:
        return len(losses)
    smooth, clear = smoothed(rates, losses), CLEARLY * _error(losses)
    lowest = np.minimum.accumulate(smooth)
    fall = smooth[0] - lowest
    above = (smooth - lowest > np.maximum(clear, SHARE * fall)) & (fall > clear)
    return int(above.argmax()) if above.any() else len(losses)


def _is_past_rise(rates: list[float], losses: list[float]) -> bool:
    return _rise(np.array(rates), np.array(losses)) < len(losses) - AFTER


def _error(losses: np.ndarray) -> float:
    """Standard error of a mean over neighbours, from the steps between them."""
    spread = float(np.median(np.abs(np.diff(losses)))) / (0.6745 * math.sqrt(2))
    return spread / math.sqrt(2 * math.sqrt(math.pi) * WIDTH * PER_DECADE)


def _batches(recipe: Recipe, plan: Plan, data: Examples) -> Iterator[Batch]:
    for epoch in range(plan.epochs):
        yield from epoch_batches(data, recipe, epoch=epoch, epochs=plan.epochs)
