"""Several networks as one."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from springfield.learning.answering.ensemble import combined, mean
from springfield.learning.machine.engine import use_precision
from springfield.learning.model.networks import build_network, flops_of, layers_of
from springfield.recipe import Network

IMAGES = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)


def trained(network: Network, seed: int) -> keras.Model:
    """A network of which no two weights are alike, as batch normalisation begins with zeros."""
    use_precision("float32")
    model = build_network(network, size=32, classes=3)
    random = np.random.default_rng(seed)
    model.set_weights([w + random.uniform(0, 0.05, w.shape) for w in model.get_weights()])
    return model


def answers(model: keras.Model) -> np.ndarray:
    return np.asarray(model(IMAGES))


def assert_alike(found: np.ndarray, expected: np.ndarray) -> None:
    """But for rounding: these weights make logits of up to a million, and small differences."""
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found / scale, expected / scale, atol=1e-5)


NETWORKS = [
    *(
        Network(name=n, width=0.25)
        for n in ("residual", "original", "resnet32", "mobilenetv3-small")
    ),
    Network(width=0.25, cosine=10.0),
]


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_combined__the_logits_are_the_mean_of_the_members(network: Network) -> None:
    members = [trained(network, seed) for seed in range(3)]
    logits = [answers(model) for model in members]
    assert np.abs(logits[0] - logits[1]).max() > 1e-4 * np.abs(logits).max()
    whole = build_network(replace(network, members=3), size=32, classes=3)
    whole.set_weights(combined([model.get_weights() for model in members], 3, "answers"))
    assert_alike(answers(whole), np.mean(logits, axis=0))
    assert flops_of(whole) == 3 * flops_of(members[0])
    kinds = [layer["kind"] for layer in layers_of(members[0])]
    assert [layer["kind"] for layer in layers_of(whole)] == [
        *kinds[:-3],
        "Concatenate",
        *kinds[-3:],
    ]


def test_combined__the_first_stand_in_for_those_that_are_missing() -> None:
    network = Network(width=0.25)
    members = [trained(network, seed) for seed in range(2)]
    whole = build_network(replace(network, members=3), size=32, classes=3)
    whole.set_weights(combined([model.get_weights() for model in members], 3, "answers"))
    one, two = map(answers, members)
    assert_alike(answers(whole), (2 * one + two) / 3)


def test_combined__the_mean_weights_fit_one_network() -> None:
    network = Network(width=0.25, members=2, combine="weights")
    members = [trained(network, 5).get_weights() for _ in range(2)]
    soup = build_network(network, size=32, classes=3)
    soup.set_weights(combined(members, 2, "weights"))
    assert len(layers_of(soup)) == len(soup.layers)
    for kept, one, two in zip(soup.get_weights(), *members, strict=True):
        np.testing.assert_allclose(kept, (one + two) / 2, rtol=1e-6)


def test_mean__of_one_network_is_the_network() -> None:
    weights = [np.arange(3, dtype=np.float32), np.ones((2, 2), np.float32)]
    for kept, before in zip(mean([weights] * 3), weights, strict=True):
        assert kept.dtype == np.float32
        np.testing.assert_allclose(kept, before, rtol=1e-6)
