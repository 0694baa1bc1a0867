"""Text for a terminal: tables, numbers and what may be printed at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def printable(text: str) -> str:
    """The text with control characters escaped: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of text: the first and the last lean left, numbers lean right."""
    cells = [[printable(str(cell)) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    numeric = [all(_is_number(row[i]) for row in cells[1:]) for i in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def _is_number(cell: str) -> bool:
    return cell == "-" or cell.replace(".", "", 1).replace(",", "").isdigit()


def pointers(answer: Mapping[str, Any], *keys: str) -> list[str]:
    """A line for each of the keys that has a value, such as where the page is."""
    return [f"{key}: {answer[key]}" for key in keys if answer.get(key)]


def share(value: float | None) -> str:
    """A number from 0 to 1; "-" where there is none."""
    return "-" if value is None else f"{value:.3f}"


def interval(low: float | None, high: float | None) -> str:
    """The bounds of such a number."""
    return "-" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def number(n: int) -> str:
    """A count, in groups of three digits."""
    return f"{n:,}"
