"""Heads: other last layers for a trained network, fitted on the features it makes of its images.

A network that learned from uneven classes has good features and a last layer that leans towards
the frequent ones (Kang et al. 2020, "Decoupling representation and classifier for long-tailed
recognition"). Each method here makes a last layer that answers as if all classes were equally
frequent; `Head.leaning` takes part of that back. `fitted` makes the first one of a network whose
features others trained. Pure NumPy, and always the same for the same features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from springfield.learning.statistics.calibration import softmax

MOMENTUM = 0.9
RADIUS = 0.7  # of the ball that MaxNorm keeps each class's weights in, for the same features
SHRINKAGE = 0.3  # of the variation within classes, towards the same in every direction
BLOCK = 4096  # rows of features that are looked at together
SPREAD = 2.0  # standard deviation of the logits, where a method leaves their scale open


@dataclass(frozen=True)
class Descent:
    """How a head is learned; the decay is of weights, for features of variance 1."""

    steps: int
    batch: int
    rate: float
    decay: float


ANEW = Descent(steps=500, batch=128, rate=0.1, decay=0.02)
FIRST = Descent(steps=1500, batch=256, rate=0.02, decay=0.003)


@dataclass(frozen=True, eq=False)
class Head:
    """A last layer."""

    kernel: np.ndarray  # float32 [F, C]
    bias: np.ndarray  # float32 [C]

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Of features float32 [..., F], as float32 [..., C]."""
        return np.asarray(features @ self.kernel + self.bias, np.float32)

    def divided(self, temperature: float | np.ndarray) -> Head:
        """With all logits, or those of each class [C], divided."""
        return Head(self.kernel / temperature, self.bias / temperature)

    def leaning(self, log_prior: np.ndarray) -> Head:
        """With an offset for each class, [C], such as the logarithm of how frequent it is."""
        return Head(self.kernel, (self.bias + log_prior).astype(np.float32))


@dataclass(frozen=True, eq=False)
class Lessons:
    """What heads are fitted on: training rows, as the trained network sees them."""

    features: np.ndarray  # float32 [n, V, F], of V views of each image
    labels: np.ndarray  # int64 [n], every class of the plain head is there
    plain: Head  # the trained one, its logits calibrated
    log_prior: np.ndarray  # float64 [C], logarithm of the prior that it assumes

    def views(self) -> tuple[np.ndarray, np.ndarray]:
        """Every view as a row of its own: float32 [m, F], int64 [m]."""
        rows, views, width = self.features.shape
        return self.features.reshape(rows * views, width), np.repeat(self.labels, views)

    def means(self) -> np.ndarray:
        """Mean features of each class, float32 [C, F]."""
        one = self.features.mean(axis=1)
        classes = range(len(self.plain.bias))
        return np.stack([one[self.labels == c].mean(axis=0) for c in classes])


def fitted(features: np.ndarray, labels: np.ndarray, shares: np.ndarray) -> Head:
    """Multinomial logistic regression, a first head for features that know nothing of the classes.

    Args:
        features: float32 [n, V, F], of V views of each image.
        labels: int64 [n], every class is there.
        shares: in which the classes are drawn, [C].
    """
    rows = np.asarray(features).reshape(-1, features.shape[2])  # not as the map of a file
    return _descend((rows, np.repeat(labels, features.shape[1])), FIRST, shares=shares)


def logit_adjusted(lessons: Lessons) -> Head:
    """Post-hoc logit adjustment (Menon et al. 2021): less what frequency alone had added."""
    return lessons.plain.leaning(-lessons.log_prior)


def normalised(lessons: Lessons, tau: float) -> Head:
    """tau-normalisation (Kang et al. 2020): weights of frequent classes tend to be longer.

    As there the bias is left out, which leans towards frequent classes, too.
    """
    length = np.linalg.norm(lessons.plain.kernel, axis=0)
    middle = np.exp(np.log(np.maximum(length, 1e-12)).mean())
    unbiased = Head(lessons.plain.kernel, np.zeros_like(lessons.plain.bias))
    return unbiased.divided((np.maximum(length, 1e-12) / middle) ** tau)


def retrained(lessons: Lessons) -> Head:
    """Classifier re-training, cRT (Kang et al. 2020): learned anew from evenly drawn classes."""
    return _descend(lessons.views(), ANEW)


def retrained_in_ball(lessons: Lessons) -> Head:
    """The same with MaxNorm (Alshammari et al. 2022): no class's weights may grow beyond a ball."""

    def pull_back(kernel: np.ndarray) -> None:
        length = np.linalg.norm(kernel, axis=0)
        kernel *= np.minimum(1, RADIUS / np.maximum(length, 1e-12))

    return _descend(lessons.views(), ANEW, constrain=pull_back)


def rescaled(lessons: Lessons) -> Head:
    """Learnable weight scaling, LWS (Kang et al. 2020): a factor for each class, drawn evenly."""
    features, labels = lessons.views()
    logits = lessons.plain.logits(features)
    scale = np.ones(logits.shape[1])
    speed = np.zeros_like(scale)
    for rows, rate in _batches(labels, ANEW):
        error = softmax(logits[rows] * scale)
        error[np.arange(len(rows)), labels[rows]] -= 1
        speed = MOMENTUM * speed - rate * (error * logits[rows]).mean(axis=0)
        scale += speed
    return lessons.plain.divided(1 / np.maximum(scale, 0.01))


