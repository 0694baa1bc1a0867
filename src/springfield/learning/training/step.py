"""Step: one batch of training, as Keras does it and as JAX does it faster."""

from __future__ import annotations

from typing import Any, Protocol

import keras
import numpy as np
from keras import ops

from springfield.recipe import Training


class Step(Protocol):
    """Trains a compiled network on a batch."""

    def __call__(
        self, images: np.ndarray, targets: np.ndarray, own: np.ndarray | None = None
    ) -> tuple[float, float]:
        """Return loss and accuracy before the step.

        Args:
            images: uint8 [B, S, S, 3].
            targets: float32 [B, C].
            own: weight of each image, float32 [B]; None: all 1.
        """

    def hand_back(self) -> None:
        """Bring the network's variables up to date, before anyone else looks at them."""


class Whole:
    """All of the batch at once, by Keras' own `train_on_batch`."""

    def __init__(self, model: keras.Model) -> None:
        self.model = model

    def __call__(
        self, images: np.ndarray, targets: np.ndarray, own: np.ndarray | None = None
    ) -> tuple[float, float]:
        self.model.reset_metrics()
        loss, accuracy = self.model.train_on_batch(images, targets, own)
        return float(loss), float(accuracy)

    def hand_back(self) -> None:
        """Nothing is kept from the network."""


class OnJax:
    """A batch whole or part by part, the variables staying where JAX has them.

    Keras puts each of several hundred variables back after every step, and takes it out again: on
    an accelerator that takes longer than the step of a small network. Here they are handed back
    when somebody asks; until then those of the network are used up.
    """

    def __init__(self, model: keras.Model, training: Training) -> None:
        import jax

        self.model, self.training = model, training
        self._state: tuple[list[Any], ...] = ()
        self._step = jax.jit(self._train, donate_argnums=0)
        self._part = jax.jit(self._share_of_part, donate_argnums=1)
        self._add = jax.jit(lambda *sums: jax.tree.map(ops.add, *sums), donate_argnums=0)
        self._follow = jax.jit(model.optimizer.stateless_apply, donate_argnums=(0, 2))

    def __call__(
        self, images: np.ndarray, targets: np.ndarray, own: np.ndarray | None = None
    ) -> tuple[float, float]:
        weights = np.ones(len(images), np.float32) if own is None else own.astype(np.float32)
        self._state = self._state or tuple([v.value for v in part] for part in self._parts())
        if (parts := self.training.parts(len(images))) == 1:
            self._state, found = self._step(self._state, images, targets, weights)
        else:
            found = self._in_parts(parts, images, targets, weights)
        loss, accuracy = np.asarray(found).tolist()
        return loss, accuracy

    def hand_back(self) -> None:
        """Put the variables back, and take them anew at the next step."""
        for variables, values in zip(self._parts(), self._state, strict=False):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        self._state = ()

    def _parts(self) -> tuple[list[keras.Variable], ...]:
        model = self.model
        return (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
        )

    def _train(self, state: Any, images: Any, targets: Any, weights: Any) -> tuple[Any, Any]:
        learned, other, optimizer = state
        gradients, other, found = self._look(learned, other, images, targets, weights)
        learned, optimizer = self.model.optimizer.stateless_apply(optimizer, gradients, learned)
        return (learned, other, optimizer), found

    def _in_parts(self, parts: int, *batch: np.ndarray) -> Any:
        """Add the parts' gradients up, each by its share of the batch, and follow them once."""
        learned, other, optimizer = self._state
        sums: Any = None
        for part in zip(*(np.array_split(each, parts) for each in batch), strict=True):
            share = np.float32(len(part[0]) / len(batch[0]))
            shared, other = self._part(learned, other, share, *part)
            sums = shared if sums is None else self._add(sums, shared)
        gradients, found = sums
        learned, optimizer = self._follow(optimizer, gradients, learned)
        self._state = (learned, other, optimizer)
        return found

    def _share_of_part(self, learned: Any, other: Any, share: Any, *part: Any) -> tuple[Any, Any]:
        import jax

        gradients, other, found = self._look(learned, other, *part)
        return jax.tree.map(lambda each: each * share, (gradients, found)), other

    def _look(
        self, learned: Any, other: Any, images: Any, targets: Any, weights: Any
    ) -> tuple[Any, Any, Any]:
        """The gradients, what else changes, and loss and accuracy."""
        import jax

        def lost(learned: Any) -> tuple[Any, Any]:
            logits, after = self.model.stateless_call(learned, other, images, training=True)
            return ops.mean(self.model.loss(targets, logits) * weights), (logits, after)

        (loss, (logits, other)), gradients = jax.value_and_grad(lost, has_aux=True)(learned)
        hits = ops.equal(ops.argmax(logits, axis=-1), ops.argmax(targets, axis=-1))
        return gradients, other, ops.stack([loss, ops.mean(ops.cast(hits, loss.dtype))])
