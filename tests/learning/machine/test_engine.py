"""The switches of the libraries below."""

from __future__ import annotations

import os

import cv2
import keras
import numpy as np
import pytest
import tensorflow as tf

from springfield.errors import RecipeError
from springfield.learning.machine import card, engine


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


@pytest.fixture
def on_jax(monkeypatch: pytest.MonkeyPatch) -> dict[str, int | None]:
    """As if Keras computed with JAX on a card of 80 GB; what JAX says of it can be set."""
    says: dict[str, int | None] = {}
    for name in ("XLA_PYTHON_CLIENT_MEM_FRACTION", "XLA_PYTHON_CLIENT_PREALLOCATE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(card, "ON_TENSORFLOW", False)
    monkeypatch.setattr(card, "card_bytes", lambda: 80 * 1000**3)
    monkeypatch.setattr(card, "_jax_says", says.get)
    return says


@pytest.mark.parametrize(
    ("memory", "share", "at_once"), [("", None, "false"), ("all", 0.95, None), ("4GB", 0.05, None)]
)
def test_limit_memory__jax_is_told_before_it_looks_for_the_card(
    on_jax: dict[str, int | None], memory: str, share: float | None, at_once: str | None
) -> None:
    card.limit_memory(memory)
    told = os.environ.get("XLA_PYTHON_CLIENT_MEM_FRACTION")
    assert (told and float(told)) == (share and pytest.approx(share, rel=0.08))  # GB or GiB
    assert os.environ.get("XLA_PYTHON_CLIENT_PREALLOCATE") == at_once


def test_limit_memory__of_a_card_that_jax_has_taken_already_is_said(
    on_jax: dict[str, int | None],
) -> None:
    on_jax["bytes_limit"] = 60 * 1000**3
    with pytest.raises(RecipeError, match=r"training\.memory = '4GB': .* train in a new process"):
        card.limit_memory("4GB")
    card.limit_memory("")
