"""What inference needs, without TensorFlow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.errors import RunError, UnreadableImageError
from springfield.learning.answering.classifier import (
    BATCH,
    Classifier,
    Description,
    read_description,
)
from springfield.learning.answering.freeze import freeze
from springfield.learning.examples.batches import Examples
from springfield.learning.model.networks import build_network
from springfield.learning.statistics.calibration import Calibration
from springfield.recipe import Network


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, stripes: tuple[Examples, Examples]) -> Path:
    folder = tmp_path_factory.mktemp("classifier")
    network = Network(width=0.25)
    model = build_network(network, size=32, classes=2)
    freeze(model, network, Description(("a", "b"), 32, "letterbox"), stripes[1], folder)
    return folder


def test_probabilities__of_nothing(folder: Path) -> None:
    assert Classifier.load(folder).probabilities([]).shape == (0, 2)


def test_probabilities_of__a_file_and_its_bytes_agree(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)).save(file)
    classifier = Classifier.load(folder)
    one, two = classifier.probabilities_of(file), classifier.probabilities_of(file.read_bytes())
    np.testing.assert_array_equal(one, two)
    with pytest.raises(UnreadableImageError):
        classifier.probabilities_of(b"no image")


def test_load__needs_no_tensorflow(folder: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from springfield.learning.answering.classifier import Classifier\n"
        f"Classifier.load(pathlib.Path({str(folder)!r}))\n"
        "assert not {'tensorflow', 'keras', 'cv2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "other", [Description(("a",), 32, "letterbox"), Description(("a", "b"), 64, "letterbox")]
)
def test_load__a_description_of_another_network_is_refused(
    folder: Path, tmp_path: Path, other: Description
) -> None:
    (tmp_path / "model.tflite").write_bytes((folder / "model.tflite").read_bytes())
    (tmp_path / "classifier.json").write_text(other.to_json())
    with pytest.raises(RunError, match=r"damaged: classifier\.json says"):
        Classifier.load(tmp_path)


@pytest.mark.parametrize("name", ["model.tflite", "classifier.json"])
def test_load__a_missing_or_damaged_file_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(RunError, match="damaged"):
        Classifier.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(RunError, match=name):
        Classifier.load(tmp_path)


def test_load__a_network_of_another_training_is_refused(folder: Path, tmp_path: Path) -> None:
    description = json.loads((folder / "classifier.json").read_text())
    assert len(description["network"]) == 64
    description["network"] = "0" * 64
    (tmp_path / "classifier.json").write_text(json.dumps(description))
    (tmp_path / "model.tflite").write_bytes((folder / "model.tflite").read_bytes())
    with pytest.raises(RunError, match="two trainings"):
        Classifier.load(tmp_path)


def test_answer__the_size_of_the_batch_changes_nothing(folder: Path) -> None:
    images = np.random.default_rng(2).integers(0, 256, (BATCH + 3, 32, 32, 3), np.uint8)
    classifier = Classifier.load(folder)
    together = classifier.answer(images)
    for i, image in enumerate(images):
        alone = classifier.answer([image])
        np.testing.assert_allclose(alone.probabilities[0], together.probabilities[i], atol=1e-6)
        np.testing.assert_allclose(alone.features[0], together.features[i], rtol=1e-4, atol=1e-5)


def test_read_description__reads_what_was_written() -> None:
    calibration = Calibration(0.8, 0.9, (0.25, 0.5), (True, False))
    description = Description(("a", "ä"), 32, "crop", (0.1, 0.9), "d1", "0.1.0", "f00", calibration)
    assert read_description(description.to_json()) == description
