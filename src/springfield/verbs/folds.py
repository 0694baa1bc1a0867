"""Folds: the same training once more for every part of the images, to judge each image once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.groups import takes_part
from springfield.images.split import assign_fold
from springfield.recipe import Recipe
from springfield.run import Run
from springfield.verbs.manifest import read_manifest

INHERITED = ("language", "command", "data", "plan", "micro_batch")  # facts that hold for every fold


def fold_catalog(run: Run, recipe: Recipe) -> Catalog:
    """The images of a run as they are shared out in the fold that `recipe` names.

    What the first fold left out beyond its cap takes part again. Raises as `read_manifest`.
    """
    catalog = read_manifest(run)
    reasons = np.where(takes_part(catalog), "", catalog["reason"])
    return assign_fold(catalog.with_columns(reason=reasons), recipe.split)


def fold_recipe(run: Run, further: Run) -> Recipe:
    """The run's recipe for one of its further folds."""
    number = run.further_folds.index(further) + 1
    return replace(run.recipe, split=replace(run.recipe.split, fold=number))


def inherited(run: Run) -> dict[str, Any]:
    """What a further fold is told instead of finding out; the same plan makes folds comparable."""
    return {name: value for name, value in run.facts.items() if name in INHERITED}
