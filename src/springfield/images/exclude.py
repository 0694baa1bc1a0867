"""Exclude: rows that a manifest of the user's leaves out; a line taken out of it brings one back.

A manifest is any CSV file with the column ``path``, relative to the data folder as in the catalog;
its other columns do not count. What is listed is neither deleted nor moved.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from unicodedata import normalize

import numpy as np

from springfield.errors import DataError, did_you_mean
from springfield.files import reason_of
from springfield.images.catalog import Catalog, delimiter_of
from springfield.images.sources import readable

EXCLUDED = "excluded by"  # so begins the reason of a row that a manifest lists


@dataclass(frozen=True)
class Exclusion:
    """A manifest as it was read."""

    name: str  # of the file, without its folder; "": there is none
    content: bytes = field(repr=False)
    paths: tuple[str, ...]

    def facts(self) -> dict[str, str]:
        """What a run remembers of it."""
        return {"name": self.name, "sha256": hashlib.sha256(self.content).hexdigest()}


NOTHING = Exclusion("", b"", ())


def read_exclusion(file: str | Path | None) -> Exclusion:
    """Read a manifest; None excludes nothing.

    Raises `DataError` when it cannot be read or has no column ``path``.
    """
    if file is None:
        return NOTHING
    file = Path(file)
    try:
        content = file.read_bytes()
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = csv.DictReader(text, delimiter=delimiter_of(text))
        names = list(rows.fieldnames or ())
        paths = [row.get("path") or "" for row in rows]
    except OSError as problem:
        raise DataError(f"cannot read the manifest {file}: {reason_of(problem)}") from problem
    except (UnicodeDecodeError, csv.Error) as problem:
        raise DataError(
            f"the manifest {file} is no CSV in UTF-8 (in Excel: CSV UTF-8): {problem}"
        ) from problem
    if "path" not in names:
        raise DataError(f"the manifest {file} has no column 'path'{did_you_mean('path', names)}")
    return Exclusion(readable(file.name), content, tuple(path for path in paths if path))


def exclude_listed(catalog: Catalog, exclusion: Exclusion) -> Catalog:
    """Add the column ``reason``: for a listed row who excluded it, else "".

    Raises `DataError` when a listed path is not in the catalog, or nothing of a class is left.
    """
    paths = catalog["path"].tolist()
    spelled = {normalize("NFC", path): path for path in paths}  # a Mac keeps accents apart
    spelled |= {path: path for path in paths}
    listed = {spelled.get(p) or spelled.get(normalize("NFC", p), p) for p in exclusion.paths}
    if unknown := sorted(listed.difference(paths)):
        more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
        raise DataError(
            f"{exclusion.name} lists '{unknown[0]}'{more}, which is not among the images of "
            f"{catalog.root}{_nearest(unknown[0], paths)}"
        )
    gone = np.array([path in listed for path in paths], dtype=bool)
    readable = catalog["error"] == ""
    left = catalog.where(readable & ~gone).counts()
    for label in catalog.where(readable & gone).classes:
        if label not in left:
            raise DataError(
                f"{exclusion.name} excludes every image of {label}; take one of its lines out, or "
                "leave the whole class out of the data"
            )
    return catalog.with_columns(reason=np.where(gone, f"{EXCLUDED} {exclusion.name}", ""))


def _nearest(path: str, known: Sequence[str]) -> str:
    """A path that may be meant: one of the same name, else of a similar one in its folder."""
    wanted = PurePosixPath(path.replace("\\", "/"))
    named = [each for each in known if each.endswith(wanted.name)]
    folder = [each for each in known if PurePosixPath(each).parent == wanted.parent]
    near = difflib.get_close_matches(str(wanted), named or folder, n=1, cutoff=0.5)
    return f"; did you mean '{near[0]}'?" if near else "; its paths must be those of the catalog"
