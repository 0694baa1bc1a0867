"""The gradient of a convolution for its inputs, taken by one more convolution."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework import ops

from springfield.learning.machine import convolution
from springfield.learning.machine.convolution import Conv2D
from springfield.learning.machine.engine import seed_all
from springfield.learning.model.networks import build_network
from springfield.recipe import Network

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(size=(4, 7, 6, 5)).astype(np.float32)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor with AVX2 alone."""
    monkeypatch.setattr(convolution, "is_avx2_alone", lambda: True)


def of_keras_and_ours(**settings: Any) -> list[keras.layers.Conv2D]:
    made = [kind(3, 3, padding="same", **settings) for kind in (keras.layers.Conv2D, Conv2D)]
    for layer in made:
        layer.build(IMAGES.shape)
    made[1].set_weights(made[0].get_weights())
    return made


def operations(model: Any, images: np.ndarray, *, training: bool) -> list[str]:
    """The kinds of operations of a step, answers and gradients."""

    def step(images: tf.Tensor) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(images, training=training) ** 2)
        return tape.gradient(loss, [v.value for v in model.trainable_variables])

    graph = tf.function(step).get_concrete_function(tf.TensorSpec(images.shape, images.dtype)).graph
    return [each.type for each in graph.get_operations()]


@pytest.mark.usefixtures("turned")
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(
    "settings",
    [{}, {"use_bias": False, "activation": "relu"}, {"strides": 2}, {"dilation_rate": 2}],
    ids=str,
)
def test_conv2d__answers_and_learns_as_keras_does(settings: dict[str, Any], training: bool) -> None:
    found = []
    for layer in of_keras_and_ours(**settings):
        with tf.GradientTape() as tape:
            images = tf.constant(IMAGES)
            tape.watch(images)
            answers = layer(images, training=training)
            loss = tf.reduce_sum(answers**3)
        learned = [variable.value for variable in layer.trainable_variables]
        found.append([answers, *tape.gradient(loss, [images, *learned])])
    for expected, ours in zip(*found, strict=True):
        largest = np.abs(expected).max()
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-5 * largest)


@pytest.mark.usefixtures("turned")
def test_conv2d__takes_no_kernel_of_its_own_for_a_gradient_of_inputs() -> None:
    """But for the first layer, whose inputs are pixels: nobody asks for that one's."""
    network = build_network(Network(width=0.25), size=32, classes=2)
    images = np.zeros((2, 32, 32, 3), np.uint8)
    learning = operations(network, images, training=True)
    assert learning.count("Conv2DBackpropInput") == 1
    assert learning.count("Conv2DBackpropFilter") == 10
    assert learning.count("Conv2D") == 10 + 9


@pytest.mark.usefixtures("turned")
def test_conv2d__is_keras_own_in_an_answer() -> None:
    """So nothing of it is in classifiers and exports."""
    answering = operations(of_keras_and_ours()[1], IMAGES, training=False)
    assert "IdentityN" not in answering


def test_conv2d__is_keras_own_where_that_is_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution, "is_avx2_alone", lambda: False)
    network = build_network(Network(width=0.25), size=32, classes=2)
    learning = operations(network, np.zeros((2, 32, 32, 3), np.uint8), training=True)
    assert learning.count("Conv2DBackpropInput") == 10


def gradient_of_ours() -> Any:
    """A function that TensorFlow traces."""
    layer = of_keras_and_ours()[1]

    @tf.function
    def gradient(images: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(images)
            found = tf.reduce_sum(layer(images, training=True) ** 2)
        return tape.gradient(found, images)

    return gradient


@pytest.mark.usefixtures("turned")
def test_forget_gradients__what_is_traced_goes_on_and_no_graph_is_kept() -> None:
    gradient, registry = gradient_of_ours(), ops.gradient_registry
    before = gradient(tf.constant(IMAGES)).numpy()
    assert any(name.startswith("CustomGradient-") for name in registry.list())
    seed_all(0)
    assert not any(name.startswith("CustomGradient-") for name in registry.list())
    np.testing.assert_array_equal(gradient(tf.constant(IMAGES)).numpy(), before)


@pytest.mark.usefixtures("turned")
def test_seed_all__frees_the_graphs_of_earlier_trainings() -> None:
    gradient = gradient_of_ours()
    graph = weakref.ref(gradient.get_concrete_function(tf.constant(IMAGES)).graph)
    del gradient
    gc.collect()
    assert graph() is not None  # TensorFlow's registry has it
    seed_all(0)
    assert graph() is None
