"""How far a class is named by its background."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.examples.batches import Examples
from springfield.learning.explaining.background import (
    EACH,
    FEWEST,
    Reliance,
    boxes_of,
    keep_background,
    measure_background,
)
from springfield.run import Run

CLASSES = ("forest", "red", "blue", "rare", "none")
SIDE = 32
PAINTS = ((128, 128, 128), (230, 30, 30), (30, 40, 230))
COUNTS = (30, 30, 10, 3, 0)


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """Tells a picture by its colour: green, red, blue or, where it has none, the first."""
    folder = tmp_path_factory.mktemp("colours")
    places = keras.layers.Conv2D(len(CLASSES), 1)
    images = keras.Input((SIDE, SIDE, 3), dtype="uint8")
    activation = places(keras.layers.AveragePooling2D(4)(keras.layers.Rescaling(1 / 16)(images)))
    means = keras.layers.GlobalAveragePooling2D()(activation)
    tones = np.array([[-1, 2, -1], [2, -1, -1], [-1, -1, 2], [1, 1, -2], [-9, -9, -9]]).T
    places.set_weights([tones[None, None].astype(np.float32), np.array([0.5, 0, 0, -1, 0])])
    answers = {"probabilities": keras.layers.Softmax()(means), "features": means}
    model = keras.Model(images, {**answers, "activation": keras.layers.Identity()(activation)})
    model.export(folder / "model.tflite", format="litert", verbose=False)
    description = Description(CLASSES, size=SIDE, fit="letterbox")
    (folder / "classifier.json").write_text(description.to_json())
    return Classifier.load(folder)


@pytest.fixture(scope="module")
def planted() -> Examples:
    """The first class always stands before the same green; the others are known by the figure."""
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(CLASSES)), COUNTS)
    images = np.empty((len(labels), SIDE, SIDE, 3), np.int64)
    for image, label in zip(images, labels, strict=True):
        image[:] = (30, 170, 40) if label == 0 else random.integers(60, 200)
        left, top = random.integers(9, 13), random.integers(6, 9)
        image[top:29, left : left + 11] = (*PAINTS, (220, 220, 20))[label]
    images += random.integers(-9, 10, images.shape)
    return Examples(images.clip(0, 255).astype(np.uint8), np.arange(len(labels)), labels, CLASSES)


@pytest.fixture(scope="module")
def measured(colours: Classifier, planted: Examples) -> dict[str, Reliance]:
    return measure_background(colours, planted, [(0.0, 0.0, 1.0, 1.0)] * len(planted.rows))


def test_measure_background__a_planted_scene_scores_higher(measured: dict[str, Reliance]) -> None:
    forest, red, blue = (measured[name] for name in CLASSES[:3])
    assert (forest.n, red.n, blue.n) == (EACH, EACH, 10)
    assert forest.share == 1
    assert (red.share, blue.share) == (0, 0)
    assert (red.figure_alone, blue.figure_alone) == (EACH, 10)


def test_measure_background__a_name_given_to_any_background_shows(
    measured: dict[str, Reliance],
) -> None:
    # without colour the first class is answered: grey backgrounds of others get its name
    assert measured["forest"].elsewhere == 1
    assert measured["red"].elsewhere == 0


def test_measure_background__a_few_images_say_nothing(measured: dict[str, Reliance]) -> None:
    assert 0 < measured["rare"].n < FEWEST
    assert measured["rare"].share is None
    assert (measured["none"].n, measured["none"].share, measured["none"].example) == (0, None, None)


def test_measure_background__its_example_shows_what_was_hidden(
    measured: dict[str, Reliance],
) -> None:
    example = measured["red"].example
    assert example is not None
    image, background, figure = example.astype(int)
    reddest = image[..., 0] - image[..., 1] > 120
    assert np.abs(background[reddest][:, 0] - background[reddest][:, 1]).max() < 60
    np.testing.assert_array_equal(figure[12:26, 14:18], image[12:26, 14:18])


def test_keep_background__a_table_and_the_worst_as_pictures(
    measured: dict[str, Reliance], tmp_path: Path
) -> None:
    keep_background(Run(tmp_path), measured)
    kept = json.loads((tmp_path / "background.json").read_text())["classes"]
    assert (kept["forest"]["share"], kept["red"]["share"], kept["rare"]["share"]) == (1, 0, None)
    assert kept["forest"]["example"] == "background/0.jpg"
    with Image.open(tmp_path / "background/0.jpg") as strip:
        assert strip.size == (3 * SIDE, SIDE)
    assert "example" not in kept["rare"]


def test_boxes_of__as_the_pictures_are_fitted() -> None:
    sizes = np.array([40, 20]), np.array([20, 40])
    assert boxes_of(*sizes, "letterbox") == [(0, 0.25, 1, 0.75), (0.25, 0, 0.75, 1)]
    assert boxes_of(*sizes, "crop") == [(0, 0, 1, 1)] * 2
