"""Classifier: all that inference needs, in one folder, without TensorFlow.

=================  ==================================================================
file               what it holds
=================  ==================================================================
model.tflite       the network as `freeze` wrote it (LiteRT), see `Answers`
classifier.json    class names, prior, image size, how an image is made square, calibration
weights.npz        the network's weights as they were trained, to go on from in Keras
head.npz           the last layer that answers instead of the trained one, if there is one
plain/             in that case the first two files as they were with the trained one
neighbours.npz     training images to compare with, see `neighbours`
=================  ==================================================================

classifier.json names the network that belongs to it. While another head is put in there may be a
second network and head beside the first, called ``next.*``: the one that is named counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from springfield.errors import RunError
from springfield.images.decode import read_square
from springfield.learning.machine.quiet import quiet
from springfield.learning.statistics.calibration import Calibration

THREADS = 2
BATCH = 8  # images answered at once; more gains nothing on a processor


@dataclass(frozen=True)
class Description:
    """What turns a file into the network's input, and its output into words."""

    classes: tuple[str, ...]
    size: int  # side S of the network's input, in pixels
    fit: str  # letterbox | crop | stretch
    prior: tuple[float, ...] = ()  # how frequent each class is taken to be, see `priors`
    digest: str = ""  # of the split it was trained on
    version: str = ""  # of Springfield
    network: str = ""  # sha256 of model.tflite, so that files of two trainings are told apart
    calibration: Calibration = field(default_factory=Calibration)
    shares: tuple[float, ...] = ()  # of each class among the images to learn from, before a cap
    head: str = "plain"  # the last layer: as it was trained, or how it was made
    trained: str = ""  # sha256 of the model.tflite with the plain head; its features are the same

    @property
    def lineage(self) -> str:
        """What tells whose features are these: the same for all heads of one training."""
        return self.trained or self.network

    def to_json(self) -> str:
        """JSON text; `read_description` reads it back."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def read_description(text: str) -> Description:
    """Read `Description.to_json`. Raises `KeyError`, `TypeError` or `ValueError` if it is not."""
    table = json.loads(text)
    calibration = _with_tuples(table.pop("calibration"))
    return Description(**_with_tuples(table), calibration=Calibration(**calibration))


def _with_tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


@dataclass(frozen=True, eq=False)
class Answers:
    """What a classifier says of n images."""

    probabilities: np.ndarray  # float32 [n, C], calibrated
    features: np.ndarray  # float32 [n, F]
    # float32 [n, h, w, C]: how much each place of the image speaks for each class (class activation
    # maps, Zhou et al. 2016); its mean over the places is the class's logit, divided by the
    # temperature and averaged over both views. None: the network does not end in mean pooling.
    activation: np.ndarray | None


class Classifier:
    """Answers with class probabilities; made by `Classifier.load`. Not safe to share by threads."""

    def __init__(self, description: Description, interpreter: Any) -> None:
        self.description = description
        self._interpreter = interpreter
        self._interpreter.allocate_tensors()
        self._input = interpreter.get_input_details()[0]["index"]
        self._outputs = interpreter.get_signature_runner().get_output_details()
        self._batch = 1

    @classmethod
    def load(cls, folder: str | Path) -> Classifier:
        """Load a classifier folder.

        Raises:
            RunError: the folder holds no classifier, or a damaged one.
        """
        from ai_edge_litert.interpreter import Interpreter

        folder = Path(folder)
        try:
            description = read_description((folder / "classifier.json").read_text(encoding="utf-8"))
            content = current_file(folder, "model.tflite", description.network).read_bytes()
            with quiet():
                interpreter = Interpreter(model_content=content, num_threads=THREADS)
                classifier = cls(description, interpreter)
            classifier._check(content)
            return classifier
        except FileNotFoundError as problem:
            raise RunError(
                f"{folder} holds no finished classifier ({Path(problem.filename).name} is "
                "missing); finish the run with: springfield resume RUN"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise RunError(
                f"the classifier in {folder} is damaged: {problem}; write it anew with: "
                "springfield resume RUN"
            ) from problem

    def _check(self, content: bytes) -> None:
        """Raise `ValueError` when network and description are not of one training."""
        network = self.description.network
        if network and network != hashlib.sha256(content).hexdigest():
            raise ValueError("model.tflite and classifier.json are of two trainings")
        takes = self._interpreter.get_input_details()[0]["shape"].tolist()
        gives = self._outputs["probabilities"]["shape"].tolist()
        size, classes = self.description.size, self.description.classes
        if (takes, gives) != ([1, size, size, 3], [1, len(classes)]):
            raise ValueError(
                f"classifier.json says {len(classes)} classes of {size} pixels, but model.tflite "
                f"takes {takes} and gives {gives}"
            )

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names, in the order of the probabilities."""
        return self.description.classes

    def answer(self, images: Iterable[np.ndarray], *, activation: bool = True) -> Answers:
        """Answer for images, each uint8 [S, S, 3]; activations of thousands fill the memory."""
        asked = [name for name in self._outputs if activation or name != "activation"]
        whole = self._ask(images, *asked)
        return Answers(whole["probabilities"], whole["features"], whole.get("activation"))

    def probabilities(self, images: Iterable[np.ndarray]) -> np.ndarray:
        """Class probabilities of images, each uint8 [S, S, 3], as float32 [n, C]."""
        return self._ask(images, "probabilities")["probabilities"]

    def features(self, images: Iterable[np.ndarray]) -> np.ndarray:
        """Features of images, each uint8 [S, S, 3], as float32 [n, F]."""
        return self._ask(images, "features")["features"]

    def _ask(self, images: Iterable[np.ndarray], *names: str) -> dict[str, np.ndarray]:
        """Those outputs of the network."""
        wanted = {name: self._outputs[name] for name in names}
        parts: dict[str, list[np.ndarray]] = {name: [] for name in wanted}
        for batch in _batches(images):
            self._resize(len(batch))
            self._interpreter.set_tensor(self._input, batch)
            self._interpreter.invoke()
            for name, details in wanted.items():
                parts[name].append(self._interpreter.get_tensor(details["index"]))
        return {
            name: np.concatenate(parts[name])
            if parts[name]
            else np.empty((0, *details["shape"][1:]), np.float32)
            for name, details in wanted.items()
        }

    def probabilities_of(self, source: str | Path | bytes) -> np.ndarray:
        """Class probabilities of one image file, float32 [C].

        Raises:
            UnreadableImageError: it cannot be decoded; the message says why.
        """
        return self.probabilities([self.square(source)])[0]

    def square(self, source: str | Path | bytes) -> np.ndarray:
        """An image file as the network takes it, uint8 [S, S, 3]; raises as `probabilities_of`."""
        source = Path(source) if isinstance(source, str) else source
        return read_square(source, self.description.size, self.description.fit)

    def _resize(self, batch: int) -> None:
        if batch != self._batch:
            size = self.description.size
            self._interpreter.resize_tensor_input(self._input, [batch, size, size, 3])
            self._interpreter.allocate_tensors()
            self._batch = batch


def current_file(folder: Path, name: str, network: str) -> Path:
    """Where a classifier's model.tflite or head.npz lies, see the head of this module.

    network: that its classifier.json names.
    """
    model, beside = folder / "next.model.tflite", folder / f"next.{name}"
    named = model.is_file() and hashlib.sha256(model.read_bytes()).hexdigest() == network
    return beside if named and beside.is_file() else folder / name


def _batches(images: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Stacks of at most `BATCH` images, uint8 [B, S, S, 3]."""
    rest = iter(images)
    while chunk := list(islice(rest, BATCH)):
        yield np.stack(chunk)
