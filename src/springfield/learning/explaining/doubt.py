"""Doubt: labels that a trained network, and the training images most like each, speak against.

Only images that no weight was fitted on are judged. Of those it learned from the network knows the
label by heart, right or wrong, so that nothing honest can be said of them.

An image's label is compared with the label that suits it best. How well a label suits is the
label's probability as a share of what the class's own images usually get (after Northcutt, Jiang
and Chuang, "Confident learning", JAIR 2021), so that a class of which the network is never sure is
not accused more often than one it knows well, nor named more often after a rebalancing; and, in
the same way, the label's share among the nearest training images, of which every class has equally
many. Constants were chosen on real pictures with planted wrong labels; see benchmarks/labels.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from springfield.learning.answering.classifier import Classifier
from springfield.learning.explaining.neighbours import Neighbours

NEAREST = 10  # training images asked about each, or half a class's if that is fewer
LIKE_ANY = 5  # images of the usual kind added to each class: what is usual, three cannot tell
FLOOR, NEAR_FLOOR = 0.03, 0.1  # of what is usual; how much less than that it is does not count
NEAR_WEIGHT = 0.5  # of the neighbours; the network's probabilities have 1
EVIDENCE = 0.9  # of 1: as much as can be
MOST = 0.03  # accuse at most this share
FEWEST = 50  # images below which nothing can be said


@dataclass(frozen=True, eq=False)
class Heard:
    """What n images are taken for by those who have not learned their labels."""

    probabilities: np.ndarray  # float32 [n, C]
    near: np.ndarray  # int64 [n, C], how many of the nearest training images bear each label
    shares: np.ndarray  # float64 [n, C], the same if every class had equally many to be near


@dataclass(frozen=True)
class Doubt:
    """An image whose label is in doubt."""

    row: int
    looks_like: int  # class number
    evidence: float  # 0 to 1
    usual: float  # probability of the label that images bearing it usually get


def hear(
    classifier: Classifier, neighbours: Neighbours, images: Iterable[np.ndarray]
) -> tuple[Heard, np.ndarray]:
    """What a classifier and its neighbours say of images it has not learned from.

    Args:
        classifier: of C classes.
        neighbours: that were kept with it.
        images: each uint8 [S, S, 3].

    Returns:
        That, and the features of the images, float32 [n, F].
    """
    answers = classifier.answer(images, activation=False)
    kept = np.array([(neighbours.labels == name).sum() for name in classifier.classes])
    asked = int(np.clip(kept.mean() / 2, 1, NEAREST))
    near = neighbours.labels_near(answers.features, classifier.classes, asked)
    shares = near / np.maximum(kept, 1)
    shares /= shares.sum(axis=1, keepdims=True)
    return Heard(answers.probabilities, near, shares), answers.features


def together(heard: Sequence[Heard]) -> Heard:
    """What several classifiers of the same classes say, one after the other."""
    return Heard(
        np.concatenate([each.probabilities for each in heard]),
        np.concatenate([each.near for each in heard]),
        np.concatenate([each.shares for each in heard]),
    )


def doubt_labels(heard: Heard, labels: np.ndarray) -> list[Doubt]:
    """The labels most in doubt, the strongest doubt first; class numbers, int64 [n]."""
    n = len(labels)
    if n < FEWEST:
        return []
    usual = _usual(heard.probabilities, labels)
    suits = _suits(heard.probabilities, usual, FLOOR)
    suits += NEAR_WEIGHT * _suits(heard.shares, _usual(heard.shares, labels), NEAR_FLOOR)
    own = suits[np.arange(n), labels].copy()
    suits[np.arange(n), labels] = -np.inf
    most = math.log1p(1 / FLOOR) + NEAR_WEIGHT * math.log1p(1 / NEAR_FLOOR)
    evidence = (suits.max(axis=1) - own) / most
    order = np.argsort(-evidence, kind="stable")[: int(MOST * n)]
    return [
        Doubt(int(i), int(suits[i].argmax()), float(evidence[i]), float(usual[labels[i]]))
        for i in order
        if evidence[i] >= EVIDENCE
    ]


def _usual(shares: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """What the images of each class usually get of their own label, [C]."""
    own = shares[np.arange(len(labels)), labels]
    count = np.bincount(labels, minlength=shares.shape[1])
    total = np.bincount(labels, own, minlength=shares.shape[1])
    return np.asarray((total + LIKE_ANY * own.mean()) / (count + LIKE_ANY))


def _suits(shares: np.ndarray, usual: np.ndarray, floor: float) -> np.ndarray:
    """How well each label suits each image, from log(floor) up to about 0, [n, C]."""
    return np.asarray(np.log(np.minimum(shares / np.maximum(usual, 1e-6), 1) + floor))
