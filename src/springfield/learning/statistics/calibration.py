"""Calibration: probabilities that can be believed, and sets of classes that hold the right one.

Both are fitted on validation rows, which no weight was fitted on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

LEVEL = 0.9  # share of images whose set is to hold the true class
COOLEST, HOTTEST = 0.2, 5.0  # temperatures searched
FEWEST = 10  # scenes below which a temperature would be noise


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities, and probabilities become sets of classes."""

    temperature: float = 1.0
    level: float = LEVEL
    lowest: tuple[float, ...] = ()  # C probabilities: from there up a class belongs to the set
    own: tuple[bool, ...] = ()  # C: whether that comes from the class's own images

    def sets(self, probabilities: np.ndarray, named: np.ndarray | None = None) -> np.ndarray:
        """Return the classes each image may be, the one that is named always among them.

        Args:
            probabilities: float32 [n, C], as the classifier answers, whatever prior is asked for:
                the promise to each class holds for these.
            named: class number that each image is given, int64 [n]; None: the likeliest.

        Returns:
            bool [n, C].
        """
        inside = probabilities >= np.array(self.lowest, np.float32)
        if len(probabilities):
            named = probabilities.argmax(axis=1) if named is None else named
            inside[np.arange(len(probabilities)), named] = True
        return inside


def calibrate(
    logits: np.ndarray, labels: np.ndarray, groups: np.ndarray | None = None, level: float = LEVEL
) -> Calibration:
    """Fit temperature and sets.

    Args:
        logits: float32 [n, V, C], of V views of each image; their softmax is averaged.
        labels: class number of each image, int64 [n].
        groups: near-duplicate group of each image, int64 [n]; None: all are alone.
        level: share of the images of each class whose set is to hold it; of a class with too few
            scenes for that, n, at least n / (n + 1), and of all such classes together the level.
    """
    scenes = np.arange(len(labels)) if groups is None else groups
    temperature = fit_temperature(logits, labels, scenes)
    probabilities = probabilities_of(logits, temperature)
    lowest, own = _lowest(probabilities, labels, scenes, level)
    return Calibration(temperature, level, lowest, own)


def probabilities_of(
    logits: np.ndarray, temperature: float, offset: np.ndarray | float = 0.0
) -> np.ndarray:
    """Softmax at a temperature, averaged over the views: float32 [n, V, C] -> [n, C].

    An offset for each class, [C], is added when the logits have been divided.
    """
    return np.asarray(softmax(logits / temperature + offset).mean(axis=1))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities from logits [..., C], without an overflow."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def fit_temperature(
    logits: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray,
    offset: np.ndarray | float = 0.0,
) -> float:
    """Return the temperature of least log loss (Guo et al. 2017); 1 where there are too few scenes.

    The arguments are those of `calibrate` and `probabilities_of`. Found by golden-section search on
    its logarithm.
    """
    if len(np.unique(groups)) < FEWEST:
        return 1.0

    def loss(log_temperature: float) -> float:
        given = probabilities_of(logits, math.exp(log_temperature), offset)
        return log_loss(given, labels, groups)

    low, high = math.log(COOLEST), math.log(HOTTEST)
    golden = (math.sqrt(5) - 1) / 2
    while high - low > 1e-3:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return round(math.exp((low + high) / 2), 4)


def log_loss(probabilities: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> float:
    """Mean log loss of probabilities [n, C], in which each scene counts once.

    n scenes that are all named rightly are no proof that all will be: as Platt (1999) does, a label
    is taken to be true with n + 1 chances of n + 2.
    """
    _, scene, frames = np.unique(groups, return_inverse=True, return_counts=True)
    weight = 1 / (frames[scene] * len(frames))  # [n], 1 in all
    doubt = 1 / (len(frames) + 2)
    logs = -np.log(np.maximum(probabilities, 1e-12))  # [n, C]
    own = logs[np.arange(len(labels)), labels]
    others = (logs.sum(axis=1) - own) / max(logs.shape[1] - 1, 1)
    return float(weight @ ((1 - doubt) * own + doubt * others))


def _lowest(
    probabilities: np.ndarray, labels: np.ndarray, groups: np.ndarray, level: float
) -> tuple[tuple[float, ...], tuple[bool, ...]]:
    """Class-conditional thresholds (Vovk 2012; Sadinle, Lei & Wasserman 2019).

    The frames of a scene are one draw, told by the first of them. A class with too few draws for a
    threshold of its own shares one with all such classes, as classes of like difficulty do in Ding
    et al. 2023, but none above its own draws: n of these hold n of n + 1 future ones, however hard
    the class is. Where even all together are too few, they belong to every set.
    """
    classes = probabilities.shape[1]
    firsts = np.unique(np.stack([labels, groups]), axis=1, return_index=True)[1]
    labels, given = labels[firsts], probabilities[firsts, labels[firsts]]  # to the true class
    enough = math.ceil(level / (1 - level) - 1e-9)  # with fewer, no quantile reaches the level
    own = np.bincount(labels, minlength=classes) >= enough
    shared = _quantile(given[~own[labels]], level)
    of_class = [given[labels == c] for c in range(classes)]
    lowest = [
        _quantile(draws, level) if own[c] else _rounded_down(draws.min(initial=shared))
        for c, draws in enumerate(of_class)
    ]
    return tuple(lowest), tuple(bool(each) for each in own)


def _quantile(given: np.ndarray, level: float) -> float:
    """The value that `level` of future ones reach or exceed, for exchangeable draws; 0: unknown."""
    allowed = len(given) - math.ceil((len(given) + 1) * level)  # how many may fall below
    return _rounded_down(np.sort(given)[allowed]) if allowed >= 0 else 0.0


def _rounded_down(probability: float) -> float:
    return math.floor(probability * 1e6) / 1e6
