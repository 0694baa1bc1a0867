"""Worker: a process that draws every so manieth picture, and says so with a byte on stdout each."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from springfield.images.toons.census import all_jobs
from springfield.images.toons.picture import draw_one


def main(folder: str, scale: str, seed: str, part: str, parts: str) -> int:
    """Draw the pictures part, part + parts, part + 2 * parts... of the list of jobs.

    Returns 0, or the system's error number when a file could not be written.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    try:
        for name, number in all_jobs(float(scale))[int(part) :: int(parts)]:
            draw_one(Path(folder), name, number, int(seed))
            os.write(sys.stdout.fileno(), b".")
    except OSError as problem:
        return problem.errno or 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
