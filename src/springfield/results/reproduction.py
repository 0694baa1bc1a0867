"""Reproduction: the original's experiments and ours, fitted to the images there are, and measured.

Published by the project this one starts from, on 42 classes: 0.92, 0.78, 0.80 and 0.82. It evened
the classes out before it split them, so copies of images it judged by had been learned from; its
figures stand beside ours and are not the same measure.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from springfield.errors import SpringfieldError, did_you_mean
from springfield.recipe import Recipe, load_recipe
from springfield.run import Run

CLASSES = 42  # of the data the original was made for
ALONE = "ours"  # the row whose trained networks the autopilot takes over
AUTOPILOT = "autopilot"
REBALANCE = "balance.rebalance"  # the key that it alone sets
ROWS: dict[str, tuple[str, float | None]] = {  # recipe, accuracy as published
    "original-20x300": ("original-20x300", 0.92),
    "original-batch10": ("original-batch10", 0.78),
    "original": ("original", 0.80),
    "original-conv512": ("original-conv512", 0.82),
    "ours-20x300": ("ours-20x300", None),
    "ours-155": ("ours-155", None),
    ALONE: ("default", None),
    AUTOPILOT: ("default", None),
}
MEASURES = ("accuracy", "macro_f1")
SPEED = 400  # images a second that the original's network learns from at 64 px, on two cores
AROUND = 120  # seconds for the judging and the pages of a run


@dataclass(frozen=True)
class Experiment:
    """A row of the table before it is measured: what is trained, seed aside."""

    name: str
    base: str  # name of the recipe
    settings: tuple[str, ...]  # what makes it another than the one of that name
    published: float | None  # accuracy
    asked: tuple[int, int] | None  # classes and images per class as published; None: everything
    taken: tuple[int, int] | None  # likewise, as these images allow

    def recipe(self, seed: int) -> Recipe:
        """The whole recipe for one seed, which chooses the split and the first weights."""
        seeds = (f"split.seed={seed}", f"training.seed={seed}")
        return load_recipe(self.base, (*self.settings, *seeds))


def plan_experiments(settings: tuple[str, ...], counts: Mapping[str, int]) -> list[Experiment]:
    """The experiment of each row, fitted to the training images per class that there are.

    A row takes no more classes than there are, and no more images of each than the largest class
    has. `settings` come last. Raises `RecipeError` for a bad one.
    """
    return [_fit(name, settings, counts) for name in ROWS]


def check_rows(names: Iterable[str]) -> None:
    """Raise `SpringfieldError` unless each is a row's name."""
    for name in names:
        if name not in ROWS:
            raise SpringfieldError(f"--only {name}: no such row{did_you_mean(name, ROWS)}")


def _fit(name: str, settings: tuple[str, ...], counts: Mapping[str, int]) -> Experiment:
    base, published = ROWS[name]
    asked = load_recipe(base)
    fitted = [f"{REBALANCE}={str(name == AUTOPILOT).lower()}"]  # a row of its own
    if asked.balance.cap:
        images = min(asked.balance.cap, max(counts.values()))
        fitted.append(f"balance.cap={images}")
        if asked.balance.threshold:
            fitted.append(f"balance.threshold={images}")
    whole = (*fitted, *settings)
    budgets = [_budget(asked, CLASSES), _budget(load_recipe(base, whole), len(counts))]
    return Experiment(name, base, whole, published, *budgets)


def _budget(recipe: Recipe, classes: int) -> tuple[int, int] | None:
    """Classes and images per class, of so many classes; None: everything."""
    if not recipe.balance.cap:
        return None
    return min(recipe.images.classes or classes, classes), recipe.balance.cap


def measured(run: Run) -> dict[str, Any]:
    """What one finished run adds to its row."""
    facts, scores, recipe = run.facts, run.read_json("scores.json"), run.recipe
    counts = [int(n) for n in facts["train_counts"].values()]
    wanted = recipe.balance.threshold
    return {
        "run": run.folder.name,
        "seed": recipe.training.seed,
        "learned": sum(counts),
        "copies": sum(max(0, wanted - n) for n in counts),
        "classes": len(counts),
        "epochs": facts["epochs_done"],
        "size": facts["size"],
        **{key: scores[key] for key in ("n", "judged_classes", "seconds")},
        **{key + end: scores[key + end] for key in MEASURES for end in ("", "_low", "_high")},
    }


def row_of(experiment: Experiment, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """One row of the table: the means over its runs, and how far they spread.

    One run brings the 95 % interval of its held-out images (`accuracy_low`, `accuracy_high`);
    several bring the standard deviation over the seeds (`accuracy_sd`). What is unknown is None.
    """
    recipe = experiment.recipe(0)
    row: dict[str, Any] = {
        "row": experiment.name,
        "published": experiment.published,
        "asked": list(experiment.asked) if experiment.asked else None,
        "taken": list(experiment.taken) if experiment.taken else None,
        "batch": recipe.training.batch,
        "network": recipe.network.name,
        "conv512": recipe.network.conv512,
        "runs": runs,
    }
    for key in ("classes", "learned", "copies", "n", "judged_classes"):
        row[key] = round(statistics.fmean(run[key] for run in runs)) if runs else None
    row["seconds"] = statistics.fmean(run["seconds"] for run in runs) if runs else None
    for key in MEASURES:
        values = [run[key] for run in runs]
        row[key] = statistics.fmean(values) if runs else None
        row[f"{key}_sd"] = statistics.stdev(values) if len(runs) > 1 else None
        for bound in (f"{key}_low", f"{key}_high"):
            row[bound] = runs[0][bound] if len(runs) == 1 else None
    return row


def seconds_at_most(recipe: Recipe, counts: Mapping[str, int], size: int) -> float:
    """Roughly how long a run takes on two cores if early stopping does not end it sooner.

    counts: training images per class; size: side of the images in pixels.
    """
    if not recipe.training.epochs:
        return recipe.training.minutes * 60 + AROUND
    largest = sorted(counts.values())[-(recipe.images.classes or len(counts)) :]
    cap, threshold = recipe.balance.cap or max(largest), recipe.balance.threshold
    images = recipe.training.epochs * sum(max(threshold, min(cap, n)) for n in largest)
    return images * (size / 64) ** 2 / SPEED + AROUND
