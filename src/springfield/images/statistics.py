"""What a catalog looks like in numbers: counts, imbalance, sizes, aspects, tiny classes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from springfield.images.catalog import Catalog

TINY = 10  # classes with fewer readable images are named; a rule shares them out


@dataclass(frozen=True)
class Spread:
    """Five numbers of one measure over all readable images."""

    low: float
    median: float
    mean: float
    high: float
    deviation: float


@dataclass(frozen=True)
class Statistics:
    """Counts are of readable images, except `images`, which counts every row."""

    images: int
    readable: int
    classes: dict[str, int]  # every row, as `Catalog.counts` gives it
    imbalance: float  # largest class / smallest class that has a readable image
    tiny: tuple[str, ...]  # classes with fewer than `TINY` readable images
    width: Spread  # pixels
    height: Spread  # pixels
    aspect: Spread  # width / height
    formats: dict[str, int]  # "JPEG": n

    def to_json(self) -> dict[str, Any]:
        """The same, ready for `json.dumps`."""
        return {**asdict(self), "tiny": list(self.tiny)}


def measure(catalog: Catalog) -> Statistics:
    """Return the statistics of a scanned catalog (columns label, width, height, format, error)."""
    whole = catalog.where(catalog["error"] == "")
    counts = whole.counts()
    formats, n = np.unique(whole["format"], return_counts=True)
    return Statistics(
        images=len(catalog),
        readable=len(whole),
        classes=catalog.counts(),
        imbalance=max(counts.values()) / min(counts.values()) if counts else 0.0,
        tiny=tuple(name for name in catalog.classes if counts.get(name, 0) < TINY),
        width=_spread(whole["width"]),
        height=_spread(whole["height"]),
        aspect=_spread(whole["width"] / np.maximum(whole["height"], 1)),
        formats={str(name): int(k) for name, k in zip(formats, n, strict=True)},
    )


def _spread(values: np.ndarray) -> Spread:
    if len(values) == 0:
        return Spread(0.0, 0.0, 0.0, 0.0, 0.0)
    measures = values.min(), np.median(values), values.mean(), values.max(), values.std()
    return Spread(*(float(number) for number in measures))
