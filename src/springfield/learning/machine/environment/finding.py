"""Finding: what one step of the set-up turned out to be."""

from __future__ import annotations

from dataclasses import dataclass

OK, NOTE, BROKEN = "ok", "note", "broken"


@dataclass(frozen=True)
class Finding:
    """What is so, in one line, and the command or click path that mends it, in another."""

    state: str  # ok | note: training works, less well than it could | broken: it does not
    says: str
    fix: str = ""


def ok(says: str, fix: str = "") -> Finding:
    return Finding(OK, says, fix)


def note(says: str, fix: str) -> Finding:
    return Finding(NOTE, says, fix)


def broken(says: str, fix: str) -> Finding:
    return Finding(BROKEN, says, fix)
