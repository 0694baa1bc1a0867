"""Freeze: from a trained Keras model to the plain files of a Classifier."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import keras
import numpy as np

from springfield.errors import SpringfieldError
from springfield.learning.classifier import Classifier, Description
from springfield.learning.engine import use_precision
from springfield.learning.networks import build_network
from springfield.recipe import Network
from springfield.run import write_atomically

TOLERANCE = 1e-3  # of a probability; rounding alone stays under 1e-5


def freeze(
    model: keras.Model, network: Network, description: Description, folder: Path
) -> keras.Model:
    """Write a classifier folder from trained weights.

    The network is built again in float32, so that answers do not depend on the precision it was
    trained in. With `network.mirrored` the probabilities are the mean over the image and its
    mirror image.

    Returns:
        The Keras model that was frozen, uint8 [B, S, S, 3] -> float32 probabilities [B, C].
    """
    use_precision("float32")
    size, classes = description.size, len(description.classes)
    plain = build_network(network, size=size, classes=classes)
    plain.set_weights(model.get_weights())
    images = keras.Input((size, size, 3), dtype="uint8", name="images")
    probabilities = keras.ops.softmax(plain(images))
    if network.mirrored:
        mirrored = keras.ops.softmax(plain(images[:, :, ::-1]))
        probabilities = (probabilities + mirrored) / 2
    whole = keras.Model(images, probabilities, name=network.name)
    with tempfile.TemporaryDirectory() as beside:
        file = Path(beside) / "model.tflite"
        whole.export(file, format="litert", verbose=False)
        write_atomically(folder / "model.tflite", file.read_bytes())
    write_atomically(folder / "weights.npz", _as_npz(plain))
    write_atomically(folder / "classifier.json", description.to_json().encode())
    return whole


def check_agreement(classifier: Classifier, whole: keras.Model, images: np.ndarray) -> float:
    """Largest difference in probability between a classifier and the model it was frozen from.

    Raises:
        SpringfieldError: they differ by more than `TOLERANCE` on some of `images`,
            uint8 [n, S, S, 3].
    """
    expected = np.asarray(whole.predict_on_batch(images))
    largest = float(np.abs(classifier.probabilities(images) - expected).max())
    if not largest <= TOLERANCE:
        raise SpringfieldError(
            f"the frozen classifier differs from the trained network by {largest:.4f}; "
            "the weights are safe in the run's checkpoint: please report this"
        )
    return largest


def _as_npz(model: keras.Model) -> bytes:
    buffer = io.BytesIO()
    arrays = {f"w{i:04d}": weight for i, weight in enumerate(model.get_weights())}
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()
