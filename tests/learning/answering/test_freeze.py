"""From a trained network to a classifier."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from springfield.errors import RunError, SpringfieldError
from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.answering.freeze import check_agreement, freeze, thaw
from springfield.learning.examples.batches import Examples
from springfield.learning.model.networks import build_network
from springfield.recipe import Network
from springfield.recipe_limits import FROM_SCRATCH

DESCRIPTION = Description(("left", "right", "up"), size=32, fit="letterbox")
NOTHING = Examples(
    np.empty((0, 32, 32, 3), np.uint8), np.empty(0, int), np.empty(0, int), DESCRIPTION.classes
)
IMAGES = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", FROM_SCRATCH)  # for backbones see test_backbones
@pytest.mark.parametrize(("mirrored", "cosine"), [(False, 0.0), (True, 0.0), (True, 30.0)])
def test_freeze__the_classifier_answers_as_the_network(
    tmp_path: Path, name: str, mirrored: bool, cosine: float
) -> None:
    network = Network(name=name, width=0.25, mirrored=mirrored, cosine=cosine)
    model = build_network(network, size=32, classes=3)
    whole = freeze(model, network, DESCRIPTION, NOTHING, tmp_path)
    classifier = Classifier.load(tmp_path)
    assert classifier.classes == DESCRIPTION.classes
    assert check_agreement(classifier, whole, IMAGES) < 1e-5
    answers = classifier.probabilities(IMAGES)
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
    again = classifier.probabilities(IMAGES[:, :, ::-1])
    assert np.allclose(answers, again, atol=1e-5) == mirrored


def test_check_agreement__another_network_is_refused(tmp_path: Path) -> None:
    network = Network(width=0.25)
    one, two = (build_network(network, size=32, classes=3) for _ in range(2))
    two.set_weights([weight + 0.5 for weight in two.get_weights()])
    freeze(one, network, DESCRIPTION, NOTHING, tmp_path / "one")
    whole = freeze(two, network, DESCRIPTION, NOTHING, tmp_path / "two")
    with pytest.raises(SpringfieldError, match="differs"):
        check_agreement(Classifier.load(tmp_path / "one"), whole, IMAGES)


def test_freeze__the_weights_are_kept_for_keras(tmp_path: Path) -> None:
    network = Network(width=0.25)
    model = build_network(network, size=32, classes=3)
    freeze(model, network, DESCRIPTION, NOTHING, tmp_path)
    with np.load(tmp_path / "weights.npz") as kept:
        for name, weight in zip(sorted(kept.files), model.get_weights(), strict=True):
            np.testing.assert_array_equal(kept[name], weight)


@pytest.mark.parametrize("cosine", [0.0, 30.0])
def test_freeze__the_activation_is_where_the_logits_come_from(
    tmp_path: Path, stripes: tuple[Examples, Examples], cosine: float
) -> None:
    network, (_, val) = Network(width=0.25, cosine=cosine), stripes
    model = build_network(network, size=32, classes=2)
    freeze(model, network, Description(val.classes, 32, "letterbox"), val, tmp_path)
    classifier = Classifier.load(tmp_path)
    answers = classifier.answer(IMAGES)
    assert answers.activation is not None
    assert answers.activation.shape == (6, 2, 2, 2)
    logits = np.stack([np.asarray(model(view)) for view in (IMAGES, IMAGES[:, :, ::-1])]).mean(0)
    expected = logits / classifier.description.calibration.temperature
    np.testing.assert_allclose(answers.activation.mean(axis=(1, 2)), expected, atol=1e-4)


def test_freeze__a_network_without_pooling_has_no_activation(tmp_path: Path) -> None:
    network = Network(name="original")
    model = build_network(network, size=32, classes=3)
    freeze(model, network, DESCRIPTION, NOTHING, tmp_path)
    answers = Classifier.load(tmp_path).answer(IMAGES)
    assert answers.activation is None
    assert answers.features.shape == (6, 512)


def test_thaw__the_frozen_model_again(tmp_path: Path, stripes: tuple[Examples, Examples]) -> None:
    network, (_, val) = Network(width=0.25), stripes
    model = build_network(network, size=32, classes=2)
    whole = freeze(model, network, Description(val.classes, 32, "letterbox"), val, tmp_path)
    again, expected = (each.predict_on_batch(IMAGES) for each in (thaw(tmp_path, network), whole))
    for name, values in expected.items():
        np.testing.assert_array_equal(again[name], values)


def test_thaw__missing_or_damaged_weights_are_named(tmp_path: Path) -> None:
    network = Network(width=0.25)
    freeze(build_network(network, size=32, classes=3), network, DESCRIPTION, NOTHING, tmp_path)
    file = tmp_path / "weights.npz"
    whole = file.read_bytes()
    for content in (b"", b"no weights", whole[: len(whole) // 2]):
        file.write_bytes(content)
        with pytest.raises(RunError, match=r"weights\.npz is damaged"):
            thaw(tmp_path, network)
    file.write_bytes(whole)
    with pytest.raises(RunError, match=r"weights\.npz is damaged"):
        thaw(tmp_path, Network(width=0.5))
    file.unlink()
    with pytest.raises(RunError, match=r"weights\.npz is missing"):
        thaw(tmp_path, network)
