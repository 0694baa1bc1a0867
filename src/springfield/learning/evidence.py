"""Evidence: how much each place of an image speaks for each class, for networks of both kinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from springfield.learning.classifier import Answers, Classifier
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
    from springfield.learning.gradcam import grad_cam, load_network

    evidence = grad_cam(load_network(folder, network))
    return lambda answers, square: evidence(square[None])[0]
