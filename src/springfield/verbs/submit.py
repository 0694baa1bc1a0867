"""Submit: a run's answers as a Kaggle submission that cannot be refused for its form.

Everything that can be wrong with the files is found before the first image is read, and what the
leaderboard will show is foretold.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from springfield.errors import RunError
from springfield.files import check_new, csv_text, write_atomically
from springfield.images.catalog import Catalog
from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.priors import check_prior
from springfield.results.foretold import Asked, HeldOut, foretell
from springfield.results.predictions import read_predictions
from springfield.results.submission import (
    HEADER,
    check_classes,
    check_ids,
    check_readable,
    find_test_images,
    read_sample,
)
from springfield.run import Run, open_run
from springfield.verbs.manifest import read_manifest
from springfield.verbs.predict import predict

# Every score that was published for the 991 images of journey-springfield is a multiple of 1/941.
SCORED = {991: 941}


def submit(
    folder: str | Path,
    testdir: str | Path,
    out: str | Path,
    *,
    sample: str | Path | None = None,
    prior: str | None = None,
    progress: bool = True,
) -> dict[str, Any]:
    """Write ``Id,Expected`` for every image of a test folder; Id is the name of the file.

    With `sample`, the competition's sample submission, the rows are exactly its Ids in its order;
    without it they are the files in order of name. For `prior` see `priors.under_prior`.

    Returns:
        What `springfield submit --json` prints: `submission`, `n`, `classes` (answers of each),
        `expected_score` (`score`, `low`, `high`; None where the run has no held-out answers, see
        `outlook.expected_score`), `smallest_change` that a score can show, and `warnings`.

    Raises:
        OutputError: `out` is already there or cannot be written.
        DataError: an Id is missing, too many or there twice, the sample names a class that the
            run does not know, or an image cannot be read.
        RunError: no finished run, or its manifest is not the one it was trained with.
        SpringfieldError: answers cannot be had under that prior.
    """
    testdir, out = Path(testdir), Path(out)
    check_new(out)
    run = open_run(folder)
    description = Classifier.load(run.classifier_folder).description
    check_prior(prior, description)
    images = find_test_images(testdir, description.classes)
    ids = sorted(images)
    if sample is not None:
        sample = Path(sample)
        wanted = read_sample(sample)
        check_ids(wanted, images, testdir)
        check_classes(wanted.values(), description.classes, sample)
        ids = list(wanted)
    given = predict(folder, [images[name] for name in ids], progress=progress)
    check_readable(given)
    asked, scored = Asked(given, description, prior), SCORED.get(len(ids), len(ids))
    labels = asked.answers.labels
    foretold = foretell(_held_out(run), asked, scored)
    table = csv_text(HEADER, zip(ids, labels, strict=True))
    write_atomically(out, table.encode("utf-8", "surrogateescape"))
    return {
        "submission": str(out),
        "n": len(ids),
        "classes": dict(sorted(Counter(map(str, labels)).items())),
        "smallest_change": 1 / scored,
        **foretold,
    }


def _held_out(run: Run) -> HeldOut | None:
    """What the run has judged, each image by a network that had not seen it; None: not yet."""
    file = run.folder / "predictions.csv"
    if not file.exists():
        return None
    predictions, rows = read_predictions(file), read_manifest(run)
    place = {path: row for row, path in enumerate(rows["path"].tolist())}
    try:
        found = rows.where(np.array([place[str(path)] for path in predictions.paths], np.int64))
    except KeyError as problem:
        raise RunError(
            f"{file} names {problem} that {run.catalog_file} does not; springfield evaluate "
            f"{run.folder} makes it anew"
        ) from None
    return HeldOut(predictions, found["group"], _priors(run, found)) if len(found) else None


def _priors(run: Run, judged: Catalog) -> np.ndarray | None:
    """What the folds that judged each image assume, [n, C], see `HeldOut`; None: no folds."""
    folds = run.learned_folds
    if len(folds) < 2:
        return None
    known = {fold.recipe.split.fold: Classifier.load(fold.classifier_folder) for fold in folds}
    priors = np.full((run.recipe.split.folds, len(known[0].classes)), np.nan)
    for fold, classifier in known.items():  # one that was judged may be in training again
        priors[fold] = classifier.description.prior or np.nan  # nobody knows it
    return priors[judged["fold"]]
