"""Comparison: whether one of many answers to the same images is better than the first.

Macro-F1 counts every class alike, so the rows of each class together weigh as much as those of any
other: the score is that of equally frequent classes. Counted by heads instead, as `metrics` does
for what is really there, one false alarm among a thousand common images halves the F1 of a class
with a single image, and a small validation part says nothing of rare classes at all.

All are judged by the same draws of the Bayesian bootstrap (see `intervals`), so what is hard for
all cancels out of a difference. A class's own hits and misses begin with Jeffreys' half an image
each, which all share: one image that is suddenly right says little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.learning.intervals import PRIOR

DRAWS, BLOCK = 1000, 50
SURE = 0.9  # chance that a gain is no accident, all tries together: one-sided
STANDARD_ERROR = 0.16  # quantile one standard error below the middle


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scores of K answers; the first is what the others are compared with."""

    accuracy: np.ndarray  # float64 [K], of the rows as they are
    macro_f1: np.ndarray  # float64 [K], of equally frequent classes
    difference: np.ndarray  # float64 [K], in macro-F1
    low: np.ndarray  # float64 [K]: none of the K differences is lower, at `SURE`
    high: np.ndarray  # float64 [K]
    allowed: np.ndarray  # bool [K], accuracy at most one standard error lower

    @property
    def best(self) -> int:
        """The one with the greatest gain, 0 where none is beyond chance; the earlier of equals."""
        gain = np.where(self.allowed & (self.low > 0), self.difference, 0.0)
        return int(gain.round(9).argmax())


def compare(answers: np.ndarray, truth: np.ndarray, groups: np.ndarray) -> Comparison:
    """Compare answers by the same images.

    The best of many is better than it should be by chance alone. A gain counts only where it is
    beyond what the best of all those that keep their accuracy gains by chance (the reality check
    of White 2000).

    Args:
        answers: class numbers, int64 [K, n], with n and K at least 1.
        truth: int64 [n].
        groups: number of each image's near-duplicate group, int64 [n].
    """
    accuracy = (answers == truth).mean(axis=1)
    macro_f1, first = _draws(answers, truth, groups)
    allowed = accuracy >= min(np.quantile(first, STANDARD_ERROR), accuracy[0])
    gains = macro_f1 - macro_f1[:1]
    middle = gains.mean(axis=1)
    chance = (gains - middle[:, None])[allowed]
    return Comparison(
        accuracy=accuracy,
        macro_f1=macro_f1.mean(axis=1),
        difference=middle,
        low=middle - np.quantile(chance.max(axis=0), SURE),
        high=middle + np.quantile((-chance).max(axis=0), SURE),
        allowed=allowed,
    )


def _draws(
    answers: np.ndarray, truth: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Macro-F1 of all, float64 [K, DRAWS], and accuracy of the first, [DRAWS]."""
    random = np.random.default_rng(0)
    cluster = np.unique(groups, return_inverse=True)[1]
    classes = int(max(answers.max(), truth.max())) + 1
    there = np.bincount(truth, minlength=classes) > 0
    true = np.eye(classes, dtype=np.float32)[truth]  # [n, C]
    macro_f1, first = np.empty((len(answers), DRAWS)), np.empty(DRAWS)
    for start in range(0, DRAWS, BLOCK):
        draws = slice(start, start + BLOCK)
        weights = random.standard_exponential((BLOCK, cluster.max() + 1), np.float32)[:, cluster]
        yes, no = random.standard_gamma(PRIOR, (2, BLOCK, classes))
        size = weights @ true + yes + no  # [BLOCK, C]
        share = weights / size[:, truth]  # of its class: each class weighs 1
        first[draws] = weights @ (answers[0] == truth) / weights.sum(axis=1)
        for k, answer in enumerate(answers):
            right = answer == truth
            recall = (share * right) @ true + yes / size
            alarms = (share * ~right) @ np.eye(classes, dtype=np.float32)[answer]
            f1 = 2 * recall / (1 + recall + alarms)
            macro_f1[k, draws] = f1[:, there].mean(axis=1)
    return macro_f1, first
