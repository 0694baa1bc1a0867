"""Evaluate: score a run on images it never saw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from springfield.errors import DataError, RunError
from springfield.images.catalog import Catalog, read_catalog
from springfield.images.duplicates import group_duplicates
from springfield.images.scan import scan
from springfield.images.store import open_store
from springfield.learning.classifier import Classifier
from springfield.results.metrics import score
from springfield.results.predictions import Predictions
from springfield.results.sets import score_sets
from springfield.run import Run, open_run


def evaluate(
    folder: str | Path, data: str | Path | None = None, *, progress: bool = True
) -> dict[str, Any]:
    """Score the classifier of a run, every image exactly once.

    Args:
        folder: of the run.
        data: a labelled folder or table; None: the part the run held out, whose predictions and
            scores are then kept in the run (predictions.csv, scores.json).
        progress: show bars on stderr.

    Returns:
        What `springfield evaluate --json` prints.

    Raises:
        RunError: no finished run, or its manifest is not the one it was trained with.
        DataError: `data` has no image that can be judged.
    """
    run = open_run(folder)
    facts = run.facts
    classifier = Classifier.load(run.classifier_folder)
    rows = kept_rows(run)
    left_out: dict[str, int] = {}
    if data is None:
        images = stored_images(run, rows, progress=progress)
        chosen = np.flatnonzero(rows["part"] == "test")
    else:
        rows, left_out = _strangers(Path(data), rows, classifier.classes, progress=progress)
        images = stored_images(run, rows, progress=progress)
        chosen = np.arange(len(rows))
    judged = rows.where(chosen)
    predictions = Predictions(
        paths=judged["path"],
        classes=classifier.classes,
        probabilities=classifier.probabilities(images[row] for row in chosen),
        truth=judged["label"],
    )
    calibration = classifier.description.calibration
    scores = {
        "run": str(folder),
        "seconds": facts.get("seconds", 0.0),
        **score(predictions, train_counts=facts["train_counts"], groups=judged["group"]),
        "sets": score_sets(
            predictions, calibration.sets(predictions.probabilities), calibration.level
        ),
        "left_out": left_out,
    }
    if data is None:
        run.write_text("predictions.csv", predictions.to_csv())
        run.write_json("scores.json", scores)
    return scores


def kept_rows(run: Run) -> Catalog:
    """Rows of a run's manifest that take part.

    Raises:
        RunError: the manifest is not the one the run was trained with.
    """
    facts = run.facts
    catalog = read_catalog(run.catalog_file, Path(facts["root"]))
    if catalog.digest() != facts["digest"]:
        raise RunError(
            f"{run.catalog_file} was changed after training (its digest differs from run.json): "
            "scores on another split would not be honest; restore the file"
        )
    return catalog.where(catalog["part"] != "")


def stored_images(run: Run, rows: Catalog, *, progress: bool) -> np.ndarray:
    """Pixels of the rows as the run's network takes them, uint8 [n, S, S, 3]."""
    return open_store(rows, run.facts["size"], run.recipe.images.fit, progress=progress)


def _strangers(
    data: Path, seen: Catalog, classes: tuple[str, ...], *, progress: bool
) -> tuple[Catalog, dict[str, int]]:
    """Readable rows of `data` that the run knows the class of and has not trained on."""
    catalog = group_duplicates(*scan(data, progress=progress))
    trained = set(seen["sha256"][seen["part"] != "test"].tolist())
    unreadable = catalog["error"] != ""
    unknown = ~np.isin(catalog["label"], classes) & ~unreadable
    known = np.array([digest in trained for digest in catalog["sha256"].tolist()])
    known &= ~unreadable & ~unknown
    left_out = {
        "unreadable": int(unreadable.sum()),
        "unknown_class": int(unknown.sum()),
        "seen_in_training": int(known.sum()),
    }
    judged = catalog.where(~(unreadable | unknown | known))
    if not len(judged):
        raise DataError(
            f"{data} has no image to judge by: "
            + ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in left_out.items() if n)
        )
    return judged, left_out
