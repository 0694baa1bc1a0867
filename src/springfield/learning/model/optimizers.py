"""Optimizers and their learning-rate schedules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from springfield.learning.machine.card import ON_TENSORFLOW
from springfield.recipe import Training


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Linear warm-up to the peak, then a cosine down to nothing (after L. Smith 2018)."""

    def __init__(self, peak: float, steps: int, warm: float = 0.2) -> None:
        self.peak, self.steps, self.warm = peak, steps, warm

    def __call__(self, step: keras.KerasTensor) -> keras.KerasTensor:
        """Return the learning rate of a step, a float32 scalar."""
        done = ops.cast(step, "float32") / self.steps
        rising = 0.05 + 0.95 * done / self.warm
        left = ops.clip((done - self.warm) / (1 - self.warm), 0.0, 1.0)
        falling = 0.5 * (1 + ops.cos(left * 3.141592653589793))
        return self.peak * ops.where(done < self.warm, rising, falling)

    def get_config(self) -> dict[str, float]:
        """Arguments of the constructor."""
        return {"peak": self.peak, "steps": self.steps, "warm": self.warm}


class Steps(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Linear warm-up, then the peak, a hundredth of it and a hundredth of that.

    The schedule of the long-tail papers (5 epochs of 200 to warm up, drops at 160 and 180), in
    shares of the run.
    """

    def __init__(self, peak: float, steps: int) -> None:
        self.peak, self.steps = peak, steps

    def __call__(self, step: keras.KerasTensor) -> keras.KerasTensor:
        """Return the learning rate of a step, a float32 scalar."""
        done = ops.cast(step, "float32") / self.steps
        rising = ops.minimum(1.0, 0.02 + done / 0.025)
        return self.peak * rising * ops.where(done < 0.8, 1.0, ops.where(done < 0.9, 1e-2, 1e-4))

    def get_config(self) -> dict[str, float]:
        """Arguments of the constructor."""
        return {"peak": self.peak, "steps": self.steps}


@dataclass(frozen=True)
class BlockRates:
    """Learning rates by depth, as shares of that of the last layer.

    Lower layers learn what serves any picture and need to change less (Howard & Ruder 2018,
    "discriminative fine-tuning"; Clark et al. 2020). With `thaw` they also begin later ("gradual
    unfreezing"): what is fitted to them by then no longer throws them off.
    """

    blocks: tuple[int, ...]  # of every variable, 0 the last layer, counted from the output down
    decay: float  # from one block to the next
    thaw: float  # share of the run after which the lowest block learns, too
    steps: int  # of the run

    def begin(self, block: int) -> int:
        """The step from which a block learns."""
        return round(self.thaw * self.steps * block / max(1, *self.blocks))


class Layered:
    """Optimizer whose variables have rates of their own; weight decay goes with them.

    The rates hang on the number of the step alone, which every checkpoint has.
    """

    rates: BlockRates

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Do as the optimizer does, at the variable's own rate."""
        super().update_step(gradient, variable, learning_rate * self._share(variable))  # type: ignore[misc]

    def _apply_weight_decay(self: Any, variables: Any) -> None:
        for variable in variables if self.weight_decay else ():
            if self._use_weight_decay(variable):
                rate = self.learning_rate * self._share(variable)
                variable.assign_sub(variable * self.weight_decay * rate)

    def _share(self: Any, variable: Any) -> Any:
        block = self.rates.blocks[self._get_variable_index(variable)]
        share, begin = self.rates.decay**block, self.rates.begin(block)
        if not begin:
            return share
        return share * ops.cast(ops.greater_equal(self.iterations, begin), "float32")


class InOneKernel:
    """Adam's step (Kingma & Ba 2015) in one pass over a variable and its two averages.

    As Keras writes it TensorFlow makes ten passes, a tenth of the time of a small network's step;
    JAX makes them one by itself.
    """

    if ON_TENSORFLOW:

        def update_step(self: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
            """Do as Keras does, but for rounding."""
            import tensorflow as tf

            index = self._get_variable_index(variable)
            step = ops.cast(self.iterations + 1, "float32")
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=self._momentums[index].value.handle,
                v=self._velocities[index].value.handle,
                beta1_power=ops.power(self.beta_1, step),
                beta2_power=ops.power(self.beta_2, step),
                lr=ops.cast(learning_rate, "float32"),
                beta1=self.beta_1,
                beta2=self.beta_2,
                epsilon=self.epsilon,
                grad=gradient,
            )


class AdamW(InOneKernel, keras.optimizers.AdamW):  # type: ignore[misc]
    """AdamW."""


class Adam(InOneKernel, keras.optimizers.Adam):  # type: ignore[misc]
    """Adam."""


class LayeredAdamW(Layered, AdamW):
    """AdamW by blocks."""


class LayeredAdam(Layered, Adam):
    """Adam by blocks."""


class LayeredSGD(Layered, keras.optimizers.SGD):  # type: ignore[misc]
    """Gradient descent with momentum, by blocks."""


# plain, by blocks, and what Keras would choose otherwise
OPTIMIZERS = {
    "adamw": (AdamW, LayeredAdamW, {"beta_2": 0.99}),
    "adam": (Adam, LayeredAdam, {}),
    "sgd": (keras.optimizers.SGD, LayeredSGD, {"momentum": 0.9, "nesterov": True}),
}


def build_optimizer(
    training: Training, steps: int, rates: BlockRates | None = None
) -> keras.optimizers.Optimizer:
    """Return the optimizer of a run of `steps` steps, with rates by depth if there are any.

    Weight decay leaves biases and normalisation alone. The weight average ("EMA") follows over at
    most a tenth of the run, so that a short run does not keep its first, random weights.
    """
    schedule = {"one-cycle": OneCycle, "steps": Steps}.get(training.schedule)
    rate = schedule(training.learning_rate, steps) if schedule else training.learning_rate
    plain, layered, own = OPTIMIZERS[training.optimizer]
    settings: dict[str, Any] = {"learning_rate": rate, **own}
    if training.ema:
        settings["use_ema"] = True
        settings["ema_momentum"] = min(training.ema, 1 - min(1.0, 10 / steps))
    if training.optimizer != "adam":
        settings["weight_decay"] = training.weight_decay
    optimizer: Any = layered(**settings) if rates else plain(**settings)
    if rates:
        optimizer.rates = rates
    if training.optimizer != "adam":
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer
