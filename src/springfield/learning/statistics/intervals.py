"""What the scores might have been, had the held-out images been others.

Every interval comes from one set of draws, the Bayesian bootstrap (Rubin 1981): each held-out
image gets a random weight from the exponential distribution, and near-duplicates of one scene
share one weight, because they are one piece of evidence (cluster bootstrap). Sums of such weights
are Gamma variates, so adding Gamma(1/2) to a class's hits, misses and false alarms gives the
posterior of precision, recall and F1 under Jeffreys' prior (Goutte & Gaussier 2005, "A
probabilistic interpretation of precision, recall and F-score"). That matters where n is tiny: the
ordinary bootstrap of 3 right answers out of 3 says [1, 1], this says [0.5, 1]. Where images come in
scenes the prior counts in scenes, too: 100 frames of one scene say no more than a single image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

DRAWS = 2000
LEVEL = (0.025, 0.975)  # the 95 % interval
PRIOR = 0.5  # Jeffreys


@dataclass(frozen=True)
class Evidence:
    """Judged images: what they are, what was answered, and which of them belong together."""

    truth: np.ndarray  # int64 [n]
    answers: np.ndarray  # int64 [n]
    clusters: np.ndarray  # int64 [n], numbered from 0
    classes: int

    @property
    def right(self) -> np.ndarray:
        return np.asarray(self.truth == self.answers)

    @cached_property
    def scenes(self) -> np.ndarray:
        """How many clusters show each class, int64 [C]."""
        pairs = np.unique(np.stack([self.truth, self.clusters]), axis=1)
        return np.bincount(pairs[0], minlength=self.classes)

    @cached_property
    def per_scene(self) -> np.ndarray:
        """Images to a scene, of those of each class: float64 [C]; 1 where it has none."""
        images = np.bincount(self.truth, minlength=self.classes)
        return np.asarray(np.maximum(images, 1) / np.maximum(self.scenes, 1))

    def tally(self, weights: np.ndarray | None = None) -> tuple[np.ndarray, ...]:
        """Weighted hits, false alarms and misses of each class, float64 [C] each."""
        each = np.ones(len(self.truth)) if weights is None else weights
        hit = np.bincount(self.truth, each * self.right, self.classes)
        said = np.bincount(self.answers, each, self.classes)
        true = np.bincount(self.truth, each, self.classes)
        return hit, said - hit, true - hit


@dataclass(frozen=True)
class Draws:
    """What the scores might have been, had the held-out images been others."""

    accuracy: np.ndarray  # float64 [DRAWS]
    f1: np.ndarray  # float64 [DRAWS, C]


def f1_of(hits: np.ndarray, false_alarms: np.ndarray, misses: np.ndarray) -> np.ndarray:
    """F1 from counts of any shape; 0 where there is nothing to judge."""
    whole = np.asarray(2 * hits + false_alarms + misses, np.float64)
    out = np.zeros_like(whole)
    np.divide(2 * hits, whole, out=out, where=whole > 0)
    return out


def macro_f1_of(truth: np.ndarray, answers: np.ndarray) -> float:
    """Mean F1 over the classes that occur in `truth`; both [n], numbers of classes or names."""
    right = truth == answers
    tallies = [
        (np.sum(of & right), np.sum(said & ~right), np.sum(of & ~right))
        for each in np.unique(truth)
        for of, said in [(truth == each, answers == each)]
    ]
    return float(f1_of(*np.array(tallies).T).mean())


def draw(evidence: Evidence, seed: int) -> Draws:
    """Draw from the posterior of accuracy and of each class's F1; see the head of this file."""
    random = np.random.default_rng(seed)
    clusters = int(evidence.clusters.max(initial=-1)) + 1
    per_scene = max(len(evidence.truth), 1) / max(len(np.unique(evidence.clusters)), 1)
    accuracy = np.empty(DRAWS)
    f1 = np.empty((DRAWS, evidence.classes))
    for i in range(DRAWS):
        weights = random.standard_exponential(clusters)[evidence.clusters]
        counts = np.stack(evidence.tally(weights))  # [3, C]
        prior = evidence.per_scene * random.standard_gamma(PRIOR, counts.shape)
        f1[i] = f1_of(*(counts + prior).clip(0))
        right, wrong = weights @ evidence.right, weights @ ~evidence.right
        yes, no = np.array([right, wrong]) + per_scene * random.standard_gamma(PRIOR, 2)
        accuracy[i] = yes / (yes + no)
    return Draws(accuracy, f1)


def interval(value: float | None, draws: np.ndarray) -> tuple[float | None, float | None]:
    """The 95 % interval of an estimate from its draws [DRAWS]; None where there is no estimate."""
    return (None, None) if value is None else bounds(value, draws)


def bounds(value: float, draws: np.ndarray) -> tuple[float, float]:
    """The same of an estimate that is there.

    One at 0 or 1 lies beyond every draw; the interval then ends there (Brown, Cai & DasGupta 2001,
    on Jeffreys' interval).
    """
    low, high = np.quantile(draws, LEVEL)
    return min(float(low), value), max(float(high), value)


def macro(
    f1: np.ndarray, draws: np.ndarray, judged: np.ndarray
) -> tuple[float | None, float | None, float | None]:
    """Mean F1 over the judged classes with its interval.

    Each class's prior pulls its F1 a little towards the middle. In one class that is caution; in
    the mean of 42 it adds up to a bias, so the spread of the draws is laid around the estimate.
    That has no room for the caution where most classes are at 0 or 1: there the classes' own
    intervals are added up by their squares (Zou & Donner 2008, "square-and-add"), and the wider of
    both counts.

    f1: [C]; draws: [DRAWS, C]; judged: bool [C].
    """
    if not judged.any():
        return None, None, None
    value = float(f1[judged].mean())
    means = draws[:, judged].mean(axis=1)
    spread = np.quantile((means - means.mean() + value).clip(0, 1), LEVEL)
    below, above = f1[judged] - np.quantile(draws[:, judged], LEVEL, axis=0)  # [judged] each
    n = judged.sum()
    low = min(spread[0], value - np.linalg.norm(below.clip(0)) / n)
    high = max(spread[1], value + np.linalg.norm(above.clip(None, 0)) / n)
    return value, max(float(low), 0.0), min(float(high), 1.0)
