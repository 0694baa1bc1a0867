"""Checkpoint: everything training needs to go on as if it had never stopped.

One file holds the variables of network and optimizer (dropout's random state among them), the
place in the epoch and the history. It is written beside, flushed and renamed; the previous one
stays, and a damaged file is passed over for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from springfield.files import write_atomically
from springfield.learning.examples.balance import share_done

KEEP = 2  # files: the newest, and one to fall back on


@dataclass
class Progress:
    """Where training stands; plain numbers only."""

    epoch: int = 0
    step: int = 0  # steps of this epoch that are done
    seconds: float = 0.0  # training time so far
    loss_sum: float = 0.0  # over the steps of this epoch that are done
    hits: float = 0.0
    seen: int = 0
    best: float = -1.0  # highest validation macro-F1
    best_epoch: int = -1
    history: list[dict[str, float]] = field(default_factory=list)

    def images_per_second(self) -> float:
        """Images of this epoch per second of all that was done since the one before ended."""
        before = self.history[-1]["seconds"] if self.history else 0.0
        return self.seen / max(self.seconds - before, 1e-9)

    def mean_loss(self) -> float:
        """Mean training loss of this epoch so far."""
        return self.loss_sum / max(self.seen, 1)

    def kept_from(self, epochs: int) -> float:
        """How far a run of so many epochs had come at its best one, see `balance.share_done`."""
        return share_done(max(self.best_epoch, 0), epochs)

    def next_epoch(self) -> None:
        """Begin the next epoch."""
        self.epoch, self.step, self.seen = self.epoch + 1, 0, 0
        self.loss_sum = self.hits = 0.0


def save(folder: Path, model: keras.Model, best: list[np.ndarray], progress: Progress) -> None:
    """Write a checkpoint, and remove what an earlier, killed process left half-written.

    Args:
        folder: of checkpoints.
        model: compiled, its optimizer built.
        best: weights of the epoch with the highest score, as `model.get_weights()` gives them;
            empty before the first epoch ends.
        progress: where training stands.

    Raises:
        OutputError: no space or no permission; earlier checkpoints stay.
    """
    arrays: dict[str, Any] = {f"v{i:04d}": np.asarray(v) for i, v in enumerate(_variables(model))}
    arrays |= {f"b{i:04d}": weight for i, weight in enumerate(best)}
    buffer = io.BytesIO()
    np.savez(buffer, progress=json.dumps(asdict(progress)), **arrays)
    del arrays
    body = buffer.getbuffer()  # not copied: what lies here comes on top of the training
    name = f"{progress.epoch:06d}-{progress.step:06d}.npz"
    write_atomically(folder / name, hashlib.sha256(body).digest(), body)
    for old in [*folder.glob(".*.npz.*"), *sorted(folder.glob("*.npz"))[:-KEEP]]:
        with contextlib.suppress(OSError):  # on Windows another program may have it open
            old.unlink()


def is_begun(folder: Path) -> bool:
    """Whether there is anything to go on from."""
    return any(_whole(file) for file in folder.glob("*.npz"))


def restore(folder: Path, model: keras.Model) -> tuple[list[np.ndarray], Progress]:
    """Load the newest whole checkpoint into the model; a fresh `Progress` if there is none."""
    for file in sorted(folder.glob("*.npz"), reverse=True):
        content = _whole(file)
        if content is None:
            continue
        for i, variable in enumerate(_variables(model)):
            variable.assign(content[f"v{i:04d}"])
        best = [content[name] for name in content if name.startswith("b")]
        return best, Progress(**json.loads(str(content["progress"])))
    return [], Progress()


def _whole(file: Path) -> dict[str, Any] | None:
    """Contents of a checkpoint, or None when its checksum is wrong: a torn write or a bad disk."""
    body = file.read_bytes()
    if hashlib.sha256(body[32:]).digest() != body[:32]:
        return None
    with np.load(io.BytesIO(body[32:]), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
