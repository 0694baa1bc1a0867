"""Prototypes: classes added from a few images, without training.

A class is the mean direction of its images' features: an imprinted prototype (Qi, Brown & Lowe,
"Low-shot learning with imprinted weights", 2018; Snell, Swersky & Zemel, "Prototypical networks",
2017), of features from which the mean of all has been taken (Wang et al., "SimpleShot", 2019). It
takes an image from the trained classes when the image is more like it than like any of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from springfield.learning.neighbours import unit


@dataclass(frozen=True, eq=False)
class Contest:
    """How likeness to a prototype weighs against likeness to the trained classes."""

    centre: np.ndarray  # float32 [F]
    trained: np.ndarray  # float32 [C, F], of length 1
    scale: float  # log-odds for an added class per unit of likeness
    offset: float

    @classmethod
    def of(cls, features: np.ndarray, labels: np.ndarray) -> Contest:
        """Learn it from training images: float32 [m, F], str [m]."""
        centre = unit(features).mean(axis=0)
        directions = unit(unit(features) - centre)
        trained = np.stack([_mean(directions[labels == name]) for name in np.unique(labels)])
        return cls(centre, trained, 10.0, 0.0)

    def prototypes(self, added: Mapping[str, np.ndarray]) -> Prototypes:
        """Prototypes of classes known by their images' features, name: float32 [k, F]."""
        means = [_mean(self._directions(features)) for features in added.values()]
        return Prototypes(self, tuple(added), np.stack(means))

    def _directions(self, features: np.ndarray) -> np.ndarray:
        return unit(unit(features) - self.centre)


@dataclass(frozen=True, eq=False)
class Prototypes:
    """Classes added to those a classifier was trained on."""

    contest: Contest
    names: tuple[str, ...]
    means: np.ndarray  # float32 [P, F], of length 1

    def join(self, probabilities: np.ndarray, features: np.ndarray) -> np.ndarray:
        """Probabilities of the trained and the added classes together.

        Args:
            probabilities: of the trained ones, float32 [C].
            features: of the same image, float32 [F].

        Returns:
            float32 [C + P].
        """
        contest = self.contest
        direction = contest._directions(features)
        ahead = self.means @ direction - (contest.trained @ direction).max()
        odds = np.exp(contest.scale * ahead + contest.offset)
        return np.concatenate([probabilities, odds]) / (1 + odds.sum())


def _mean(directions: np.ndarray) -> np.ndarray:
    return unit(directions.mean(axis=0))
