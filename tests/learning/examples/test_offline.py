"""Copies made once: how many, of what, and where they lie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from springfield.images.store import cache_folder
from springfield.learning.examples.batches import Examples
from springfield.learning.examples.offline import add_copies

COUNTS = (9, 4, 2)


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Three classes of 9, 4 and 2 images, at odd rows of a store with twice as many."""
    n = sum(COUNTS)
    images = np.random.default_rng(2).integers(0, 256, (2 * n, 32, 32, 3), dtype=np.uint8)
    labels = np.random.default_rng(3).permutation(np.repeat([0, 1, 2], COUNTS))
    return Examples(images, np.arange(1, 2 * n, 2), labels, ("a", "b", "c"))


def copied(examples: Examples, threshold: int = 7, seed: int = 0) -> Examples:
    return add_copies(examples, threshold, seed=seed, progress=False)


@pytest.mark.parametrize(("threshold", "counts"), [(7, [9, 7, 7]), (3, [9, 4, 3]), (2, [9, 4, 2])])
def test_add_copies__raises_small_classes_exactly_to_the_threshold(
    examples: Examples, threshold: int, counts: list[int]
) -> None:
    raised = copied(examples, threshold)
    assert np.bincount(raised.labels).tolist() == counts
    assert len(raised.images) == len(raised.rows) == sum(counts)


def test_add_copies__originals_come_first_as_they_are(examples: Examples) -> None:
    before = examples.images.copy()
    raised = copied(examples)
    n = len(examples.rows)
    assert (raised.images[:n] == examples.images[examples.rows]).all()
    assert (raised.labels[:n] == examples.labels).all()
    assert (examples.images == before).all()


def test_add_copies__are_made_of_images_of_their_class_evenly(examples: Examples) -> None:
    flat = replace(examples, images=np.zeros_like(examples.images))
    for i, row in enumerate(flat.rows):
        flat.images[row] = 10 + 15 * i  # a plain image stays plain, but for its contrast
    n = len(flat.rows)
    raised = copied(flat, 11)
    sources = np.round((raised.images[n:, 16, 16, 0].astype(float) - 10) / 15).astype(int)
    assert (flat.labels[sources] == raised.labels[n:]).all()
    times = np.bincount(sources, minlength=n)
    for c in range(3):
        assert np.ptp(times[flat.labels == c]) <= 1


def test_add_copies__are_varied_and_each_differently(examples: Examples) -> None:
    raised = copied(examples, 9)
    assert len(np.unique(raised.images.reshape(len(raised.images), -1), axis=0)) == 27


def test_add_copies__never_touch_other_rows(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = replace(examples, images=examples.images.copy())
    spoilt.images[::2] = 0  # the held-out rows
    whole = copied(examples)
    monkeypatch.setenv("SPRINGFIELD_CACHE", str(tmp_path))  # where nothing is kept yet
    assert (copied(spoilt).images == whole.images).all()


def test_add_copies__are_the_same_for_the_same_seed(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = copied(examples), copied(examples, seed=1)
    monkeypatch.setenv("SPRINGFIELD_CACHE", str(tmp_path))  # where nothing is kept yet
    assert (copied(examples).images == first.images).all()
    assert not (other.images == first.images).all()


def test_add_copies__lie_in_a_mapped_file_beside_the_store(examples: Examples) -> None:
    raised = copied(examples)
    assert isinstance(raised.images, np.memmap)
    assert not raised.images.flags.writeable
    assert Path(str(raised.images.filename)).parent == cache_folder()
    assert copied(examples).images.filename == raised.images.filename  # type: ignore[attr-defined]
