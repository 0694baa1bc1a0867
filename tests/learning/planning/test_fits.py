"""What fits is found in few tries, at the batch that was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from springfield.errors import MemoryShortError
from springfield.learning.machine.limits import Room
from springfield.learning.planning.fits import Tries, smaller_sizes
from springfield.learning.planning.footprint import Footprint
from springfield.learning.training import pace
from springfield.recipe import Recipe, load_recipe

EMPTY, FIXED = 200, 300


@pytest.fixture(autouse=True)
def _with_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor that has instructions for it."""
    monkeypatch.setattr(pace, "is_avx2_alone", lambda: False)


def _search(room: int, *settings: str, dies_above: int = 10**9) -> Tries:
    """A search where an image of 64 pixels takes 20 in float32 and 10 in bfloat16."""

    def measure(recipe: Recipe, size: int) -> Footprint:
        training = recipe.training
        fast = training.precision == "mixed_bfloat16"
        each = (10 if fast else 20) * (size / 64) ** 2
        together = training.micro_batch or training.batch
        peak = round(FIXED + each * together)
        tried = Footprint(size, training.precision, together)
        if peak > dies_above:
            return tried
        return replace(tried, peak=peak, empty=EMPTY, images_per_second=2.0 if fast else 1.0)

    return Tries(load_recipe("default", settings), Room(room), measure)


def test_best__a_whole_batch_where_it_fits_in_the_faster_precision() -> None:
    search = _search(2000)
    found = search.best([64])
    assert (found.micro_batch, found.precision) == (64, "mixed_bfloat16")
    assert [each.micro_batch for each in search.tried] == [64, 64]


@pytest.mark.parametrize("dies_above", [10**9, 450])
def test_best__the_largest_part_that_fits(dies_above: int) -> None:
    search = _search(500, "training.precision=float32", dies_above=dies_above)
    found = search.best([64, 32])
    assert (found.micro_batch, found.size, found.peak) == (4, 64, 380)  # of 450 that may be taken


def test_best__tries_are_skipped_that_cannot_fit() -> None:
    search = _search(400, "training.precision=float32", "training.batch=256")
    assert search.best([64]).micro_batch == 2
    assert len(search.tried) < 6  # of the 8 halvings


def test_best__begins_at_the_part_that_the_recipe_names() -> None:
    search = _search(10**6, "training.precision=float32", "training.micro_batch=6")
    assert search.best([64]).micro_batch == 6


def test_best__smaller_images_are_the_last_resort() -> None:
    search = _search(350, "training.precision=float32")
    found = search.best(smaller_sizes(64))
    assert (found.size, found.micro_batch) == (48, 1)
    assert {each.size for each in search.tried} == {64, 48}


def test_best__nothing_that_fits_is_said_with_what_it_would_take() -> None:
    with pytest.raises(MemoryShortError, match="32 pixels at a time takes 0 MB of the 0 MB"):
        _search(300).best([32])
    with pytest.raises(MemoryShortError, match="takes more"):
        _search(300, dies_above=0).best([32])


@pytest.mark.parametrize(
    ("size", "sizes"), [(128, [128, 96, 64, 48, 32]), (64, [64, 48, 32]), (32, [32])]
)
def test_smaller_sizes__down_to_what_networks_take(size: int, sizes: list[int]) -> None:
    assert smaller_sizes(size) == sizes
