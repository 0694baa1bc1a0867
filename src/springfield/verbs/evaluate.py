"""Evaluate: score a run on images it never saw."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from springfield.errors import DataError, OutputError, RecipeError, did_you_mean
from springfield.images.catalog import Catalog
from springfield.images.duplicates import group_duplicates
from springfield.images.groups import join_named, names_of, takes_part
from springfield.images.scan import scan
from springfield.images.split import distinct_counts
from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.priors import check_prior, under_prior
from springfield.results.judged import Judged, figures_of, pool
from springfield.results.metrics import NONE_ALONE, score
from springfield.results.predictions import Predictions
from springfield.results.sets import score_sets
from springfield.run import Run, open_run
from springfield.verbs.manifest import kept_images, read_manifest, stored_images

log = logging.getLogger(__name__)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)  # a run can be judged where it cannot be changed
NAMED = 5  # labels that are no class
FOLDS = 5  # that are advised where classes have few held-out images


def evaluate(
    folder: str | Path,
    data: str | Path | None = None,
    *,
    prior: str | None = None,
    progress: bool = True,
) -> dict[str, Any]:
    """Score a run, every image exactly once.

    Where the run has folds, each image is judged by the fold whose network had not seen it.

    Args:
        folder: of the run.
        data: a labelled folder or table, judged by the run's own classifier; None: what the run
            held out, whose predictions and scores are then kept in it where it can be written
            (predictions.csv, scores.json). Where rebalancing changed the last layer, `plain` has
            the scores of the trained one, to compare with.
        prior: to answer under, see `priors.under_prior`; nothing is kept then. The sets, whose
            promise to each class holds whatever the prior, only gain the class that is named.
        progress: show bars on stderr.

    Returns:
        What `springfield evaluate --json` prints.

    Raises:
        RunError: no finished run, or its manifest is not the one it was trained with.
        DataError: `data` has no image that can be judged.
        SpringfieldError: answers cannot be had under that prior.
    """
    run = open_run(folder)
    judges = run.learned_folds if data is None else [run]
    for judge in judges if prior else []:
        check_prior(prior, Classifier.load(judge.classifier_folder).description)
    if data is None:
        return _judge_held_out(run, prior, progress=progress)
    rows, left_out = _strangers(Path(data), run, progress=progress)
    asked = _Asked(run, rows, np.arange(len(rows)), stored_images(run, rows, progress=progress))
    judged = _judge(asked, run.classifier_folder, prior)
    known = {"prior": prior} if prior else {}
    return {**_scores([run], judged), "left_out": left_out, **known}


def _judge_held_out(run: Run, prior: str | None, *, progress: bool) -> dict[str, Any]:
    """Score what the folds of a run held out, which is a single part where there are no folds."""
    folds = run.learned_folds
    held_out = [_held_out(fold, progress=progress) for fold in folds]
    parts = [_judge(asked, asked.run.classifier_folder, prior) for asked in held_out]
    judged, known = pool(parts), _distinct(run)
    alone = {name: images for name, (images, distinct) in known.items() if distinct == 1}
    scores = {**_scores(folds, judged, alone), "left_out": {}}
    if count := run.recipe.split.folds:
        each = [
            {"fold": fold.recipe.split.fold + 1, **figures_of(part), "head": _head(fold)}
            for fold, part in zip(folds, parts, strict=True)
        ]
        scores["folds"] = {"count": count, "each": each}
    else:
        scores |= _advice(scores, max(distinct for _, distinct in known.values()))
    if prior is not None:
        return {**scores, "prior": prior}
    if any(_head(fold) != "plain" for fold in folds):
        scores["plain"] = figures_of(pool([_judge(a, _trained(a.run)) for a in held_out]))
    try:
        run.write_text("predictions.csv", judged.predictions.to_csv())
        run.write_json("scores.json", scores)
    except OutputError as problem:
        if getattr(problem.__cause__, "errno", None) not in CLOSED:
            raise
        log.warning("warning: the scores were not kept: %s", problem)
    return scores


def _head(run: Run) -> str:
    """Which last layer answers; "plain" is the trained one."""
    return Classifier.load(run.classifier_folder).description.head


def _trained(run: Run) -> Path:
    """Where the classifier with the trained last layer lies."""
    folder = run.classifier_folder
    return folder if _head(run) == "plain" else folder / "plain"


def _scores(
    folds: Sequence[Run], judged: Judged, alone: Mapping[str, int] = NONE_ALONE
) -> dict[str, Any]:
    return {
        "run": str(folds[0].folder),
        "seconds": round(sum(fold.facts.get("seconds", 0.0) for fold in folds), 1),
        **score(
            judged.predictions,
            train_counts=_train_counts(folds),
            groups=judged.groups,
            alone=alone,
            limits=folds[0].recipe.scores,
        ),
        "sets": score_sets(judged.predictions, judged.sets, judged.level),
    }


@dataclass(frozen=True, eq=False)
class _Asked:
    """Images of known classes, to be judged."""

    run: Run
    rows: Catalog
    chosen: np.ndarray  # int64 [n], which of the rows
    images: np.ndarray  # uint8 [N, S, S, 3], memory-mapped, of all rows


def _held_out(run: Run, *, progress: bool) -> _Asked:
    rows, images = kept_images(run, progress=progress)
    return _Asked(run, rows, np.flatnonzero(rows["part"] == "test"), images)


def _judge(asked: _Asked, folder: Path, prior: str | None = None) -> Judged:
    """Answers of the classifier in a folder."""
    classifier = Classifier.load(folder)
    given = classifier.probabilities(asked.images[row] for row in asked.chosen)
    probabilities = under_prior(given, classifier.description, prior)
    calibration, judged = classifier.description.calibration, asked.rows.where(asked.chosen)
    sets = calibration.sets(given, probabilities.argmax(axis=1))
    predictions = Predictions(judged["path"], classifier.classes, probabilities, judged["label"])
    return Judged(predictions, judged["group"], sets, calibration.level)


def _train_counts(folds: Sequence[Run]) -> dict[str, int]:
    """Training images of each class, the mean over the folds."""
    counts = [fold.facts["train_counts"] for fold in folds]
    return {name: round(sum(each[name] for each in counts) / len(counts)) for name in counts[0]}


def _distinct(run: Run) -> dict[str, tuple[int, int]]:
    """Images that take part, and distinct pictures among them, of each class."""
    rows = read_manifest(run)
    rows = rows.where(takes_part(rows))
    counts = rows.counts()
    return {name: (counts[name], n) for name, n in distinct_counts(rows).items()}


def _advice(scores: dict[str, Any], most: int) -> dict[str, str]:
    """What would tell more of classes with few held-out images; `most`: of the largest class."""
    unsure = [c for c in scores["classes"].values() if c["verdict"].startswith("provisional")]
    if not unsure:
        return {}
    return {
        "advice": f"Too few held-out images to be sure of {len(unsure)} of "
        f"{len(scores['classes'])} classes; training with --folds {min(FOLDS, most)} would judge "
        "each of their images once."
    }


def _strangers(data: Path, run: Run, *, progress: bool) -> tuple[Catalog, dict[str, int]]:
    """Readable rows of `data` that the run knows the class of and has not trained on.

    What it has trained on are its images of those parts and all that it was given of their groups.
    An image is known by its bytes, and by the name of its group; saved anew, it counts as new.
    """
    catalog, own = group_duplicates(*scan(data, progress=progress)), read_manifest(run)
    pattern = run.recipe.split.group_by
    try:
        catalog = join_named(catalog, pattern)
    except RecipeError:  # these paths say nothing of groups
        pattern, catalog = "", join_named(catalog)
    classes = list(run.facts["train_counts"])
    learned = own["group"][np.isin(own["part"], ("train", "val"))]
    with_them = np.isin(own["group"], learned)
    trained = set(own["sha256"][with_them].tolist())
    unreadable = catalog["error"] != ""
    unknown = ~np.isin(catalog["label"], classes) & ~unreadable
    _name_unknown(catalog.where(unknown), classes)
    known = np.array([digest in trained for digest in catalog["sha256"].tolist()])
    for theirs, ours in zip(names_of(catalog, pattern), names_of(own, pattern), strict=True):
        if theirs and ours:
            known |= np.isin(theirs, sorted(set(np.array(ours)[with_them].tolist()) - {""}))
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


def _name_unknown(rows: Catalog, classes: list[str]) -> None:
    """Say which labels are no class, and which they may be meant for."""
    counts = sorted(rows.counts().items(), key=lambda item: -item[1])
    for label, n in counts[:NAMED]:
        meant = did_you_mean(label, classes)
        log.warning("warning: %s (%d) is no class of this run%s", label, n, meant)
    if len(counts) > NAMED:
        log.warning("warning: nor are %d labels more", len(counts) - NAMED)
