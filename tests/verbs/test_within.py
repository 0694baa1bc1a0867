"""Running out of memory, with real limits in real processes, costs no progress."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from springfield.errors import MemoryShortError
from springfield.learning.planning.footprint import Footprint
from springfield.recipe import AT_A_TIME, Recipe, load_recipe
from springfield.run import PLAIN, Run
from springfield.verbs import train, within
from springfield.verbs.train import begin

LARGE = (  # a batch takes some 300 MB
    *("images.size=256", "network.width=0.125", "balance.rebalance=false"),
    *("balance.threshold=32", "training.batch=64", "training.epochs=2"),
    "training.precision=float32",
)
NARROW = {"TF_CPU_ALLOCATOR_USE_BFC": "1", "TF_CPU_BFC_MEM_LIMIT_IN_MB": "160"}
GO_ON = """
import sys
from springfield.learning.training.watcher import Watcher
from springfield.run import open_run
from springfield.verbs.train import learn

class Ending(Watcher):
    def on_step(self, progress, steps):
        if progress.epoch == int(sys.argv[2]):
            sys.exit(9)

learn(open_run(sys.argv[1]), progress=False, watched=Ending)
"""
NEVER = 99
CRASHED = (-signal.SIGSEGV, -signal.SIGABRT)  # that is how a convolution has no memory


def _go_on(run: Run, end: int, **environment: str) -> subprocess.CompletedProcess[str]:
    """Train a run in a process of its own, which is gone in the epoch `end`, from 0."""
    return subprocess.run(
        [sys.executable, "-c", GO_ON, str(run.folder), str(end)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _begin(tiny: Path, out: Path, *settings: str) -> Run:
    from springfield.images.exclude import NOTHING

    recipe = load_recipe("default", LARGE + settings)
    return begin(tiny, out, recipe, NOTHING, page=PLAIN, progress=False)


def test_within_memory__goes_on_from_the_checkpoint_in_smaller_parts(
    tiny: Path, tmp_path: Path
) -> None:
    run = _begin(tiny, tmp_path / "run")
    assert _go_on(run, end=1).returncode == 9
    assert (run.facts["state"], run.facts["micro_batch"]) == ("training", 0)
    before = run.history_file.read_text().splitlines()
    done = _go_on(run, end=NEVER, **NARROW)
    while done.returncode in CRASHED:
        said = len(run.facts["warnings"])
        done = _go_on(run, end=NEVER, **NARROW)
        assert len(run.facts["warnings"]) > said  # each time it goes on with smaller parts
    assert done.returncode == 0, done.stderr
    facts, after = run.facts, run.history_file.read_text().splitlines()
    assert facts["state"] == "finished"
    assert facts["micro_batch"] in (8, 16, 32)
    said = ("memory ran out in epoch 2; from the last checkpoint", "the training crashed (Fatal")
    assert facts["warnings"][-1].startswith(said)
    assert f"springfield: {facts['warnings'][-1]}" in done.stderr
    assert (after[:2], len(after)) == (before[:2], 3)  # the first epoch was not done again


def test_within_memory__an_error_of_another_kind_is_none_of_its_business(tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("wrong")

    run = Run(tmp_path)
    run.write_json("run.json", {})
    with pytest.raises(ValueError, match="wrong"):
        within.within_memory(run, fail)
    assert run.facts["kills"] == within.kills()


def test_within_memory__halves_until_one_image_is_too_much(tiny: Path, tmp_path: Path) -> None:
    run = _begin(tiny, tmp_path / "run", "training.batch=5")
    run.note(micro_batch=0)
    tried = []

    def fail() -> None:
        tried.append(run.facts["micro_batch"])
        raise MemoryError

    with pytest.raises(MemoryShortError, match="a single image of 256 pixels"):
        within.within_memory(run, fail)
    assert tried == [0, 3, 2, 1]
    assert sum("memory ran out" in warning for warning in run.facts["warnings"]) == 3


def test_within_memory__a_classifier_is_made_from_fewer_images_than_a_batch(
    tiny: Path, tmp_path: Path
) -> None:
    run = _begin(tiny, tmp_path / "run", "training.batch=256")
    run.note(micro_batch=0)
    tried = []

    def fail() -> None:
        tried.append(run.facts["micro_batch"])
        if len(tried) == 2:
            raise ValueError("enough")
        raise MemoryError

    with pytest.raises(ValueError, match="enough"):
        within.within_memory(run, fail, within.RAN_OUT_LAST)
    assert tried == [0, AT_A_TIME // 2]  # a part of 128 would be looked at as the whole was


@pytest.mark.parametrize(("killed", "micro_batch"), [(1, 4), (0, 0)])
def test_settle__a_run_that_the_kernel_ended_for_memory_goes_on_smaller(
    tiny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    killed: int,
    micro_batch: int,
) -> None:
    run = _begin(tiny, tmp_path / "run", "training.batch=8")
    monkeypatch.setattr(within, "kills", lambda: {"machine": 7})
    run.note(micro_batch=0, state="training", kills={"machine": 7 - killed})
    within.settle(run, progress=False)
    assert run.facts["micro_batch"] == micro_batch
    said = [warning for warning in run.facts["warnings"] if "want of memory" in warning]
    assert len(said) == killed


@pytest.mark.usefixtures("pool")
def test_settle__a_training_that_is_clearly_small_is_not_tried_out(
    tiny: Path, tmp_path: Path
) -> None:
    run = _begin(tiny, tmp_path / "run", "images.size=32", "training.memory=100GB")
    within.settle(run, progress=False)
    assert run.facts["micro_batch"] == 0
    assert "precision" not in run.facts


@pytest.mark.usefixtures("pool")
def test_settle__a_batch_that_does_not_fit_is_looked_at_in_parts(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries that take no time: 300 MB, and ten for every image."""

    def measure(recipe: Recipe, *, size: int, classes: int, room: int) -> Footprint:
        together = recipe.training.micro_batch or recipe.training.batch
        tried = Footprint(size, recipe.training.precision, together, images_per_second=1.0)
        return replace(tried, peak=(300 + 10 * together) * 1024**2)

    monkeypatch.setattr(within, "measure", measure)
    run = _begin(tiny, tmp_path / "run", "training.memory=600MB")
    within.settle(run, progress=False)
    parts = run.facts["micro_batch"]
    assert (300 + 10 * parts) / 600 <= 0.9 < (300 + 10 * 64) / 600
    assert parts >= 16  # no fewer than half of what fits
    assert run.facts["precision"] == "float32"
    assert run.facts["warnings"][-1] == within.FITTING.format(n=parts, total=64)
    assert within.settled(run).training.micro_batch == parts


@pytest.mark.usefixtures("pool")
def test_settle__where_nothing_can_be_measured_the_recipe_stays(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _begin(tiny, tmp_path / "run", "images.size=256", "training.memory=300MB")
    monkeypatch.setattr(within, "private_bytes", lambda: None)  # as outside Linux
    monkeypatch.setattr(within, "measure", None)
    within.settle(run, progress=False)
    assert run.facts["micro_batch"] == 0


def test_learn__memory_is_limited_before_copies_are_made(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies are made with layers of the backend, which reads its limit when it is first used."""
    run, heard = _begin(tiny, tmp_path / "run", "training.memory=4GB"), []

    def copies(run: Run, *, progress: bool) -> None:
        heard.append("copies")
        raise KeyboardInterrupt

    monkeypatch.setattr("springfield.learning.machine.engine.limit_memory", heard.append)
    monkeypatch.setattr(train, "examples_to_learn", copies)
    with pytest.raises(KeyboardInterrupt):
        train.learn(run, progress=False)
    assert heard == ["4GB", "copies"]
