"""Members: the same training once more for every part of the training images, combined into one.

Each member learns from the other parts and is watched by its own, so all training images are
learned from. None of them sees the validation images, which calibrate what they are combined into.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.folds import deal_folds
from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.answering.ensemble import combined
from springfield.learning.answering.freeze import check_agreement, freeze, thaw_trained
from springfield.learning.examples.batches import Examples, examples_of, training_rows
from springfield.learning.machine import engine
from springfield.learning.model.networks import build_network, flops_of, keep_bounds, layers_of
from springfield.learning.statistics.intervals import macro_f1_of
from springfield.learning.training.finetuning import recalibrate
from springfield.learning.training.fitting import Plan
from springfield.recipe import Recipe
from springfield.results.history import read_history
from springfield.run import Run
from springfield.verbs.folds import inherited
from springfield.verbs.manifest import kept_images, kept_rows
from springfield.verbs.within import settled


def deal_members(catalog: Catalog, recipe: Recipe) -> Catalog:
    """Add the column ``member``, which of `network.members` a training row watches, where asked.

    Whole near-duplicate groups are dealt, class by class, see `deal_folds`. Raises `RecipeError`
    when there are more members than any class has distinct pictures to learn from.
    """
    count = recipe.network.members
    if count == 1:
        return catalog
    member, split = np.zeros(len(catalog), np.int64), replace(recipe.split, folds=count)
    dealt = deal_folds(training_rows(catalog), split, "network.members")
    member[catalog["part"] == "train"] = dealt["fold"] + 1
    return catalog.with_columns(member=member)


def beginning_of(run: Run, member: Run) -> tuple[Catalog, Path, Recipe, dict[str, Any]]:
    """What a member begins with: its images, folder, recipe and what it is told.

    Raises as `read_manifest`.
    """
    number = run.members.index(member) + 1
    known = {"siblings": True, "member": f"{number}/{len(run.members)}"}  # all share one store
    recipe = member_recipe(run.recipe, number, run.facts["size"])
    return member_catalog(kept_rows(run), number), member.folder, recipe, inherited(run) | known


def member_catalog(catalog: Catalog, number: int) -> Catalog:
    """The images of a run that take part, as they are shared out for one of its members.

    What judges the member is what validates the run; what judges the run is out of its reach.
    """
    part = np.where(catalog["part"] == "val", "test", "").astype("<U5")
    part[catalog["part"] == "train"] = "train"
    part[catalog["member"] == number] = "val"
    return catalog.with_columns(part=part)


def member_recipe(recipe: Recipe, number: int, size: int) -> Recipe:
    """A run's recipe for one of its members: another seed, so that they err at different images.

    Where all begin with the same weights, it still orders and varies the images differently.
    """
    seed = (recipe.training.seed + number - 1) % 2**31
    return replace(
        recipe,
        images=replace(recipe.images, size=size, classes=0),
        split=replace(recipe.split, folds=0, fold=0),
        network=replace(recipe.network, members=1),
        training=replace(recipe.training, seed=seed),
    )


def combine_members(run: Run, description: Description, *, progress: bool) -> None:
    """Make one classifier of the members, calibrated on images that none of them saw.

    A run that was stopped answers with the members that are finished; before any is, with the
    first as far as it came.
    """
    finished = [each for each in run.members if _is_finished(each)]
    learned = finished or run.members[:1]
    recipe = Plan(**learned[0].facts["plan"]).settle(settled(run))
    versions = engine.start_for(recipe.training)
    kept, images = kept_images(run, progress=progress)
    training, validation = (examples_of(kept, images, part) for part in ("train", "val"))
    model = _network_of(learned, recipe, description, training)
    batch, folder = recipe.training.at_a_time, run.classifier_folder
    whole = freeze(model, recipe.network, description, validation, folder, batch=batch)
    classifier = Classifier.load(run.classifier_folder)
    _tell(run, learned, validation)
    begun = [member.facts for member in run.members if member.is_begun]
    run.note(
        state="finished" if len(finished) == len(run.members) else "interrupted",
        seconds=round(sum(facts.get("seconds", 0.0) for facts in begun), 1),
        epochs_done=sum(facts.get("epochs_done", 0) for facts in begun),
        versions=versions,
        parameters=model.count_params(),
        flops=flops_of(model),
        layers=layers_of(model),
        freezing_difference=check_agreement(classifier, whole, training.images[:batch]),
    )


def _network_of(
    learned: list[Run], recipe: Recipe, description: Description, training: Examples
) -> keras.Model:
    """All members side by side, or one network with their mean weights."""
    network, classes = recipe.network, len(description.classes)
    weights = [
        thaw_trained(member.classifier_folder, member.recipe.network).get_weights()
        for member in learned
    ]
    model = build_network(network, size=description.size, classes=classes)
    model.set_weights(combined(weights, network.members, network.combine))
    if network.combine == "weights":
        keep_bounds(model)
        if recipe.tuning.batch_norm != "frozen":
            recalibrate(model, training, recipe, epoch=0)
    return model


def _tell(run: Run, learned: list[Run], validation: Examples) -> None:
    """Write members.json: each member on the images it was watched by, and all on those of the run.

    What they are combined into stands beside them, with its last layer as it is now.
    """

    def score(folder: Path) -> float | None:
        if not len(validation.rows):
            return None
        given = Classifier.load(folder).probabilities(validation.images[r] for r in validation.rows)
        return macro_f1_of(validation.labels, given.argmax(axis=1))

    each = []
    for member in learned:
        parts, history = kept_rows(member)["part"], read_history(member.history_file)
        own = [value for value in history.get("val_macro_f1", []) if math.isfinite(value)]
        each.append(
            {
                "member": run.members.index(member) + 1,
                "train": int((parts == "train").sum()),
                "watched": int((parts == "val").sum()),
                "epochs": len(history.get("epoch", [])),
                "watched_macro_f1": max(own, default=None),
                "macro_f1": score(member.classifier_folder),
            }
        )
    known = {"count": len(run.members), "n": len(validation.rows), "each": each}
    run.write_json("members.json", {**known, "macro_f1": score(run.classifier_folder)})


def _is_finished(member: Run) -> bool:
    return member.is_begun and member.facts["state"] == "finished"
