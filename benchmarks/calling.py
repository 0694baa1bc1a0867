"""Calling: Springfield's commands, as the benchmarks give them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any


def command(*words: object, settings: Iterable[str] = ()) -> list[str]:
    """The words of a command in a process of its own, with a --set for each of the settings."""
    sets = [word for setting in settings for word in ("--set", setting)]
    return [sys.executable, "-m", "springfield", *map(str, words), *sets]


def springfield(*words: object, settings: Iterable[str] = ()) -> dict[str, Any]:
    """Run a command to its end, and return what it says with --json."""
    asked = [*command(*words, settings=settings), "--json"]
    return dict(json.loads(subprocess.run(asked, stdout=subprocess.PIPE, check=True).stdout))
