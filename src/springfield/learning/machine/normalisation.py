"""Normalisation: batch normalisation in one kernel, where the backend has one.

Keras composes it of a dozen operations, each over all places of all images, and computes them in
float32 even where the network is in bfloat16. TensorFlow's kernel reads its input twice, as it is,
and sums in float32: a training step of the default network takes two thirds of the time.
"""

from __future__ import annotations

from typing import Any

import keras

from springfield.learning.machine.card import ON_TENSORFLOW, is_pool


class BatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation (Ioffe & Szegedy 2015), with TensorFlow as one operation.

    Variables, figures and answers are those of Keras' layer. Answers in float32 are left to it:
    classifiers and exports are made of them. So is all where main memory is one pool: when that is
    used up Keras' operations say so, while this one ends the process (TensorFlow 2.21 with oneDNN).
    JAX fuses Keras' operations by itself.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Normalise places [B, h, w, C]; in training by the figures of the batch."""
        learns = bool(training and self.trainable)
        answers_exactly = not learns and self.compute_dtype == "float32"
        if not ON_TENSORFLOW or is_pool() or answers_exactly:
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        kept = (self.moving_mean, self.moving_variance)
        found, *seen = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=tf.convert_to_tensor(self.gamma),
            offset=tf.convert_to_tensor(self.beta),
            mean=[] if learns else tf.convert_to_tensor(kept[0]),  # none: those of the batch
            variance=[] if learns else tf.convert_to_tensor(kept[1]),
            epsilon=self.epsilon,
            is_training=learns,
        )
        if learns:
            self._keep(mean=seen[0], variance=seen[1], places=tf.size(inputs) / inputs.shape[-1])
        return found

    def _keep(self, *, mean: Any, variance: Any, places: Any) -> None:
        """Let the kept figures follow; the kernel's variance is the unbiased one, Keras' is not."""
        biased = variance * keras.ops.cast(1 - 1 / places, "float32")
        for kept, seen in ((self.moving_mean, mean), (self.moving_variance, biased)):
            kept.assign(self.momentum * kept + (1 - self.momentum) * seen)
