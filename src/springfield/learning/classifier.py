"""Classifier: all that inference needs, in one folder, without TensorFlow.

=================  ==================================================================
file               what it holds
=================  ==================================================================
model.tflite       uint8 images [1, S, S, 3] -> float32 probabilities [1, C] (LiteRT)
classifier.json    class names, image size, how an image is made square
weights.npz        the network's weights, to go on from in Keras
=================  ==================================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from springfield.errors import RunError
from springfield.images.decode import read_square
from springfield.learning.quiet import quiet


@dataclass(frozen=True)
class Description:
    """What turns a file into the network's input, and its output into words."""

    classes: tuple[str, ...]
    size: int  # side S of the network's input, in pixels
    fit: str  # letterbox | crop | stretch

    def to_json(self) -> str:
        """JSON text; `Classifier.load` reads it back."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


class Classifier:
    """Answers with class probabilities; made by `Classifier.load`."""

    def __init__(self, description: Description, interpreter: Any) -> None:
        self.description = description
        self._interpreter = interpreter
        self._interpreter.allocate_tensors()
        self._input = interpreter.get_input_details()[0]["index"]
        self._output = interpreter.get_output_details()[0]["index"]

    @classmethod
    def load(cls, folder: Path, *, threads: int = 2) -> Classifier:
        """Load a classifier folder.

        Raises:
            RunError: the folder holds no classifier, or a damaged one.
        """
        from ai_edge_litert.interpreter import Interpreter

        try:
            table = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
            description = Description(tuple(table["classes"]), table["size"], table["fit"])
            content = (folder / "model.tflite").read_bytes()
            with quiet():
                classifier = cls(
                    description, Interpreter(model_content=content, num_threads=threads)
                )
            classifier._check()
            return classifier
        except FileNotFoundError as problem:
            raise RunError(
                f"{folder} holds no finished classifier ({Path(problem.filename).name} is "
                "missing); finish the run with: springfield resume RUN"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise RunError(f"the classifier in {folder} is damaged: {problem}") from problem

    def _check(self) -> None:
        """Raise `ValueError` when network and description are not of one training."""
        takes = self._interpreter.get_input_details()[0]["shape"].tolist()
        gives = self._interpreter.get_output_details()[0]["shape"].tolist()
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

    def probabilities(self, images: Iterable[np.ndarray]) -> np.ndarray:
        """Class probabilities of images, each uint8 [S, S, 3], as float32 [n, C]."""
        found = []
        for image in images:
            self._interpreter.set_tensor(self._input, image[None])
            self._interpreter.invoke()
            found.append(self._interpreter.get_tensor(self._output)[0])
        return np.array(found, np.float32).reshape(-1, len(self.classes))

    def probabilities_of(self, source: Path | bytes) -> np.ndarray:
        """Class probabilities of one image file, float32 [C].

        Raises:
            UnreadableImageError: it cannot be decoded; the message says why.
        """
        square = read_square(source, self.description.size, self.description.fit)
        return self.probabilities([square])[0]
