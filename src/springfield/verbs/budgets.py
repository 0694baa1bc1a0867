"""Budgets: the same training with ever more images per class, each judged by the same ones."""

from __future__ import annotations

import math
import sys
from dataclasses import asdict
from typing import Any

import numpy as np

from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.priors import under_prior
from springfield.learning.examples.balance import cap_validation, quotas
from springfield.learning.machine.engine import give_back_training
from springfield.learning.planning.budgets import budget_recipes, budgets_of
from springfield.learning.training.pace import IN_STEPS, Pace, plan_at
from springfield.recipe import Recipe
from springfield.results.measured import Measured
from springfield.results.predictions import read_predictions
from springfield.run import Page, Run
from springfield.verbs.begun import BEGUN, shared_rows
from springfield.verbs.evaluate import evaluate
from springfield.verbs.train import begin_run, learn

RIGHT = "right.csv"
ENOUGH = 20  # epochs of the largest budget, below which more of them would show more


def measure_budgets(
    home: Run, recipe: Recipe, *, page: Page, progress: bool
) -> tuple[str, Measured | None]:
    """Train each budget that is still to be trained; write what was right into right.csv.

    Returns:
        "finished", or "interrupted" when the user stopped one, with what was right until then.
    """
    train = home.read_json(BEGUN)["train"]
    counts = list(train.values())
    budgets = budgets_of([min(n, recipe.balance.cap or n) for n in counts])
    runs: list[Run] = []
    measured = None
    for budget, chosen in zip(budgets, budget_recipes(recipe, counts, budgets), strict=True):
        run = Run(home.folder / f"budget-{budget}")
        if progress:
            number = f"{len(runs) + 1} of {len(budgets)}"
            print(f"{number}: at most {budget} training images per class", file=sys.stderr)
        if not run.is_begun:
            _begin(home, run, chosen, runs, page)
        learned = run.facts["state"] != "finished"
        if learned:
            with run.alone():
                learn(run, progress=progress)
            give_back_training()
        if run.facts["state"] == "interrupted":
            return "interrupted", measured
        if learned or not (run.folder / "scores.json").exists():
            evaluate(run.folder, progress=progress)
        runs.append(run)
        measured = _measured(home, runs, budgets[: len(runs)])
        home.write_text(RIGHT, measured.to_csv())
    return "finished", measured


def hurried(home: Run, recipe: Recipe, measured: Measured | None) -> dict[str, int] | None:
    """Where minutes were too few for the largest budget: its epochs, and minutes that would do.

    They follow from the seconds that its epochs took, and its share of the recipe's minutes.
    """
    if measured is None or recipe.training.epochs or not recipe.tuning.whole:
        return None
    largest = Run(home.folder / f"budget-{measured.budgets[-1]}")
    epochs, seconds = largest.facts["epochs_done"], largest.facts["seconds"]
    if epochs >= ENOUGH:
        return None
    wanted = ENOUGH * seconds / epochs / IN_STEPS / 60
    share = largest.recipe.training.minutes / recipe.training.minutes
    return {"epochs": epochs, "minutes": math.ceil(wanted / share)}


def _begin(home: Run, run: Run, recipe: Recipe, before: list[Run], page: Page) -> None:
    # As many to validate by as to learn from, or a small budget's minutes would go into validation.
    rows = cap_validation(shared_rows(home), recipe.balance.cap, recipe.split.seed)
    known = {**asdict(page), "data": home.read_json(BEGUN)["data"], "siblings": True}
    held_out = int((rows["part"] == "val").sum())
    begin_run(rows, run.folder, recipe, {**known, **paced_like(before, recipe, home, held_out)})


def paced_like(before: list[Run], recipe: Recipe, home: Run, held_out: int) -> dict[str, Any]:
    """Facts of a training at the pace of the first one before, and with the rate found for it.

    Measured anew while the computer does other things, it would give this budget fewer epochs.
    Nothing, if none before had whole batches.
    """
    batch = recipe.training.batch
    whole = (run for run in before if sum(run.facts["train_counts"].values()) >= batch)
    if not (first := next(whole, None)):
        return {}
    plan, counts = first.facts["plan"], list(home.read_json(BEGUN)["train"].values())
    epoch = int(quotas(np.minimum(counts, recipe.balance.cap), recipe.balance).sum())
    keys = ("images_per_second", "answers_per_second", "recalibrated_per_second")
    pace = Pace(plan["precision"], *(plan.get(key, 0.0) for key in keys))
    own = plan_at(recipe, pace, epoch // batch * batch, held_out)
    return {
        "plan": {**asdict(own), "rate_test": plan.get("rate_test")},
        "micro_batch": first.facts.get("micro_batch", 0),
    }


def _measured(home: Run, runs: list[Run], budgets: list[int]) -> Measured:
    """What the runs got right, all classes taken to be equally likely.

    Otherwise the curve of a class would rise with its share of the images as well as with their
    number: the largest budget leaves the classes as uneven as they are.
    """
    rows = shared_rows(home)
    rows = rows.where(rows["part"] == "test")
    right = []
    for run in runs:
        answers = read_predictions(run.folder / "predictions.csv")
        description = Classifier.load(run.classifier_folder).description
        even = under_prior(answers.probabilities, description, "uniform")
        right.append(np.array(answers.classes)[even.argmax(axis=1)] == rows["label"])
    return Measured(
        home.read_json(BEGUN)["train"],
        tuple(budgets),
        rows["path"],
        rows["label"],
        rows["group"],
        np.array(right, np.float64),
    )
