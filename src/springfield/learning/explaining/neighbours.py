"""Neighbours: training images to show beside an answer, because the network finds them alike."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
from PIL import Image

from springfield.errors import RunError
from springfield.files import write_atomically

if TYPE_CHECKING:  # they lead to OpenCV, which reading needs as little as TensorFlow
    from springfield.learning.answering.classifier import Classifier
    from springfield.learning.examples.batches import Examples

AT_ONCE = 500_000  # similarities, which take 8 MB while the nearest are looked for
EACH = 60  # images kept of a class
QUALITY = 80  # of their JPEG


@dataclass(frozen=True)
class Neighbour:
    """A training image that resembles an asked one."""

    path: str  # as in the catalog
    label: str
    similarity: float  # cosine of the angle between the features, at most 1
    jpeg: bytes  # the square the network saw


@dataclass(frozen=True, eq=False)
class Neighbours:
    """At most `EACH` training images of every class, with their features."""

    paths: np.ndarray  # str [m]
    labels: np.ndarray  # str [m]
    features: np.ndarray  # float32 [m, F], of length 1
    jpegs: np.ndarray  # uint8, all pictures one after the other
    ends: np.ndarray  # int64 [m], where each picture ends
    network: str  # that the features are of, see `Description`

    def nearest(
        self, features: np.ndarray, n: int = 5, label: str | None = None
    ) -> list[Neighbour]:
        """The `n` most similar images, of `label` if it is given, the most similar first.

        Features are float32 [F].
        """
        similarity = self.features @ unit(features)
        order = np.argsort(-similarity, kind="stable")
        if label is not None:
            order = order[self.labels[order] == label]
        return [
            Neighbour(str(self.paths[i]), str(self.labels[i]), float(similarity[i]), self._jpeg(i))
            for i in order[:n]
        ]

    def labels_near(self, features: np.ndarray, classes: Sequence[str], n: int) -> np.ndarray:
        """How many of the `n` most similar images bear each label, int64 [r, C].

        Features are float32 [r, F]; `classes` are C names.
        """
        place = {name: c for c, name in enumerate(classes)}
        number = np.array([place[label] for label in self.labels.tolist()])
        found, n = np.zeros((len(features), len(classes)), np.int64), min(n, len(number))
        some = max(1, AT_ONCE // len(number))
        for start in range(0, len(features), some):
            similarity = unit(features[start : start + some]) @ self.features.T  # [<= some, m]
            near = np.argpartition(-similarity, n - 1, axis=1)[:, :n]
            rows = start + np.arange(len(near))[:, None]
            np.add.at(found, (rows, number[near]), 1)
        return found

    def _jpeg(self, i: int) -> bytes:
        start = self.ends[i - 1] if i else 0
        return self.jpegs[start : self.ends[i]].tobytes()


def keep_neighbours(
    folder: Path, classifier: Classifier, training: Examples, paths: np.ndarray
) -> None:
    """Write neighbours.npz into a classifier's folder.

    Args:
        folder: of the classifier.
        classifier: that the features are taken from.
        training: the images to choose from, evenly over each class.
        paths: of all rows of the store, str [n].
    """
    kept = training.at_most(EACH)
    rows = kept.rows
    features = classifier.features(training.images[row] for row in rows)
    jpegs = [_as_jpeg(training.images[row]) for row in rows]
    buffer = io.BytesIO()
    np.savez(
        buffer,
        paths=paths[rows],
        labels=np.array(training.classes)[kept.labels],
        features=unit(features).astype(np.float16),
        jpegs=np.frombuffer(b"".join(jpegs), np.uint8),
        ends=np.cumsum([len(jpeg) for jpeg in jpegs]),
        network=classifier.description.lineage,
    )
    write_atomically(folder / "neighbours.npz", buffer.getvalue())


def read_neighbours(folder: Path, network: str) -> Neighbours:
    """Read the neighbours in a classifier's folder.

    network: `Description.lineage` of the classifier.

    Raises `RunError` when they are not there, damaged, or of another network.
    """
    file = folder / "neighbours.npz"
    try:
        with file.open("rb") as handle, np.load(handle, allow_pickle=False) as found:
            whole = {name: found[name] for name in found.files}
        whole["features"] = whole["features"].astype(np.float32)
        if str(whole.pop("network")) != network:
            raise ValueError("it is of another training")
        return Neighbours(**whole, network=network)
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as problem:
        raise RunError(
            f"cannot read {file}: {problem}; write it anew with: springfield resume RUN"
        ) from problem


def unit(features: np.ndarray) -> np.ndarray:
    """Features [..., F] brought to length 1, also where the square of one is past float32."""
    largest = np.abs(features).max(axis=-1, keepdims=True)
    scaled = features / np.maximum(largest, 1e-12)
    length = np.linalg.norm(scaled, axis=-1, keepdims=True)
    return np.asarray(scaled / np.maximum(length, 1))


def _as_jpeg(square: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(square).save(content, "JPEG", quality=QUALITY)
    return content.getvalue()
