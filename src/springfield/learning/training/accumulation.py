"""Accumulation: a step of training that looks at a part of its batch at a time.

The gradients of the parts ("micro batches") are added up before the optimizer hears of them, so it
takes the same step as for the whole batch, in the memory of a part. Only batch normalisation and
dropout notice: figures are those of a part, as in the "ghost" batches of Hoffer et al. 2017, and
every part has a mask of its own.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from springfield.learning.machine.card import ON_TENSORFLOW
from springfield.learning.machine.engine import compile_with
from springfield.learning.training.step import OnJax, Step, Whole
from springfield.recipe import Training


def train_step(model: keras.Model, training: Training) -> Step:
    """What trains a compiled network on one batch: all of it at once, or part by part."""
    if not ON_TENSORFLOW:
        return OnJax(model, training)
    return InParts(model, training) if training.parts(training.batch) > 1 else Whole(model)


class InParts:
    """Trains on a batch part by part, with TensorFlow.

    Nothing of it outlives a step, so checkpoints know nothing of it, and a run may go on with
    other parts. A second model of the same layers meets the images; its optimizer only adds up.
    """

    def __init__(self, model: keras.Model, training: Training) -> None:
        import tensorflow as tf

        self.model, self.training, self._sums = model, training, Sums()
        self._looking = keras.Model(model.inputs[0], model.outputs[0])
        compile_with(self._looking, self._sums, model.loss)
        self._look = Whole(self._looking)
        self._follow = tf.function(self._follow_sums)

    def __call__(
        self, images: np.ndarray, targets: np.ndarray, own: np.ndarray | None = None
    ) -> tuple[float, float]:
        weights = np.ones(len(images), np.float32) if own is None else own
        parts = self.training.parts(len(images))
        split = (np.array_split(a, parts) for a in (images, targets, weights))
        loss = accuracy = 0.0
        for seen, wanted, weight in zip(*split, strict=True):
            share = len(seen) / len(images)  # Keras takes the mean over the part
            lost, right = self._look(seen, wanted, weight * share)
            loss += lost
            accuracy += right * share
        self._follow()
        return loss, accuracy

    def hand_back(self) -> None:
        """Nothing is kept from the network."""

    def _follow_sums(self) -> None:
        gradients = [ops.convert_to_tensor(total) for total in self._sums.totals]
        self.model.optimizer.apply(gradients, self.model.trainable_variables)
        for total in self._sums.totals:
            total.assign(ops.zeros_like(total))


class Sums(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Adds gradients up and follows none."""

    def __init__(self) -> None:
        super().__init__(learning_rate=0.0, name="sums")
        self.totals: list[Any] = []

    def build(self, variables: list[Any]) -> None:
        """Make room for the sums of these variables' gradients."""
        if not self.built:
            super().build(variables)
            self.totals = self.add_optimizer_variables(variables, "total")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Add a gradient to its sum."""
        total = self.totals[self._get_variable_index(variable)]
        self.assign_add(total, ops.cast(gradient, total.dtype))