def nearest_mean(lessons: Lessons) -> Head:
    """Nearest class mean (Mensink et al. 2013; Kang et al. 2020), by Euclidean distance."""
    means = lessons.means()
    return _spread(Head(means.T, -(means**2).sum(axis=1) / 2), lessons)


def nearest_direction(lessons: Lessons) -> Head:
    """The same by the angle between a feature and the class means."""
    means = lessons.means()
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return _spread(Head(means.T, np.zeros(len(means))), lessons)


def nearest_whitened(lessons: Lessons) -> Head:
    """The same where images of one class vary alike in all directions (Fisher 1936).

    That is linear discriminant analysis; all classes tell how images of one class vary, so that a
    class of three images borrows from the frequent ones.
    """
    means, one = lessons.means(), lessons.features.mean(axis=1)
    within = one - means[lessons.labels]
    variation = within.T @ within / len(within)
    even = np.eye(len(variation)) * np.trace(variation) / len(variation)
    kernel = np.linalg.solve(
        (1 - SHRINKAGE) * variation + (SHRINKAGE + 1e-6) * even + 1e-12 * np.eye(len(even)), means.T
    )
    return _spread(Head(kernel, -(means.T * kernel).sum(axis=0) / 2), lessons)


@dataclass(frozen=True)
class Method:
    """A way to a head, and how far towards equally frequent classes it is tried."""

    fit: Callable[[Lessons], Head]
    taus: tuple[float, ...]  # 0: as frequent as they are, 1: equally frequent


# The simplest first: at an equal score it is the one that is kept.
METHODS = {
    "logit-adjustment": Method(logit_adjusted, (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)),
    "nearest-mean": Method(nearest_mean, (1.0,)),
    "nearest-direction": Method(nearest_direction, (1.0,)),
    "whitened-means": Method(nearest_whitened, (0.5, 0.75, 1.0)),
    "lws": Method(rescaled, (0.5, 0.75, 1.0)),
    "crt": Method(retrained, (0.5, 0.75, 1.0)),
    "crt-maxnorm": Method(retrained_in_ball, (0.5, 0.75, 1.0)),
}
NORMALISED = "tau-norm"  # is tried with exponents of its own; how even it is has to be measured
EXPONENTS = (0.25, 0.5, 0.75, 1.0)


def _descend(
    views: tuple[np.ndarray, np.ndarray],
    descent: Descent,
    *,
    shares: np.ndarray | None = None,
    constrain: Callable[[np.ndarray], None] = lambda kernel: None,
) -> Head:
    """Softmax regression by gradient descent with momentum, on features of variance 1."""
    features, labels = views
    centre = features.mean(axis=0)
    size = max(_deviation(features, centre), 1e-12)
    kernel = np.zeros((features.shape[1], labels.max() + 1), np.float32)
    bias = np.zeros(kernel.shape[1], np.float32)
    speeds = np.zeros_like(kernel), np.zeros_like(bias)
    for rows, rate in _batches(labels, descent, shares):
        seen = (features[rows] - centre) / size
        error = softmax(seen @ kernel + bias)
        error[np.arange(len(rows)), labels[rows]] -= 1
        error /= len(rows)
        gradients = seen.T @ error + descent.decay * kernel, error.sum(axis=0)
        for value, speed, gradient in zip((kernel, bias), speeds, gradients, strict=True):
            speed *= MOMENTUM
            speed -= rate * gradient
            value += speed
        constrain(kernel)
    return Head(kernel / size, bias - centre @ kernel / size)


def _deviation(features: np.ndarray, centre: np.ndarray) -> float:
    """Standard deviation of features [n, F], block by block: NumPy's makes a copy of them all."""
    blocks = (features[start : start + BLOCK] - centre for start in range(0, len(features), BLOCK))
    return float(np.sqrt(sum(float(np.square(block).sum()) for block in blocks) / features.size))


def _batches(
    labels: np.ndarray, descent: Descent, shares: np.ndarray | None = None
) -> list[tuple[np.ndarray, float]]:
    """Row numbers of every step, and its learning rate.

    Classes are drawn in these shares, or each as likely as any other.
    """
    random = np.random.default_rng(0)
    counts = np.bincount(labels)
    order, before = np.argsort(labels, kind="stable"), np.cumsum(counts) - counts
    drawn = random.choice(np.flatnonzero(counts), (descent.steps, descent.batch), p=shares)
    place = (random.random(drawn.shape) * counts[drawn]).astype(np.int64)
    rates = descent.rate * (1 + np.cos(np.pi * np.arange(descent.steps) / descent.steps)) / 2
    return list(zip(order[before[drawn] + place], rates.tolist(), strict=True))


def _spread(head: Head, lessons: Lessons) -> Head:
    """Bring logits to a size at which a temperature can be searched."""
    deviation = float(head.logits(lessons.features.mean(axis=1)).std())
    return head.divided(max(deviation, 1e-12) / SPREAD)
