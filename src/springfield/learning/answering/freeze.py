"""Freeze: from a trained Keras model to the plain files of a Classifier."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from tqdm import tqdm

from springfield.errors import DivergedError, RunError, SpringfieldError
from springfield.files import write_atomically
from springfield.learning.answering.classifier import Classifier, Description, current_file
from springfield.learning.answering.litert import as_litert
from springfield.learning.examples.batches import Examples
from springfield.learning.machine.engine import use_precision
from springfield.learning.model.heads import Head
from springfield.learning.model.networks import build_network, places_of
from springfield.learning.statistics.calibration import calibrate
from springfield.recipe import AT_A_TIME, Network
from springfield.windows import put

WEIGHTS = "weights.npz"
TOLERANCE = 1e-3  # of a probability; rounding alone stays under 1e-5


def freeze(
    model: keras.Model,
    network: Network,
    description: Description,
    validation: Examples,
    folder: Path,
    *,
    batch: int = AT_A_TIME,
) -> keras.Model:
    """Write a classifier folder from trained weights, calibrated on the validation rows.

    They are looked at `batch` at a time.

    Returns:
        The Keras model that was frozen, see `answering_model`.
    """
    plain = _in_float32(network, description)
    plain.set_weights(model.get_weights())
    logits = head_of(plain).logits(view_features(plain, network, validation, batch=batch))
    calibration = calibrate(logits, validation.labels, validation.groups)
    whole = answering_model(plain, network, calibration.temperature)
    content = as_litert(whole)  # takes seconds: before anything is written
    write_atomically(folder / WEIGHTS, _as_npz(plain.get_weights()))
    _commit(folder, content, replace(description, calibration=calibration))
    return whole


def bake(folder: Path, network: Network, head: Head, description: Description) -> keras.Model:
    """Put another last layer into a classifier folder; weights.npz keeps the trained one.

    The classifier with the trained one stays beside it, in the folder ``plain``. A process that is
    killed meanwhile leaves the classifier of before or that of after.

    Args:
        folder: of the classifier.
        network: of the recipe.
        head: to answer with.
        description: that says so, calibrated for it.

    Returns:
        The Keras model that was frozen, see `answering_model`.

    Raises:
        RunError: the folder holds no classifier, or a damaged one.
    """
    before = Classifier.load(folder).description
    described = replace(description, network=before.network, trained=before.lineage)
    plain, weights = thaw_trained(folder, network), [head.kernel, head.bias]
    plain.get_layer("logits").set_weights(weights)
    whole = answering_model(plain, network, description.calibration.temperature)
    if described == before and current_file(folder, "head.npz", before.network).is_file():
        return whole  # so that exports stay those of this classifier
    if before.head == "plain":
        model = current_file(folder, "model.tflite", before.network).read_bytes()
        write_atomically(folder / "plain" / "model.tflite", model)
        write_atomically(folder / "plain" / "classifier.json", before.to_json().encode())
    write_atomically(folder / "next.head.npz", _as_npz(weights))
    _commit(folder, as_litert(whole), described)
    return whole


def bake_plain(folder: Path) -> None:
    """Put the trained last layer back; raises as `bake`."""
    if Classifier.load(folder).description.head == "plain":
        return
    plain = Classifier.load(folder / "plain").description
    _commit(folder, (folder / "plain" / "model.tflite").read_bytes(), plain)


def _commit(folder: Path, model: bytes, description: Description) -> None:
    """Write a network and its description; with them ``next.head.npz`` takes its place.

    From the moment when classifier.json names the new network all of it counts, see `current_file`.
    """
    digest = hashlib.sha256(model).hexdigest()
    described = replace(description, network=digest, trained=description.trained or digest)
    write_atomically(folder / "next.model.tflite", model)
    write_atomically(folder / "classifier.json", described.to_json().encode())
    for name in ("head.npz", "model.tflite"):
        if (folder / f"next.{name}").exists():
            put(folder / f"next.{name}", folder / name)


def thaw(folder: Path, network: Network) -> keras.Model:
    """The Keras model that a classifier folder was frozen from, see `answering_model`.

    Raises:
        RunError: the folder holds no classifier, or a damaged one.
    """
    temperature = Classifier.load(folder).description.calibration.temperature
    return answering_model(thaw_plain(folder, network), network, temperature)


def thaw_plain(folder: Path, network: Network) -> keras.Model:
    """The network that answers in a classifier folder, from images to logits; raises as `thaw`."""
    plain = thaw_trained(folder, network)
    description = Classifier.load(folder).description
    if description.head != "plain":
        head = plain.get_layer("logits")
        _load(head, current_file(folder, "head.npz", description.network))
    return plain


def thaw_trained(folder: Path, network: Network) -> keras.Model:
    """The same with the last layer that it was trained with; raises as `thaw`."""
    plain = _in_float32(network, Classifier.load(folder).description)
    _load(plain, folder / WEIGHTS)
    return plain


def _load(into: keras.Model | keras.layers.Layer, file: Path) -> None:
    way_out = "train anew" if file.name == WEIGHTS else "choose one anew: springfield rebalance RUN"
    try:
        with file.open("rb") as handle, np.load(handle, allow_pickle=False) as weights:
            into.set_weights([weights[name] for name in weights.files])  # in their order
    except FileNotFoundError:
        raise RunError(f"{file} is missing; restore it, or {way_out}") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as problem:
        reason = " ".join(str(problem).split())[:200]  # Keras tells of every layer
        raise RunError(f"{file} is damaged ({reason}); restore it, or {way_out}") from problem


def head_of(plain: keras.Model) -> Head:
    """The last layer of a network."""
    return Head(*plain.get_layer("logits").get_weights())


def answering_model(plain: keras.Model, network: Network, temperature: float) -> keras.Model:
    """Put around a network what makes its logits answers; `classifier.Answers` says what they are.

    With `network.mirrored` every answer is the mean over the image and its mirror image.

    Returns:
        A model from uint8 [B, S, S, 3] to a dict: probabilities [B, C], features [B, F] and, where
        the network ends in mean pooling, activation [B, h, w, C]; all float32.
    """
    head, places = plain.get_layer("logits"), places_of(plain)
    inside = {"logits": plain.output, "features": plain.get_layer("features").output}
    if places is not None:
        inside["activation"] = head(places)
    parts = keras.Model(plain.input, inside)
    images = keras.Input(plain.input.shape[1:], dtype="uint8", name="images")
    views = [parts(images)]
    if network.mirrored:
        views.append(parts(_mirror(images)))
        if places is not None:
            views[1]["activation"] = _mirror(views[1]["activation"])
    answers = {"features": _mean([view["features"] for view in views])}
    answers["probabilities"] = _mean(
        [keras.ops.softmax(view["logits"] / temperature) for view in views]
    )
    if places is not None:
        answers["activation"] = _mean([view["activation"] / temperature for view in views])
    return keras.Model(images, answers, name=network.name)


def view_features(
    plain: keras.Model,
    network: Network,
    examples: Examples,
    *,
    batch: int = AT_A_TIME,
) -> np.ndarray:
    """Features of each image and, with `network.mirrored`, its mirror image: float32 [n, V, F]."""
    inner = keras.Model(plain.input, plain.get_layer("features").output)
    found = np.empty(outputs_shape(inner, network, examples), np.float32)
    fill_outputs(inner, examples, found, batch=batch, progress=False)
    return found


def outputs_shape(inner: keras.Model, network: Network, examples: Examples) -> tuple[int, ...]:
    """[n, V, ...] of what a network makes of V views of each image, 2 with `network.mirrored`."""
    return (len(examples.rows), 2 if network.mirrored else 1, *inner.output.shape[1:])


def fill_outputs(
    inner: keras.Model,
    examples: Examples,
    found: np.ndarray,
    *,
    batch: int = AT_A_TIME,
    progress: bool = False,
) -> None:
    """Write what a network makes of each image into `found` [n, V, ...], V of 2 with mirrored."""
    with tqdm(total=len(found), desc="features", unit="img", disable=not progress) as bar:
        for start in range(0, len(found), batch):
            rows = examples.rows[start : start + batch]
            images = examples.images[np.resize(rows, batch)]  # a full batch: one graph for all
            for view in range(found.shape[1]):
                looked = images[:, :, ::-1] if view else images
                found[start : start + len(rows), view] = inner.predict_on_batch(looked)[: len(rows)]
            bar.update(len(rows))


def check_agreement(classifier: Classifier, whole: keras.Model, images: np.ndarray) -> float:
    """Largest difference in probability between a classifier and the model it was frozen from.

    Raises:
        DivergedError: either has no answer to some of `images`, uint8 [n, S, S, 3]: with weights
            that large, which of the two overflows first is chance.
        SpringfieldError: they differ by more than `TOLERANCE` on some of them.
    """
    expected = np.asarray(whole.predict_on_batch(images)["probabilities"])
    answered = classifier.probabilities(images)
    if not np.isfinite([expected, answered]).all():
        raise DivergedError(
            "training.learning_rate is too high for the rest of the recipe: the trained network's "
            "answers are no numbers; choose a lower one"
        )
    largest = float(np.abs(answered - expected).max())
    if largest > TOLERANCE:
        raise SpringfieldError(
            f"the frozen classifier differs from the trained network by {largest:.4f}; "
            "the weights are safe in the run's checkpoint: please report this"
        )
    return largest


def _in_float32(network: Network, description: Description) -> keras.Model:
    """A fresh network whose answers do not depend on the precision it was trained in."""
    use_precision("float32")
    return build_network(network, size=description.size, classes=len(description.classes))


def _mirror(images: keras.KerasTensor) -> keras.KerasTensor:
    return images[:, :, ::-1]


def _mean(views: list[keras.KerasTensor]) -> keras.KerasTensor:
    return sum(views) / len(views)


def _as_npz(weights: list[np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {f"w{i:04d}": weight for i, weight in enumerate(weights)}
    np.savez(buffer, **arrays)
    return buffer.getvalue()
