"""Batches: from the store to the network, prepared one step ahead in a thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from springfield.images.catalog import Catalog
from springfield.learning.examples.augment import draw_epoch, vary
from springfield.learning.examples.balance import deal_epoch, quotas
from springfield.learning.examples.mixing import mix_batch
from springfield.recipe import Recipe

AHEAD = 3  # batches kept ready


@dataclass(frozen=True, eq=False)
class Examples:
    """Labelled rows of the store."""

    images: np.ndarray  # uint8 [N, S, S, 3], memory-mapped, all rows of the catalog
    rows: np.ndarray  # int64 [n], those meant here
    labels: np.ndarray  # int64 [n], class number of each
    classes: tuple[str, ...]
    groups: np.ndarray | None = None  # int64 [n], near-duplicate group of each; None: all alone

    def where(self, chosen: np.ndarray) -> Examples:
        """Those of the rows that a mask or places choose, of the same images."""
        groups = None if self.groups is None else self.groups[chosen]
        return replace(self, rows=self.rows[chosen], labels=self.labels[chosen], groups=groups)

    def at_most(self, each: int) -> Examples:
        """At most so many of each class, class by class."""
        own = [np.flatnonzero(self.labels == c) for c in range(len(self.classes))]
        return self.where(np.concatenate([at_even_steps(places, each) for places in own]))

    def counts(self) -> np.ndarray:
        """Rows of each class, int64 [C]."""
        return np.bincount(self.labels, minlength=len(self.classes))

    def epoch_length(self, recipe: Recipe) -> int:
        """Images in one epoch, whichever it is."""
        return int(quotas(self.counts(), recipe.balance).sum())

    def steps(self, recipe: Recipe) -> int:
        """Batches in one epoch; a rest smaller than a batch waits for its next shuffle."""
        return max(1, self.epoch_length(recipe) // recipe.training.batch)

    def images_trained(self, recipe: Recipe) -> int:
        """Images in the steps of an epoch."""
        return min(self.epoch_length(recipe), self.steps(recipe) * recipe.training.batch)


def at_even_steps(places: np.ndarray, most: int) -> np.ndarray:
    """At most so many of them, all along: neighbouring files are often of one scene."""
    steps = np.linspace(0, len(places) - 1, min(most, len(places)))
    return places[steps.round().astype(int)]


def examples_of(catalog: Catalog, images: np.ndarray, part: str) -> Examples:
    """Return the rows of one part.

    Args:
        catalog: rows with ``label`` and ``part``, and ``group`` if it is known.
        images: uint8 [n, S, S, 3], row i is the catalog's row i.
        part: "train", "val" or "test".
    """
    rows = np.flatnonzero(catalog["part"] == part)
    classes = training_rows(catalog).classes
    number = {name: c for c, name in enumerate(classes)}
    labels = np.array([number[label] for label in catalog["label"][rows].tolist()], np.int64)
    groups = catalog["group"][rows] if "group" in catalog else None
    return Examples(images, rows, labels, classes, groups)


def training_rows(catalog: Catalog) -> Catalog:
    """Return the rows that are learned from."""
    return catalog.where(catalog["part"] == "train")


Batch = tuple[np.ndarray, np.ndarray]  # uint8 [B, S, S, 3], float32 [B, C]


def epoch_batches(
    data: Examples,
    recipe: Recipe,
    *,
    epoch: int,
    epochs: int,
    first_step: int = 0,
    sides: Sequence[int] = (),
) -> Iterator[Batch]:
    """Yield the batches of one epoch from `first_step` on, always the same for the same epoch.

    Args:
        data: rows to learn from.
        recipe: how they are sampled and varied.
        epoch: from 0.
        epochs: of the whole run; sampling may change on the way.
        first_step: from 0.
        sides: s of each step's images, in pixels; none: as they are in the store.

    Yields:
        images uint8 [B, s, s, 3] and targets float32 [B, C].
    """
    seed, size, whole = recipe.training.seed, recipe.training.batch, data.images.shape[1]
    order = deal_epoch(data.labels, recipe.balance, seed=seed, epoch=epoch, epochs=epochs)
    draws = draw_epoch(len(order), recipe.augment, seed=seed, epoch=epoch)
    rarer = data.counts() if recipe.augment.remix else None

    def make(step: int) -> Batch:
        places = range(step * size, min((step + 1) * size, len(order)))
        chosen, side = order[places.start : places.stop], sides[step] if sides else whole
        images = np.empty((len(chosen), side, side, 3), np.uint8)
        for i, (row, place) in enumerate(zip(data.rows[chosen], places, strict=True)):
            images[i] = vary(data.images[row], draws, place, side)
        targets = np.eye(len(data.classes), dtype=np.float32)[data.labels[chosen]]
        return mix_batch(images, targets, draws.mix.of(places), rarer)

    return _ahead(make, range(first_step, data.steps(recipe)))


def _ahead(make: Callable[[int], Batch], steps: range) -> Iterator[Batch]:
    """Run `make` in a thread, `AHEAD` results ahead of the reader."""
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(AHEAD)
    stopped = threading.Event()

    def work() -> None:
        try:
            for step in steps:
                if stopped.is_set():
                    return
                ready.put(make(step))
            ready.put(None)
        except BaseException as problem:  # handed to the reader, who raises it
            ready.put(problem)

    threading.Thread(target=work, daemon=True).start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        while not ready.empty():
            ready.get_nowait()
