"""Trials: trainings that differ in a few keys, judged on the validation images alone."""

from __future__ import annotations

import math
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from optuna import TrialPruned
from optuna.trial import Trial

from springfield.errors import DivergedError, MemoryShortError, RecipeError
from springfield.learning.machine.engine import give_back_training
from springfield.learning.planning.search import Search
from springfield.learning.planning.space import with_values
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.watcher import Watcher
from springfield.recipe import Recipe
from springfield.results.history import read_history
from springfield.run import Page, Run
from springfield.verbs.begun import BEGUN, shared_rows
from springfield.verbs.train import begin_run, learn


class TrialWatcher(Watcher):
    """Shows a trial's training, tells its score when there is one and ends it when it is hopeless.

    Raises `TrialPruned` then.
    """

    def __init__(self, *told: Any, search: Search, trial: Trial, show: bool) -> None:
        super().__init__(*told, show=show)
        self.search, self.trial = search, trial

    def on_epoch(self, progress: Progress) -> None:
        """Write the history, and compare with the other trials."""
        super().on_epoch(progress)
        if not self.plan.is_validated(progress.epoch):
            return
        share = progress.epoch / self.plan.epochs
        hopeless = self.search.report(self.trial, progress.best, share)
        if hopeless and not self.wants_stop():  # a stop ends the search, not the trial alone
            raise TrialPruned


def try_out(home: Run, search: Search, recipe: Recipe, *, page: Page, progress: bool) -> bool:
    """Train the next trial, or go on with the one that was stopped.

    Each is an ordinary run, `trial_run`, over the images that all share. Only the best one keeps
    its weights.

    Returns:
        False when the user stopped it.
    """
    trial = search.next()
    run = trial_run(home, trial.number)
    if progress:
        print(f"trial {trial.number + 1}: {in_words(trial.params)}", file=sys.stderr)
    try:
        if not run.is_begun:
            known = {**asdict(page), "data": home.read_json(BEGUN)["data"], "siblings": True}
            begin_run(shared_rows(home), run.folder, with_values(recipe, trial.params), known)
        if not _train(run, search, trial, progress=progress):
            return False
        search.finish(trial, _score(run))
    except TrialPruned:
        search.give_up(trial)
    except DivergedError:
        search.give_up(trial, "diverged")
    except (RecipeError, MemoryShortError) as problem:
        if trial.number == 0:
            raise  # the recipe itself, and not what was changed about it
        print(f"trial {trial.number + 1} cannot be trained: {problem}", file=sys.stderr)
        search.give_up(trial, "refused")
    _forget_weights(home, search)
    return True


def trial_run(home: Run, number: int) -> Run:
    """The run of a trial, counted from 0; its folder counts from 1."""
    return Run(home.folder / f"trial-{number + 1:03}")


def seconds_of(run: Run) -> float:
    """How long a trial was trained so far."""
    return max(read_history(run.history_file).get("seconds", []), default=0.0)


def epochs_of(run: Run) -> int:
    """Epochs that a trial has done."""
    return len(read_history(run.history_file).get("epoch", []))


def in_words(values: Mapping[str, Any]) -> str:
    """Keys and their values in a line."""
    return ", ".join(f"{key} {v:.3g}" if isinstance(v, float) else f"{key} {v}"
                     for key, v in values.items())  # fmt: skip


def _train(run: Run, search: Search, trial: Trial, *, progress: bool) -> bool:
    """Train to the end, unless that was done before; False when the user stopped it."""
    if run.facts["state"] != "finished":
        over = epochs_of(run) >= run.facts.get("plan", {}).get("epochs", 1)
        if search.is_hopeless(trial) and not over:  # killed before it could note that
            raise TrialPruned
        run.card_file.unlink(missing_ok=True)  # of what was learned until now
        watched = partial(TrialWatcher, search=search, trial=trial)
        with run.alone():
            learn(run, progress=progress, watched=watched)
        give_back_training()
    return bool(run.facts["state"] == "finished")


def _score(run: Run) -> float:
    """Validation macro-F1 of the weights that were kept."""
    scores = filter(math.isfinite, read_history(run.history_file).get("val_macro_f1", []))
    return max(scores, default=run.facts.get("head", {}).get("val_macro_f1", 0.0))


def _forget_weights(home: Run, search: Search) -> None:
    """Free the disk of what nobody will ask for; a trial that was judged whole stays as it is."""
    best = search.best()
    for tried in search.tried():
        run, is_best = trial_run(home, tried.number), best and tried.number == best.number
        if tried.state != "running" and not is_best and not run.is_judged:
            for folder in (run.checkpoint_folder, run.classifier_folder):
                shutil.rmtree(folder, ignore_errors=True)
