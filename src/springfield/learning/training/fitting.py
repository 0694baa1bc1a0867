"""Fitting: the training loop.

A plain loop over steps (`step.Step`), on either backend: every choice that decides the weights is
a function of the recipe, the plan and the place in the run, so a run can stop and go on anywhere.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from springfield.errors import DivergedError
from springfield.learning.examples.augment import as_far_as
from springfield.learning.examples.balance import share_done
from springfield.learning.examples.batches import Examples, epoch_batches
from springfield.learning.examples.class_weights import epoch_weights
from springfield.learning.machine.engine import (
    compile_with,
    give_back_training,
    seed_all,
    use_precision,
)
from springfield.learning.model.losses import training_loss
from springfield.learning.model.networks import build_network, keep_bounds
from springfield.learning.model.optimizers import build_optimizer
from springfield.learning.training import checkpoint
from springfield.learning.training.accumulation import train_step
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.finetuning import (
    block_rates,
    fit_head,
    freeze_blocks,
    freeze_normalisation,
    recalibrate,
)
from springfield.learning.training.resizing import at_side, sides_of
from springfield.learning.training.step import Step
from springfield.learning.training.top import train_top
from springfield.learning.training.validation import NOT_VALIDATED, validation_scores
from springfield.recipe import Recipe

SAVE_SECONDS = 60  # training time between checkpoints
REST = 100  # times what a checkpoint takes, between those at the ends of shorter epochs


@dataclass(frozen=True)
class Plan:
    """What is measured or decided once, before the first step, and kept for `resume`."""

    precision: str  # "float32" or "mixed_bfloat16"
    images_per_second: float  # in training, the mean over the sides that images grow through
    epochs: int
    save_every: int  # steps between checkpoints inside an epoch
    answers_per_second: float = 0.0  # without learning from them
    recalibrated_per_second: float = 0.0  # see `Pace`
    validate_every: int = 1  # epochs; the first and the last one are validated in any case
    rate_test: dict[str, Any] | None = None  # a `RateTest`, where the recipe names no rate

    def is_validated(self, epoch: int) -> bool:
        """Whether an epoch, counted from 1, ends with a look at the validation rows."""
        return epoch in (1, self.epochs) or epoch % self.validate_every == 0

    def settle(self, recipe: Recipe) -> Recipe:
        """Return the recipe as this run follows it.

        With images varied as far as its epochs are good for, and with the learning rate that was
        found, where it names none.
        """
        recipe = replace(recipe, augment=as_far_as(recipe.augment, self.epochs))
        if not self.rate_test:
            return recipe
        rate = float(self.rate_test["learning_rate"])
        return replace(recipe, training=replace(recipe.training, learning_rate=rate))


class Watching(Protocol):
    """Is told of the progress, and may ask to stop."""

    def on_step(self, progress: Progress, steps: int) -> None:
        """Called after each of the `steps` steps of an epoch."""

    def on_epoch(self, progress: Progress) -> None:
        """Called after each epoch; its record is the last of the history."""

    def wants_stop(self) -> bool:
        """Say whether to stop after this step, with everything saved."""


def compile_network(model: keras.Model, recipe: Recipe, *, counts: np.ndarray, steps: int) -> None:
    """Attach loss and optimizer for a run of `steps` steps on int64 [C] images of each class."""
    rates = block_rates(model, recipe.tuning, steps)
    optimizer = build_optimizer(recipe.training, steps, rates)
    compile_with(model, optimizer, training_loss(recipe, counts))


def fresh_network(recipe: Recipe, plan: Plan, data: Examples) -> keras.Model:
    """Build and compile the network with its first weights, the same for the same seed."""
    seed_all(recipe.training.seed)
    use_precision(plan.precision)
    model = build_network(recipe.network, size=data.images.shape[1], classes=len(data.classes))
    keep_bounds(model)
    if recipe.tuning.batch_norm == "frozen":
        freeze_normalisation(model)
    freeze_blocks(model, recipe.tuning.frozen_blocks)
    steps = max(1, plan.epochs * data.steps(recipe))
    compile_network(model, recipe, counts=data.counts(), steps=steps)
    return model


@dataclass(eq=False)
class Fitting:
    """One training in progress: the network, its examples, and where it stands."""

    model: keras.Model  # compiled
    train: Examples
    val: Examples
    recipe: Recipe
    plan: Plan
    folder: Path  # of checkpoints
    progress: Progress = field(default_factory=Progress)
    best: list[np.ndarray] = field(default_factory=list)  # weights of the best validation so far
    _ticked: float = 0.0  # when `progress.seconds` was last brought up to date
    _saved: float = 0.0  # when the last checkpoint was written,
    _saving: float = 0.0  # and the seconds that it took
    _step: Step | None = None  # what trains, on images of this side:
    _side: int = 0

    def begin(self, *, progress: bool) -> dict[str, float]:
        """Fit the end of the network to the rest as it came, and keep it for the first step.

        Args:
            progress: show a bar on stderr.

        Returns:
            What it scores on the validation rows, where there are any, and the seconds it took.
        """
        began = time.perf_counter()
        if self.recipe.tuning.batch_norm == "recalibrated":
            recalibrate(self.model, self.train, self.recipe, epoch=0)
        fit = train_top if self.recipe.tuning.top_epochs else fit_head
        fit(self.model, self.train, self.recipe, progress=progress)
        scores = validation_scores(self.model, self.val, self.recipe.training.at_a_time)
        self.progress.seconds = time.perf_counter() - began
        self._save()
        found = {**scores, "seconds": self.progress.seconds}
        return {name: round(value, 4) for name, value in found.items() if math.isfinite(value)}

    def run(self, watcher: Watching) -> bool:
        """Train to the end of the plan, from the newest checkpoint if there is one.

        Leaves the weights with the highest validation macro-F1, the latest of equals, in the model:
        of an epoch that was validated, or of the moment it was stopped at; of that moment if no
        epoch has ended yet.

        Returns:
            True when the plan is done, False when the watcher stopped it before.
        """
        self.best, self.progress = checkpoint.restore(self.folder, self.model)
        self._ticked = time.perf_counter()
        done = self._epochs(watcher)
        self._let_go()
        if self.best:
            self.model.set_weights(self.best)
        return done

    def _epochs(self, watcher: Watching) -> bool:
        while not self._is_over():
            for _ in self._steps():
                watcher.on_step(self.progress, self.train.steps(self.recipe))
                if watcher.wants_stop():
                    self._save()
                    if not self.plan.is_validated(self.progress.epoch):
                        self._validate()  # so that all that was learned by now may answer
                    return False
            self._close_epoch()
            watcher.on_epoch(self.progress)
            rest = min(SAVE_SECONDS / 2, REST * self._saving)
            if self._is_over() or time.perf_counter() - self._saved >= rest:
                self._save()
        return True

    def _step_at(self, side: int) -> Step:
        """What trains on images of this side; its graphs are kept until another side comes."""
        if self._step is None or side != self._side:
            self._let_go()
            self._side = side
            self._step = train_step(at_side(self.model, side), self.recipe.training)
        return self._step

    def _let_go(self) -> None:
        """Of the graphs that trained on images of one side, before there are others."""
        self._hand_back()
        self._step = self.model.train_function = None
        give_back_training()

    def _hand_back(self) -> None:
        if self._step:
            self._step.hand_back()

    def _is_over(self) -> bool:
        patience, now = self.recipe.training.patience, self.progress
        # what is best before a late balance begins says nothing of what comes after
        late = math.ceil(self.recipe.balance.deferred * (self.plan.epochs - 1))
        tired = patience and now.epoch - 1 - max(now.best_epoch, late) >= patience
        return now.epoch >= self.plan.epochs or bool(tired)

    def _steps(self) -> Iterator[None]:
        """Train the rest of this epoch, step by step."""
        now, epochs = self.progress, self.plan.epochs
        done = share_done(now.epoch, epochs)
        weights = epoch_weights(self.train.counts(), self.recipe.balance, done)
        place = {"epoch": now.epoch, "epochs": epochs, "first_step": now.step}
        for images, targets in epoch_batches(self.train, self.recipe, **place, sides=self._sides()):
            own = None if weights is None else targets @ weights
            loss, accuracy = self._step_at(images.shape[1])(images, targets, own)
            if not math.isfinite(loss):
                raise self._diverged()
            self._tick()
            now.step += 1
            now.seen += len(images)
            now.loss_sum += loss * len(images)
            now.hits += accuracy * len(images)
            if now.step % self.plan.save_every == 0:
                self._save()
            yield

    def _sides(self) -> list[int]:
        """Of the images of this epoch's steps, in pixels."""
        size, steps = self.train.images.shape[1], self.train.steps(self.recipe)
        place = {"epoch": self.progress.epoch, "epochs": self.plan.epochs, "steps": steps}
        return sides_of(self.recipe, size, **place)

    def _close_epoch(self) -> None:
        """Write the epoch's record, with its validation where it is due, and turn to the next."""
        now = self.progress
        self._hand_back()
        scores = self._validate() if self.plan.is_validated(now.epoch + 1) else NOT_VALIDATED
        self._tick()
        now.history.append(
            {
                "epoch": now.epoch + 1,
                "seconds": round(now.seconds, 2),
                "images_per_second": round(now.images_per_second(), 1),
                "side": self._sides()[-1],
                "learning_rate": float(self.model.optimizer.learning_rate),
                "loss": now.mean_loss(),
                "accuracy": now.hits / now.seen,
                **scores,
            }
        )
        now.next_epoch()

    def _validate(self) -> dict[str, float]:
        """Score the validation rows, and keep the weights if there were no better ones."""
        now, live = self.progress, self.model.get_weights()
        if self.recipe.training.ema and now.epoch >= self.plan.epochs // 2:
            # before, the rate is so high that the average belongs to no network that ever was
            self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
            keep_bounds(self.model)
            self.model.set_weights(self.model.get_weights())  # copies: JAX frees what it has used
        if self.recipe.tuning.batch_norm == "recalibrated":
            recalibrate(self.model, self.train, self.recipe, epoch=now.epoch)
        scores = validation_scores(self.model, self.val, self.recipe.training.at_a_time)
        if len(self.val.rows) and not math.isfinite(scores["val_loss"]):
            raise self._diverged()
        if not scores["val_macro_f1"] < now.best:  # nan, without validation rows: the newest
            now.best, now.best_epoch = scores["val_macro_f1"], now.epoch
            self.best = self.model.get_weights()
        self.model.set_weights(live)
        return scores

    def _diverged(self) -> DivergedError:
        return DivergedError(
            f"training.learning_rate = {self.recipe.training.learning_rate}: the loss is no longer "
            f"a number in epoch {self.progress.epoch + 1}; choose a lower one"
        )

    def _tick(self) -> None:
        """Add the time since the last call: waiting for batches, validation and all."""
        now = time.perf_counter()
        self.progress.seconds += now - self._ticked
        self._ticked = now

    def _save(self) -> None:
        began = time.perf_counter()
        self._hand_back()
        checkpoint.save(self.folder, self.model, self.best, self.progress)
        self._saved = time.perf_counter()
        self._saving = self._saved - began
