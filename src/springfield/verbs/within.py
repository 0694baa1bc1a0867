"""Within: a training keeps within the memory there is, and goes on when that runs out.

``micro_batch`` in run.json says how many images a run looks at together; its recipe says what was
asked for. It only ever becomes smaller, and every change is among the run's warnings.

Where main memory is one pool, a convolution that finds none of it left may end the process instead
of saying so (TensorFlow 2.21 with oneDNN). Where it stood is left in crash.txt then, and the
training goes on in smaller parts when it is resumed.
"""

from __future__ import annotations

import faulthandler
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from springfield.errors import MemoryShortError
from springfield.learning.machine import card, engine
from springfield.learning.machine.limits import has_risen, kills, room_of
from springfield.learning.machine.memory import give_back, private_bytes, ran_out
from springfield.learning.planning.fits import SHARE, Tries
from springfield.learning.planning.footprint import estimate, measure
from springfield.recipe import Recipe
from springfield.run import Run

Result = TypeVar("Result")

# The page says these in its language, see `results/page/said.py`.
FITTING = (
    "memory has room for {n} images at a time: the gradients of such parts add up to a batch of "
    "{total}, and batch normalisation and dropout see each part alone"
)
RAN_OUT = "memory ran out in epoch {epoch}; from the last checkpoint on, {n} images at a time"
RAN_OUT_LAST = "memory ran out while the classifier was made; it goes on, {n} images at a time"
CRASHED = (
    "the training crashed ({reason}), as TensorFlow may where memory runs out; it goes on, {n} "
    "images at a time"
)
KILLED = "the system ended the training for want of memory; it goes on, {n} images at a time"


def settled(run: Run) -> Recipe:
    """The run's recipe with the micro batch, and the precision, that its memory has room for."""
    recipe, facts = run.recipe, run.facts
    precision = facts.get("precision") or recipe.training.precision
    together = facts.get("micro_batch", recipe.training.micro_batch)
    return replace(
        recipe,
        training=replace(recipe.training, micro_batch=together, precision=precision),
    )


def settle(run: Run, *, progress: bool) -> None:
    """Decide how many images a run looks at together, once; fewer if it was ended for memory.

    Whatever is clearly small is not measured, nor what trains on a card: there running out is an
    error like others, and `within_memory` sees to it.

    Raises:
        MemoryShortError: not even one image at a time fits.
    """
    engine.start_for(run.recipe.training)
    facts = run.facts
    if "micro_batch" not in facts:
        run.note(**_first(run, progress=progress))
    elif facts["state"] == "training" and has_risen(facts.get("kills", {}), kills()):
        _halve(run, KILLED)
    elif facts["state"] == "training" and (left := _left_by_a_crash(run)):
        _halve(run, CRASHED, reason=left.splitlines()[0])
    run.crash_file.unlink(missing_ok=True)


def within_memory(run: Run, work: Callable[[], Result], says: str = RAN_OUT) -> Result:
    """Do the work; when memory runs out, say so and do it again with smaller parts.

    Raises:
        MemoryShortError: not even one image at a time fits.
    """
    while True:
        run.note(kills=kills())
        try:
            with _crash_kept(run):
                return work()
        except Exception as problem:
            if not ran_out(problem):
                raise
        # the error is gone by now, and with it what it held
        give_back()
        _halve(run, says, epoch=_epoch(run))


def _first(run: Run, *, progress: bool) -> dict[str, Any]:
    """The micro batch, and the precision where measuring it decided that, too."""
    recipe, facts = run.recipe, run.facts
    size, classes = facts["size"], len(facts["train_counts"])
    asked = {"micro_batch": recipe.training.micro_batch}
    planned = asked["micro_batch"] or "plan" in facts
    if planned or not recipe.tuning.whole or card.device() == "gpu":
        return asked
    if private_bytes() is None:  # the system does not say what a try takes
        return asked
    room = room_of(recipe.training.memory, "cpu")
    if room.bytes is None or estimate(recipe, size=size, classes=classes) < SHARE * room.bytes:
        return asked
    if progress:
        print("little memory: trying out how many images fit at a time", file=sys.stderr)
    trial = partial(measure, classes=classes, room=room.beside)
    tries = Tries(recipe, room, lambda changed, side: trial(changed, size=side))
    found = tries.best([size])
    batch = recipe.training.batch
    if found.micro_batch >= batch:
        return {**asked, "precision": found.precision}  # the other one may not fit
    said = FITTING.format(n=found.micro_batch, total=batch)
    return {
        "micro_batch": found.micro_batch,
        "precision": found.precision,
        "warnings": [*facts["warnings"], said],
    }


@contextmanager
def _crash_kept(run: Run) -> Iterator[None]:
    if not card.is_pool():
        yield
        return
    with ExitStack() as afterwards:
        afterwards.callback(run.crash_file.unlink, missing_ok=True)
        file = afterwards.enter_context(run.crash_file.open("w"))
        before = faulthandler.enable if faulthandler.is_enabled() else faulthandler.disable
        afterwards.callback(before)
        faulthandler.enable(file)
        yield


def _left_by_a_crash(run: Run) -> str:
    return run.crash_file.read_text("utf-8", "replace") if run.crash_file.exists() else ""


def _halve(run: Run, says: str, **known: Any) -> None:
    facts, training = run.facts, settled(run).training
    learning = min(training.micro_batch or training.batch, training.batch)
    before = training.at_a_time if says == RAN_OUT_LAST else learning
    if before == 1:
        raise MemoryShortError(
            f"memory does not suffice for a single image of {facts['size']} pixels at a time; "
            "begin anew with a smaller images.size or network"
        )
    now = math.ceil(before / 2)
    warning = says.format(n=now, **known)
    print(f"springfield: {warning}", file=sys.stderr)
    run.note(micro_batch=now, warnings=[*facts["warnings"], warning])


def _epoch(run: Run) -> int:
    """The epoch that was under way, from 1; history.csv has a row for each before."""
    if not run.history_file.exists():
        return 1
    return len(run.history_file.read_text(encoding="utf-8").splitlines())
