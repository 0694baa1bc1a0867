"""The learning curves for given exponent and spreads, where all is linear and Gaussian.

A measured recall is level + gain * rise(n) of the mean curve, plus the same of the class, plus the
luck that all classes share at that budget, plus chance. Given what all classes share, the classes
do not depend on each other; so each is a matter of 2 x 2 matrices, and what they share of one of
2 + B. Many exponents and spreads, H of them, are reckoned side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

REACH = 8.0  # the gain is counted from an eighth of the largest number of images
MIDDLE, WIDE = 0.5, 0.5  # what is known beforehand of the mean level; of its gain: 0, WIDE
Spreads = Mapping[str, np.ndarray]  # float64 [H] each, see `learning_curve.PRIORS`


@dataclass(frozen=True, eq=False)
class Points:
    """Measured recalls of C classes at B budgets."""

    images: np.ndarray  # float64 [B, C], training images of the class, at least 1
    recall: np.ndarray  # float64 [B, C]
    judged: np.ndarray  # float64 [C], held-out images that count, at least 1
    used: np.ndarray  # bool [B, C], the points that are there

    @property
    def most(self) -> float:
        """Images of the largest point in use."""
        return float(self.images[self.used].max())


def rise(images: np.ndarray, gamma: np.ndarray, most: float) -> np.ndarray:
    """What a curve of gain 1 has reached: 0 at `most` images, -1 at an eighth of them."""
    return np.asarray((1 - (most / images) ** gamma) / (REACH**gamma - 1))


def chance(points: Points, spreads: Spreads, most: float) -> np.ndarray:
    """Variance of each point around the curve of its class, all classes' luck aside: [H, B, C].

    `most` is the number of images that the spreads are given for; beyond it luck fades no more.
    """
    likely = (points.recall * points.judged + 1) / (points.judged + 2)
    binomial = likely * (1 - likely) / points.judged
    share, own = (spreads[name][:, None, None] for name in ("images", "own"))
    return np.asarray(share * binomial + own**2 * np.maximum(most / points.images, 1))


def _room(points: Points) -> np.ndarray:
    """How much each class can gain where it stands, against the mean of all: float64 [C].

    At equal gains in log-odds a recall r gains in proportion to r (1 - r): at 0.95 four times less
    than in the middle.
    """
    last = np.array([np.flatnonzero(own)[-1] if own.any() else 0 for own in points.used.T])
    classes = np.arange(len(last))
    recall = (points.recall[last, classes] + points.recall[np.maximum(last - 1, 0), classes]) / 2
    recall = (recall * points.judged + 2 * MIDDLE) / (points.judged + 2)
    recall = np.where(points.used.any(axis=0), recall, MIDDLE)
    room = recall * (1 - recall)
    return np.asarray(room / room.mean())


class Given:
    """The posterior for given exponent and spreads; `evidence` [H] is their log-likelihood."""

    def __init__(self, points: Points, spreads: Spreads) -> None:
        self.points, self.spreads = points, spreads
        rising = rise(points.images, spreads["gamma"][:, None, None], points.most)
        noise = chance(points, spreads, points.most)
        self.weight = points.used / noise  # [H, B, C]
        self.room = _room(points)
        self.own = np.stack([np.ones_like(rising), rising * self.room], axis=-1)  # [H, B, C, 2]
        luck = np.broadcast_to(
            np.eye(len(points.images))[:, None], (*rising.shape, rising.shape[1])
        )
        self.shared = np.concatenate([self.own, luck], axis=-1)  # [H, B, C, 2 + B]
        loose, tight = self._priors()
        inner = np.einsum("hbc,hbci,hbcj->hcij", self.weight, self.own, self.own)
        inner = inner + np.eye(2) / tight[:, None, None]
        self.across = np.einsum("hbc,hbci,hbcj->hcij", self.weight, self.own, self.shared)
        self.inverse = np.linalg.inv(inner)
        whole = np.einsum("hbc,hbci,hbcj->hij", self.weight, self.shared, self.shared)
        whole += np.eye(loose.shape[1]) / loose[:, None]
        whole -= np.einsum("hcik,hcij,hcjl->hkl", self.across, self.inverse, self.across)
        self.precision = whole
        volume = np.linalg.slogdet(whole)[1] + np.linalg.slogdet(inner)[1].sum(axis=1)
        volume += np.log(loose).sum(axis=1) + inner.shape[1] * np.log(tight).sum(axis=1)
        volume += np.log(np.where(points.used, noise, 1)).sum(axis=(1, 2))
        self.evidence = -(volume + self._misfit()) / 2

    def draw(self, recall: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, ...]:
        """Draw level and gain of each class, float64 [H, C] each; recall: [B, C] or [H, B, C]."""
        inner, outer, _ = self._pull(recall)
        mean = np.linalg.solve(self.precision, outer[..., None])[..., 0]
        root = np.linalg.cholesky(np.linalg.inv(self.precision))
        shared = mean + np.einsum("hij,hj->hi", root, random.standard_normal(mean.shape))
        inner = inner - np.einsum("hcij,hj->hci", self.across, shared)
        own = np.einsum("hcij,hcj->hci", self.inverse, inner)
        root = np.linalg.cholesky(self.inverse)
        own += np.einsum("hcij,hcj->hci", root, random.standard_normal(own.shape))
        level, gain = np.moveaxis(own + shared[:, None, :2], -1, 0)
        return level + MIDDLE, gain * self.room

    def _priors(self) -> tuple[np.ndarray, np.ndarray]:
        """Variances of what classes share, [H, 2 + B], and of what each has for itself, [H, 2]."""
        points, spreads = self.points, self.spreads
        there = points.used.sum(axis=1)
        images = (points.images * points.used).sum(axis=1) / np.maximum(there, 1)
        fading = points.most / np.where(there, images, points.most)
        luck = spreads["shared"][:, None] ** 2 * fading
        mean = np.full((len(luck), 2), WIDE**2)
        own = np.stack([spreads["level"], spreads["gain"]], axis=1) ** 2
        return np.concatenate([mean, luck], axis=1), own

    def _pull(self, recall: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How the points pull at each class, [H, C, 2], and at what they share, [H, 2 + B]."""
        pulled = self.weight * (recall - MIDDLE)
        inner = np.einsum("hbc,hbci->hci", pulled, self.own)
        outer = np.einsum("hbc,hbci->hi", pulled, self.shared)
        free = np.einsum("hcij,hcj->hci", self.inverse, inner)
        outer = outer - np.einsum("hcik,hci->hk", self.across, free)
        explained = (inner * free).sum(axis=(1, 2))
        return inner, outer, explained

    def _misfit(self) -> np.ndarray:
        """What the curves leave of the squared, weighted recalls, [H]."""
        _, outer, explained = self._pull(self.points.recall)
        mean = np.linalg.solve(self.precision, outer[..., None])[..., 0]
        whole = (self.weight * (self.points.recall - MIDDLE) ** 2).sum(axis=(1, 2))
        return np.asarray(whole - explained - (outer * mean).sum(axis=1))
