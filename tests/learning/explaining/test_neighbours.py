"""Training images that resemble an asked one."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.errors import RunError
from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.answering.freeze import freeze
from springfield.learning.examples.batches import Examples
from springfield.learning.explaining.neighbours import EACH, keep_neighbours, read_neighbours, unit
from springfield.learning.model.networks import build_network
from springfield.recipe import Network


@pytest.fixture(scope="module")
def kept(
    tmp_path_factory: pytest.TempPathFactory, stripes: tuple[Examples, Examples]
) -> tuple[Path, Classifier, Examples]:
    folder, network, (train, val) = tmp_path_factory.mktemp("kept"), Network(width=0.25), stripes
    many = Examples(train.images, np.tile(train.rows, 4), np.tile(train.labels, 4), train.classes)
    model = build_network(network, size=32, classes=2)
    freeze(model, network, Description(train.classes, 32, "letterbox"), val, folder)
    classifier = Classifier.load(folder)
    keep_neighbours(folder, classifier, many, np.array([f"{i}.png" for i in range(60)]))
    return folder, classifier, train


def test_nearest__an_image_is_most_like_itself(kept: tuple[Path, Classifier, Examples]) -> None:
    folder, classifier, train = kept
    row = int(train.rows[6])
    features = classifier.answer([train.images[row]]).features[0]
    first, *others = read_neighbours(folder, classifier.description.network).nearest(features, n=8)
    assert (first.path, first.label) == (f"{row}.png", train.classes[train.labels[6]])
    assert first.similarity == pytest.approx(1, abs=1e-3)
    assert first.similarity >= others[0].similarity >= others[-1].similarity
    shown = np.asarray(Image.open(io.BytesIO(first.jpeg)), np.int64)
    assert np.abs(shown - train.images[row]).mean() < 40  # noise survives JPEG only roughly


def test_keep_neighbours__a_class_takes_a_bounded_place(
    kept: tuple[Path, Classifier, Examples],
) -> None:
    neighbours = read_neighbours(kept[0], kept[1].description.network)
    assert [(neighbours.labels == name).sum() for name in ("left", "right")] == [EACH, EACH]


def test_read_neighbours__what_is_missing_or_damaged_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"neighbours\.npz"):
        read_neighbours(tmp_path, "")
    for content in (b"x", b"", b"PK\x03\x04cut off"):
        (tmp_path / "neighbours.npz").write_bytes(content)
        with pytest.raises(RunError, match=r"neighbours\.npz"):
            read_neighbours(tmp_path, "")


def test_read_neighbours__those_of_another_network_are_refused(
    kept: tuple[Path, Classifier, Examples],
) -> None:
    with pytest.raises(RunError, match="another training"):
        read_neighbours(kept[0], "another")


def test_nearest__of_one_label(kept: tuple[Path, Classifier, Examples]) -> None:
    folder, classifier, train = kept
    features = classifier.answer([train.images[0]]).features[0]
    neighbours = read_neighbours(folder, classifier.description.network)
    other = classifier.classes[1 - int(train.labels[0])]
    found = neighbours.nearest(features, 3, other)
    assert [each.label for each in found] == [other] * 3
    assert found[0].similarity >= found[-1].similarity


def test_labels_near__counts_those_of_the_nearest(kept: tuple[Path, Classifier, Examples]) -> None:
    folder, classifier, train = kept
    features = classifier.answer(train.images[:5]).features
    neighbours = read_neighbours(folder, classifier.description.network)
    counts = neighbours.labels_near(features, classifier.classes, 7)
    for row, each in zip(counts.tolist(), features, strict=True):
        labels = [found.label for found in neighbours.nearest(each, 7)]
        assert row == [labels.count(name) for name in classifier.classes]


@pytest.mark.filterwarnings("error")
def test_unit__of_features_whose_squares_are_past_what_a_number_holds() -> None:
    features = np.array([[3e30, 4e30], [3e-30, 4e-30], [0, 0], [3, 4]], np.float32)
    found = unit(features)
    np.testing.assert_allclose(found[[0, 3]], [[0.6, 0.8]] * 2, rtol=1e-6)
    assert np.abs(found[[1, 2]]).max() < 1e-12
