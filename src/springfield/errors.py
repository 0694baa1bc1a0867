"""What can go wrong, in one family.

Every error a user can cause is a `SpringfieldError`. Its text is one line that says what is
wrong, where, and how to mend it; the command line prints that line and ends with code 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SpringfieldError(Exception):
    """A mistake the user can mend; the message is one line and names the way out."""


class DataError(SpringfieldError):
    """The images or their table cannot be used as they are."""


class UnreadableImageError(DataError):
    """A file is not an image that can be decoded; the message says why."""


class RecipeError(SpringfieldError):
    """A recipe names an unknown key or holds a value outside its range."""


class DivergedError(RecipeError):
    """The loss is no longer a number: the learning rate is too high for the rest of the recipe."""


class MemoryShortError(SpringfieldError):
    """Not even one image fits into the memory that there is, or that was given."""


class RunError(SpringfieldError):
    """A run folder is missing, unfinished, damaged or in the way."""


class OutputError(SpringfieldError):
    """Something could not be written: no permission, no space, already there."""


class MissingExtraError(SpringfieldError):
    """A capability needs a package that is not installed.

    The way out names no package index: an unrelated package has our name there.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"{package} is not installed; in Springfield's folder: pip install -e '.[{extra}]'"
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest known word, or the list of all of them."""
    choices = sorted(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.5)
    return f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(choices)}"
