"""Toons: draw the embedded data set."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any


def toons(
    out: str | Path,
    *,
    scale: float = 1.0,
    seed: int = 0,
    defects: bool = False,
    progress: bool = True,
) -> dict[str, Any]:
    """Draw Toonville into the new folder `out`.

    Returns ``{"images", "classes": {name: n}, "out", "defects": {kind: n}}``; the counts are of
    the regular pictures, planted files come on top. Raises `OutputError`.
    """
    from springfield.images.toons import TOWNSFOLK, draw_toonville
    from springfield.images.toons.census import pictures_of

    folder = Path(out)
    draw_toonville(folder, scale=scale, seed=seed, defects=defects, progress=progress)
    classes = {name: pictures_of(count, scale) for name, count in TOWNSFOLK.items()}
    planted: Counter[str] = Counter()
    if defects:
        with (folder / "defects.csv").open(newline="", encoding="utf-8") as file:
            planted.update(row["kind"] for row in csv.DictReader(file))
    return {
        "images": sum(classes.values()),
        "classes": classes,
        "out": str(folder),
        "defects": dict(planted),
    }
