"""Exports: a classifier as one file for other programs, in four formats.

Whatever the format, the file takes ``images`` uint8 [B, S, S, 3], any number B of them, and gives
float32 ``probabilities`` [B, C], ``features`` [B, F] and, where the network ends in mean pooling,
``activation`` [B, h, w, C], see `classifier.Answers`. Texts that say so lie inside the file, where
the format keeps such things: a folder beside the graph (SavedModel), named properties (ONNX), an
archive at the end of the file (LiteRT).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from springfield.errors import MissingExtraError, SpringfieldError, did_you_mean
from springfield.learning.answering import export_formats as formats
from springfield.learning.answering.export_formats import Asked, Texts
from springfield.learning.machine.quiet import quiet
from springfield.windows import temporary_for_tensorflow

if TYPE_CHECKING:
    import keras

    from springfield.learning.examples.batches import Examples

SAMPLES = 300  # training images from which int8 learns its ranges
BATCH = 64  # images answered at once
ROUNDING = 1e-3  # of a probability: what another order of additions explains, and more


@dataclass(frozen=True)
class Format:
    """How one format is written, and how it answers again from the written file alone."""

    file: str  # name of the model in its folder
    write: Callable[[keras.Model, np.ndarray, Path], None]
    attach: Callable[[Texts, Path], None]
    attached: Callable[[Path], Texts]  # what `attach` put in
    load: Callable[[Path], Asked]
    tolerance: float  # difference in probability up to which it is the same network
    extra: str = ""  # of Springfield, that brings the packages below
    packages: tuple[str, ...] = ()


def format_of(name: str) -> Format:
    """The format of that name.

    Raises:
        SpringfieldError: there is none, or (`MissingExtraError`) its packages are not installed.
    """
    if name not in FORMATS:
        raise SpringfieldError(f"unknown format '{name}'{did_you_mean(name, FORMATS)}")
    found = FORMATS[name]
    for package in found.packages:
        if find_spec(package) is None:
            raise MissingExtraError(package, found.extra)
    return found


def even_samples(examples: Examples, count: int = SAMPLES) -> np.ndarray:
    """At most `count` images, one of each class in turn: uint8 [n, S, S, 3].

    Rare classes must not be lost to the ranges of the common ones.
    """
    random = np.random.default_rng(0)
    turns = np.zeros(len(examples.rows), np.int64)  # 0 for the first of each class, and so on
    for label in np.unique(examples.labels):
        own = np.flatnonzero(examples.labels == label)
        turns[random.permutation(own)] = np.arange(len(own))
    chosen = np.argsort(turns, kind="stable")[:count]
    return np.asarray(examples.images[np.sort(examples.rows[chosen])])


def write_export(
    form: Format, model: keras.Model, *, samples: np.ndarray, texts: Texts, folder: Path
) -> Path:
    """Write a model with its texts inside, and return where it lies in `folder`.

    Args:
        form: from `format_of`.
        model: see `freeze.answering_model`.
        samples: training images, uint8 [n, S, S, 3] with n at least 1, see `even_samples`.
        texts: by name; `form.attached` reads them back.
        folder: that is there.

    Raises:
        SpringfieldError: Keras does not compute with TensorFlow, which writes every format.
        OSError: it cannot be written.
    """
    from springfield.learning.machine.card import ON_TENSORFLOW

    if not ON_TENSORFLOW:
        raise SpringfieldError(
            "exports are written by TensorFlow, and KERAS_BACKEND chooses another; "
            "ask again with KERAS_BACKEND=tensorflow"
        )
    file = folder / form.file
    with quiet(), temporary_for_tensorflow():
        form.write(model, samples, file)
        form.attach(texts, file)
    return file


def probabilities_of(asked: Asked, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """What a loaded export says of some images.

    Args:
        asked: from `Format.load`.
        images: uint8 [N, S, S, 3], memory-mapped.
        rows: of those to ask about, int64 [n] with n at least 1.

    Returns:
        float32 [n, C].
    """
    starts = range(0, len(rows), BATCH)
    parts = [asked(images[rows[start : start + BATCH]])["probabilities"] for start in starts]
    return np.concatenate(parts)


_LITERT = (formats.attach_to_litert, formats.attached_to_litert, formats.load_litert)
FORMATS = {
    "savedmodel": Format(
        "model",
        formats.write_savedmodel,
        formats.attach_to_savedmodel,
        formats.attached_to_savedmodel,
        formats.load_savedmodel,
        ROUNDING,
        "cpu",
        ("tensorflow",),
    ),
    "onnx": Format(
        "model.onnx",
        formats.write_onnx,
        formats.attach_to_onnx,
        formats.attached_to_onnx,
        formats.load_onnx,
        ROUNDING,
        "onnx",
        ("onnx", "onnxruntime", "tf2onnx"),
    ),
    "litert": Format("model.tflite", formats.write_litert, *_LITERT, ROUNDING),
    # Eight bits do move probabilities: only the classes' scores can tell how much it matters.
    "litert-int8": Format("model.tflite", formats.write_int8, *_LITERT, 1.0),
}
