"""Words: all text of a page in tables, and its numbers the way its language writes them."""

from __future__ import annotations

from collections.abc import Mapping

from springfield.results.page.html import Html, fill
from springfield.results.page.languages import plural

NARROW = "\u202f"  # a narrow space that is never broken at the end of a line
RUSSIAN = str.maketrans(",.", f"{NARROW},")  # from English separators
UNKNOWN = "–"  # for a number nobody knows


class Words:
    """Looks up text by key and fills in its values, escaped; of equal keys the last table's counts.

    With a whole number `n` the form it asks for, ``key.one`` or ``key.few``, is taken where the
    table has it, else ``key``.
    """

    def __init__(self, *tables: Mapping[str, str], language: str = "en") -> None:
        self.language = language
        self.table = {key: text for table in tables for key, text in table.items()}

    def __call__(self, key: str, **values: object) -> Html:
        if type(n := values.get("n")) is int:
            form = f"{key}.{plural(n, self.language)}"
            key = form if form in self.table else key
        values = {name: self.number(v) if type(v) is int else v for name, v in values.items()}
        return fill(self.table[key], **values)

    def number(self, value: float, digits: int = 0) -> str:
        """20933 -> "20,933" or "20 933"; with digits 1.5 -> "1.5" or "1,5"."""
        english = f"{value:,.{digits}f}"
        return english.translate(RUSSIAN) if self.language == "ru" else english

    def percent(self, share: float | None, digits: int = 1) -> str:
        """0.972 -> "97.2%" or "97,2 %"; a share nobody knows is a dash."""
        sign = f"{NARROW}%" if self.language == "ru" else "%"
        return UNKNOWN if share is None else self.number(100 * share, digits) + sign

    def fraction(self, value: float | None, digits: int = 3) -> str:
        """0.97234 -> "0.972" or "0,972"."""
        return UNKNOWN if value is None else self.number(value, digits)

    def interval(self, low: float | None, high: float | None) -> str:
        """0.91, 0.97 -> "0.910–0.970"."""
        bounds = (low, high)
        return UNKNOWN if None in bounds else "–".join(map(self.fraction, bounds))

    def tick(self, value: float) -> str:
        """The number beside a tick of an axis: 1500 -> "1,500", 0.25 -> "0.25"."""
        digits = len(f"{value:g}".partition(".")[2]) if value != round(value) else 0
        return self.number(value, digits)

    def duration(self, seconds: float) -> Html:
        """512 -> "8 min 32 s"."""
        minutes, left = divmod(round(seconds), 60)
        hours, rest = divmod(minutes, 60)
        if hours:
            return self("duration.hours", hours=hours, minutes=rest)
        key = "duration.minutes" if minutes else "duration.seconds"
        return self(key, minutes=minutes, seconds=left)


def pretty(name: str) -> str:
    """A class name as people write it."""
    return name.replace("_", " ")
