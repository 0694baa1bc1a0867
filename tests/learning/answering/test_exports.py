"""One contract for every format: the same answers, for any batch, and its texts inside."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import onnx
import pytest

from springfield.errors import MissingExtraError, SpringfieldError
from springfield.images.decode import read_square
from springfield.learning.answering import exports
from springfield.learning.answering.classifier import Description, read_description
from springfield.learning.answering.export_guide import attachments
from springfield.learning.answering.exports import (
    BATCH,
    FORMATS,
    even_samples,
    format_of,
    probabilities_of,
    write_export,
)
from springfield.learning.answering.freeze import answering_model
from springfield.learning.examples.batches import Examples
from springfield.learning.model.networks import build_network
from springfield.recipe import Network

Exported = Callable[[str], tuple[Path, Description]]
NEAR = {"litert-int8": 0.1}  # in probability and, of the largest value, in the other outputs


@pytest.fixture(scope="module")
def squares(tiny: Path) -> np.ndarray:
    """Noise and pictures, uint8 [n, 32, 32, 3]."""
    noise = np.random.default_rng(5).integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    drawn = [read_square(file, 32, "letterbox") for file in sorted(tiny.glob("*/00*.jpg"))]
    return np.concatenate([noise, np.stack(drawn)])


@pytest.mark.parametrize("name", FORMATS)
def test_write_export__answers_as_the_network_whatever_the_batch(
    exported: Exported, exported_model: keras.Model, squares: np.ndarray, name: str
) -> None:
    expected = {key: np.asarray(x) for key, x in exported_model.predict_on_batch(squares).items()}
    assert np.ptp(expected["probabilities"].argmax(axis=1)) > 0
    asked = FORMATS[name].load(exported(name)[0])
    for batch in (1, 7, len(squares)):
        found = asked(squares[:batch])
        assert set(found) == {"probabilities", "features", "activation"}
        for key, values in expected.items():
            scale = max(1, np.abs(values).max())
            assert found[key].dtype == np.float32
            np.testing.assert_allclose(
                found[key] / scale, values[:batch] / scale, atol=NEAR.get(name, 1e-4)
            )


@pytest.mark.parametrize("name", FORMATS)
def test_write_export__what_it_means_lies_inside(exported: Exported, name: str) -> None:
    file, description = exported(name)
    texts = FORMATS[name].attached(file)
    assert texts == attachments(description)
    assert read_description(texts["classifier.json"]) == description


def test_write_export__eight_bits_take_less_room(exported: Exported) -> None:
    floats, bits = (exported(name)[0].stat().st_size for name in ("litert", "litert-int8"))
    assert bits < floats / 2


def test_write_export__onnx_leaves_the_collector_of_garbage_as_it_was(
    exported_model: keras.Model, squares: np.ndarray, tmp_path: Path
) -> None:
    before = gc.get_threshold()
    write_export(format_of("onnx"), exported_model, samples=squares, texts={}, folder=tmp_path)
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_write_export__onnx_names_its_batch(exported: Exported) -> None:
    graph = onnx.load(exported("onnx")[0]).graph
    for value in (*graph.input, *graph.output):
        assert value.type.tensor_type.shape.dim[0].dim_param == "batch"


def test_write_export__a_network_without_pooling_has_no_activation(tmp_path: Path) -> None:
    network = Network(name="original", mirrored=False)
    model = answering_model(build_network(network, size=32, classes=3), network, 1.0)
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    form = FORMATS["onnx"]
    file = write_export(form, model, samples=images, texts={}, folder=tmp_path)
    found = form.load(file)(images)
    assert set(found) == {"probabilities", "features"}
    expected = np.asarray(model.predict_on_batch(images)["probabilities"])
    np.testing.assert_allclose(found["probabilities"], expected, atol=1e-4)


def test_probabilities_of__every_row_once() -> None:
    images = np.arange(BATCH * 2 + 3)
    rows = images[::-1]
    found = probabilities_of(lambda batch: {"probabilities": batch[:, None]}, images, rows)
    assert found[:, 0].tolist() == rows.tolist()


def test_even_samples__rare_classes_are_there_in_full() -> None:
    labels = np.repeat([0, 1, 2], [90, 6, 2])
    images = np.arange(98, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)
    examples = Examples(images, np.arange(98), labels, ("a", "b", "c"))
    chosen = even_samples(examples, 16)[:, 0, 0, 0]
    assert np.bincount(labels[chosen]).tolist() == [8, 6, 2]
    assert len(even_samples(examples)) == 98


def test_format_of__a_slip_is_named() -> None:
    with pytest.raises(SpringfieldError, match=r"unknown format 'onx'; did you mean 'onnx'\?"):
        format_of("onx")


def test_format_of__a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "find_spec", lambda name: None if name == "tf2onnx" else name)
    with pytest.raises(MissingExtraError, match=r"tf2onnx .*\[onnx\]"):
        format_of("onnx")
