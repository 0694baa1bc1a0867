"""Outlook: what answers to images of unknown classes will score, and how their mix differs.

What carries over from the held-out images is how often each class is recognised: the recall. Its
precision does not, because that hangs on how many images of the other classes there are to be
mistaken for it. So the expected accuracy is the mean recall, weighted by how frequent the classes
are among the new images; the classifier's own probabilities tell that (`priors.estimate`, Saerens
et al. 2002). This is right where the classes look as they did and only their mix is another, which
is called label shift (Lipton, Wang & Smola 2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.learning.statistics.intervals import DRAWS, PRIOR, Evidence, bounds


@dataclass(frozen=True)
class Expected:
    """A score that is expected, with its 95 % interval."""

    score: float
    low: float
    high: float


def expected_score(evidence: Evidence, mix: np.ndarray, images: int) -> Expected | None:
    """Expected accuracy on new images; None where no class of theirs was judged.

    The interval holds what is unsure of the recalls, by the Bayesian bootstrap of `intervals`, and
    the luck of the draw of so many images. A class that was never judged may have any recall: the
    score takes it for as good as the others, the interval does not.

    Args:
        evidence: the held-out images.
        mix: shares of the classes among the new images, float64 [C].
        images: how many of them the score is made of.
    """
    hits, _, misses = evidence.tally()
    judged = hits + misses > 0
    if not mix[judged].sum():
        return None
    recall = hits[judged] / (hits + misses)[judged]
    score = float(mix[judged] @ recall / mix[judged].sum())
    random = np.random.default_rng(0)
    clusters = int(evidence.clusters.max()) + 1
    known, unknown = np.empty((2, DRAWS))
    for i in range(DRAWS):
        weights = random.standard_exponential(clusters)[evidence.clusters]
        hits, _, misses = evidence.tally(weights)
        prior = evidence.per_scene * random.standard_gamma(PRIOR, (2, len(mix)))
        yes, no = np.stack([hits, misses.clip(0)]) + prior
        known[i], unknown[i] = (mix * yes / (yes + no)) @ np.stack([judged, ~judged], 1)
    # As in `intervals.macro`, the pull of each class's prior adds up: only the spread is used.
    share = mix[judged].sum()
    chances = (known - known.mean() + share * score).clip(0, share) + unknown
    drawn = random.binomial(images, chances.clip(0, 1)) / images
    return Expected(score, *bounds(score, drawn))


@dataclass(frozen=True)
class Shift:
    """How far two mixes of classes differ."""

    moved: float  # share of the new answers that would have to be others (total variation)
    g: float  # Wilks' G
    p: float  # chance of so high a G where both are the same mix


def compare_mixes(before: np.ndarray, now: np.ndarray) -> Shift:
    """Test whether answers, counted by class, may come from one mix: int64 [C] each, some in both.

    A permutation test: all answers are shuffled and dealt anew.
    """
    both = np.stack([before, now])
    dealt = np.random.default_rng(0).multivariate_hypergeometric(
        both.sum(axis=0), int(now.sum()), size=DRAWS, method="marginals"
    )
    g = _g(before, now)
    chance = _g(both.sum(axis=0) - dealt, dealt)
    shares = both / both.sum(axis=1, keepdims=True)
    return Shift(
        moved=float(np.abs(shares[0] - shares[1]).sum() / 2),
        g=float(g),
        p=float((1 + (chance >= g - 1e-9).sum()) / (1 + DRAWS)),
    )


def _g(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """G of counts [..., C] against both in one: 2 sum(seen log(seen / expected))."""
    both = before + now
    total = both.sum(axis=-1, keepdims=True)
    g = np.zeros(both.shape[:-1])
    for seen in (before, now):
        expected = both * seen.sum(axis=-1, keepdims=True) / total
        g += 2 * (seen * np.log(np.where(seen > 0, seen / np.maximum(expected, 1e-30), 1))).sum(-1)
    return np.asarray(g)
