"""Windows: what has to be done otherwise there, in one place; elsewhere each of these is plain.

Its programs expand no wildcards and quote words in their own way, files that somebody has open stay
where they are, and TensorFlow finds no folder with a letter in its path that is not in ASCII (its
`IsDirectory` cuts every letter to one byte).
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from springfield.errors import OutputError

PATIENCE = 20  # times to try again to rename what is open
MOMENT = 0.1  # seconds between them


def is_here() -> bool:
    """Whether this is Windows."""
    return sys.platform == "win32"


def command_line(words: Sequence[str]) -> str:
    """Words as they are typed at the system's prompt."""
    return " ".join(map(quoted, words)) if is_here() else shlex.join(words)


def quoted(word: str) -> str:
    """A word as PowerShell and cmd take it; a backslash at the end would take the quote along."""
    if re.fullmatch(r"[\w:\\./=+-]+", word):
        return word
    return '"' + re.sub(r"(\\+)$", r"\1\1", word) + '"'


def expanded(path: Path) -> list[Path]:
    """The files that a name with wildcards stands for, where no shell has expanded it."""
    if is_here() and not path.exists() and (found := sorted(glob.glob(str(path)))):  # noqa: PTH207
        return [Path(name) for name in found]
    return [path]


def put(source: Path, target: Path) -> None:
    """Rename a file or folder; one that another program has open seldom is for long."""
    for _ in range(PATIENCE if is_here() else 0):
        with contextlib.suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(MOMENT)
    source.replace(target)


@contextlib.contextmanager
def temporary_for_tensorflow() -> Iterator[None]:
    """Meanwhile temporary folders are where TensorFlow finds them."""
    before = tempfile.tempdir
    if is_here() and not tempfile.gettempdir().isascii():
        tempfile.tempdir = os.environ.get("PUBLIC") or os.environ.get("PROGRAMDATA") or before
    try:
        yield
    finally:
        tempfile.tempdir = before


def check_for_tensorflow(folder: Path) -> None:
    """Raise `OutputError` when TensorFlow could not write a SavedModel there."""
    if is_here() and not str(folder.absolute()).isascii():
        raise OutputError(
            f"TensorFlow for Windows writes no SavedModel to {folder.absolute()}: its path may "
            "have letters from A to Z only; choose another --out"
        )
