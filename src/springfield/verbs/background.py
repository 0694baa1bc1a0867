"""Background: how far a run's classifier names each class by its background."""

from __future__ import annotations

from springfield.learning.answering.classifier import Classifier
from springfield.learning.examples.batches import examples_of
from springfield.learning.explaining.background import boxes_of, keep_background, measure_background
from springfield.run import Run
from springfield.verbs.manifest import kept_images


def judge_background(run: Run, *, progress: bool) -> None:
    """Measure it on the held-out images, and keep what was found in the run.

    Raises:
        RunError: no finished run, or its manifest is not the one it was trained with.
    """
    kept, images = kept_images(run, progress=progress)
    held_out = examples_of(kept, images, "test")
    boxes = boxes_of(kept["width"], kept["height"], run.recipe.images.fit)
    classifier = Classifier.load(run.classifier_folder)
    keep_background(run, measure_background(classifier, held_out, boxes))
