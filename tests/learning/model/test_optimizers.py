"""Optimizers and schedules."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from springfield.learning.model.optimizers import OneCycle, build_optimizer
from springfield.recipe import Training


def test_one_cycle__rises_to_the_peak_and_falls_to_nothing() -> None:
    schedule = OneCycle(0.1, 1000)
    rates = np.array([float(schedule(step)) for step in range(1001)])
    assert rates.argmax() == 200
    assert abs(rates.max() - 0.1) < 1e-6
    assert rates[0] < 0.01
    assert rates[-1] < 1e-6
    assert (np.diff(rates[:200]) > 0).all()
    assert (np.diff(rates[201:]) < 0).all()


def test_build_optimizer__a_constant_rate() -> None:
    optimizer = build_optimizer(
        Training(optimizer="adam", schedule="constant", learning_rate=1e-3), 10
    )
    assert type(optimizer).__name__ == "Adam"
    assert abs(float(optimizer.learning_rate) - 1e-3) < 1e-9


def test_build_optimizer__a_short_run_averages_over_a_short_time() -> None:
    assert build_optimizer(Training(ema=0.999), 100).ema_momentum == 0.9
    assert build_optimizer(Training(ema=0.999), 10**6).ema_momentum == 0.999
    assert not build_optimizer(Training(ema=0.0), 100).use_ema


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_build_optimizer__adam_is_one_kernel_for_each_variable(name: str) -> None:
    optimizer = build_optimizer(Training(optimizer=name), 10)
    variables = [keras.Variable(np.ones((3, 4)), dtype="float32") for _ in range(2)]
    optimizer.build(variables)
    step = tf.function(lambda *gradients: optimizer.apply(list(gradients), variables))
    traced = step.get_concrete_function(*[tf.ones((3, 4))] * 2)
    kinds = [each.type for each in traced.graph.get_operations()]
    assert kinds.count("ResourceApplyAdam") == 2


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_build_optimizer__adam_in_one_kernel_steps_as_keras_does(name: str) -> None:
    training = Training(optimizer=name, schedule="constant", learning_rate=1e-2, weight_decay=0.1)
    theirs = {
        "adam": keras.optimizers.Adam(1e-2),
        "adamw": keras.optimizers.AdamW(1e-2, beta_2=0.99, weight_decay=0.1),
    }[name]
    gradients = np.random.default_rng(0).normal(size=(20, 3, 4)).astype(np.float32)
    found = []
    for optimizer in (theirs, build_optimizer(training, 20)):
        variable = keras.Variable(np.linspace(-1, 1, 12).reshape(3, 4), dtype="float32")
        optimizer.build([variable])
        for gradient in gradients:
            optimizer.apply([keras.ops.convert_to_tensor(gradient)])
        found.append(np.asarray(variable.value))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-5)
