"""What a network got right after each budget of training images, image by image."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from springfield.errors import DataError
from springfield.files import csv_text
from springfield.learning.statistics.intervals import PRIOR
from springfield.results.curve_posterior import Points
from springfield.results.learning_curve import DRAWS

FIXED = ("path", "truth", "group")


@dataclass(frozen=True, eq=False)
class Measured:
    """Held-out images, which of them were answered right, and after how many training images."""

    train: dict[str, int]  # training images of each class, without a cap
    budgets: tuple[int, ...]  # at most so many of them in each class, rising
    paths: np.ndarray  # str [n]
    truth: np.ndarray  # str [n]
    groups: np.ndarray  # int64 [n], near duplicates share one
    right: np.ndarray  # float64 [B, n], in what share of the trainings

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Those that have a held-out image, C of them."""
        there = set(self.truth.tolist())
        return tuple(name for name in self.train if name in there)

    @cached_property
    def counts(self) -> np.ndarray:
        """Training images of each judged class at each budget, int64 [B, C]."""
        natural = np.array([self.train[name] for name in self.classes])
        return np.minimum(np.array(self.budgets)[:, None], natural)

    @cached_property
    def held_out(self) -> np.ndarray:
        """Held-out images of each judged class, int64 [C]."""
        return np.array([(self.truth == name).sum() for name in self.classes])

    @property
    def recall(self) -> np.ndarray:
        """Of each judged class at each budget, float64 [B, C]."""
        rows = [self.right[:, self.truth == name].mean(axis=1) for name in self.classes]
        return np.stack(rows, axis=1)

    def points(self, used: np.ndarray | None = None) -> Points:
        """As the fit takes them; the curve of a class ends with its own images."""
        groups = [len(np.unique(self.groups[self.truth == name])) for name in self.classes]
        there = self.own_points() if used is None else used
        return Points(self.counts.astype(float), self.recall, np.array(groups, float), there)

    def own_points(self) -> np.ndarray:
        """Budgets that gave a class more images than the one before, bool [B, C]."""
        return np.diff(self.counts, axis=0, prepend=0) > 0

    def resampled(self) -> np.ndarray:
        """Recalls as other held-out images might have shown them, float64 [DRAWS, B, C].

        The Bayesian bootstrap of `springfield.learning.statistics.intervals`, the same images at
        every budget.
        """
        random = np.random.default_rng(0)
        cluster = np.unique(self.groups, return_inverse=True)[1]
        weights = random.standard_exponential((DRAWS, int(cluster.max()) + 1))
        found = np.empty((DRAWS, *self.counts.shape))
        for c, name in enumerate(self.classes):
            rows = np.flatnonzero(self.truth == name)
            each = weights[:, cluster[rows]]
            per_scene = len(rows) / len(np.unique(cluster[rows]))
            yes, no = per_scene * random.standard_gamma(PRIOR, (2, DRAWS, 1))
            hits = each @ self.right[:, rows].T + yes
            found[:, :, c] = hits / (each.sum(axis=1, keepdims=True) + yes + no)
        return found

    def to_csv(self) -> str:
        """A row per held-out image, a column per budget; `read_measured` reads it back."""
        columns = self.right.T.tolist()
        rows = (
            [path, truth, group, *(f"{share:g}" for share in shares)]
            for path, truth, group, shares in zip(
                self.paths, self.truth, self.groups.tolist(), columns, strict=True
            )
        )
        return csv_text([*FIXED, *map(str, self.budgets)], rows)


def read_measured(file: Path, train: dict[str, int]) -> Measured:
    """Read `Measured.to_csv`. Raises `DataError` when it is damaged."""
    try:
        with file.open(newline="", encoding="utf-8", errors="surrogateescape") as handle:
            names, *rows = csv.reader(handle)
        paths, truth, groups, *shares = zip(*rows, strict=True)
        return Measured(
            train,
            tuple(map(int, names[len(FIXED) :])),
            np.array(paths, np.str_),
            np.array(truth, np.str_),
            np.array(groups, np.int64),
            np.array(shares, np.float64).reshape(len(shares), len(rows)),
        )
    except (OSError, ValueError, csv.Error) as problem:
        raise DataError(
            f"{file} is damaged ({problem}); remove it, and it is made again"
        ) from problem
