"""Heat maps beside the pictures of a run's page."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from springfield.errors import RunError, UnreadableImageError
from springfield.images.decode import decode
from springfield.learning.classifier import Classifier
from springfield.results.heat import evidence_for, heat_map, strength_of, view_of
from springfield.results.page.thumbnails import SIDE
from springfield.results.sections.story import Story


def load_eyes(story: Story) -> Classifier | None:
    """The run's classifier, if it can say where it looks without TensorFlow."""
    try:
        classifier = Classifier.load(story.run.classifier_folder)
    except RunError:
        return None
    return None if classifier.answer([]).activation is None else classifier


def heat_maps(classifier: Classifier, file: Path, labels: list[str]) -> list[Image.Image]:
    """A picture for each class: where it is found in the image, all on one scale.

    Empty when the file has gone, or the classifier does not know a class.
    """
    if not set(labels) <= set(classifier.classes):
        return []
    try:
        activation = classifier.answer([classifier.square(file)]).activation
        view = view_of(decode(file, at_least=SIDE), classifier.description.fit, SIDE)
    except UnreadableImageError:
        return []
    assert activation is not None  # or `load_eyes` would not have given it
    maps = [evidence_for(activation[0], classifier.classes.index(label)) for label in labels]
    return [heat_map(view, each, strength_of(*maps)) for each in maps]
