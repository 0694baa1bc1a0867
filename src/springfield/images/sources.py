"""Which files belong to which class: the layout of a data folder, or a table's rows."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from unicodedata import normalize

from springfield.errors import DataError, MissingExtraError
from springfield.images.catalog import read_table
from springfield.images.kaggle import fetch
from springfield.images.layout import LAYOUT, entries_of, find_classes, kind_of

log = logging.getLogger(__name__)
COLUMNS = ("path", "label", "group")  # that a table is asked for; the last may be missing


@dataclass(frozen=True)
class Source:
    """A file that stands for an image, not yet read."""

    path: str  # relative to the root
    label: str
    error: str = ""  # why it must not even be opened; "" otherwise
    group: str = ""  # what it stays together with all others of; "" where no table says so


def find_sources(data: Path) -> tuple[Path, list[Source]]:
    """Return the root and its sources, sorted by path.

    A folder is read as ``<class>/**/<image>``; where the classes lie deeper, as in an archive, the
    root is the folder they are in. A ``.csv`` or ``.parquet`` table needs the columns ``path``
    (relative to the table's folder) and ``label``; images of one ``group``, if it has that column,
    are not parted. Data named as at Kaggle are fetched first.
    Raises `DataError` when there is nothing to read or the layout is another one.
    """
    data = fetch(data)
    if data.suffix.lower() in (".csv", ".parquet") and not data.is_dir():
        return data.parent, _of_table(data)
    if not data.exists():
        raise DataError(f"there is no folder {data}")
    if not data.is_dir():
        raise DataError(f"{data} is neither a folder nor a .csv or .parquet table")
    root, aside = find_classes(data)
    sources = sorted(_of_folder(root, aside), key=lambda source: source.path)
    if not sources:
        raise DataError(f"{data} holds no images; {LAYOUT.format(data)}")
    return root, sources


def _of_folder(root: Path, aside: set[str]) -> Iterator[Source]:
    real_root = root.resolve()
    for entry in entries_of(root):
        if kind_of(entry) == "folder" and entry.name not in aside:
            label = normalize("NFC", entry.name)  # a Mac may keep letters and accents apart
            below = list(_below(entry, entry.name, label, real_root))
            if not below:
                log.warning("%s holds no files: it is no class", readable(entry.path))
            yield from below


def _below(entry: os.DirEntry[str], path: str, label: str, root: Path) -> Iterator[Source]:
    """Sources at and below one entry; depth first."""
    error = _objection(entry, path, root)
    if error:
        yield Source(readable(path), readable(label), error)
    elif kind_of(entry) != "folder":
        yield Source(path, label)
    else:
        try:
            inside = entries_of(Path(entry.path))
        except DataError as problem:
            yield Source(readable(path), readable(label), readable(str(problem)))
            return
        for child in inside:
            yield from _below(child, f"{path}/{child.name}", label, root)


def _objection(entry: os.DirEntry[str], path: str, root: Path) -> str:
    """Why an entry must not be opened; "" when it may."""
    if readable(path) != path and kind_of(entry) != "folder":
        return "its name is not UTF-8; rename it"
    if entry.is_symlink():
        if not os.path.exists(entry.path):  # noqa: PTH110, a Path cannot hold every name
            return "a link to nothing"
        if kind_of(entry) == "folder":
            return "a link to a folder; links are not followed"
        if not Path(entry.path).resolve().is_relative_to(root):
            return "a link out of the data folder; copy it there, or list it in a table path,label"
    elif not kind_of(entry):
        return "not a regular file"
    return ""


def readable(name: str) -> str:
    """The name with bytes that are not UTF-8 written as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _of_table(table: Path) -> list[Source]:
    columns = _parquet(table) if table.suffix.lower() == ".parquet" else _csv(table)
    paths, labels = columns["path"], [normalize("NFC", label) for label in columns["label"]]
    if not paths:
        raise DataError(f"{table} has no rows")
    seen: set[str] = set()
    for row, (path, label) in enumerate(zip(paths, labels, strict=True), start=1):
        if not path or not label:
            raise DataError(f"{table}, row {row}: path and label must not be empty")
        if path in seen:
            raise DataError(f"{table}, row {row}: {path} is listed twice; an image has one label")
        seen.add(path)
    groups = columns.get("group", [""] * len(paths))
    sources = (Source(*row[:2], group=row[2]) for row in zip(paths, labels, groups, strict=True))
    return sorted(sources, key=lambda source: source.path)


def _csv(table: Path) -> dict[str, list[str]]:
    columns = read_table(table)
    if "label" not in columns:
        raise DataError(f"{table} has no column 'label'; it needs at least path,label")
    return {name: columns[name].tolist() for name in COLUMNS if name in columns}


def _parquet(table: Path) -> dict[str, list[str]]:
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet") from None
    try:
        there = parquet.read_schema(table).names
        names = [name for name in COLUMNS if name in there or name != "group"]
        columns = parquet.read_table(table, columns=names).to_pydict()
    except Exception as problem:  # pyarrow has its own family of errors
        raise DataError(f"cannot read path,label from {table}: {problem}") from problem
    return {name: [_word(value) for value in column] for name, column in columns.items()}


def _word(value: object) -> str:
    """A cell as text; one that is missing (null, not a number) is empty."""
    return "" if value is None or value != value else str(value)
