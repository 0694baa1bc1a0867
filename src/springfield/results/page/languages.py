"""Languages a page can be written in: which one is wanted, and how they count."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping

from springfield.errors import OutputError

LANGUAGES = ("en", "ru")


def spoken(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the locale: LC_ALL, LC_MESSAGES or LANG, whichever is set first.

    Where none is, as on Windows, the system is asked.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    found = next((environment[name] for name in names if environment.get(name)), None)
    found = found if found is not None else locale.getlocale()[0] or ""
    return "ru" if found.lower().startswith("ru") else "en"


def check_language(language: str) -> None:
    """Raise `OutputError` when no page can be written in that language."""
    if language not in LANGUAGES:
        known = " and ".join(LANGUAGES)
        raise OutputError(f"no page can be written in '{language}'; there are {known}")


def plural(n: int, language: str) -> str:
    """Category of a whole number after the plural rules of Unicode CLDR: "one", "few", "many"...

    https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
    """
    if language != "ru":
        return "one" if n == 1 else "other"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"
