"""Pace: how fast this machine trains the network, measured once before a run begins."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace

import keras
import numpy as np

from springfield.errors import RecipeError
from springfield.learning.examples.batches import Batch, Examples, epoch_batches
from springfield.learning.machine.card import is_avx2_alone
from springfield.learning.training.accumulation import train_step
from springfield.learning.training.finetuning import RECALIBRATED
from springfield.learning.training.fitting import SAVE_SECONDS, Plan, fresh_network
from springfield.learning.training.rate_finder import find_rate
from springfield.learning.training.resizing import at_side, mean_pixels, side_of
from springfield.recipe import Recipe

TRIAL_STEPS, TRIAL_SECONDS = 10, 10  # whichever comes first
HOPELESS = 3  # times the shortest step, and a precision is not tried again
LONGEST = 150  # epochs; more only learns a small folder by heart
SHORTEST = 3
LOOKS = 4  # validations that a run has at least, or one after each of its epochs; there are more
VALIDATING = 0.02  # while they take no more than this share of the work of training
IN_STEPS = 0.9  # share of the time for steps and validation at the measured pace; the rest is for
# the graphs of each side, checkpoints, and a pace that falls


@dataclass(frozen=True)
class Pace:
    """Images a second in a precision."""

    precision: str
    images_per_second: float  # in training
    answers_per_second: float  # without learning from them, as in validation
    recalibrated_per_second: float = 0.0  # looked at for batch normalisation alone; 0: as answered


def plan_run(recipe: Recipe, data: Examples, held_out: Examples) -> Plan:
    """Measure a few training steps on `data` and decide precision, epochs, checkpoints and rate.

    Which precision is faster depends on the network and the processor: bfloat16 helps plain
    convolutions where there are instructions for it and slows everything else down. Raises
    `RecipeError` where a rate is to be found that no step can be measured for.
    """
    if not recipe.tuning.whole:
        if recipe.tuning.top_epochs and not recipe.training.learning_rate:
            raise RecipeError(
                "training.learning_rate = 0: it is found only where the whole network is trained, "
                "and finetune.whole = false; name one for the last block"
            )
        return plan_at(recipe, Pace(precisions(recipe)[0], 0.0, 0.0), 0, 0)
    pace = measure_pace(recipe, data, fastest_precision(recipe, data))
    plan = plan_at(recipe, pace, data.images_trained(recipe), len(held_out.rows))
    if recipe.training.learning_rate:
        return plan
    return replace(plan, rate_test=asdict(find_rate(recipe, pace.precision, data)))


def plan_at(recipe: Recipe, pace: Pace, images: int, held_out: int) -> Plan:
    """What follows from a pace that was measured.

    Args:
        recipe: with its minutes, or its epochs.
        pace: of the recipe's network.
        images: that the steps of an epoch train on.
        held_out: images to validate by.
    """
    if not recipe.tuning.whole:
        return Plan(pace.precision, pace.images_per_second, epochs=0, save_every=1)
    every, epochs = 1, _epochs_at(recipe, epoch_seconds(recipe, pace, images, held_out))
    if not recipe.training.patience:  # which waits for the score of every epoch
        every = min(epochs_apart(recipe, images, held_out), max(1, epochs // LOOKS))
        epochs = _epochs_at(recipe, epoch_seconds(recipe, pace, images, held_out, every))
    return Plan(
        precision=pace.precision,
        images_per_second=round(pace.images_per_second, 1),
        answers_per_second=round(pace.answers_per_second, 1),
        recalibrated_per_second=round(pace.recalibrated_per_second, 1),
        epochs=epochs,
        save_every=max(1, round(SAVE_SECONDS * pace.images_per_second / recipe.training.batch)),
        validate_every=every,
    )


def epochs_apart(recipe: Recipe, images: int, held_out: int) -> int:
    """From one validation to the next, so that they take no more than `VALIDATING` of the work.

    Counted, not timed, so that a number of epochs that is named means the same ones anywhere. An
    answer is a third of a step's operations for an image, which shrink with its pixels.
    """
    looked_at, work = held_out, 3 * images * mean_pixels(recipe)
    if recipe.tuning.batch_norm == "recalibrated":
        looked_at += min(images, RECALIBRATED)
    return max(1, math.ceil(looked_at / work / VALIDATING))


def _epochs_at(recipe: Recipe, seconds: float) -> int:
    """That the recipe names, or as many as its minutes hold at so many seconds for each."""
    fitting = round(recipe.training.minutes * 60 * IN_STEPS / seconds)
    return recipe.training.epochs or min(LONGEST, max(SHORTEST, fitting))


def precisions(recipe: Recipe) -> tuple[str, ...]:
    """The precisions that a recipe leaves to choose from, and the machine has instructions for."""
    named = recipe.training.precision
    if named != "measured":
        return (named,)
    return ("float32",) if is_avx2_alone() else ("float32", "mixed_bfloat16")


def epoch_seconds(recipe: Recipe, pace: Pace, images: int, held_out: int, every: int = 1) -> float:
    """How long an epoch takes that trains on so many images, with its share of a validation.

    That is by `held_out` images, once in `every` epochs.
    """
    validation = held_out / pace.answers_per_second
    if recipe.tuning.batch_norm == "recalibrated":
        validation += min(images, RECALIBRATED) / (
            pace.recalibrated_per_second or pace.answers_per_second
        )
    return images / pace.images_per_second + validation / every


def fastest_precision(recipe: Recipe, data: Examples) -> str:
    """The one whose steps on the first, small images take the shortest time.

    They are taken by turns, so that other work on the machine slows all of them alike. Without
    instructions for bfloat16 a step in it takes ten times as long as one in float32, so two of them
    have to do.
    """
    choice = precisions(recipe)
    if len(choice) == 1:
        return choice[0]
    side = side_of(recipe, data.images.shape[1], 0.0)
    with ExitStack() as beside:
        steps = {
            precision: beside.enter_context(
                _steps_of(_fresh(recipe, data, precision), recipe, data, side)
            )
            for precision in choice
        }
        seconds = _by_turns(steps)
    return min(seconds, key=lambda precision: _late_median(seconds[precision]))


def measure_pace(recipe: Recipe, data: Examples, precision: str) -> Pace:
    """Train and answer a batch a few times, in a network of its own.

    Images trained a second are those of a run whose images grow: it is measured at the first and
    the last side, and between them the pixels count.
    """
    model = _fresh(recipe, data, precision)
    size, some = data.images.shape[1], data.images[data.rows[: recipe.training.at_a_time]]
    sides = [side_of(recipe, size, done) for done in np.linspace(0, 1, 100, endpoint=False)]
    ends = sorted({sides[0], size})
    costs = [_seconds_an_image(model, recipe, data, side) for side in ends]
    return Pace(
        precision,
        images_per_second=1 / float(np.interp(np.square(sides), np.square(ends), costs).mean()),
        answers_per_second=len(some) / _median_of(lambda: model.predict_on_batch(some)),
        recalibrated_per_second=_looked_at(model, some, recipe),
    )


def _looked_at(model: keras.Model, some: np.ndarray, recipe: Recipe) -> float:
    """Images a second that `recalibrate` looks at, in no graph; 0 where it does not."""
    if recipe.tuning.batch_norm != "recalibrated":
        return 0.0
    return len(some) / _median_of(lambda: keras.ops.convert_to_numpy(model(some, training=True)))


def _fresh(recipe: Recipe, data: Examples, precision: str) -> keras.Model:
    return fresh_network(recipe, Plan(precision, 0.0, epochs=1, save_every=1), data)


def _seconds_an_image(model: keras.Model, recipe: Recipe, data: Examples, side: int) -> float:
    """Of training; see `_median_of`."""
    with _steps_of(model, recipe, data, side) as step:
        return _median_of(step) / min(recipe.training.batch, data.epoch_length(recipe))


@contextmanager
def _steps_of(
    model: keras.Model, recipe: Recipe, data: Examples, side: int
) -> Generator[Callable[[], object]]:
    """What takes a step of training, while the next batches are made, as they are in a run."""
    train_on = train_step(at_side(model, side), recipe.training)
    with closing(_batches(data, recipe, side)) as batches:
        yield lambda: train_on(*next(batches))
    train_on.hand_back()


def _batches(data: Examples, recipe: Recipe, side: int) -> Generator[Batch]:
    sides = [side] * data.steps(recipe)
    for epoch in range(TRIAL_STEPS):
        yield from epoch_batches(data, recipe, epoch=epoch, epochs=TRIAL_STEPS, sides=sides)


def _by_turns(steps: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of each, a few times; of what takes thrice as long as another, only twice."""
    for step in steps.values():
        step()  # makes the graph
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for name in (*steps, *steps):  # twice: one of them may have been held up
        seconds[name].append(_time_of(steps[name]))
    shortest = min(min(each) for each in seconds.values())
    going = [name for name in steps if min(seconds[name]) < HOPELESS * shortest]
    while len(going) > 1 and all(_is_short(seconds[name]) for name in going):
        for name in going:
            seconds[name].append(_time_of(steps[name]))
    return seconds


def _median_of(work: Callable[[], object]) -> float:
    """Seconds that it takes, the median of the later half of a few times.

    The first one makes the graph. While it does so batches are made ahead, which those after it
    find ready; in a run only a step that takes longer than making a batch does.
    """
    work()
    seconds: list[float] = []
    while _is_short(seconds):
        seconds.append(_time_of(work))
    return _late_median(seconds)


def _is_short(seconds: list[float]) -> bool:
    return len(seconds) < TRIAL_STEPS - 1 and sum(seconds) < TRIAL_SECONDS


def _late_median(seconds: list[float]) -> float:
    return float(np.median(seconds[len(seconds) // 2 :]))


def _time_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
