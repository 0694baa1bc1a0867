"""A little training that every test of learning can afford."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import keras
import numpy as np
import pytest

from springfield.learning.answering.classifier import Description
from springfield.learning.answering.export_guide import attachments
from springfield.learning.answering.exports import FORMATS, write_export
from springfield.learning.answering.freeze import answering_model
from springfield.learning.examples.batches import Examples
from springfield.learning.model.networks import build_network
from springfield.learning.statistics.calibration import Calibration
from springfield.recipe import Network, Recipe, load_recipe


@pytest.fixture(scope="session")
def stripes() -> tuple[Examples, Examples]:
    """Training and validation rows of two classes: dark on the left, dark on the right."""
    random = np.random.default_rng(0)
    images = random.integers(100, 256, (60, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(60) % 2
    images[labels == 0, :, :12] //= 4
    images[labels == 1, :, 20:] //= 4
    rows = np.arange(60)
    return (
        Examples(images, rows[:44], labels[:44], ("left", "right")),
        Examples(images, rows[44:], labels[44:], ("left", "right")),
    )


@pytest.fixture(scope="session")
def small_recipe() -> Recipe:
    """A quarter of the network's width, batches of 8, dropout, no mirror images."""
    return load_recipe(
        "default",
        (
            "network.width=0.25",
            "network.mirrored=false",
            "network.dropout=0.2",
            "training.batch=8",
            "training.learning_rate=4e-3",
            "augment.flip=false",
            "training.precision=float32",
        ),
    )


CALIBRATION = Calibration(1.3, 0.9, (0.1, 0.2, 0.3), (True, False, True))
EXPORTED = Description(("left", "tårn–塔", "up"), 32, "letterbox", (0.5, 0.3, 0.2), "d1", "0.1.0")


@pytest.fixture(scope="session")
def exported_model() -> keras.Model:
    """An answering model of three classes that is sure of itself, though it was never trained."""
    keras.utils.set_random_seed(7)
    network = Network(width=0.25, dropout=0.2)
    plain = build_network(network, size=32, classes=3)
    weights, biases = plain.get_layer("logits").get_weights()
    plain.get_layer("logits").set_weights([30 * weights, biases])
    return answering_model(plain, network, CALIBRATION.temperature)


@pytest.fixture(scope="session")
def exported(
    exported_model: keras.Model, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, Description]]:
    """`exported(format)` is the file of an export of `exported_model`, and what lies inside."""
    description = replace(EXPORTED, calibration=CALIBRATION)
    samples = np.random.default_rng(3).integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)

    @cache
    def write(name: str) -> tuple[Path, Description]:
        folder = tmp_path_factory.mktemp(name)
        texts = attachments(description)
        (folder / "classifier.json").write_text(texts["classifier.json"], encoding="utf-8")
        file = write_export(
            FORMATS[name], exported_model, samples=samples, texts=texts, folder=folder
        )
        return file, description

    return write
