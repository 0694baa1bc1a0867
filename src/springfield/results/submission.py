"""Submission: the form that Kaggle wants, and whatever may be wrong with the files around it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from unicodedata import normalize

from springfield.errors import DataError, did_you_mean
from springfield.images.kaggle import fetch
from springfield.images.layout import IMAGE_ENDINGS, entries_of, find_tests, kind_of
from springfield.results.predictions import Predictions

HEADER = ["Id", "Expected"]


def find_test_images(testdir: Path, classes: Iterable[str] = ()) -> dict[str, Path]:
    """Id to file, for every image at any depth below a test folder; Id is the name of the file.

    Of an archive's root only the folder of test images is taken; data named as at Kaggle are
    fetched first.
    Raises `DataError` when there are none, an Id is there twice, a folder is a link or cannot be
    opened, or folders bear the names of `classes`, as those of training images do.
    """
    root = fetch(testdir)
    if not root.is_dir():
        raise DataError(f"there is no folder {root}")
    root = find_tests(root)
    images: dict[str, Path] = {}
    folders: set[str] = set()  # named as classes
    known = set(classes)
    for file in sorted(_files_below(root)):
        if not file.name.lower().endswith(IMAGE_ENDINGS):
            continue
        folders.update(known.intersection(file.relative_to(root).parts[:-1]))
        if len(labelled := sorted(folders)) > 1:
            raise DataError(
                f"{root} holds images of known classes ({some(labelled)}): give the folder of "
                "those to be named"
            )
        if file.name in images:
            raise DataError(
                f"the Id {file.name} is there twice: {images[file.name]} and {file}; "
                "give the folder that holds each image once"
            )
        images[file.name] = file
    if not images:
        raise DataError(f"{root} holds no images")
    return images


def _files_below(folder: Path) -> Iterator[Path]:
    for entry in entries_of(folder):
        if kind_of(entry) != "folder":
            yield Path(entry.path)
        elif entry.is_symlink():
            raise DataError(
                f"{entry.path} is a link to a folder, and links are not followed; copy its images "
                "there, or take the link out"
            )
        else:
            yield from _files_below(Path(entry.path))


def read_sample(file: Path) -> dict[str, str]:
    """Id to class of a sample submission, in its order; raises `DataError`."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as handle:
            rows = [row for row in csv.reader(handle) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError(f"cannot read the sample {file}: {problem}") from problem
    if not rows or rows[0] != HEADER:
        first = f"'{','.join(rows[0])}'" if rows else "missing"
        raise DataError(
            f"{file} is no sample submission: its first line must be Id,Expected and is {first}"
        )
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(HEADER):
            raise DataError(f"{file}, row {line}: {len(row)} fields instead of 2")
        if not row[0]:
            raise DataError(f"{file}, row {line}: the Id is empty")
    twice = [name for name, n in Counter(row[0] for row in rows[1:]).items() if n > 1]
    if twice:
        raise DataError(f"{file} names {some(twice)} more than once; every Id needs one row")
    if len(rows) == 1:
        raise DataError(f"{file} has no rows")
    return {row[0]: normalize("NFC", row[1]) for row in rows[1:]}


def check_ids(wanted: Iterable[str], images: dict[str, Path], testdir: Path) -> None:
    """Raise `DataError` unless the sample and the test folder name the same images."""
    missing = [name for name in wanted if name not in images]
    extra = set(images).difference(wanted)
    if missing and (near := _nearly(missing[0], extra)):
        raise DataError(
            f"the sample's Ids are written in another way than the files of {testdir}: "
            f"{missing[0]} there, {near} here; give the sample that belongs to these files"
        )
    if missing:
        raise DataError(f"{testdir} lacks {some(missing)} that the sample names")
    if extra:
        raise DataError(f"the sample does not name {some(sorted(extra))} of {testdir}")


def _nearly(name: str, files: Iterable[str]) -> str:
    """The file whose name differs in its ending, folder, case or accents' spelling only, or ""."""
    plain = normalize("NFC", PurePath(name).name.casefold())
    for file in sorted(files):
        whole = normalize("NFC", file.casefold())
        if plain in (whole, PurePath(whole).stem) or PurePath(plain).stem == PurePath(whole).stem:
            return file
    return ""


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
            f"cannot read {some(bad)} ({reason}); a submission needs an answer for every image: "
            "put good copies there"
        )


def some(names: Sequence[str]) -> str:
    """The first few names, and how many there are besides."""
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3:,} more"
