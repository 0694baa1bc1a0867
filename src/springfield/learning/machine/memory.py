"""Memory: what a process takes, what goes back to the system, and how running out looks."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import re
import sys
import threading
from pathlib import Path

STATUS = Path("/proc/self/status")
EVERY = 0.01  # seconds between two looks at it
# How TensorFlow, CUDA's libraries, XLA, OpenBLAS, C++, Linux and OpenCV say it.
EXHAUSTED = (
    *("resource_exhausted", "oom when allocating", "out of memory", "out_of_memory"),
    *("memory allocation", "bad_alloc", "cannot allocate memory", "can't start new thread"),
    *("insufficient memory", "dst tensor is not initialized", "status_alloc_failed"),
)


def give_back() -> None:
    """Return freed memory to the system.

    The C library of Linux keeps it in pieces between what is still in use: after a scan of 20,000
    images 50 MB. Elsewhere nothing is done.
    """
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library than GNU's
            ctypes.CDLL(None).malloc_trim(0)


def private_bytes(status: Path = STATUS) -> int | None:
    """What a process has for itself alone, mapped files aside; None where the system hides it."""
    return _amount("RssAnon", status)


class Peak:
    """Watches this process's private memory while it is entered; `bytes` is the most it had.

    None where the system hides it. Looked at a hundred times a second, which the buffers of a
    training step outlast.
    """

    def __init__(self) -> None:
        self.bytes = private_bytes()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        if self.bytes is not None:
            self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            self.bytes = max(self.bytes or 0, private_bytes() or 0)


def hold_to(limit: int) -> None:
    """Let this process's private memory grow to about `limit` bytes and no further.

    Linux counts what is asked for, not what is used (RLIMIT_DATA): what has been asked for so far
    without being used does not count here. Elsewhere nothing is done.
    """
    asked, used = _amount("VmData", STATUS), private_bytes()
    if asked is None or used is None:
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = asked + max(0, limit - used)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))


def ran_out(problem: BaseException) -> bool:
    """Whether an error says that there was no memory left, in main memory or on the card."""
    said = str(problem).lower()
    return isinstance(problem, MemoryError) or any(word in said for word in EXHAUSTED)


def _amount(name: str, status: Path) -> int | None:
    with contextlib.suppress(OSError):
        if found := re.search(rf"{name}:\s+(\d+) kB", status.read_text()):
            return 1024 * int(found[1])
    return None
