"""Predictions: which image is which class, with what probability.

As a table there are two forms. The wide one keeps everything and can be read back:
``path,truth,label,error`` and then one column ``p:<class>`` for each class. The short one,
``path,label,probability,error``, is what `springfield predict --csv` hands to people.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from springfield.errors import DataError
from springfield.files import csv_text

FIXED = ("path", "truth", "label", "error")
PREFIX = "p:"  # keeps a class called "label" apart from the column of that name


@dataclass(frozen=True, eq=False)
class Predictions:
    """Class probabilities of n images, in the order of `paths`.

    A file that could not be read keeps its row: its probabilities are NaN, its label is empty and
    `errors` says why. No other file's answer ever takes its place.
    """

    paths: np.ndarray  # str [n]
    classes: tuple[str, ...]  # C names
    probabilities: np.ndarray  # float32 [n, C]
    truth: np.ndarray | None = None  # str [n]; None when nobody knows
    errors: np.ndarray | None = None  # str [n], "" for a readable image; None: all readable
    inside: np.ndarray | None = None  # bool [n, C], classes an image may be, see `Calibration.sets`

    def __post_init__(self) -> None:
        shape = (len(self.paths), len(self.classes))
        if self.probabilities.shape != shape:
            raise ValueError(f"probabilities are {self.probabilities.shape} instead of {shape}")
        for name in ("truth", "errors"):
            column = getattr(self, name)
            if column is not None and len(column) != len(self):
                raise ValueError(f"{name} has {len(column)} rows instead of {len(self)}")

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def reasons(self) -> np.ndarray:
        """Why each image could not be read, str [n]; "" for a readable one."""
        return np.full(len(self), "") if self.errors is None else np.asarray(self.errors, np.str_)

    @property
    def readable(self) -> np.ndarray:
        """Which images have an answer, bool [n]."""
        return np.asarray(self.reasons == "", dtype=bool)

    @property
    def answers(self) -> np.ndarray:
        """Number of the most probable class, int64 [n]; -1 for an unreadable image."""
        if not len(self):
            return np.zeros(0, np.int64)
        return np.where(self.readable, self.probabilities.argmax(axis=1), -1)

    @property
    def labels(self) -> np.ndarray:
        """Name of the most probable class, str [n]; "" for an unreadable image."""
        return np.array([*self.classes, ""], dtype=np.str_)[self.answers]

    @property
    def confidence(self) -> np.ndarray:
        """Probability of the most probable class, float32 [n]; NaN for an unreadable image."""
        if not len(self):
            return np.zeros(0, np.float32)
        highest = self.probabilities.max(axis=1)
        return np.asarray(np.where(self.readable, highest, np.nan), np.float32)

    def sets(self) -> list[tuple[str, ...] | None]:
        """The classes that each image may be, the likeliest first; None where that is unknown."""
        if self.inside is None:
            return [None] * len(self)
        order = np.argsort(-self.probabilities, axis=1, kind="stable")
        return [
            tuple(self.classes[c] for c in likely if row[c]) or None
            for likely, row in zip(order.tolist(), self.inside, strict=True)
        ]

    def where(self, mask: np.ndarray) -> Predictions:
        """The rows chosen by a boolean mask or by row numbers, in that order."""
        return Predictions(
            self.paths[mask],
            self.classes,
            self.probabilities[mask],
            None if self.truth is None else self.truth[mask],
            self.reasons[mask],
            None if self.inside is None else self.inside[mask],
        )

    def to_csv(self) -> str:
        """The wide table; `read_predictions` reads it back to the last bit."""
        truth = np.full(len(self), "") if self.truth is None else self.truth
        rows = (  # written as they are made: as text a number takes many times its memory
            [path, right, label, error, *([""] * len(self.classes) if error else map(str, row))]
            for path, right, label, error, row in zip(
                self.paths, truth, self.labels, self.reasons, self.probabilities, strict=True
            )
        )
        return csv_text([*FIXED, *(PREFIX + name for name in self.classes)], rows)

    def short_csv(self) -> str:
        """The table ``path,label,probability,error``, a row per image."""
        rows = [
            [path, label, "" if error else f"{confidence:.6f}", error]
            for path, label, confidence, error in zip(
                self.paths, self.labels, self.confidence, self.reasons, strict=True
            )
        ]
        return csv_text(["path", "label", "probability", "error"], rows)


def read_predictions(file: Path) -> Predictions:
    """Read a table written by `Predictions.to_csv`. Raises `DataError` when it is not one."""
    try:
        with file.open(newline="", encoding="utf-8") as handle:
            rows = csv.reader(handle)
            names = next(rows, [])
            if tuple(names[: len(FIXED)]) != FIXED:
                raise DataError(
                    f"{file} holds no predictions; its first columns must be {','.join(FIXED)}"
                )
            read = [_read_row(row, len(names), f"{file}, line {rows.line_num}") for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataError(f"cannot read the predictions {file}: {problem}") from problem
    paths, truth, _, errors = (np.array([words[i] for words, _ in read], np.str_) for i in range(4))
    classes = tuple(name.removeprefix(PREFIX) for name in names[len(FIXED) :])
    probabilities = np.array([numbers for _, numbers in read], np.float32)
    probabilities = probabilities.reshape(len(read), len(classes))
    return Predictions(paths, classes, probabilities, truth if truth.any() else None, errors)


def _read_row(row: list[str], n: int, where: str) -> tuple[list[str], np.ndarray]:
    """The words of a row and its numbers, at once: as Python's they take ten times the memory."""
    if len(row) != n:
        raise DataError(f"{where}: {len(row)} fields instead of {n}")
    try:
        numbers = np.array([cell or "nan" for cell in row[len(FIXED) :]], np.float32)
    except ValueError as problem:
        raise DataError(f"{where}: a probability is not a number: {problem}") from problem
    return row[: len(FIXED)], numbers
