"""Frozen: learning curves in seconds, from last layers on the features of a single network."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np

from springfield.images.catalog import Catalog
from springfield.learning.answering.classifier import Classifier
from springfield.learning.examples.balance import cap_training
from springfield.learning.examples.batches import training_rows
from springfield.learning.examples.halves import halve, head_rows
from springfield.learning.machine.engine import give_back_training
from springfield.learning.model.heads import Head, Lessons, retrained
from springfield.learning.planning.budgets import budgets_of
from springfield.recipe import Recipe
from springfield.results.measured import Measured, read_measured
from springfield.run import Page, Run
from springfield.verbs.begun import BEGUN, shared_rows
from springfield.verbs.budgets import RIGHT
from springfield.verbs.manifest import kept_rows, stored_images
from springfield.verbs.train import begin_run, learn

SHARE = 0.2  # of the recipe's minutes
FACTOR = 2**0.5  # from one budget to the next
DRAWS = 4  # of the images of each budget


def measure_frozen(
    home: Run, recipe: Recipe, *, page: Page, progress: bool
) -> tuple[str, Measured | None]:
    """Train one network on half of the training images, and last layers on the other half.

    A network knows the images it was trained on by heart, and their features are unlike those of
    new ones: last layers must learn from images that it has not seen.

    Returns:
        "finished" with what was right, or "interrupted" when the user stopped the training.
    """
    run = Run(home.folder / "network")
    if not run.is_begun:
        minutes = max(0.01, SHARE * recipe.training.minutes)
        short = replace(recipe, training=replace(recipe.training, minutes=minutes))
        known = {**asdict(page), "data": home.read_json(BEGUN)["data"]}
        begin_run(halve(shared_rows(home), recipe.split.seed), run.folder, short, known)
    if run.facts["state"] != "finished":
        with run.alone():
            learn(run, progress=progress)
        give_back_training()
    if run.facts["state"] == "interrupted":
        return "interrupted", None
    rows = kept_rows(run)
    if not (home.folder / RIGHT).exists():
        images = stored_images(run, rows, progress=progress)
        features = Classifier.load(run.classifier_folder).features(iter(images))
        home.write_text(RIGHT, _measured(rows, features, recipe).to_csv())
    return "finished", read_measured(home.folder / RIGHT, training_rows(head_rows(rows)).counts())


def _measured(rows: Catalog, features: np.ndarray, recipe: Recipe) -> Measured:
    """What last layers get right; features: float32 [n, F] of `rows`."""
    lessons = head_rows(rows)
    train = training_rows(lessons).counts()
    budgets = budgets_of([min(n, recipe.balance.cap or n) for n in train.values()], FACTOR)
    test = np.flatnonzero(rows["part"] == "test")
    right = np.zeros((len(budgets), len(test)))
    for b, budget in enumerate(budgets):
        draws = DRAWS if budget < budgets[-1] else 1  # all images can be drawn in one way only
        for draw in range(draws):
            drawn = np.flatnonzero(cap_training(lessons, budget, draw)["part"] == "train")
            answers = _fitted(features[drawn], rows["label"][drawn]).logits(features[test])
            said = np.array(list(train))[answers.argmax(axis=1)]
            right[b] += (said == rows["label"][test]) / draws
    return Measured(
        train, tuple(budgets), rows["path"][test], rows["label"][test], rows["group"][test], right
    )


def _fitted(features: np.ndarray, names: np.ndarray) -> Head:
    """A last layer for the sorted names of the classes."""
    classes, labels = np.unique(names, return_inverse=True)
    shape = (features.shape[1], len(classes))
    nothing = Head(np.zeros(shape, np.float32), np.zeros(shape[1], np.float32))
    return retrained(Lessons(features[:, None], labels, nothing, np.zeros(shape[1])))
