"""Heat maps beside the pictures of a run's page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from springfield.errors import MissingExtraError, RunError, UnreadableImageError
from springfield.images.decode import decode
from springfield.learning.classifier import Classifier
from springfield.learning.evidence import Evidence, evidence_from
from springfield.results.heat import evidence_for, heat_map, strength_of, view_of
from springfield.results.page.thumbnails import SIDE
from springfield.results.sections.story import Story


@dataclass(frozen=True, eq=False)
class Eyes:
    """A classifier that can say where it looks."""

    classifier: Classifier
    evidence: Evidence


def load_eyes(story: Story) -> Eyes | None:
    """The eyes of a run; None when it has no classifier, or one that needs what is missing."""
    folder = story.run.classifier_folder
    try:
        classifier = Classifier.load(folder)
        return Eyes(classifier, evidence_from(folder, story.recipe.network, classifier))
    except (RunError, MissingExtraError):
        return None


def heat_maps(eyes: Eyes, file: Path, labels: list[str]) -> list[Image.Image]:
    """A picture for each class: where it is found in the image, all on one scale.

    Empty when the file has gone, or the classifier does not know a class.
    """
    classifier = eyes.classifier
    if not set(labels) <= set(classifier.classes):
        return []
    try:
        square = classifier.square(file)
        view = view_of(decode(file, at_least=SIDE), classifier.description.fit, SIDE)
    except UnreadableImageError:
        return []
    activation = eyes.evidence(classifier.answer([square]), square)
    maps = [evidence_for(activation, classifier.classes.index(label)) for label in labels]
    return [heat_map(view, each, strength_of(*maps)) for each in maps]
