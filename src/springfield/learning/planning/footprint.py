"""Footprint: the memory that a training takes, estimated from its network or measured by a try."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import asdict, dataclass, replace
from typing import Any

import keras

from springfield.errors import SpringfieldError
from springfield.learning.machine.child import last_words, run_child
from springfield.learning.machine.engine import seed_all, use_precision
from springfield.learning.machine.limits import MIB
from springfield.learning.machine.memory import ran_out
from springfield.learning.model.networks import build_network
from springfield.recipe import Recipe

FIXED = 600 * MIB  # of a process with TensorFlow and the graphs of a small network
COPIES = 10  # of the weights: gradients, the optimizer's, the average, the best, a checkpoint
KEPT = 2.0  # times the outputs of all operations: they stay for the way back, and gradients come


@dataclass(frozen=True)
class Footprint:
    """What a try took; bytes. Where it ran out of memory or was ended, there is no peak."""

    size: int  # side of the images in pixels
    precision: str
    micro_batch: int
    peak: int | None = None  # highest private memory, or the backend's own on a card
    empty: int = 0  # of it, before there was a network
    images_per_second: float = 0.0  # in training
    answers_per_second: float = 0.0
    recalibrated_per_second: float = 0.0  # see `Pace`


def estimate(recipe: Recipe, *, size: int, classes: int) -> int:
    """Bytes that a training takes about, from the outputs of its network's operations.

    For a plain training in float32 on a processor. It takes no try and no time.
    """
    seed_all(recipe.training.seed)
    use_precision("float32")
    network = replace(recipe.network, members=1)
    model = build_network(network, size=size, classes=classes)
    together = min(recipe.training.batch, recipe.training.micro_batch or recipe.training.batch)
    values = COPIES * model.count_params() + KEPT * together * _outputs(model)
    return FIXED + round(4 * values)


def measure(recipe: Recipe, *, size: int, classes: int, room: int | None) -> Footprint:
    """Train for a few steps in a process of its own.

    Args:
        recipe: with the precision and the micro batch to try.
        size: side of the images in pixels.
        classes: how many there are.
        room: bytes above which the process is refused more, on a processor; None: no limit.

    Raises:
        SpringfieldError: it failed for another reason than memory.
    """
    training = recipe.training
    asked = {"recipe": asdict(recipe), "size": size, "classes": classes, "room": room}
    tried = Footprint(size, training.precision, training.micro_batch or training.batch)
    with tempfile.TemporaryDirectory() as folder:  # it may be ended before it tidies up
        done = run_child(
            "springfield.learning.planning.tryout", said=json.dumps(asked), TMPDIR=folder
        )
    if done.returncode == 0:
        return replace(tried, **_answer(done.stdout))
    # ended by a signal: the kernel took it for the largest process, or a library gave up
    if done.returncode < 0 or "MemoryError" in done.stderr or ran_out(Exception(done.stderr)):
        return tried
    raise SpringfieldError(f"the recipe cannot be tried out: {last_words(done)}")


def _answer(said: str) -> dict[str, Any]:
    return dict(json.loads(said.splitlines()[-1]))


def _outputs(model: keras.Model) -> int:
    """Numbers that the operations of a network make of one image."""
    total = 0
    for operation in model.operations:
        if isinstance(operation, keras.Model):
            total += _outputs(operation)
            continue
        found = operation.output
        for tensor in found if isinstance(found, list | tuple) else [found]:
            total += math.prod(tensor.shape[1:])
    return total
