"""The switches of the libraries below."""

from __future__ import annotations

import cv2
import keras
import numpy as np

from springfield.learning import engine


def test_start__names_the_versions_in_use_and_leaves_the_cores_to_the_network() -> None:
    versions = engine.start(seed=0, deterministic=True)
    assert set(versions) == {"python", "keras", "tensorflow", "numpy"}
    assert cv2.getNumThreads() == 1


def test_seed_all__the_same_first_weights_and_layer_names() -> None:
    def first() -> tuple[str, np.ndarray]:
        engine.seed_all(5)
        layer = keras.layers.Dense(3)
        layer.build((None, 4))
        return layer.name, np.asarray(layer.kernel)

    (name, weights), (again, same) = first(), first()
    assert name == again
    np.testing.assert_array_equal(weights, same)


def test_use_precision__is_the_policy_of_the_layers_built_next() -> None:
    engine.use_precision("mixed_bfloat16")
    half = keras.layers.Dense(1)
    engine.use_precision("float32")
    assert (half.compute_dtype, keras.layers.Dense(1).compute_dtype) == ("bfloat16", "float32")
