"""Explanation: what a classifier says of one image, and why, in pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from springfield.learning.answering.classifier import Answers
from springfield.learning.explaining.evidence import evidence_between, evidence_for
from springfield.learning.explaining.neighbours import Neighbour
from springfield.learning.statistics.calibration import Calibration
from springfield.results.heat import View, heat_map, strength_of, versus_map

COLUMNS = ("path", "label", "probability", "set", "other", "error")
BETWEEN = "|"  # classes of a set, in the table


@dataclass(frozen=True, eq=False)
class Explanation:
    """An answer and the evidence for it. `other` is the class that comes second."""

    path: str
    classes: tuple[str, ...]
    probabilities: np.ndarray  # float32 [C]
    inside: np.ndarray  # bool [C], the classes it may be
    view: View
    heat: Image.Image  # for the answer
    versus: Image.Image  # the answer in orange, the other in blue
    neighbours: list[Neighbour]

    @property
    def order(self) -> list[int]:
        """Class numbers, the likeliest first."""
        return np.argsort(-self.probabilities, kind="stable").tolist()

    @property
    def label(self) -> str:
        return self.classes[self.order[0]]

    @property
    def other(self) -> str:
        return self.classes[self.order[1]]

    @property
    def members(self) -> list[str]:
        """The set, the likeliest first."""
        return [self.classes[c] for c in self.order if self.inside[c]]

    def row(self) -> tuple[object, ...]:
        """Its row of the table, see `COLUMNS`."""
        probability = f"{self.probabilities.max():.6f}"
        return self.path, self.label, probability, BETWEEN.join(self.members), self.other, ""


def explanation_of(
    path: str,
    view: View,
    answers: Answers,
    activation: np.ndarray,
    *,
    described: tuple[tuple[str, ...], Calibration],
    neighbours: list[Neighbour],
) -> Explanation:
    """Explain the only image of `answers`.

    Args:
        path: as the user wrote it.
        view: what is seen of the image.
        answers: of the classifier.
        activation: evidence, float32 [h, w, C], see `Answers.activation`.
        described: names of the classes, and how the classifier is calibrated.
        neighbours: training images that resemble it.
    """
    classes, calibration = described
    probabilities = answers.probabilities[0]
    one, other = np.argsort(-probabilities, kind="stable")[:2].tolist()
    evidence, between = evidence_for(activation, one), evidence_between(activation, one, other)
    return Explanation(
        path=path,
        classes=classes,
        probabilities=probabilities,
        inside=calibration.sets(answers.probabilities)[0],
        view=view,
        heat=heat_map(view, evidence, strength_of(evidence)),
        versus=versus_map(view, between, strength_of(between)),
        neighbours=neighbours,
    )
