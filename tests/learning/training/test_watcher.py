"""What a user sees of a training, and how it is asked to stop."""

from __future__ import annotations

import csv
import errno
import os
import signal
from pathlib import Path

import pytest

from springfield.errors import OutputError
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.fitting import Plan
from springfield.learning.training.watcher import Watcher
from springfield.recipe import Recipe
from springfield.run import Run, create_run

PLAN = Plan("float32", images_per_second=10.0, epochs=2, save_every=5)


def _record(epoch: int) -> dict[str, float]:
    return {"epoch": epoch, "seconds": 2.0 * epoch, "loss": 1 / epoch, "val_macro_f1": 0.5}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return create_run(tmp_path / "run", Recipe(), "", {})


def test_on_step__shows_speed_time_left_and_score(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress(epoch=1, step=2, seconds=4.0, seen=20, loss_sum=5.0, best=0.75)
    progress.history.append(_record(1))
    with Watcher(run, PLAN, show=True) as watcher:
        watcher.on_step(progress, steps=4)
    shown = capsys.readouterr()
    assert shown.out == ""
    for words in ("epoch 2/2", "75%", "left", "10 images/s", "loss 0.250", "best macro-F1 0.750"):
        assert words in shown.err


def test_on_epoch__writes_the_history_and_the_tensorboard_log(run: Run) -> None:
    progress = Progress(history=[_record(1)])
    with Watcher(run, PLAN, show=False) as watcher:
        watcher.on_epoch(progress)
        progress.history.append(_record(2))
        watcher.on_epoch(progress)
    rows = list(csv.DictReader(run.history_file.read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    logs = b"".join(file.read_bytes() for file in (run.folder / "log").iterdir())
    assert logs.count(b"val_macro_f1") == 2


def interrupted(run: Run) -> None:
    with Watcher(run, PLAN, show=False) as watcher:
        watcher.on_epoch(Progress(history=[_record(1)]))
        raise KeyboardInterrupt


def test_on_epoch__a_history_that_another_program_has_open_is_no_reason_to_stop(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def replace(self: Path, target: Path) -> Path:
        raise problem

    with monkeypatch.context() as patch, Watcher(run, PLAN, show=False) as watcher:
        patch.setattr("springfield.learning.training.watcher.is_here", lambda: True)
        patch.setattr(Path, "replace", replace)
        problem: OSError = OSError(errno.ENOSPC, "no space")
        with pytest.raises(OutputError, match="the disk is full"):
            watcher.on_epoch(Progress(history=[_record(1)]))
        problem = PermissionError(errno.EACCES, "open elsewhere")
        watcher.on_epoch(Progress(history=[_record(1)]))
        with pytest.raises(KeyboardInterrupt):  # is not hidden by a history that is open still
            interrupted(run)
        patch.undo()
        assert not run.history_file.exists()
    assert "history.csv: open elsewhere (is it open in Excel?)" in caplog.text
    assert "its last epochs are missing" in caplog.text
    assert len(run.history_file.read_text().splitlines()) == 2  # caught up with at the end


def test_on_step__says_which_of_several_networks(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run.note(member="2/3")
    with Watcher(run, PLAN, show=True) as watcher:
        watcher.on_step(Progress(), steps=4)
    assert "member 2/3, epoch 1/2" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_wants_stop__after_the_first_signal_and_the_second_is_as_usual(
    run: Run, number: signal.Signals
) -> None:
    usual = signal.getsignal(number)
    with Watcher(run, PLAN, show=False) as watcher:
        assert not watcher.wants_stop()
        os.kill(os.getpid(), number)
        assert watcher.wants_stop()
        assert signal.getsignal(number) == usual
    assert signal.getsignal(number) == usual
