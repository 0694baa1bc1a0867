"""Batch normalisation in one kernel."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pytest
import tensorflow as tf

from springfield.learning.machine.engine import use_precision
from springfield.learning.machine.normalisation import BatchNormalization

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(3, 2, (4, 5, 5, 8)).astype(np.float32)
WISHES = RANDOM.normal(size=IMAGES.shape).astype(np.float32)
TOLERANCES = {"float32": 1e-5, "mixed_bfloat16": 2e-2}


@pytest.fixture(params=TOLERANCES)
def tolerance(request: pytest.FixtureRequest) -> Iterator[float]:
    use_precision(request.param)
    yield TOLERANCES[request.param]
    use_precision("float32")


def of_keras_and_ours() -> list[keras.layers.BatchNormalization]:
    made = [kind(momentum=0.9) for kind in (keras.layers.BatchNormalization, BatchNormalization)]
    for layer in made:
        layer.build(IMAGES.shape)
        layer.set_weights([np.linspace(a, b, 8) for a, b in ((0.5, 2), (-1, 1), (2, 4), (3, 6))])
    return made


def as_float32(tensor: tf.Tensor) -> np.ndarray:
    return np.asarray(tf.cast(tensor, "float32"))


def test_batch_normalization__learns_as_keras_does(tolerance: float) -> None:
    found = []
    for layer in of_keras_and_ours():
        with tf.GradientTape() as tape:
            images = tf.constant(IMAGES)
            tape.watch(images)
            answers = layer(images, training=True)
            loss = tf.reduce_sum(tf.cast(answers, "float32") * WISHES)
        learned = [variable.value for variable in layer.trainable_variables]
        slopes = tape.gradient(loss, [images, *learned])
        found.append([as_float32(x) for x in (answers, *slopes, *layer.get_weights())])
    for expected, ours in zip(*found, strict=True):
        largest = np.abs(expected).max()
        np.testing.assert_allclose(ours, expected, rtol=0, atol=tolerance * largest)


@pytest.mark.parametrize("frozen", [False, True])
def test_batch_normalization__answers_as_keras_does(tolerance: float, frozen: bool) -> None:
    theirs, ours = of_keras_and_ours()
    theirs.trainable = ours.trainable = not frozen
    before = ours.get_weights()
    expected, answers = (as_float32(x(IMAGES, training=frozen)) for x in (theirs, ours))
    np.testing.assert_allclose(answers, expected, rtol=0, atol=tolerance)
    for was, still in zip(before, ours.get_weights(), strict=True):
        np.testing.assert_array_equal(was, still)


def kinds_over_places(*, training: bool) -> set[str]:
    """The kinds of operations that a layer in bfloat16 takes over all places."""
    use_precision("mixed_bfloat16")
    layer = of_keras_and_ours()[1]
    use_precision("float32")
    images = tf.TensorSpec(IMAGES.shape, "bfloat16")
    traced = tf.function(lambda x: layer(x, training=training)).get_concrete_function(images)
    found = {
        each.type
        for each in traced.graph.get_operations()
        if any(x.shape.rank == 4 for x in (*each.inputs, *each.outputs))
    }
    return found - {"Placeholder", "Identity", "Size", "Shape"}


@pytest.mark.parametrize("training", [False, True])
def test_batch_normalization__is_one_operation_in_bfloat16(training: bool) -> None:
    assert kinds_over_places(training=training) == {"FusedBatchNormV3"}


def test_batch_normalization__is_keras_own_where_memory_is_one_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TF_CPU_ALLOCATOR_USE_BFC", "1")
    assert "FusedBatchNormV3" not in kinds_over_places(training=True)
