"""Which files belong to which class: the layout of a data folder, or a table's rows."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from springfield.errors import DataError, MissingExtraError
from springfield.images.catalog import read_table

LAYOUT = "put each class in a folder of its own, {}/<class>/<image>, or give a CSV with path,label"
LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini", "@eaDir", "lost+found"}
PARTS = {"train", "training", "val", "valid", "validation", "test", "testing"}
ENDINGS = {  # of a file's name, by what its content is
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png", ".apng"),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "AVIF": (".avif",),
}
IMAGE_ENDINGS = tuple(ending for endings in ENDINGS.values() for ending in endings)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """A file that stands for an image, not yet read."""

    path: str  # relative to the root
    label: str
    error: str = ""  # why it must not even be opened; "" otherwise


def find_sources(data: Path) -> tuple[Path, list[Source]]:
    """Return the root and its sources, sorted by path.

    A folder is read as ``<class>/**/<image>``; a single folder around the classes is stepped
    into, and the root is then the inner one. A ``.csv`` or ``.parquet`` table needs the columns
    ``path`` (relative to the table's folder) and ``label``.
    Raises `DataError` when there is nothing to read or the layout is another one.
    """
    if data.suffix.lower() in (".csv", ".parquet") and not data.is_dir():
        return data.parent, _of_table(data)
    if not data.exists():
        raise DataError(f"there is no folder {data}")
    if not data.is_dir():
        raise DataError(f"{data} is neither a folder nor a .csv or .parquet table")
    root = _inner(data)
    sources = sorted(_of_folder(root), key=lambda source: source.path)
    if not sources:
        raise DataError(f"{data} holds no images; {LAYOUT.format(data)}")
    return root, sources


def _inner(data: Path) -> Path:
    """Step into folders that hold nothing but one folder of folders."""
    root = data
    while True:
        entries = _entries(root)
        folders = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        if len(folders) != 1 or len(entries) != 1:
            break
        try:
            within = _entries(Path(folders[0].path))
        except DataError:
            break  # becomes a row that says so
        if not within or not all(entry.is_dir(follow_symlinks=False) for entry in within):
            break
        root = Path(folders[0].path)
    _check_layout(data, entries)
    return root


def _check_layout(data: Path, entries: list[os.DirEntry[str]]) -> None:
    folders = [entry.name for entry in entries if _kind(entry) == "folder"]
    if len(folders) > 1 and {name.lower() for name in folders} <= PARTS:
        raise DataError(
            f"{data} holds {', '.join(sorted(folders))}: give the one to learn from, "
            f"e.g. {data / sorted(folders)[-1]}; the split is made anew"
        )
    loose = [
        e.name for e in entries if _kind(e) == "file" and e.name.lower().endswith(IMAGE_ENDINGS)
    ]
    if loose and not folders:
        raise DataError(f"{data} holds images but no class folders; {LAYOUT.format(data)}")
    if loose:
        log.warning(
            "%d images directly in %s have no class and are not used, such as %s",
            len(loose),
            data,
            ascii(sorted(loose)[0]),
        )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(
                (e for e in found if not e.name.startswith(".") and e.name not in LITTER),
                key=lambda entry: entry.name,
            )
    except OSError as problem:
        raise DataError(f"cannot open the folder {folder}: {problem.strerror}") from problem


def _of_folder(root: Path) -> Iterator[Source]:
    real_root = root.resolve()
    for entry in _entries(root):
        if _kind(entry) == "folder":
            yield from _below(entry, entry.name, entry.name, real_root)


def _below(entry: os.DirEntry[str], path: str, label: str, root: Path) -> Iterator[Source]:
    """Sources at and below one entry; depth first."""
    error = _objection(entry, path, root)
    if error:
        yield Source(_readable(path), _readable(label), error)
    elif _kind(entry) != "folder":
        yield Source(path, label)
    else:
        try:
            inside = _entries(Path(entry.path))
        except DataError as problem:
            yield Source(_readable(path), _readable(label), str(problem))
            return
        for child in inside:
            yield from _below(child, f"{path}/{child.name}", label, root)


def _objection(entry: os.DirEntry[str], path: str, root: Path) -> str:
    """Why an entry must not be opened; "" when it may."""
    if _readable(path) != path and _kind(entry) != "folder":
        return "its name is not UTF-8; rename it"
    if entry.is_symlink():
        if not os.path.exists(entry.path):  # noqa: PTH110, a Path cannot hold every name
            return "a link to nothing"
        if _kind(entry) == "folder":
            return "a link to a folder; links are not followed"
        if not Path(entry.path).resolve().is_relative_to(root):
            return "a link out of the data folder"
    elif not _kind(entry):
        return "not a regular file"
    return ""


def _kind(entry: os.DirEntry[str]) -> str:
    """Return "folder", "file", or "" for whatever else there is."""
    try:
        return "folder" if entry.is_dir() else "file" if entry.is_file() else ""
    except OSError:  # a link that leads to itself
        return ""


def _readable(name: str) -> str:
    """The name with bytes that are not UTF-8 written as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _of_table(table: Path) -> list[Source]:
    paths, labels = _parquet(table) if table.suffix.lower() == ".parquet" else _csv(table)
    if not paths:
        raise DataError(f"{table} has no rows")
    seen: set[str] = set()
    for row, (path, label) in enumerate(zip(paths, labels, strict=True), start=1):
        if not path or not label:
            raise DataError(f"{table}, row {row}: path and label must not be empty")
        if path in seen:
            raise DataError(f"{table}, row {row}: {path} is listed twice; an image has one label")
        seen.add(path)
    return sorted(map(Source, paths, labels), key=lambda source: source.path)


def _csv(table: Path) -> tuple[list[str], list[str]]:
    columns = read_table(table)
    if "label" not in columns:
        raise DataError(f"{table} has no column 'label'; it needs at least path,label")
    return columns["path"].tolist(), columns["label"].tolist()


def _parquet(table: Path) -> tuple[list[str], list[str]]:
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet") from None
    try:
        columns = parquet.read_table(table, columns=["path", "label"]).to_pydict()
    except Exception as problem:  # pyarrow has its own family of errors
        raise DataError(f"cannot read path,label from {table}: {problem}") from problem
    return [str(path) for path in columns["path"]], [str(label) for label in columns["label"]]
