"""Prototypes: classes added from a few images, without training.

A class is the mean direction of its images' features: an imprinted prototype (Qi, Brown & Lowe,
"Low-shot learning with imprinted weights", 2018; Snell, Swersky & Zemel, "Prototypical networks for
few-shot learning", 2017). Before, features are brought to where images of one class vary alike in
all directions, as linear discriminant analysis does: a network spreads classes along the
directions that it was trained to tell apart, and a class it never saw differs along others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from springfield.learning.explaining.neighbours import unit

# Chosen on three networks of 13 characters each, with the 14th added from 5 images, 30 times.
STAY = 0.95  # share of the training images that are more like their classes than like an added one
SHARPNESS = 15.0  # log-odds for the added class per unit of likeness beyond that
SHRINKAGE = 0.3  # of the variation within classes, towards the same in every direction


@dataclass(frozen=True, eq=False)
class Contest:
    """The trained classes as an added one meets them."""

    centre: np.ndarray  # float32 [F]
    whitening: np.ndarray  # float32 [F, F]
    means: np.ndarray  # float32 [C, F], of length 1
    images: np.ndarray  # float32 [m, F], of length 1

    @classmethod
    def of(cls, features: np.ndarray, labels: np.ndarray) -> Contest:
        """Learn it from training images.

        Args:
            features: float32 [m, F].
            labels: class of each image, str [m].
        """
        lengths = unit(features)
        number = np.unique(labels, return_inverse=True)[1]
        centre = lengths.mean(axis=0)
        whitening = _whitening(lengths - _means(lengths, number)[number])
        images = unit((lengths - centre) @ whitening)
        return cls(centre, whitening, unit(_means(images, number)), images)

    def add(self, classes: Mapping[str, np.ndarray]) -> Prototypes:
        """Prototypes of classes known by their images' features, name: float32 [k, F]."""
        directions = [self.directions(each) for each in classes.values()]
        means = np.stack([unit(each.mean(axis=0)) for each in directions])
        trained = np.quantile(self.ahead(means, self.images), STAY, axis=0)
        own = np.array([self._own(each) for each in directions])
        # Where the two are far apart the boundary lies half-way.
        even = np.maximum(trained, (trained + own) / 2)
        return Prototypes(self, tuple(classes), means, even)

    def _own(self, directions: np.ndarray) -> float:
        """How far ahead a class's own images are, each by the prototype of the others."""
        if len(directions) == 1:
            return 0.0
        rest = unit(directions.sum(axis=0) - directions)
        nearest = (directions @ self.means.T).max(axis=1)
        return float(np.median((directions * rest).sum(axis=1) - nearest))

    def directions(self, features: np.ndarray) -> np.ndarray:
        """Features [..., F] as they are compared, of length 1."""
        return unit((unit(features) - self.centre) @ self.whitening)

    def ahead(self, means: np.ndarray, directions: np.ndarray) -> np.ndarray:
        """How much more alike images are to prototypes than to the nearest trained class.

        Args:
            means: prototypes, float32 [P, F].
            directions: of images, float32 [..., F].

        Returns:
            float32 [..., P], a difference of two cosines.
        """
        nearest = (directions @ self.means.T).max(axis=-1, keepdims=True)
        return np.asarray(directions @ means.T - nearest)


@dataclass(frozen=True, eq=False)
class Prototypes:
    """Classes added to those a classifier was trained on."""

    contest: Contest
    names: tuple[str, ...]
    means: np.ndarray  # float32 [P, F], of length 1
    even: np.ndarray  # float32 [P], how far ahead both are equally likely

    def join(self, probabilities: np.ndarray, features: np.ndarray) -> np.ndarray:
        """Probabilities of the trained and the added classes together.

        Args:
            probabilities: of the trained ones for one image, float32 [C].
            features: of the same image, float32 [F].

        Returns:
            float32 [C + P].
        """
        ahead = self.contest.ahead(self.means, self.contest.directions(features))
        odds = np.exp(SHARPNESS * (ahead - self.even))
        joined = np.concatenate([probabilities, odds]) / (1 + odds.sum())
        return np.asarray(joined, np.float32)


def _means(images: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Mean of each class, float32 [C, F], by the class number of each image."""
    return np.stack([images[number == c].mean(axis=0) for c in range(number.max() + 1)])


def _whitening(within: np.ndarray) -> np.ndarray:
    """What makes deviations from the class means, [m, F], even in all directions: [F, F]."""
    variances, axes = np.linalg.eigh(within.T @ within / len(within))
    return np.asarray(axes / np.sqrt(variances + SHRINKAGE * variances.mean() + 1e-12))
