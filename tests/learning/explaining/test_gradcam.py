"""Evidence per place from gradients."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import MissingExtraError
from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.answering.ensemble import side_by_side
from springfield.learning.answering.freeze import freeze
from springfield.learning.examples.batches import Examples
from springfield.learning.explaining.gradcam import grad_cam, load_network
from springfield.learning.model.networks import build_network
from springfield.recipe import Network

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
DESCRIPTION = Description(("left", "right", "up"), size=32, fit="letterbox")
NOTHING = Examples(
    np.empty((0, 32, 32, 3), np.uint8), np.empty(0, int), np.empty(0, int), DESCRIPTION.classes
)


@pytest.mark.parametrize("cosine", [0.0, 30.0])
def test_grad_cam__of_a_pooling_network_is_its_activation(tmp_path: Path, cosine: float) -> None:
    network = Network(width=0.25, mirrored=False, cosine=cosine)
    model = build_network(network, size=32, classes=3)
    freeze(model, network, DESCRIPTION, NOTHING, tmp_path)
    activation = Classifier.load(tmp_path).answer(IMAGES).activation
    assert activation is not None
    found = grad_cam(load_network(tmp_path, network))(IMAGES)
    bias = np.asarray(model.get_layer("logits").bias)
    np.testing.assert_allclose(found, activation - bias, atol=1e-4)


def test_grad_cam__of_the_original_network() -> None:
    model = build_network(Network(name="original", conv512=False), size=32, classes=3)
    found = grad_cam(model)(IMAGES)
    assert found.shape == (3, 4, 4, 3)
    assert np.isfinite(found).all()
    assert found.std() > 0


def test_grad_cam__of_networks_side_by_side_is_the_mean_of_theirs() -> None:
    network = Network(name="original", conv512=False)
    members = [build_network(network, size=32, classes=3) for _ in range(2)]
    whole = build_network(replace(network, members=2), size=32, classes=3)
    whole.set_weights(side_by_side([model.get_weights() for model in members]))
    expected = np.mean([grad_cam(model)(IMAGES) for model in members], axis=0)
    np.testing.assert_allclose(grad_cam(whole)(IMAGES), expected, atol=1e-5)


def test_load_network__without_tensorflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "springfield.learning.answering.freeze", None)
    with pytest.raises(MissingExtraError, match="TensorFlow"):
        load_network(tmp_path, Network())
