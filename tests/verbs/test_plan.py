"""What fits, tried out on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from springfield.doors.plan_table import say_plan
from springfield.errors import MemoryShortError, RecipeError
from springfield.learning.machine.limits import Room
from springfield.learning.planning.footprint import Footprint
from springfield.recipe import Recipe, load_recipe
from springfield.verbs import plan as planning
from springfield.verbs.plan import plan

FAST = (
    *("images.size=64", "network.width=0.125", "training.batch=8", "training.epochs=3"),
    "training.precision=float32",
)
MB = 1024**2


def test_plan__a_try_says_what_fits_and_how_long_it_takes(tiny: Path) -> None:
    answer = plan(tiny, load_recipe("default", FAST), progress=False)
    (tried,), chosen = answer["tries"], answer["plan"]
    assert (tried["micro_batch"], tried["accumulation"], tried["fits"]) == (8, 1, True)
    assert 150 < tried["peak_mb"] < answer["room_mb"]
    assert chosen["peak_mb"] == tried["peak_mb"]
    assert chosen["epochs"] == 3
    assert chosen["epoch_seconds"] > 0
    assert answer["settings"] == ["images.size=64", "training.precision=float32"]
    assert not answer["smaller"]
    assert "batch of 8 = 8 at a time x 1" in say_plan(answer)


def test_plan__too_little_memory_is_said(tiny: Path) -> None:
    recipe = load_recipe("default", (*FAST, "training.batch=1", "images.size=32"))
    tight = replace(recipe, training=replace(recipe.training, memory="256MB"))
    with pytest.raises(MemoryShortError, match="one image of 32 pixels at a time takes"):
        plan(tiny, tight, progress=False)


def test_plan__where_nothing_can_be_measured_nothing_is_tried(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "private_bytes", lambda: None)  # as outside Linux
    monkeypatch.setattr(planning, "measure", None)
    with pytest.raises(MemoryShortError, match="nothing can be tried out"):
        plan(tiny, load_recipe("default", (*FAST, "training.memory=4GB")), progress=False)


def test_plan__where_jax_does_not_know_its_share_nothing_is_tried(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "room_of", lambda *_: Room(4 * MB, 4 * MB, "gpu", given=True))
    monkeypatch.setattr(planning.card, "ON_TENSORFLOW", False)
    monkeypatch.setattr(planning, "card_bytes", lambda: None)  # as on a TPU
    monkeypatch.setattr(planning, "measure", None)
    with pytest.raises(MemoryShortError, match="nothing can be tried out"):
        plan(tiny, load_recipe("default", (*FAST, "training.memory=4GB")), progress=False)


@pytest.fixture
def _tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries that take no time: 300 MB, and so much more for every image of 64 pixels."""

    def measure(recipe: Recipe, *, size: int, classes: int, room: int) -> Footprint:
        together = recipe.training.micro_batch or recipe.training.batch
        peak = round(MB * (300 + 100 * together * (size / 64) ** 2))
        found = Footprint(size, recipe.training.precision, together)
        fast = replace(found, images_per_second=10.0, answers_per_second=20.0)
        return replace(fast, peak=peak) if peak <= room else found

    monkeypatch.setattr(planning, "measure", measure)


@pytest.mark.usefixtures("_tenth")
def test_plan__what_does_not_fit_is_done_in_parts(tiny: Path) -> None:
    answer = plan(tiny, load_recipe("default", (*FAST, "training.memory=600MB")), progress=False)
    assert answer["settings"][-2:] == ["training.memory=600MB", "training.micro_batch=2"]
    assert (answer["plan"]["accumulation"], answer["given"]) == (4, True)
    assert [row["peak_mb"] for row in answer["tries"]] == [None, None, 500]
    learned = planning._learned(tiny, load_recipe("default", FAST), progress=False)
    held_out = int((learned["part"] == "val").sum())
    trained = answer["images"] // 8 * 8  # in whole batches
    assert answer["plan"]["epoch_seconds"] == pytest.approx(trained / 10 + held_out / 20)
    said = say_plan(answer)
    assert "ran out of memory" in said
    assert "--set training.micro_batch=2" in said


@pytest.mark.usefixtures("_tenth")
def test_plan__smaller_images_are_said_to_cost_accuracy(tiny: Path) -> None:
    answer = plan(tiny, load_recipe("default", (*FAST, "training.memory=400MB")), progress=False)
    assert (answer["plan"]["size"], answer["smaller"]) == (48, True)
    assert "costs accuracy" in say_plan(answer)


def test_plan__a_last_layer_alone_has_none(tiny: Path) -> None:
    words = ("network.name=mobilenetv2", "network.weights=imagenet", "finetune.whole=false")
    with pytest.raises(RecipeError, match=r"finetune\.whole = false"):
        plan(tiny, load_recipe("default", words), progress=False)
