"""Predict: what a run's classifier says of files and folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from springfield.errors import DataError, UnreadableImageError
from springfield.learning.classifier import Classifier
from springfield.results.predictions import Predictions
from springfield.run import open_run


def predict(
    folder: str | Path, paths: Sequence[str | Path], *, progress: bool = True
) -> Predictions:
    """Classify image files, and all files in folders.

    A file that cannot be read keeps its row, with the reason instead of an answer.

    Raises:
        DataError: a path does not exist or cannot be opened, or there is no file at all.
        RunError: no finished run.
    """
    classifier = Classifier.load(open_run(folder).classifier_folder)
    files = [file for path in paths for file in _files(Path(path))]
    if not files:
        raise DataError(f"no file in {', '.join(map(str, paths))}")
    probabilities = np.full((len(files), len(classifier.classes)), np.nan, np.float32)
    errors = []
    for i, file in enumerate(tqdm(files, unit="image", disable=not progress, file=sys.stderr)):
        try:
            probabilities[i] = classifier.probabilities_of(file)
            errors.append("")
        except UnreadableImageError as problem:
            errors.append(str(problem))
    return Predictions(
        paths=np.array([str(file) for file in files]),
        classes=classifier.classes,
        probabilities=probabilities,
        errors=np.array(errors),
    )


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or every visible file below a folder, whatever it is, in order of name."""
    if not path.exists():
        raise DataError(f"there is no {path}")
    if not path.is_dir():
        yield path
        return
    for folder, inside, names in os.walk(path, onerror=_refuse):
        inside[:] = sorted(name for name in inside if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _refuse(problem: OSError) -> None:
    raise DataError(f"cannot open {problem.filename}: {problem.strerror}") from problem
