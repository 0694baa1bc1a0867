"""Words: all text of a page in one table, so that a second language is a second table."""

from __future__ import annotations

from collections.abc import Mapping

from springfield.results.page.html import Html, fill


class Words:
    """Looks up text by key and fills in its values, escaped.

    With a whole number `n`, ``key.one`` is taken for 1 where the table has it.
    """

    def __init__(self, *tables: Mapping[str, str], language: str = "en") -> None:
        self.language = language
        self.table = {key: text for table in tables for key, text in table.items()}

    def __call__(self, key: str, **values: object) -> Html:
        if values.get("n") == 1 and f"{key}.one" in self.table:
            key = f"{key}.one"
        values = {name: number(v) if type(v) is int else v for name, v in values.items()}
        return fill(self.table[key], **values)


SPACE = "\u00a0"  # never broken at the end of a line


def number(value: int) -> str:
    """20933 -> "20,933"."""
    return f"{value:,}"


def percent(share: float | None, digits: int = 1) -> str:
    """0.972 -> "97.2%"; a share nobody knows is a dash."""
    return "–" if share is None else f"{100 * share:.{digits}f}%"


def fraction(value: float | None, digits: int = 3) -> str:
    """0.97234 -> "0.972"."""
    return "–" if value is None else f"{value:.{digits}f}"


def duration(seconds: float) -> str:
    """512 -> "8 min 32 s"."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}{SPACE}h {minutes}{SPACE}min"
    return f"{minutes}{SPACE}min {left}{SPACE}s" if minutes else f"{left}{SPACE}s"
