"""Suspects: images whose label is in doubt, as `train` lists them for a person to look at."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from springfield.files import csv_text
from springfield.images.labels import COLUMNS
from springfield.learning.explaining.neighbours import Neighbour

NUMBERS = (
    "label_probability",
    "looks_like_probability",
    "usual_probability",
    "label_nearest",
    "looks_like_nearest",
    "nearest",
)


@dataclass(frozen=True, eq=False)
class Suspect:
    """An image, its label, what it looks like, and who says so."""

    path: str
    label: str
    looks_like: str
    evidence: float  # 0 to 1
    numbers: tuple[float, float, float, int, int, int]  # see `NUMBERS`
    of_label: Sequence[Neighbour] = ()  # most similar training images that bear the label
    of_other: Sequence[Neighbour] = ()  # and those that bear the other

    def row(self) -> tuple[object, ...]:
        """Its first columns, which make it a line of a manifest."""
        return self.path, self.label, self.looks_like, f"{self.evidence:.4f}"


def suspects_csv(suspects: Sequence[Suspect]) -> str:
    """The table suspicious.csv, in the order given; a manifest for ``--exclude``."""
    rows = []
    for each in suspects:
        shares, near = each.numbers[:3], each.numbers[3:]
        rows.append([*each.row(), *(f"{share:.4f}" for share in shares), *near])
    return csv_text([*COLUMNS, *NUMBERS], rows)


def read_suspects(file: Path) -> list[tuple[str, str, str]] | None:
    """Path, label and other class of each row of suspicious.csv; None if it cannot be read."""
    try:
        with file.open(newline="", encoding="utf-8") as handle:
            return [(r["path"], r["label"], r["looks_like"]) for r in csv.DictReader(handle)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError):
        return None
