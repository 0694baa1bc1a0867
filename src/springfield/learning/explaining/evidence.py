"""Evidence: how much each place of an image speaks for each class, for networks of both kinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from springfield.learning.answering.classifier import Answers, Classifier
from springfield.recipe import Network

EvidenceOf = Callable[[Answers, np.ndarray], np.ndarray]  # of one square: float32 [h, w, C]


def evidence_from(folder: Path, network: Network, classifier: Classifier) -> EvidenceOf:
    """Where the evidence of a classifier's folder comes from.

    Out of the answers where the network ends in mean pooling, from gradients elsewhere.

    Raises:
        MissingExtraError: gradients are needed, and TensorFlow is not installed.
        RunError: the folder holds no classifier, or a damaged one.
    """
    if classifier.answer([]).activation is not None:
        return lambda answers, square: answers.activation[0]  # type: ignore[index]
    from springfield.learning.explaining.gradcam import grad_cam, load_network

    evidence = grad_cam(load_network(folder, network))
    return lambda answers, square: evidence(square[None])[0]


def evidence_for(activation: np.ndarray, number: int) -> np.ndarray:
    """What speaks for a class more than for classes on the whole, float32 [h, w].

    Args:
        activation: of one image, float32 [h, w, C]. What is added to all classes alike changes no
            answer, so only what a class has beyond their mean is evidence for it.
        number: of the class.
    """
    return np.asarray(activation[..., number] - activation.mean(axis=-1))


def evidence_between(activation: np.ndarray, one: int, other: int) -> np.ndarray:
    """What speaks for one class (above 0) or another (below), float32 [h, w]; see `evidence_for`.

    Its mean is by how much the logit of the one exceeds the other's.
    """
    return np.asarray(activation[..., one] - activation[..., other])
