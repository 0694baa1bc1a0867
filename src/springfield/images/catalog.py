"""Catalog: one row per image, keyed by the path relative to the data folder.

A catalog is never edited in place: each stage returns a new one with more columns.

========  ======  ==============================================================
column    dtype   meaning
========  ======  ==============================================================
path      str     relative to ``root``, with forward slashes: the key everywhere
label     str     class name
width     int64   pixels as displayed (after EXIF orientation); 0 if unreadable
height    int64   likewise
bytes     int64   size of the file
format    str     what the content is, as Pillow names it ("JPEG"); "" if unreadable
sha256    str     of the file's bytes
error     str     why the file cannot be decoded; "" for a readable image
group_name  str   what a table's column ``group`` says, where there is one; "": nothing
group     int64   what stays together: near duplicates (from `duplicates`), and one name (`groups`)
fold      int64   which fold tests it, from 0; -1: none (from `folds`, where asked for)
member    int64   which network, from 1, it watches instead of teaching; 0: none (where asked for)
part      str     "train", "val", "test", or "" for an image left out (from `split`)
reason    str     why it was left out; "" otherwise
========  ======  ==============================================================
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np

from springfield.errors import DataError
from springfield.files import csv_lines

Column = np.ndarray  # [n], str or int64
INTEGER = ("width", "height", "bytes", "group", "fold", "member")
DIGESTED = ("path", "label", "sha256", "group", "fold", "part", "member")
BLOCK = 1000  # rows that are Python's strings at one time


@dataclass(frozen=True, eq=False)
class Catalog:
    """A table with one row per image below `root`."""

    root: Path
    columns: Mapping[str, Column]

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns differ in length: {lengths}")

    def __len__(self) -> int:
        return len(self.columns["path"])

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    @property
    def classes(self) -> tuple[str, ...]:
        """Sorted names of the classes that have at least one row."""
        return tuple(sorted({str(label) for label in self["label"]}))

    def counts(self) -> dict[str, int]:
        """Rows per class, in the order of `classes`."""
        names, n = np.unique(self["label"], return_counts=True)
        return {str(name): int(k) for name, k in zip(names, n, strict=True)}

    def with_columns(self, **columns: Iterable[object] | Column) -> Catalog:
        """Return a catalog with these columns added or replaced."""
        arrays = {name: np.asarray(column) for name, column in columns.items()}
        return Catalog(self.root, {**self.columns, **arrays})

    def where(self, mask: Column) -> Catalog:
        """Return the rows chosen by a boolean mask or by row numbers, in that order."""
        return Catalog(self.root, {name: column[mask] for name, column in self.columns.items()})

    def files(self) -> list[Path]:
        """Absolute path of every row."""
        return [self.root / str(path) for path in self["path"]]

    def digest(self) -> str:
        """Sha256 over the columns that define a split, independent of where `root` lies."""
        names = [name for name in DIGESTED if name in self]
        digest = hashlib.sha256()
        for line in _csv_lines(self, names):
            digest.update(line.encode())
        return digest.hexdigest()

    def to_csv(self) -> str:
        """The whole table as CSV text; `read_catalog` reads it back."""
        return "".join(_csv_lines(self, list(self.columns)))


def read_catalog(file: Path, root: Path) -> Catalog:
    """Read a table written by `Catalog.to_csv`.

    Raises `DataError` when the file is missing or has no ``path`` column.
    """
    columns = read_table(file)
    for name in columns.keys() & INTEGER:
        try:
            columns[name] = columns[name].astype(np.int64)
        except ValueError as problem:
            raise DataError(f"{file}, column '{name}': {problem}") from problem
    return Catalog(root, columns)


def read_table(file: Path) -> dict[str, Column]:
    """Read the columns of a CSV file as they are written; empty lines do not count.

    Its fields are parted by commas, or by semicolons if the first line has no comma.

    Raises `DataError` when the file is missing or has no ``path`` column.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as handle:
            rows = (row for row in csv.reader(handle, delimiter=delimiter_of(handle)) if row)
            names = next(rows, [])
            if "path" not in names:
                raise DataError(f"{file} has no column 'path'; it needs at least path,label")
            blocks = [_columns(block, len(names), file) for block in _blocks(rows)]
    except UnicodeDecodeError as problem:
        raise DataError(
            f"cannot read the table {file}: no CSV in UTF-8 (in Excel: CSV UTF-8): {problem}"
        ) from problem
    except (OSError, csv.Error) as problem:
        raise DataError(f"cannot read the table {file}: {problem}") from problem
    nothing = [[np.empty(0, np.str_)] * len(names)]
    columns = zip(*(blocks or nothing), strict=True)
    return {name: np.concatenate(parts) for name, parts in zip(names, columns, strict=True)}


def delimiter_of(handle: IO[str]) -> str:
    """A semicolon where the first line has no comma: so Excel writes in half of Europe."""
    first = handle.readline()
    handle.seek(0)
    return ";" if ";" in first and "," not in first else ","


def _blocks(rows: Iterator[list[str]]) -> Iterator[list[tuple[int, list[str]]]]:
    """Numbered rows, `BLOCK` at a time: as Python's strings a whole table takes much memory."""
    numbered = enumerate(rows, start=2)
    while block := list(islice(numbered, BLOCK)):
        yield block


def _columns(block: list[tuple[int, list[str]]], n: int, file: Path) -> list[Column]:
    for number, row in block:
        if len(row) != n:
            raise DataError(f"{file}, line {number}: {len(row)} fields instead of {n}")
    return [np.array([row[i] for _, row in block], np.str_) for i in range(n)]


def _csv_lines(catalog: Catalog, names: list[str]) -> Iterator[str]:
    columns = [catalog[name] for name in names]
    blocks = range(0, len(catalog), BLOCK)
    rows = (
        row
        for start in blocks
        for row in zip(*(column[start : start + BLOCK].tolist() for column in columns), strict=True)
    )
    return csv_lines(names, rows)
