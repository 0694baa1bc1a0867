from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.images.catalog import Catalog
from springfield.images.fingerprint import fingerprint
from springfield.images.labels import MOST, suspect_labels

GROUNDS = {"common": (200, 40, 40), "other": (40, 180, 60), "rare": (40, 60, 210)}


def drawn(label: str, seed: int) -> np.ndarray:
    """Fingerprint of a picture whose ground tells its class and whose patches are its own."""
    rng = np.random.default_rng(seed)
    pixels = np.empty((60, 60, 3), np.uint8)
    pixels[:] = GROUNDS[label]
    for _ in range(3):
        y, x = rng.integers(0, 45, 2)
        pixels[y : y + 15, x : x + 15] = rng.integers(0, 256, 3)
    return fingerprint(np.asarray(Image.fromarray(pixels)))


def town(**counts: int) -> tuple[Catalog, np.ndarray]:
    labels = [label for label, n in counts.items() for _ in range(n)]
    table = Catalog(Path("data"), {}).with_columns(
        path=[f"{row}.jpg" for row in range(len(labels))],
        label=labels,
        error=[""] * len(labels),
        group=np.arange(len(labels)),
    )
    return table, np.stack([drawn(label, seed) for seed, label in enumerate(labels)])


def test_suspect_labels__finds_a_wrong_label_and_names_the_right_one() -> None:
    table, fingerprints = town(common=400, other=300, rare=30)
    fingerprints[5] = drawn("other", 10_000)

    (found,) = suspect_labels(table, fingerprints)

    assert (found.row, found.looks_like) == (5, "other")
    assert found.evidence > 0.75


def test_suspect_labels__a_copy_does_not_acquit() -> None:
    table, fingerprints = town(common=800, other=600)
    fingerprints[5] = fingerprints[6] = drawn("other", 10_000)
    table = table.with_columns(group=np.where(np.arange(1400) == 6, 5, np.arange(1400)))

    assert [found.row for found in suspect_labels(table, fingerprints)] == [5, 6]


def test_suspect_labels__right_labels_are_left_in_peace_rare_ones_too() -> None:
    assert suspect_labels(*town(common=600, other=100, rare=8)) == []


def test_suspect_labels__accuses_few_even_in_chaos() -> None:
    table, fingerprints = town(common=500, other=500)
    chaos = np.random.default_rng(0).permutation(table["label"])

    assert len(suspect_labels(table.with_columns(label=chaos), fingerprints)) <= 1000 * MOST


@pytest.mark.parametrize(
    "counts", [{"common": 100}, {"common": 20, "other": 20}, {"common": 99, "rare": 3}]
)
def test_suspect_labels__says_nothing_without_enough_to_go_by(counts: dict[str, int]) -> None:
    assert suspect_labels(*town(**counts)) == []


def test_suspect_labels__says_nothing_when_all_pictures_are_one() -> None:
    table, fingerprints = town(common=40, other=40)
    assert suspect_labels(table.with_columns(group=np.zeros(80, np.int64)), fingerprints) == []


def test_suspect_labels__unreadable_files_take_no_part() -> None:
    table, fingerprints = town(common=400, other=300)
    fingerprints[5] = drawn("other", 10_000)
    error = np.where(np.arange(700) == 5, "torn", "")

    assert suspect_labels(table.with_columns(error=error), fingerprints) == []
