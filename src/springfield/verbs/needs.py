"""Needs: how many images per class does a target take? Learning curves with intervals."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from springfield.errors import DataError
from springfield.images.exclude import read_exclusion
from springfield.images.kaggle import PREFIX, place_of
from springfield.images.select import keep_largest
from springfield.learning.answering.litert import check_several
from springfield.learning.examples.batches import training_rows
from springfield.learning.machine.memory import give_back
from springfield.learning.model.backbones import check_weights
from springfield.recipe import Recipe
from springfield.results.needed import answer_from, check_target
from springfield.results.page.languages import check_language
from springfield.results.pages.needs import sentence_of, write_needs_page
from springfield.run import PLAIN, Page, Run
from springfield.verbs.begun import BEGUN, begin_folder, check_same
from springfield.verbs.budgets import hurried, measure_budgets
from springfield.verbs.frozen import measure_frozen
from springfield.verbs.split import share_out

DEFAULT = Recipe()
ANSWER = "needs.json"


@dataclass(frozen=True)
class Question:
    """What is asked."""

    target: float = 0.9  # mean recall: every class counts the same
    quick: bool = False  # from the frozen features of one network
    exclude: str | Path | None = None  # CSV file with the column path of images that take no part


PLAINLY = Question()


def needs(
    data: str | Path,
    out: str | Path | None = None,
    recipe: Recipe = DEFAULT,
    asked: Question = PLAINLY,
    *,
    page: Page = PLAIN,
    progress: bool = True,
) -> dict[str, Any]:
    """Train with ever more images per class and say how many a target takes.

    The images are scanned and shared out once; every training is judged by the same held-out ones.
    Each is an ordinary run, `out`/budget-<n>. The same command goes on with what was stopped, and
    with another target it answers at once.

    Args:
        data: folder or table of images.
        out: new folder, or one that was begun with the same images and recipe; None: see
            `default_folder`.
        recipe: of the trainings; its minutes are shared among them, see `budget_recipes`.
        asked: the target, and how it is looked for.
        page: language of the page, and what it tells of the command.
        progress: show bars on stderr.

    Returns:
        What `springfield needs --json` prints, and needs.json holds.

    Raises:
        SpringfieldError: the images, the recipe, the target or the folder cannot be used.
    """
    check_language(page.language)
    check_target(asked.target)
    began = time.monotonic()
    home = Run(Path(out) if out else default_folder(Path(data), quick=asked.quick))

    # ---- the images: read once, and shared out once for all trainings
    recipe = _single(recipe)
    _begin(home, Path(data), recipe, asked, progress=progress)
    give_back()  # of the table

    # ---- what is right after each budget of images
    measure = measure_frozen if asked.quick else measure_budgets
    state, measured = measure(home, recipe, page=page, progress=progress)

    # ---- the curves, the number, how far to believe it, and the page
    before, begun = _answered(home).get("seconds", 0.0), home.read_json(BEGUN)
    answer = {
        "out": str(home.folder),
        "state": state,
        "data": begun["data"],
        "quick": asked.quick,
        "learned_share": round(1 - recipe.split.val - recipe.split.test, 6),
        **answer_from(measured, begun["train"], asked.target),
        "hurried": None if asked.quick or state != "finished" else hurried(home, recipe, measured),
        "seconds": round(before + time.monotonic() - began, 1),
        "page": str(home.page_file),
    }
    answer["says"] = sentence_of(answer)
    home.write_json(ANSWER, answer)
    write_needs_page(home, answer, page.language)
    return answer


def default_folder(data: Path, *, quick: bool) -> Path:
    """Folder for an answer when none is named: needs-<name of the data>, or that with -quick."""
    name = Path(place_of(data).removeprefix(PREFIX)).stem
    return Path(f"needs-{name}{'-quick' if quick else ''}")


def _single(recipe: Recipe) -> Recipe:
    """The recipe with one network on one split, that answers as it was trained.

    Raises `RecipeError` when that cannot be trained.
    """
    check_weights(recipe.network)
    check_several("needs")
    return replace(
        recipe,
        split=replace(recipe.split, folds=0),
        network=replace(recipe.network, members=1),
        balance=replace(recipe.balance, rebalance=False),
    )


def _begin(home: Run, data: Path, recipe: Recipe, asked: Question, *, progress: bool) -> None:
    """Write down what all trainings share, or make sure that it is what it was."""
    catalog = share_out(data, recipe, read_exclusion(asked.exclude), progress=progress)
    catalog = keep_largest(catalog, recipe.images.classes)
    if not (catalog["part"] == "test").any():
        raise DataError(f"{data} has too few images to judge a training by")
    shared = {
        "data": place_of(data),
        "images and split": catalog.digest(),
        "recipe": recipe.to_toml(),
        "quick": asked.quick,
        "root": str(catalog.root.resolve()),
        "train": training_rows(catalog).counts(),
    }
    begin_folder(home, data, catalog, shared)
    check_same(home, shared, ("images and split", "recipe", "quick"), "trainings")


def _answered(home: Run) -> dict[str, Any]:
    """The last answer, if there is one."""
    there = (home.folder / ANSWER).exists()
    return dict(home.read_json(ANSWER)) if there else {}
