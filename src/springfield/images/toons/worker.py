"""Worker: draws every so manieth picture, and says so with one byte on stdout for each."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from springfield.images.toons.census import all_jobs
from springfield.images.toons.picture import draw_one


def main(folder: str, scale: str, seed: str, part: str, parts: str) -> int:
    """Draw the pictures part, part + parts, part + 2 * parts... of the list of jobs."""
    for name, number in all_jobs(float(scale))[int(part) :: int(parts)]:
        draw_one(Path(folder), name, number, int(seed))
        os.write(1, b".")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
