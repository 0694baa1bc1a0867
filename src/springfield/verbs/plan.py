"""Plan: what of a training fits into the memory there is, and how long it takes, by trying.

Nothing is trained for good and nothing is written.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from springfield.errors import MemoryShortError, RecipeError
from springfield.images.catalog import Catalog
from springfield.images.select import keep_largest
from springfield.images.store import choose_size
from springfield.learning.examples.balance import cap_training
from springfield.learning.examples.batches import examples_of, training_rows
from springfield.learning.machine import card
from springfield.learning.machine.limits import MIB, card_bytes, room_of
from springfield.learning.machine.memory import private_bytes
from springfield.learning.planning.fits import Tries, smaller_sizes
from springfield.learning.planning.footprint import Footprint, measure
from springfield.learning.training.pace import Pace, epoch_seconds, plan_at
from springfield.recipe import Recipe
from springfield.verbs.members import deal_members, member_catalog
from springfield.verbs.split import share_out


def plan(data: str | Path, recipe: Recipe, *, progress: bool = True) -> dict[str, Any]:
    """Try out batch x precision x resolution until one fits, at the batch that the recipe names.

    Args:
        data: folder or table of images.
        recipe: of the training; `training.memory` is what it may take, else what is free.
        progress: show bars and tries on stderr.

    Returns:
        What `springfield plan --json` prints:

        ==================  ==========================================================
        key                 is
        ==================  ==========================================================
        data, images        the folder; images of an epoch
        classes, network    how many classes; the network's name
        device              cpu or gpu
        room_mb             memory that may be taken; `given` says whether by the recipe
        batch               images of a step of the optimizer, whatever fits at a time
        tries               each with size, precision, micro_batch, accumulation, peak_mb
                            (null: memory ran out), images_per_second, fits
        plan                the one that was chosen, with epoch_seconds and epochs
        settings            what to give `train` with --set for it
        smaller             whether images had to be made smaller, which costs accuracy
        ==================  ==========================================================

    Raises:
        MemoryShortError: nothing fits.
        SpringfieldError: the images or the recipe cannot be used.
    """
    if not recipe.tuning.whole:
        raise RecipeError("finetune.whole = false: a last layer alone trains on few images at once")
    catalog = _learned(Path(data), recipe, progress=progress)
    room = room_of(recipe.training.memory, card.device())
    # JAX is told a share of the card, so what the whole of it is has to be known
    said = private_bytes() if room.device == "cpu" else card.ON_TENSORFLOW or card_bytes()
    if said is None:
        raise MemoryShortError(
            "memory: this system does not say what a training takes, so nothing can be tried out; "
            "a training for which memory runs out goes on with smaller parts by itself"
        )
    if room.bytes is None:
        raise MemoryShortError("memory: this system does not say what is free; name --memory 4GB")
    size, classes = recipe.images.size or choose_size(catalog), len(training_rows(catalog).classes)

    def tried(changed: Recipe, side: int) -> Footprint:
        training = changed.training
        if progress:
            together = training.micro_batch or training.batch
            said = f"{together} images of {side} pixels at a time, {training.precision}"
            print(f"trying {said}", file=sys.stderr)
        return measure(changed, size=side, classes=classes, room=room.beside)

    tries = Tries(_alone(recipe), room, tried)
    found = tries.best(smaller_sizes(size))
    answer = _answer(catalog, recipe, tries, found)
    return {"data": str(data), **answer, "smaller": found.size < size}


def _learned(data: Path, recipe: Recipe, *, progress: bool) -> Catalog:
    """The images as a training shares them out; those of one member where there are several."""
    catalog = keep_largest(share_out(data, recipe, progress=progress), recipe.images.classes)
    catalog = cap_training(catalog, recipe.balance.cap, recipe.split.seed)
    if recipe.network.members == 1:
        return catalog
    return member_catalog(deal_members(catalog, recipe), 1)


def _alone(recipe: Recipe) -> Recipe:
    """The recipe of one network; members are trained one after the other."""
    return replace(recipe, network=replace(recipe.network, members=1))


def _answer(catalog: Catalog, recipe: Recipe, tries: Tries, found: Footprint) -> dict[str, Any]:
    unseen = np.empty((len(catalog), 0, 0, 3), np.uint8)  # how many there are is all that counts
    training = examples_of(catalog, unseen, "train")
    images, held_out = training.images_trained(recipe), int((catalog["part"] == "val").sum())
    pace = Pace(
        found.precision,
        found.images_per_second,
        found.answers_per_second,
        found.recalibrated_per_second,
    )
    planned = plan_at(recipe, pace, images, held_out)
    seconds = epoch_seconds(recipe, pace, images, held_out, planned.validate_every)
    foretold = {"epoch_seconds": round(seconds, 3), "epochs": planned.epochs}
    return {
        "images": training.epoch_length(recipe),
        "classes": len(training.classes),
        "network": recipe.network.name,
        "device": tries.room.device,
        "room_mb": round((tries.room.bytes or 0) / MIB),
        "given": tries.room.given,
        "batch": recipe.training.batch,
        "tries": [_row(each, recipe) | {"fits": tries.fits(each)} for each in tries.tried],
        "plan": _row(found, recipe) | foretold,
        "settings": _settings(recipe, found),
    }


def _row(footprint: Footprint, recipe: Recipe) -> dict[str, Any]:
    peak = footprint.peak
    return {
        "size": footprint.size,
        "precision": footprint.precision,
        "micro_batch": footprint.micro_batch,
        "accumulation": math.ceil(recipe.training.batch / footprint.micro_batch),
        "peak_mb": None if peak is None else round(peak / MIB),
        "images_per_second": round(footprint.images_per_second, 1) if peak else None,
    }


def _settings(recipe: Recipe, found: Footprint) -> list[str]:
    """What differs from the recipe; the size only where it had to be changed or chosen."""
    settings = [f"images.size={found.size}", f"training.precision={found.precision}"]
    if recipe.training.memory:
        settings.append(f"training.memory={recipe.training.memory.replace(' ', '')}")
    if found.micro_batch < recipe.training.batch:
        settings.append(f"training.micro_batch={found.micro_batch}")
    return settings
