"""Silence: Pillow's warnings, which tell the user nothing, kept from the terminal."""

from __future__ import annotations

import threading
import warnings


class Silence:
    """Silences Pillow's warnings while at least one thread decodes.

    `warnings.catch_warnings` alone is not safe in threads: two that overlap can restore each
    other's filters. Here only the first to enter and the last to leave touch them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._caught = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._caught = warnings.catch_warnings()
                self._caught.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL\.")

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._caught.__exit__(None, None, None)
