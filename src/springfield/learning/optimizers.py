"""Optimizers and their learning-rate schedules."""

from __future__ import annotations

import keras
from keras import ops

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


def build_optimizer(training: Training, steps: int) -> keras.optimizers.Optimizer:
    """Return the optimizer of a run of `steps` steps.

    Weight decay leaves biases and normalisation alone. The weight average ("EMA") follows over at
    most a tenth of the run, so that a short run does not keep its first, random weights.
    """
    schedule = {"one-cycle": OneCycle, "steps": Steps}.get(training.schedule)
    rate = schedule(training.learning_rate, steps) if schedule else training.learning_rate
    average = (
        {"use_ema": True, "ema_momentum": min(training.ema, 1 - min(1.0, 10 / steps))}
        if training.ema
        else {}
    )
    if training.optimizer == "adam":
        return keras.optimizers.Adam(rate, **average)
    if training.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(
            rate, momentum=0.9, nesterov=True, weight_decay=training.weight_decay, **average
        )
    else:
        optimizer = keras.optimizers.AdamW(
            rate, weight_decay=training.weight_decay, beta_2=0.99, **average
        )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer
