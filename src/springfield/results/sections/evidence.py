"""Heat maps beside the pictures of a run's page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from springfield.errors import MissingExtraError, RunError, UnreadableImageError
from springfield.images.decode import decode
from springfield.learning.answering.classifier import Classifier
from springfield.learning.explaining.evidence import EvidenceOf, evidence_for, evidence_from
from springfield.results.heat import heat_map, strength_of, view_of
from springfield.results.page.thumbnails import SIDE
from springfield.results.sections.story import Story
from springfield.run import Run


@dataclass(frozen=True, eq=False)
class Eyes:
    """A classifier that can say where it looks."""

    classifier: Classifier
    evidence: EvidenceOf


def eyes_on(story: Story, paths: list[str]) -> list[Eyes | None]:
    """The eyes that judged each image: with folds, those of the fold that it was held out by.

    None where there is no classifier, or one that needs what is missing.
    """
    own, held_out_by = story.recipe.split.fold, {}
    if story.catalog is not None and "fold" in story.catalog:
        columns = (story.catalog[name].tolist() for name in ("path", "fold"))
        held_out_by = dict(zip(*columns, strict=True))
    runs = {fold.recipe.split.fold: fold for fold in story.run.learned_folds}
    folds = [held_out_by.get(path, own) for path in paths]
    eyes = {fold: _load_eyes(runs[fold]) for fold in set(folds) & set(runs)}
    return [eyes.get(fold) for fold in folds]


def _load_eyes(run: Run) -> Eyes | None:
    folder = run.classifier_folder
    try:
        classifier = Classifier.load(folder)
        return Eyes(classifier, evidence_from(folder, run.recipe.network, classifier))
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
