"""Comparison: whether one of many answers to the same images is better than the first.

Macro-F1 counts every class alike, so the rows of each class together weigh as much as those of any
other: the score is that of equally frequent classes. Counted by heads instead, as `metrics` does
for what is really there, one false alarm among a thousand common images halves the F1 of a class
with a single image, and a small validation part says nothing of rare classes at all.

If an answer were no better than the first, the two could be swapped for any scene and nobody would
notice. So they are swapped at random, many times: a gain counts where it is beyond the greatest
that any of the answers gets that way in nine of ten rounds (randomisation test, Fisher 1935; with
the maximum over all tries, Westfall & Young 1993). Unlike a bootstrap this holds for classes of one
validation image as well, and it allows for the choice of the best among many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.learning.statistics.intervals import f1_of

ROUNDS = 2000
SURE = 0.9  # share of the rounds that a gain has to be beyond


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scores of K answers; the first is what the others are compared with."""

    accuracy: np.ndarray  # float64 [K], of the rows as they are
    macro_f1: np.ndarray  # float64 [K], of equally frequent classes
    allowed: np.ndarray  # bool [K], accuracy at most one standard error lower
    chance: float  # gain in macro-F1 that some answer gets by chance

    @property
    def difference(self) -> np.ndarray:
        """In macro-F1 to the first, float64 [K]."""
        return np.asarray(self.macro_f1 - self.macro_f1[0])

    @property
    def best(self) -> int:
        """The one with the greatest gain, 0 where none is beyond chance; the earlier of equals."""
        beyond = self.allowed & (self.difference > self.chance + 1e-9)
        return int(np.where(beyond, self.difference, 0.0).round(9).argmax())


def compare(answers: np.ndarray, truth: np.ndarray, groups: np.ndarray) -> Comparison:
    """Compare answers by the same images.

    Args:
        answers: class numbers, int64 [K, n], with n and K at least 1.
        truth: int64 [n].
        groups: number of each image's near-duplicate group, int64 [n]; they are swapped together.
    """
    scene = np.unique(groups, return_inverse=True)[1]
    right = answers == truth
    accuracy = right.mean(axis=1)
    allowed = accuracy >= accuracy[0] - _standard_error(right[0], scene) - 1e-9
    classes = int(max(answers.max(), truth.max())) + 1
    first = _tally(answers[0], truth, classes)
    there = np.bincount(truth, minlength=classes) > 0
    swaps = np.random.default_rng(0).integers(0, 2, (ROUNDS, scene.max() + 1), dtype=np.bool_)
    greatest, macro_f1 = np.zeros(ROUNDS), []
    for answer, may_win in zip(answers, allowed, strict=True):
        tally = _tally(answer, truth, classes)  # one at a time: of a thousand classes it is large
        macro_f1.append(float(_macro_f1(tally.sum(axis=0), there)))
        if may_win:
            apart = answer != answers[0]
            swapped = swaps[:, scene[apart]].astype(np.float32) @ (tally - first)[apart]
            one, other = tally.sum(axis=0) - swapped, first.sum(axis=0) + swapped
            np.maximum(greatest, _macro_f1(one, there) - _macro_f1(other, there), out=greatest)
    return Comparison(accuracy, np.array(macro_f1), allowed, float(np.quantile(greatest, SURE)))


def _standard_error(right: np.ndarray, scene: np.ndarray) -> float:
    """Of the share of right answers, bool [n], where those of a scene go together."""
    together = np.bincount(scene, right - right.mean())
    return float(np.sqrt((together**2).sum()) / len(right))


def _tally(answer: np.ndarray, truth: np.ndarray, classes: int) -> np.ndarray:
    """Of each row its share in hits and in false alarms of each class: float32 [n, 2 C]."""
    share = (1 / np.bincount(truth)[truth])[:, None]  # of its class: each class weighs 1
    right = (answer == truth)[:, None]
    said = np.eye(classes)[answer] * share
    return np.concatenate([said * right, said * ~right], axis=1).astype(np.float32)


def _macro_f1(sums: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Of sums of tallies [..., 2 C], over the classes that are there: [...]."""
    hits, alarms = np.split(sums, 2, axis=-1)
    return np.asarray(f1_of(hits, alarms, 1 - hits)[..., there].mean(axis=-1))
