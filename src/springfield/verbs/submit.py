"""Submit: a run's answers as a Kaggle submission that cannot be refused for its form.

Everything that can be wrong with the files is found before the first image is read.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from springfield.errors import DataError, did_you_mean
from springfield.images.layout import IMAGE_ENDINGS, LITTER
from springfield.learning.classifier import Classifier
from springfield.results.predictions import Predictions
from springfield.run import check_new, csv_text, open_run, write_atomically
from springfield.verbs.predict import predict

HEADER = ["Id", "Expected"]


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
    without it they are the files in order of name. For `prior` see `predict`.

    Raises:
        OutputError: `out` is already there or cannot be written.
        DataError: an Id is missing, too many or there twice, the sample names a class that the
            run does not know, or an image cannot be read.
        SpringfieldError: there is no such prior.
    """
    testdir, out = Path(testdir), Path(out)
    check_new(out)
    classes = Classifier.load(open_run(folder).classifier_folder).classes
    images = find_test_images(testdir)
    ids = sorted(images)
    if sample is not None:
        sample = Path(sample)
        wanted = read_sample(sample)
        check_ids(wanted, images, testdir)
        check_classes(wanted.values(), classes, sample)
        ids = list(wanted)
    answers = predict(folder, [images[name] for name in ids], prior=prior, progress=progress)
    check_readable(answers)
    table = csv_text(HEADER, zip(ids, answers.labels, strict=True))
    write_atomically(out, table.encode("utf-8", "surrogateescape"))
    return {
        "submission": str(out),
        "n": len(ids),
        "classes": dict(sorted(Counter(str(label) for label in answers.labels).items())),
    }


def find_test_images(testdir: Path) -> dict[str, Path]:
    """Id to file, for every image at any depth below a test folder; raises `DataError`."""
    if not testdir.is_dir():
        raise DataError(f"there is no folder {testdir}")
    images: dict[str, Path] = {}
    for file in sorted(testdir.rglob("*")):
        inside = file.relative_to(testdir).parts
        if any(part.startswith(".") or part in LITTER for part in inside):
            continue
        if not file.name.lower().endswith(IMAGE_ENDINGS) or not file.is_file():
            continue
        if file.name in images:
            raise DataError(
                f"the Id {file.name} is there twice: {images[file.name]} and {file}; "
                "give the folder that holds each image once"
            )
        images[file.name] = file
    if not images:
        raise DataError(f"{testdir} holds no images")
    return images


def read_sample(file: Path) -> dict[str, str]:
    """Id to class of a sample submission, in its order; raises `DataError`."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as handle:
            rows = [row for row in csv.reader(handle) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError(f"cannot read the sample {file}: {problem}") from problem
    if not rows or rows[0] != HEADER:
        raise DataError(f"{file} is no sample submission: its first line must be Id,Expected")
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(HEADER):
            raise DataError(f"{file}, row {line}: {len(row)} fields instead of 2")
    twice = [name for name, n in Counter(row[0] for row in rows[1:]).items() if n > 1]
    if twice:
        raise DataError(f"{file} names {_some(twice)} more than once; every Id needs one row")
    if len(rows) == 1:
        raise DataError(f"{file} has no rows")
    return {row[0]: row[1] for row in rows[1:]}


def check_ids(wanted: dict[str, str], images: dict[str, Path], testdir: Path) -> None:
    """Raise `DataError` unless the sample and the test folder name the same images."""
    missing = [name for name in wanted if name not in images]
    if missing:
        raise DataError(f"{testdir} lacks {_some(missing)} that the sample names")
    extra = [name for name in images if name not in wanted]
    if extra:
        raise DataError(f"the sample does not name {_some(extra)} of {testdir}")


def check_classes(named: Iterable[str], known: Sequence[str], sample: Path) -> None:
    """Raise `DataError` when the sample expects a class that the run has never seen."""
    for name in sorted(set(named) - set(known)):
        raise DataError(
            f"{sample} expects the class '{name}', which this run does not know"
            f"{did_you_mean(name, known)}"
        )


def check_readable(answers: Predictions) -> None:
    """Raise `DataError` when an image has no answer: a submission may not leave it out."""
    bad = [str(path) for path in answers.paths[~answers.readable]]
    if bad:
        reason = answers.reasons[~answers.readable][0]
        raise DataError(
            f"cannot read {_some(bad)} ({reason}); a submission needs an answer for every image: "
            "put good copies there"
        )


def _some(names: Sequence[str]) -> str:
    """The first few names, and how many there are besides."""
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3:,} more"
