"""Labels: which pictures look more like another class than like their own.

Each picture is judged by a ridge regression that has not seen it or anything nearly like it, on
random Fourier features (Rahimi and Recht, "Random features for large-scale kernel machines",
NIPS 2007) of its fingerprint. A class's scores are compared with what its own members usually
get (after Northcutt, Jiang and Chuang, "Confident learning", JAIR 2021), so that a rare class,
of which the regression knows little, is not accused more often than a common one.

This is cheap evidence, without any trained network: a list of pictures to look at, not a verdict.
With 1 % of wrong labels planted it accuses rightly about once in three; where all labels are
right, it still names up to `MOST` of the pictures, the odd ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.fingerprint import histograms, thumbnails

FOLDS = 5
COLOURS, LAYOUT = 1536, 1024  # random features of the histogram and of the thumbnail
RIDGE = 0.3  # share of the mean feature's energy
EVIDENCE = 0.4  # of 1: what a certain, wrong label comes to
COLUMNS = ("path", "label", "looks_like", "evidence")  # of the table of suspicions
MOST = 0.005  # accuse at most this share
FEWEST = 50  # pictures below which nothing can be said
CHUNK = 2048


@dataclass(frozen=True)
class Suspicion:
    """A picture, the class it looks more like, and by how much (0 to about 1)."""

    row: int
    looks_like: str
    evidence: float


def suspect_labels(catalog: Catalog, fingerprints: np.ndarray) -> list[Suspicion]:
    """Return the strongest suspicions, strongest first; the catalog needs the column `group`.

    `fingerprints` is uint8 [n, F], a row per row of the catalog. Unreadable files take no part;
    classes of fewer than `FOLDS` pictures are neither accused nor suggested.
    """
    counts = catalog.where(catalog["error"] == "").counts()
    known = [name for name in catalog.classes if counts.get(name, 0) >= FOLDS]
    rows = np.flatnonzero((catalog["error"] == "") & np.isin(catalog["label"], known))
    if len(rows) < FEWEST or len(known) < 2:
        return []
    truth = np.searchsorted(known, catalog["label"][rows])
    # Whole groups: its own copy on the other side would acquit every mislabelled picture.
    folds = np.random.default_rng(0).integers(0, FOLDS, len(catalog))[catalog["group"][rows]]
    if len(np.unique(folds)) == 1:
        return []  # nothing is left to judge by
    scores = _out_of_fold(_Features(fingerprints[rows]), truth, folds)  # [r, C]
    usual = np.array([scores[truth == k, k].mean() for k in range(len(known))])
    above = scores - usual
    own = np.take_along_axis(above, truth[:, None], 1)[:, 0].copy()
    np.put_along_axis(above, truth[:, None], -np.inf, 1)
    evidence = above.max(1) - own
    order = np.argsort(-evidence, kind="stable")[: int(MOST * len(rows))]
    return [
        Suspicion(int(rows[i]), known[int(above[i].argmax())], float(evidence[i]))
        for i in order
        if evidence[i] >= EVIDENCE
    ]


def _out_of_fold(features: _Features, truth: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Scores [r, C] of every picture by the regression fitted to the other folds."""
    wanted = np.eye(truth.max() + 1, dtype=np.float32)[truth]
    weight = np.bincount(truth)[truth] ** -0.5  # between every picture and every class alike
    weight = (weight / weight.mean()).astype(np.float32)
    total = features.normal_equations(np.arange(len(truth)), weight, wanted)
    scores = np.zeros_like(wanted)
    for fold in range(FOLDS):
        held_out = np.flatnonzero(folds == fold)
        part = features.normal_equations(held_out, weight, wanted)
        gram, target = total[0] - part[0], total[1] - part[1]
        gram[np.diag_indices_from(gram)] += RIDGE * np.trace(gram) / len(gram)
        solution = np.linalg.solve(gram, target)
        for rows in _chunks(held_out):
            scores[rows] = features.of(rows) @ solution
    return scores


class _Features:
    """Random Fourier features of fingerprints, made by the chunk: all at once would fill RAM."""

    def __init__(self, fingerprints: np.ndarray) -> None:
        self._parts = (histograms(fingerprints), thumbnails(fingerprints))
        self._waves = [
            _waves(part.reshape(len(part), -1), min(length, len(part)), seed)
            for seed, (part, length) in enumerate(zip(self._parts, (COLOURS, LAYOUT), strict=True))
        ]

    def of(self, rows: np.ndarray) -> np.ndarray:
        """Features of these rows, float32 [r, D]; the last one is 1."""
        columns = [
            np.cos(part[rows].reshape(len(rows), -1).astype(np.float32) @ waves + phases)
            for part, (waves, phases) in zip(self._parts, self._waves, strict=True)
        ]
        return np.concatenate([*columns, np.ones((len(rows), 1), np.float32)], 1)

    def normal_equations(
        self, rows: np.ndarray, weight: np.ndarray, wanted: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Weighted X'X [D, D] and X'Y [D, C] over these rows."""
        length = 1 + sum(len(phases) for _, phases in self._waves)
        gram = np.zeros((length, length), np.float32)
        target = np.zeros((length, wanted.shape[1]), np.float32)
        for chunk in _chunks(rows):
            x = self.of(chunk)
            weighted = x * weight[chunk, None]
            gram += weighted.T @ x
            target += weighted.T @ wanted[chunk]
        return gram, target


def _waves(values: np.ndarray, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies [d, length] and phases [length] of a Gaussian kernel over values [n, d]."""
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, len(values), (2, 1000))
    apart = ((values[one].astype(np.float32) - values[other]) ** 2).sum(1)
    # The kernel falls to 1/e at the median distance of two pictures.
    scale = np.sqrt(2 / max(float(np.median(apart)), 1.0))
    waves = rng.standard_normal((values.shape[1], length), np.float32) * np.float32(scale)
    return waves, rng.uniform(0, 2 * np.pi, length).astype(np.float32)


def _chunks(rows: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
