"""Files: how a file is written, so that nothing of the user's is lost or left half done."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from springfield.errors import OutputError
from springfield.windows import put


def lock(file: IO[str], *, wait: bool = False) -> bool:
    """Lock a file for this process, if its file system knows locks; False: another one has it.

    Waiting, it does so until the other one lets go (on Windows for ten seconds).
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as problem:
        return problem.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True


def check_empty(folder: Path, images: Iterable[Path]) -> None:
    """Make sure that pages and tables can go to `folder`.

    Raises `OutputError` when it holds anything, takes no files, or lies in a folder of `images`,
    where nothing is changed.
    """
    check_links(folder)
    for path in images:
        if path.is_dir() and folder.resolve().is_relative_to(path.resolve()):
            raise OutputError(
                f"{folder} lies among the images in {path}, where nothing is changed; "
                "choose another --out"
            )
    try:
        occupied = folder.exists() and any(folder.iterdir())
    except OSError as problem:
        raise OutputError(f"cannot use {folder}: {reason_of(problem)}") from problem
    if occupied:
        raise OutputError(f"{folder} is not empty; choose a new folder with --out")
    check_writable(folder)


def check_utf8(path: Path) -> None:
    """Raise `OutputError` when TensorFlow could not write to a path of that name."""
    if str(path).encode("utf-8", "ignore").decode() != str(path):
        raise OutputError(f"the name of {path} is not UTF-8; choose another --out")


def check_new(file: Path) -> None:
    """Make sure, before any work, that `file` can be written and is new.

    Raises `OutputError` when there is something, if only a dangling link, under that name, or its
    folder takes no files.
    """
    if file.exists() or file.is_symlink():
        raise OutputError(f"{file} is already there; choose another name or remove it")
    check_writable(file)


def check_links(path: Path) -> None:
    """Raise `OutputError` when the path, or a folder that it lies in, is a link to nothing."""
    there = path.absolute()
    for each in (there, *there.parents):
        if _leads_nowhere(each):
            raise OutputError(
                f"cannot write {path}: {each} is a link to nothing; choose another name"
            )


def _leads_nowhere(path: Path) -> bool:
    try:
        return path.is_symlink() and not path.exists()
    except OSError:  # in a folder that cannot be looked into, which is told elsewhere
        return False


def check_writable(path: Path) -> None:
    """Raise `OutputError` when a file or folder of that name cannot be made or written to."""
    check_links(path)
    there = path.absolute()
    folder = next((each for each in (there, *there.parents) if each.exists()), there)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write {path}: {folder} takes no files; choose another name")


def write_atomically(file: Path, *content: bytes | memoryview) -> None:
    """Write beside, flush to disk, rename: readers see the old file or the new one, whole.

    The parts of `content` come one after the other.

    Raises `OutputError` when there is no space or no permission; the old file then stays.
    """
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as handle:
            handle.writelines(content)
            handle.flush()
            os.fsync(handle.fileno())
        put(beside, file)
    except OSError as problem:
        raise OutputError(f"cannot write {file}: {reason_of(problem)}") from problem
    finally:
        with contextlib.suppress(OSError):  # it is there no more unless something went wrong
            beside.unlink()


def csv_text(names: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV text; see `csv_lines`."""
    return "".join(csv_lines(names, rows))


def csv_lines(names: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a table as CSV; each ends in a line feed.

    Line breaks of every kind stay inside their field: macOS calls a file "Icon\\r".
    """
    yield _csv_line(names)
    for row in rows:
        yield _csv_line(row)


def _csv_line(row: Iterable[object]) -> str:
    line = io.StringIO()
    # Before Python 3.13 the writer quotes only the line breaks that it ends its own lines with.
    csv.writer(line, lineterminator="\r\n").writerow(row)
    return line.getvalue().removesuffix("\r\n") + "\n"


def reason_of(problem: OSError) -> str:
    """Say in words why the system refused, with the way out where it is known."""
    if problem.errno == errno.ENOSPC:
        return "the disk is full; free some space and try again"
    return problem.strerror or str(problem)
