"""One contract for every backbone, and for the weights that others trained."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import applications

from springfield.errors import RecipeError
from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.answering.exports import format_of, probabilities_of, write_export
from springfield.learning.answering.freeze import check_agreement, freeze, thaw_plain
from springfield.learning.examples.batches import Examples
from springfield.learning.machine.engine import seed_all
from springfield.learning.model.backbones import (
    BACKBONES,
    check_weights,
    find_weights,
    load_pretrained,
)
from springfield.learning.model.networks import build_network
from springfield.learning.training.fitting import compile_network
from springfield.recipe import Network, Recipe, load_recipe
from springfield.recipe_limits import BACKBONES as NAMES

CLASSES = ("left", "right", "up")
FAMILIES = (  # one of each that is made of the same operations
    "mobilenetv2",
    "mobilenetv3-small",
    "efficientnetv2-b0",
    "convnext-tiny",
    "resnet50v2",
)
_NOISE = np.random.default_rng(0).integers(0, 256, (8, 32, 32, 3), dtype=np.uint8)
IMAGES = _NOISE // np.array([1, 2, 4, 8, 1, 2, 4, 8], np.uint8)[:, None, None, None]
TARGETS = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 0, 1]]
PREPROCESS: dict[str, Callable[[np.ndarray], Any]] = {  # what Keras says of each family
    "mobilenetv2": applications.mobilenet_v2.preprocess_input,
    "mobilenetv3": applications.mobilenet_v3.preprocess_input,
    "efficientnetv2": applications.efficientnet_v2.preprocess_input,
    "convnext": applications.convnext.preprocess_input,
    "resnet50v2": applications.resnet_v2.preprocess_input,
}


def test_backbones__are_those_a_recipe_may_name() -> None:
    assert tuple(BACKBONES) == NAMES


@pytest.mark.parametrize("name", BACKBONES)
def test_backbone__takes_the_pixels_its_family_expects(name: str) -> None:
    images = IMAGES.repeat(3, axis=1).repeat(3, axis=2)
    own = BACKBONES[name].build(include_top=False, weights=None, input_shape=(96, 96, 3))
    expected = _first_convolved(own).predict_on_batch(
        np.asarray(PREPROCESS[name.split("-")[0]](images.astype(np.float32)))
    )
    model = build_network(Network(name=name), size=96, classes=3)
    assert model.get_layer("features").input.shape[1:3] == (3, 3)
    found = _first_convolved(model).predict_on_batch(images)
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(found, expected, atol=1e-5)


def _first_convolved(model: keras.Model) -> keras.Model:
    """What the first convolution is given; the layers before it are those of the pixels."""
    first = next(
        each
        for each in model.layers
        if isinstance(each, keras.layers.Conv2D | keras.Sequential) and each.input.shape[-1] == 3
    )
    return keras.Model(model.input, first.input)


@pytest.mark.parametrize("name", BACKBONES)
def test_backbone__trains_saves_loads_exports_and_explains(tmp_path: Path, name: str) -> None:
    network = Network(name=name, mirrored=False)
    seed_all(0)
    model = _trained_a_step(network)
    description = Description(CLASSES, 32, "letterbox")
    nobody = Examples(IMAGES[:0], np.empty(0, int), np.empty(0, int), CLASSES)
    whole = freeze(model, network, description, nobody, tmp_path)
    classifier = Classifier.load(tmp_path)
    answers = classifier.answer(IMAGES)
    assert np.ptp(answers.probabilities, axis=0).min() > 0.1  # they depend on the image
    assert check_agreement(classifier, whole, IMAGES) < 1e-4
    assert answers.activation is not None
    assert answers.activation.shape == (8, 1, 1, 3)
    for found, expected in zip(
        thaw_plain(tmp_path, network).get_weights(), model.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(found, expected)
    for to in ("savedmodel", "onnx") if name in FAMILIES else ():  # LiteRT it was frozen to
        form, folder = format_of(to), tmp_path / to
        folder.mkdir()
        exported = write_export(form, whole, samples=IMAGES, texts={}, folder=folder)
        answered = probabilities_of(form.load(exported), IMAGES, np.arange(len(IMAGES)))
        np.testing.assert_allclose(answered, answers.probabilities, atol=1e-4)


def _trained_a_step(network: Network) -> keras.Model:
    model = build_network(network, size=32, classes=3)  # at 96 it was built above
    recipe = Recipe(network=network)
    compile_network(model, recipe, counts=np.array([3, 3, 2]), steps=1)
    before = [weight.copy() for weight in model.get_weights()]
    loss, _ = model.train_on_batch(IMAGES, TARGETS)
    assert np.isfinite(loss)
    changed = [not np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True)]
    assert np.mean(changed) > 0.5
    # A single step leaves biases that drown all images alike: the fresh weights tell them apart,
    # if only the last layer is steep.
    model.set_weights(before)
    features = keras.Model(model.input, model.get_layer("features").output)
    found = np.asarray(features(IMAGES))
    kernel = np.random.default_rng(0).normal(size=(found.shape[1], 3))
    steepness = 1 / (found @ kernel).std(axis=0)
    bias = -(found @ kernel).mean(axis=0) * steepness
    model.get_layer("logits").set_weights([kernel * steepness, bias])
    return model


@pytest.fixture(scope="module")
def small() -> keras.Model:
    return applications.MobileNetV3Small(include_top=False, weights=None)


@pytest.fixture(scope="module")
def file(small: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights as Keras writes them."""
    file = tmp_path_factory.mktemp("weights") / "small.weights.h5"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Keras, on NumPy's behalf
        small.save_weights(file)
    return file


