"""Speaking: from what the classifier saw to the answer that is sent."""

from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np

from springfield.doors.server import shapes
from springfield.doors.server.batching import Seen
from springfield.doors.server.provisional import Provisional
from springfield.images.decode import Look
from springfield.learning.answering.classifier import Description
from springfield.learning.explaining.evidence import evidence_for
from springfield.learning.explaining.neighbours import Neighbours
from springfield.results.heat import grid_of, strength_of
from springfield.results.page.thumbnails import jpeg_uri

TOP = 5  # classes named
NEAREST = 5  # training images shown


class Speaker:
    """Puts answers into words and numbers."""

    def __init__(
        self, description: Description, neighbours: Neighbours | None, provisional: Provisional
    ) -> None:
        self._description = description
        self._neighbours = neighbours
        self._provisional = provisional

    def answer(self, seen: Seen, *, explain: bool) -> shapes.Answer:
        """The answer for one image; with `explain`, also why."""
        names, probabilities = self._joined(seen)
        order = np.argsort(-probabilities, kind="stable")
        trained = len(self._description.classes)
        top = [
            shapes.Candidate(
                label=names[i], probability=_rounded(probabilities[i]), provisional=i >= trained
            )
            for i in order[:TOP].tolist()
        ]
        answer = shapes.Answer(
            **top[0].model_dump(),
            top=top,
            set=self._choice(seen, names, probabilities),
            width=seen.look.width,
            height=seen.look.height,
        )
        if explain:
            answer.heat = self._heat(seen, int(order[0]))
            answer.nearest = self._nearest(seen)
        return answer

    def classes(self) -> shapes.Classes:
        """All classes there are to answer with."""
        trained = [
            shapes.Known(name=name, provisional=False, images=None)
            for name in self._description.classes
        ]
        added = [
            shapes.Known(name=name, provisional=True, images=len(features))
            for name, features in self._provisional.features.items()
        ]
        extensible = self._provisional.contest is not None
        return shapes.Classes(classes=trained + added, extensible=extensible)

    def _joined(self, seen: Seen) -> tuple[list[str], np.ndarray]:
        names, prototypes = list(self._description.classes), self._provisional.prototypes
        if prototypes is None:
            return names, seen.probabilities
        return [*names, *prototypes.names], prototypes.join(seen.probabilities, seen.features)

    def _choice(self, seen: Seen, names: list[str], probabilities: np.ndarray) -> shapes.Choice:
        """The set of the trained classes, and what is provisional if it may well be right."""
        calibration = self._description.calibration
        inside = np.zeros(len(names), bool)
        inside[: len(seen.probabilities)] = calibration.sets(seen.probabilities[None])[0]
        inside[len(seen.probabilities) :] = (
            probabilities[len(seen.probabilities) :] >= 1 - calibration.level
        )
        inside[probabilities.argmax()] = True  # where many share the rest, none may be likely
        labels = [names[i] for i in np.argsort(-probabilities, kind="stable") if inside[i]]
        return shapes.Choice(level=calibration.level, labels=labels)

    def _heat(self, seen: Seen, number: int) -> shapes.Heat | None:
        if seen.activation is None or number >= len(self._description.classes):
            return None
        evidence = evidence_for(seen.activation, number)
        return shapes.Heat(
            values=grid_of(evidence),
            strongest=round(strength_of(evidence), 3),
            box=square_over(seen.look, self._description.fit),
        )

    def _nearest(self, seen: Seen) -> list[shapes.Alike]:
        if self._neighbours is None:
            return []
        return [
            shapes.Alike(
                label=near.label,
                name=PurePosixPath(near.path).name,
                similarity=_rounded(min(1.0, near.similarity)),
                picture=jpeg_uri(near.jpeg),
            )
            for near in self._neighbours.nearest(seen.features, NEAREST)
        ]


def square_over(look: Look, fit: str) -> tuple[float, float, float, float]:
    """Where the network's square lies over an image, in widths and heights of it.

    Returns:
        left, top, right, bottom.
    """
    if fit == "stretch":
        return 0.0, 0.0, 1.0, 1.0
    side = (min if fit == "crop" else max)(look.width, look.height)
    across, down = side / look.width, side / look.height
    box = ((1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2)
    left, top, right, bottom = (round(each, 4) for each in box)
    return left, top, right, bottom


def _rounded(value: float) -> float:
    return round(float(value), 6)
