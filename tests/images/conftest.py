"""Tables of images that nobody has to draw: labels, groups, and rows that were left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import Catalog


def _table(labels: list[str], groups: list[int], left_out: list[bool] | None = None) -> Catalog:
    columns = {
        "path": [f"{label}/{row:05}.jpg" for row, label in enumerate(labels)],
        "label": labels,
        "group": np.array(groups),
        "reason": ["corrupt: x" if out else "" for out in left_out or [False] * len(labels)],
    }
    return Catalog(Path("here"), {}).with_columns(**columns)


def _random_table(seed: int) -> Catalog:
    """A skewed table with groups of many sizes, some over two labels, some rows left out."""
    rng = np.random.default_rng(seed)
    counts = np.maximum(1, (300 * rng.random(8) ** 3).astype(int))
    labels = np.repeat([f"c{i}" for i in range(8)], counts)
    groups = np.arange(len(labels))
    at = 0
    while at < len(labels):
        size = int(rng.choice([1, 1, 1, 2, 3, 8, 60], p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.08, 0.02]))
        groups[at : at + size] = at  # runs over the border of a class now and then
        at += size
    strays = rng.integers(0, len(labels), len(labels) // 20)
    groups[strays] = groups[rng.permutation(strays)]
    order = rng.permutation(len(labels))
    left_out = (rng.random(len(labels)) < 0.05).tolist()
    return _table(labels[order].tolist(), groups[order].tolist(), left_out)


@pytest.fixture(scope="session")
def table() -> Callable[..., Catalog]:
    """`table(labels, groups, left_out)`, a row each; `left_out` says which take no part."""
    return _table


@pytest.fixture(scope="session")
def random_table() -> Callable[[int], Catalog]:
    """`random_table(seed)`: see `_random_table`."""
    return _random_table
