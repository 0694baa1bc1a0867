"""Search: what Optuna proposes to try next, gives up early, and remembers in a file.

The proposals are those of a tree-structured Parzen estimator (Bergstra et al. 2011), each a
function of the seed, its number and the trials before it, so a search that was stopped goes on to
the same ones. The file is an SQLite data base: what a killed process had not finished writing is
undone when it is opened again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
from optuna.exceptions import StorageInternalError
from optuna.samplers import TPESampler
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.exc import SQLAlchemyError

from springfield.errors import OutputError
from springfield.learning.planning.space import Dimension, Space

DRAWN = 6  # trials that are drawn at random before the estimator has anything to go by
TENTHS = 10  # of a run: runs of different lengths are compared at the same share of theirs
PATIENCE = 2  # tenths that every trial is given
WORDS = {TrialState.COMPLETE: "complete", TrialState.PRUNED: "pruned"}


@dataclass(frozen=True)
class Tried:
    """A trial: how it went, its validation macro-F1 so far, and the keys it had."""

    number: int
    state: str  # "complete", "pruned" (given up early), "diverged", "refused" or "running"
    score: float | None
    values: dict[str, Any]


@dataclass(frozen=True)
class Search:
    """A study of Optuna, one trial at a time."""

    study: optuna.Study
    space: Space
    seed: int
    first: dict[str, Any]  # values of the very first trial; keys without one are drawn

    def tried(self) -> list[Tried]:
        """All trials, in their order."""
        return [self._tried(trial) for trial in self.study.get_trials(deepcopy=False)]

    def best(self) -> Tried | None:
        """The complete trial with the highest score, the first of equals."""
        complete = [trial for trial in self.tried() if trial.state == "complete"]
        return max(complete, key=lambda trial: trial.score or 0.0, default=None)

    def next(self) -> Trial:
        """The trial to go on with: one that was stopped, or else a new one."""
        trials = self.study.get_trials(deepcopy=False)
        stopped = [trial for trial in trials if trial.state == TrialState.RUNNING]
        if not trials:
            self.study.enqueue_trial(self.first)
        number = stopped[0].number if stopped else sum(t.state.is_finished() for t in trials)
        seed = (7919 * self.seed + number) % 2**32
        self.study.sampler = TPESampler(seed=seed, n_startup_trials=DRAWN)
        trial = Trial(self.study, stopped[0]._trial_id) if stopped else self.study.ask()
        for dimension in self.space:
            _suggest(trial, dimension)
        return trial

    def report(self, trial: Trial, score: float, share: float) -> bool:
        """Note the highest score so far at a share of the run; say whether to give up the rest."""
        tenth = int(TENTHS * share + 1e-9)
        if tenth not in self._record(trial).intermediate_values:
            trial.report(score, tenth)
        return share < 1 and self.is_hopeless(trial)

    def is_hopeless(self, trial: Trial) -> bool:
        """Whether its best score so far is below the median of the others at the same share."""
        return bool(trial.should_prune())

    def finish(self, trial: Trial, score: float) -> None:
        """Note the score of a trial that ran to its end."""
        self.study.tell(trial, score)

    def give_up(self, trial: Trial, why: str = "pruned") -> None:
        """Note that a trial goes no further, and why, in the words of `Tried.state`."""
        trial.set_user_attr("why", why)
        self.study.tell(trial, state=TrialState.PRUNED)

    def _record(self, trial: Trial) -> FrozenTrial:
        return self.study.get_trials(deepcopy=False)[trial.number]

    def _tried(self, trial: FrozenTrial) -> Tried:
        state = trial.user_attrs.get("why", WORDS.get(trial.state, "running"))
        known = trial.intermediate_values
        reached = known[max(known)] if known else None
        score = trial.value if trial.state == TrialState.COMPLETE else reached
        return Tried(trial.number, state, score, dict(trial.params))


@contextmanager
def open_search(file: Path, space: Space, *, seed: int, first: dict[str, Any]) -> Iterator[Search]:
    """Open the search in a file, or begin it. Raises `OutputError` when the file is damaged."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    file.parent.mkdir(parents=True, exist_ok=True)
    storage = None
    try:  # a URL would read a question mark in the folder's name as its own
        storage = RDBStorage("sqlite://", {"creator": lambda: sqlite3.connect(file)})
        study = optuna.create_study(
            study_name="sweep",
            storage=storage,
            direction="maximize",
            pruner=optuna.pruners.MedianPruner(DRAWN - 2, PATIENCE),
            load_if_exists=True,
        )
        yield Search(study, space, seed, first)
    except (StorageInternalError, SQLAlchemyError) as problem:
        why = str(problem).splitlines()[0]
        raise OutputError(f"cannot use {file}: {why}; choose another --out") from problem
    finally:
        if storage:
            storage.remove_session()
            storage.engine.dispose()


def _suggest(trial: Trial, dimension: Dimension) -> None:
    """Draw a key's value, unless the trial has it already."""
    key, low, high = dimension.key, dimension.low, dimension.high
    if dimension.choices:
        trial.suggest_categorical(key, dimension.choices)
    elif dimension.whole:
        trial.suggest_int(key, int(low), int(high), log=dimension.log)
    else:
        trial.suggest_float(key, low, high, log=dimension.log)
