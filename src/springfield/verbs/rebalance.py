"""Rebalance: let a finished run try other last layers, and keep one that is better."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.freeze import (
    bake,
    bake_plain,
    check_agreement,
    head_of,
    thaw_trained,
    view_features,
)
from springfield.learning.answering.rebalance import Seen, choose_head
from springfield.learning.examples.batches import Examples, examples_of
from springfield.learning.machine import engine
from springfield.results.model_card import write_model_card
from springfield.results.pages.labels import LABELS
from springfield.results.report import write_report
from springfield.run import Run, open_run
from springfield.verbs.background import judge_background
from springfield.verbs.evaluate import evaluate
from springfield.verbs.labels import review_labels
from springfield.verbs.manifest import kept_images
from springfield.verbs.materials import description_of
from springfield.verbs.within import settled

EACH = 500  # training images of a class that heads are fitted on; they bound the time
IN_ALL = 10_000  # of many classes, if that leaves each of them its
FEWEST = 20


def rebalance(folder: str | Path, *, progress: bool = True) -> dict[str, Any]:
    """Try other last layers on a finished run, and bake one in that serves rare classes better.

    It always begins with the layer that was trained, so that doing it twice changes nothing more.
    Scores, doubtful labels, page and model card are then written anew. Exports are not: those made
    before still answer with the layer of then.

    Returns:
        What `springfield rebalance --json` prints: that of `evaluate`, and `rebalance`.

    Raises:
        RunError: no finished run, it is damaged, or another process is at work on it.
    """
    run = open_run(folder)
    engine.start_for(run.recipe.training)
    with run.alone():  # `resume` would change the network that a layer is chosen for
        for fold in run.learned_folds:
            rebalance_classifier(fold, progress=progress)
        scores = evaluate(run.folder, progress=progress)
        judge_background(run, progress=progress)
        if (run.folder / LABELS).exists():
            review_labels(run, progress=progress)
        write_report(run)
        write_model_card(run)
    return {**scores, "rebalance": summary(run)}


def rebalance_classifier(run: Run, *, progress: bool) -> None:
    """The same for the classifier alone, with the table of what was tried (rebalance.json)."""
    began = time.perf_counter()
    folder, network = run.classifier_folder, run.recipe.network
    batch = settled(run).training.at_a_time
    plain = thaw_trained(folder, network)
    kept, images = kept_images(run, progress=progress)
    training, validation = (examples_of(kept, images, part) for part in ("train", "val"))

    def see(examples: Examples) -> Seen:
        features = view_features(plain, network, examples, batch=batch)
        return Seen(features, examples.labels, kept["group"][examples.rows])

    seen = see(validation)
    each = max(FEWEST, min(EACH, IN_ALL // len(training.classes)))
    told = description_of(run)
    learned, natural = np.array(told.prior), np.array(told.shares)
    choice = choose_head(
        see(training.at_most(each)), seen, head_of(plain), learned=learned, natural=natural
    )
    if choice.kept is choice.tries[0]:
        bake_plain(folder)
    else:
        description = choice.kept.described(Classifier.load(folder).description, seen)
        description = replace(description, shares=told.shares)
        whole = bake(folder, network, choice.kept.head, description)
        check_agreement(Classifier.load(folder), whole, images[training.rows[:batch]])
    run.write_json("rebalance.json", choice.table())
    run.note(rebalance_seconds=round(time.perf_counter() - began, 1))


def summary(run: Run) -> dict[str, Any]:
    """What was kept, its gain on the validation images, and exports that are of another head."""
    table = run.read_json("rebalance.json")
    kept: dict[str, Any] = next((each for each in table["tries"] if each["kept"]), {})
    gain = {key: kept.get(key) for key in ("difference", "low", "high")}
    network = Classifier.load(run.classifier_folder).description.network
    stale = [
        str(described.parent)
        for described in sorted((run.folder / "exports").glob("*/classifier.json"))
        if network not in described.read_text(encoding="utf-8")
    ]
    known = {"kept": table["kept"], "tried": max(0, len(table["tries"]) - 1), "rows": table["rows"]}
    return {**known, **gain, "stale_exports": stale}
