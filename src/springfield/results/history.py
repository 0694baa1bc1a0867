"""History: how a training went, epoch by epoch."""

from __future__ import annotations

import csv
import math
from pathlib import Path


def read_history(file: Path) -> dict[str, list[float]]:
    """Read history.csv into a list per column; empty when there is no epoch yet."""
    try:
        with file.open(newline="", encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: [_number(row[name]) for row in rows] for name in rows[0]} if rows else {}


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan
