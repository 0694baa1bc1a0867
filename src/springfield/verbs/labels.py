"""Labels: which of a run's labels are in doubt, for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.images.catalog import Catalog
from springfield.learning.answering.classifier import Classifier
from springfield.learning.explaining.doubt import Doubt, Heard, doubt_labels, hear, together
from springfield.learning.explaining.neighbours import Neighbours, read_neighbours
from springfield.results.pages.labels import write_labels_page
from springfield.results.suspects import Suspect, suspects_csv
from springfield.run import Run
from springfield.verbs.manifest import kept_images

SHOWN = 3  # training images of each of the two classes


@dataclass(frozen=True, eq=False)
class Hearing:
    """Images that one classifier did not learn from, and what it says of them."""

    rows: Catalog  # n of them
    labels: np.ndarray  # class numbers, int64 [n]
    classes: tuple[str, ...]
    heard: Heard
    features: np.ndarray  # float32 [n, F]
    neighbours: Neighbours


def review_labels(run: Run, *, progress: bool = True) -> None:
    """Judge the labels of the images that the run did not learn from; with folds, those are all.

    Writes suspicious.csv and labels.html into the run. Raises `RunError` when there is no
    classifier, or nothing to compare with beside it.
    """
    folds = run.learned_folds
    parts = ("test",) if len(folds) > 1 else ("val", "test")
    hearings = [hear_run(fold, parts, progress=progress) for fold in folds]
    places = [(hearing, i) for hearing in hearings for i in range(len(hearing.rows))]
    labels = np.concatenate([hearing.labels for hearing in hearings])
    doubts = doubt_labels(together([hearing.heard for hearing in hearings]), labels)
    suspects = [_suspect(doubt, *places[doubt.row]) for doubt in doubts]
    run.write_text("suspicious.csv", suspects_csv(suspects))
    write_labels_page(run, suspects, len(labels))


def hear_run(run: Run, parts: tuple[str, ...], *, progress: bool) -> Hearing:
    """What a run's classifier says of the images of these parts; raises as `review_labels`."""
    kept, images = kept_images(run, progress=progress)
    chosen = np.flatnonzero(np.isin(kept["part"], parts))
    classifier = Classifier.load(run.classifier_folder)
    neighbours = read_neighbours(run.classifier_folder, classifier.description.lineage)
    heard, features = hear(classifier, neighbours, (images[row] for row in chosen))
    rows, number = kept.where(chosen), {name: c for c, name in enumerate(classifier.classes)}
    labels = np.array([number[label] for label in rows["label"].tolist()], np.int64)
    return Hearing(rows, labels, classifier.classes, heard, features, neighbours)


def _suspect(doubt: Doubt, hearing: Hearing, i: int) -> Suspect:
    """Doubt number `i` of a hearing, with the training images that speak for each class."""
    own, other = int(hearing.labels[i]), doubt.looks_like
    shares, near = hearing.heard.probabilities[i], hearing.heard.near[i]
    of_label, of_other = (
        hearing.neighbours.nearest(hearing.features[i], SHOWN, hearing.classes[label])
        for label in (own, other)
    )
    return Suspect(
        path=str(hearing.rows["path"][i]),
        label=hearing.classes[own],
        looks_like=hearing.classes[other],
        evidence=doubt.evidence,
        numbers=(
            float(shares[own]),
            float(shares[other]),
            doubt.usual,
            int(near[own]),
            int(near[other]),
            int(near.sum()),
        ),
        of_label=of_label,
        of_other=of_other,
    )
