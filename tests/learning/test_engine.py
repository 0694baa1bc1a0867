"""The switches of the libraries below."""

from __future__ import annotations

import os

import cv2
import keras
import numpy as np
import pytest
import tensorflow as tf

from springfield.errors import RecipeError
from springfield.learning import card, engine


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


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The variables that make TensorFlow's pool, not yet set and forgotten afterwards."""
    names = ("TF_CPU_ALLOCATOR_USE_BFC", "TF_CPU_BFC_MEM_LIMIT_IN_MB")
    for name in names:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return names


def test_start__main_memory_has_a_pool_only_where_there_is_a_limit(pool: tuple[str, str]) -> None:
    for free in ("", "all"):
        engine.start(seed=0, deterministic=True, memory=free)
        assert not set(pool) & set(os.environ)
    engine.start(seed=0, deterministic=True, memory="40GB")
    assert 20_000 < int(os.environ[pool[1]]) < 40 * 1024  # less what this process has already


@pytest.mark.parametrize(
    ("memory", "told"), [("", [True]), ("all", [False]), ("4GB", [["card", 4096]])]
)
def test_start__a_card_is_shared_as_the_recipe_says(
    monkeypatch: pytest.MonkeyPatch, memory: str, told: list[object]
) -> None:
    heard: list[object] = []
    config = tf.config
    monkeypatch.setattr(config, "list_physical_devices", lambda kind: ["card"])
    monkeypatch.setattr(
        config.experimental, "set_memory_growth", lambda card, grows: heard.append(grows)
    )
    monkeypatch.setattr(
        config,
        "set_logical_device_configuration",
        lambda card, parts: heard.append([card, *(part.memory_limit for part in parts)]),
    )
    engine.start(seed=0, deterministic=True, memory=memory)
    assert heard == told
    assert card.device() == "gpu"


def test_start__a_card_that_is_in_use_already_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(card: str, grows: bool) -> None:
        raise RuntimeError("Physical devices cannot be modified after being initialized")

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["card"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", refuse)
    with pytest.raises(RecipeError, match=r"training\.memory = 'all': .* train in a new process"):
        engine.start(seed=0, deterministic=True, memory="all")
    engine.start(seed=0, deterministic=True)  # nothing is asked for, so all is well
