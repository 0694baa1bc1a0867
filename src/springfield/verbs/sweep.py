"""Sweep: which recipe serves these images best? Trials judged on the validation images alone."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from springfield.errors import DataError, SpringfieldError
from springfield.images.catalog import Catalog
from springfield.images.kaggle import place_of
from springfield.images.select import keep_largest
from springfield.learning.answering.litert import check_several
from springfield.learning.machine.memory import give_back
from springfield.learning.model.backbones import check_weights
from springfield.learning.planning.search import Search, open_search
from springfield.learning.planning.space import Space, read_space, values_of, with_values
from springfield.recipe import Recipe
from springfield.results.page.languages import check_language
from springfield.results.pages.sweep import write_sweep_page
from springfield.run import PLAIN, Page, Run
from springfield.verbs.begun import BEGUN, begin_folder, check_same
from springfield.verbs.split import share_out
from springfield.verbs.train import resume
from springfield.verbs.trials import epochs_of, seconds_of, trial_run, try_out

ANSWER, BEST, STORE = "sweep.json", "best.toml", "sweep.db"
GIVEN_UP = ("pruned", "diverged", "refused")


@dataclass(frozen=True)
class Effort:
    """How long is searched, and where."""

    trials: int = 20  # in all
    minutes: float = 0.0  # of training, after which no new trial begins; 0: no limit
    space: str | Path | None = None  # a TOML file; None: the one that comes with us


USUAL = Effort()


def sweep(
    data: str | Path,
    out: str | Path,
    recipe: Recipe,
    asked: Effort = USUAL,
    *,
    page: Page = PLAIN,
    progress: bool = True,
) -> dict[str, Any]:
    """Search for better values of a few keys; write page.html, best.toml and sweep.json into `out`.

    The images are scanned and shared out once. Trials are compared by the macro-F1 on the
    validation images, and bad ones given up early. Only when all are done, the best one is judged
    by the test images. The same command goes on with what was stopped; with more trials it adds
    them.

    Args:
        data: folder or table of images.
        out: new folder, or one that was begun with the same images, recipe and space.
        recipe: the first trial, as far as the space holds it; other keys keep its values.
        asked: how long is searched, and where.
        page: language of the page, and what it tells of the command.
        progress: show bars on stderr.

    Returns:
        What `springfield sweep --json` prints, and sweep.json holds.

    Raises:
        SpringfieldError: the images, the recipe, the space or the folder cannot be used.
    """
    check_language(page.language)
    space = _check(asked, recipe)
    check_weights(recipe.network)
    check_several("sweep")
    home = Run(Path(out))  # no run itself, but its files are written as a run's are

    # ---- the images: read once, and shared out once for all trials
    single = _single(recipe)
    catalog = keep_largest(share_out(Path(data), single, progress=progress), single.images.classes)
    _begin(home, Path(data), catalog, recipe, space)
    del catalog
    give_back()

    # ---- the trials, one after the other, each of them told at once
    own = values_of(single, space)
    with open_search(home.folder / STORE, space, seed=recipe.training.seed, first=own) as search:
        if progress:
            _foretell(home, search, asked, recipe)
        while not _is_done(home, search, asked):
            going_on = try_out(home, search, single, page=page, progress=progress)
            answer = _tell(home, search, recipe, "unfinished" if going_on else "interrupted", page)
            if not going_on:
                return answer

        # ---- the best one, and the images that nothing was chosen by
        best = search.best()
        run = trial_run(home, best.number) if best else None
        if run and not run.is_judged:
            resume(run.folder, progress=progress, language=page.language)
        return _tell(home, search, recipe, "finished", page)


def _check(asked: Effort, recipe: Recipe) -> Space:
    if asked.trials < 1:
        raise SpringfieldError(f"--trials {asked.trials}: it must be at least 1")
    if not 0 <= asked.minutes < float("inf"):
        raise SpringfieldError(f"--minutes {asked.minutes}: it must be 0, for no limit, or more")
    return read_space(asked.space, recipe)


def _single(recipe: Recipe) -> Recipe:
    """The recipe with one network on one split: a trial compares keys and not luck."""
    return replace(
        recipe,
        split=replace(recipe.split, folds=0),
        network=replace(recipe.network, members=1),
    )


def _begin(home: Run, data: Path, catalog: Catalog, recipe: Recipe, space: Space) -> None:
    """Write down what all trials share, or make sure that it is what it was."""
    if not np.any(catalog["part"] == "val"):
        raise DataError(f"{data} has too few images for a validation part to judge trials by")
    shared = {
        "data": place_of(data),
        "images and split": catalog.digest(),
        "recipe": recipe.to_toml(),
        "space": [{**asdict(dimension), "choices": [*dimension.choices]} for dimension in space],
        "root": str(catalog.root.resolve()),
        "judged by": int((catalog["part"] == "val").sum()),
    }
    begin_folder(home, data, catalog, shared)
    check_same(home, shared, ("images and split", "recipe", "space"), "trials")


def _is_done(home: Run, search: Search, asked: Effort) -> bool:
    """Whether no further trial begins; one that was stopped is always brought to its end."""
    tried = search.tried()
    if any(trial.state == "running" for trial in tried):
        return False
    trained = sum(seconds_of(trial_run(home, trial.number)) for trial in tried)
    out_of_time = bool(tried) and 0 < asked.minutes * 60 <= trained
    return len(tried) >= asked.trials or out_of_time


def _foretell(home: Run, search: Search, asked: Effort, recipe: Recipe) -> None:
    """Say beforehand how much is still to be done, and how long that takes where it is known."""
    left = asked.trials - sum(trial.state != "running" for trial in search.tried())
    if left > 0:
        minutes = left * recipe.training.minutes
        limit = f", but at most {asked.minutes:g} min in all" if asked.minutes else ""
        known = "" if recipe.training.epochs else f": at most about {minutes:.0f} min of training"
        print(f"{left} trials into {home.folder}{known}{limit}", file=sys.stderr)


def _tell(home: Run, search: Search, recipe: Recipe, state: str, page: Page) -> dict[str, Any]:
    """Write what is known so far, and return it."""
    best, tried, begun = search.best(), search.tried(), home.read_json(BEGUN)
    run = trial_run(home, best.number) if best else None
    scores = run.read_json("scores.json") if run and run.is_judged else {}
    if best:
        home.write_text(BEST, with_values(recipe, best.values).to_toml())
    ends = ("macro_f1", "macro_f1_low", "macro_f1_high", "accuracy", "n")
    measured = dict(zip(("macro_f1", "low", "high", "accuracy", "n"),
                        map(scores.get, ends), strict=True))  # fmt: skip
    answer = {
        "out": str(home.folder),
        "state": state,
        "data": begun["data"],
        "best": best.values if best else {},
        **measured,
        "trials": sum(trial.state != "running" for trial in tried),
        "pruned": sum(trial.state in GIVEN_UP for trial in tried),
        "validation": best.score if best else None,
        "recipe": str(home.folder / BEST) if best else None,
        "run": str(run.folder) if run else None,
        "space": begun["space"],
        "judged_by": begun["judged by"],
        "table": [_row(home, trial) for trial in tried],
        "page": str(home.page_file),
    }
    home.write_json(ANSWER, answer)
    write_sweep_page(home, answer, recipe, page.language)
    return answer


def _row(home: Run, trial: Any) -> dict[str, Any]:
    run = trial_run(home, trial.number)
    return {**asdict(trial), "seconds": seconds_of(run), "epochs": epochs_of(run)}
