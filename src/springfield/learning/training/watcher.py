"""Watcher: shows a training to its user, keeps its diary, and listens for Ctrl-C."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from types import FrameType
from typing import Any

from tqdm import tqdm

from springfield.errors import OutputError
from springfield.files import csv_text
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.fitting import Plan
from springfield.learning.training.tensorboard import log_epoch
from springfield.run import Run
from springfield.windows import is_here

log = logging.getLogger(__name__)
STOPPING = (signal.SIGINT, signal.SIGTERM)


class Watcher:
    """A progress bar over all epochs, history.csv and the TensorBoard log of a run.

    Used as a context: inside it the first Ctrl-C (or SIGTERM) asks training to stop after the
    step at hand, the second one ends the process at once.
    """

    def __init__(self, run: Run, plan: Plan, *, show: bool) -> None:
        self.run, self.plan = run, plan
        split, member = run.recipe.split, run.facts.get("member")
        self._which = f"fold {split.fold + 1}/{split.folds}, " if split.folds else ""
        self._which += f"member {member}, " if member else ""
        self._bar: Any = tqdm(
            total=plan.epochs,
            unit="epoch",
            disable=not (show and plan.epochs),
            file=sys.stderr,
            bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}, {remaining} left{postfix}",
        )
        self._asked = False
        self._behind: Progress | None = None  # what history.csv does not have yet
        self._before: dict[int, Any] = {}

    def on_step(self, progress: Progress, steps: int) -> None:
        """Move the bar."""
        done = progress.epoch + progress.step / steps
        epoch = f"epoch {progress.epoch + 1}/{self.plan.epochs}"
        self._bar.set_description_str(self._which + epoch, False)
        self._bar.set_postfix_str(
            f"{progress.images_per_second():.0f} images/s, loss {progress.mean_loss():.3f}"
            + (f", best macro-F1 {progress.best:.3f}" if progress.history else ""),
            False,
        )
        self._bar.update(done - self._bar.n)

    def on_epoch(self, progress: Progress) -> None:
        """Write the history as it stands, and the newest record to the log."""
        try:
            self._write_history(progress)
        except OutputError as problem:
            if not (is_here() and isinstance(problem.__cause__, PermissionError)):
                raise
            log.warning("warning: %s (is it open in Excel?); training goes on", problem)
            self._behind = progress
        log_epoch(self.run.folder / "log", progress.history[-1])

    def _write_history(self, progress: Progress) -> None:
        rows = (record.values() for record in progress.history)
        self.run.write_text("history.csv", csv_text(list(progress.history[0]), rows))
        self._behind = None

    def wants_stop(self) -> bool:
        """Say whether the user asked to stop."""
        return self._asked

    def __enter__(self) -> Watcher:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._ask) for number in STOPPING}
        return self

    def __exit__(self, *raised: object) -> None:
        self._restore()
        self._bar.close()
        if self._behind:
            try:
                self._write_history(self._behind)
            except OutputError as problem:
                log.warning("warning: its last epochs are missing: %s", problem)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
        self._restore()
        self._bar.write("stopping after this step; once more to stop at once", file=sys.stderr)

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