def test_load_pretrained__takes_a_file_for_any_size(small: keras.Model, file: Path) -> None:
    network = Network(name="mobilenetv3-small", weights=str(file))
    model = build_network(network, size=48, classes=3)
    head = model.get_layer("logits").get_weights()[0]
    load_pretrained(model, network)
    for found, expected in zip(model.get_weights(), small.get_weights(), strict=False):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(model.get_layer("logits").get_weights()[0], head)


def test_load_pretrained__a_file_of_another_network_is_one_line(file: Path) -> None:
    network = Network(name="mobilenetv2", weights=str(file))
    with pytest.raises(RecipeError, match="does not fit mobilenetv2 without its top") as told:
        load_pretrained(build_network(network, size=32, classes=3), network)
    assert "\n" not in str(told.value)


def test_load_pretrained__a_damaged_file_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "torn.weights.h5"
    file.write_bytes(b"torn")
    network = Network(name="mobilenetv2", weights=str(file))
    with pytest.raises(RecipeError, match=r"torn\.weights\.h5 does not fit"):
        load_pretrained(build_network(network, size=32, classes=3), network)


OFFLINE = """
import sys, urllib.request
from urllib.error import URLError
from springfield.errors import RecipeError
from springfield.learning.model.backbones import load_pretrained
from springfield.learning.model.networks import build_network
from springfield.recipe import Network
import keras.src.utils.file_utils as file_utils

def refuse(*_): raise URLError("no network")
file_utils.urlretrieve = refuse
network = Network(name="mobilenetv2", weights="imagenet")
try:
    load_pretrained(build_network(network, size=32, classes=3), network)
except RecipeError as told:
    print(told)
"""


def test_load_pretrained__without_network_it_says_which_file_goes_where(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        env={"KERAS_HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    (said,) = done.stdout.splitlines()  # and not what Keras tells of the download
    assert said.startswith("cannot download the ImageNet weights of mobilenetv2 (")
    assert "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5 into" in said
    assert str(tmp_path / "models") in said
    assert "--set network.weights=FILE" in said


def test_find_weights__are_found_from_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("w.h5").touch()
    found = find_weights(Recipe(network=Network(name="mobilenetv2", weights="w.h5")))
    assert found.network.weights == str(tmp_path / "w.h5")
    assert find_weights(Recipe()) == Recipe()


def test_check_weights__a_missing_file_is_one_line() -> None:
    with pytest.raises(RecipeError, match="there is no such file"):
        check_weights(Network(name="mobilenetv2", weights="nowhere.h5"))


def test_network__weights_need_a_backbone() -> None:
    with pytest.raises(RecipeError, match="residual is trained from scratch; choose a backbone"):
        load_recipe("default", ("network.weights=imagenet",))
