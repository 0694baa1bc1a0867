"""Memory: what is no longer needed goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys


def give_back() -> None:
    """Return freed memory to the system.

    The C library of Linux keeps it in pieces between what is still in use: after a scan of 20,000
    images 50 MB. Elsewhere nothing is done.
    """
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library than GNU's
            ctypes.CDLL(None).malloc_trim(0)
