"""Every network keeps the same contract."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from springfield.learning.model.networks import NETWORKS, build_network, flops_of, layers_of
from springfield.learning.training.accumulation import train_step
from springfield.learning.training.fitting import compile_network
from springfield.recipe import Network, load_recipe
from springfield.recipe_limits import CHOICES, FROM_SCRATCH, RANGES

ALL = [Network(name=name, width=0.25) for name in NETWORKS]
ALL += [Network(name=name, width=0.25, cosine=30.0) for name in FROM_SCRATCH]
ALL += [Network(name="original", conv512=True), Network(width=RANGES["network.width"][0])]


def test_networks__are_those_a_recipe_may_name() -> None:
    assert set(NETWORKS) == set(CHOICES["network.name"])


@pytest.mark.parametrize("network", ALL, ids=str)
@pytest.mark.parametrize("size", [32, 48])
def test_build_network__from_bytes_to_logits(network: Network, size: int) -> None:
    model = build_network(network, size=size, classes=5)
    logits = np.asarray(model(np.zeros((2, size, size, 3), np.uint8)))
    assert logits.shape == (2, 5)
    assert logits.dtype == np.float32
    assert model.get_layer("features").output.shape[0] is None
    assert len(model.get_layer("features").output.shape) == 2
    assert model.get_layer("logits").output.shape == (None, 5)


def test_build_network__width_scales_the_channels() -> None:
    narrow, wide = (build_network(Network(width=w), size=32, classes=2) for w in (0.25, 0.5))
    assert wide.count_params() > 3 * narrow.count_params()


def test_build_network__original_may_have_a_fifth_convolution() -> None:
    def convolutions(network: Network) -> list[int]:
        model = build_network(network, size=32, classes=2)
        return [x.filters for x in model.layers if isinstance(x, keras.layers.Conv2D)]

    plain = Network(name="original")
    assert convolutions(plain) == [32, 64, 128, 256]
    assert convolutions(replace(plain, conv512=True)) == [32, 64, 128, 256, 512]


@pytest.mark.parametrize("name", FROM_SCRATCH)
@pytest.mark.parametrize("micro_batch", [0, 4])
def test_build_network__logits_are_cosines_after_every_step(name: str, micro_batch: int) -> None:
    named = (f"network.name={name}", "network.width=0.25", "network.cosine=30")
    batches = ("training.batch=8", f"training.micro_batch={micro_batch}", "training.ema=0")
    recipe = load_recipe("default", (*named, *batches))
    model = build_network(recipe.network, size=32, classes=3)
    compile_network(model, recipe, counts=np.array([5, 2, 1]), steps=4)
    images = np.random.default_rng(0).integers(0, 256, (8, 32, 32, 3), dtype=np.uint8)
    step = train_step(model, recipe.training)
    before = model.get_weights()[-2]
    for _ in range(3):
        step(images, np.eye(3, dtype=np.float32)[[0, 0, 0, 0, 0, 1, 1, 2]])
    step.hand_back()
    kernel, bias = model.get_layer("logits").get_weights()
    assert np.abs(kernel - before).max() > 1e-3
    np.testing.assert_allclose(np.linalg.norm(kernel, axis=0), 1, rtol=1e-5)
    np.testing.assert_array_equal(bias, 0)
    features = keras.Model(model.input, model.get_layer("features").output)(images)
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 30, rtol=1e-4)


def test_flops_of__counts_by_hand() -> None:
    images = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3, padding="same")(images)  # 64 places x 4 x 27
    x = keras.layers.Dense(5)(keras.layers.GlobalAveragePooling2D()(x))  # 4 x 5
    assert flops_of(keras.Model(images, x)) == 2 * (64 * 4 * 27 + 4 * 5)


def test_flops_of__the_default_network_stays_within_its_budget() -> None:
    model = build_network(Network(), size=64, classes=14)
    assert flops_of(model) <= 2 * 120e6


def test_layers_of__tells_every_layer() -> None:
    model = build_network(Network(width=0.25), size=32, classes=3)
    told = layers_of(model)
    assert len(told) == len(model.layers)
    assert told[-1] == {"name": "logits", "kind": "Dense", "shape": [3], "parameters": 64 * 3 + 3}
    assert sum(layer["parameters"] for layer in told) == model.count_params()
