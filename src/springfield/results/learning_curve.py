"""The learning curves of all classes at once: recall as an inverse power law of the images.

With n training images of it, class c is taken to have the recall

    f_c(n) = a_c - b_c * n ** -gamma,    a_c <= 1,  b_c >= 0,  gamma > 0

(Cortes et al. 1993; Figueroa et al. 2012; Mahmood et al. 2022). The exponent is one for all
classes, and level and gain of each are drawn towards those of the mean curve as far as the points
say that classes are alike: a class with two noisy points borrows its shape from the others, with a
gain in proportion to the room there is for it. A point departs from its curve by the luck of the
training, all classes' or its own, and by that of the held-out images. Luck, and with it misfit,
fades with the root of n: the first budgets, where no curve is a power law yet, count for little.

For given exponent and spreads all is Gaussian (`curve_posterior`). Those are drawn from their
priors and weighted by how well they explain the points, over some rounds that come closer to where
the weight is (population Monte Carlo, Cappe et al. 2004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.results.curve_posterior import Given, Points, Spreads, rise

DRAWS = 1000
ROUNDS, TRIED, AT_ONCE = 4, 2000, 250
HEAVY = 5.0  # degrees of freedom: the rounds must not miss a tail
# Bounds of the log-uniform priors, in units of recall.
PRIORS = {
    "gamma": (0.05, 1.5),
    "level": (0.01, 0.3),  # of the classes around the mean curve, at the largest budget
    "gain": (0.003, 0.2),  # likewise, from an eighth of it
    "shared": (0.005, 0.05),  # luck of a training, at the largest budget
    "own": (0.003, 0.1),  # luck of a class in it
    "images": (0.05, 1.0),  # share of the binomial variance that a new training draws anew
}
BOUNDS = np.log(np.array(list(PRIORS.values())))  # [6, 2]


@dataclass(frozen=True, eq=False)
class Curves:
    """Draws of the curves of C classes from their posterior: R of each."""

    most: float  # images that level and gain refer to
    level: np.ndarray  # float64 [R, C], recall at `most`; may lie beyond 0 or 1
    gain: np.ndarray  # float64 [R, C], from an eighth of `most`; may be negative
    spreads: Spreads  # float64 [R] each, see PRIORS

    def at(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Recall with so many training images of each class, [C], and what they expect.

        Returns:
            Draws that rise and keep between 0 and 1, float64 [R, C], and the middle of what they
            were before, [C]. Where many draws are cut off their own mean is biased: in one class
            that is caution, in the mean of 42 it adds up.
        """
        risen = rise(images, self.spreads["gamma"][:, None], self.most)
        plain = (self.level + self.gain * risen).mean(axis=0)
        draws = self.level + np.maximum(self.gain, 0) * risen
        return draws.clip(0, 1), plain.clip(0, 1)

    def along(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Recall of each class and its mean along rising numbers of images [G]; inf is the limit.

        Returns:
            float32 [C, R, G], a gigabyte for two thousand classes, and float64 [R, G], rising.
        """
        rounds, count = self.level.shape
        classes = np.empty((count, rounds, len(images)), np.float32)
        mean = np.empty((rounds, len(images)))
        for step, n in enumerate(images):
            draws, plain = self.at(np.full(count, n))
            classes[..., step] = draws.T
            mean[:, step] = around(draws.mean(axis=1), plain.mean())
        return classes, np.maximum.accumulate(mean, axis=-1)


def around(draws: np.ndarray, centre: float) -> np.ndarray:
    """Draws [R] of a mean recall moved to its centre."""
    return np.asarray((draws - draws.mean() + centre).clip(0, 1))


def fit_curves(points: Points, recalls: np.ndarray | None = None, seed: int = 0) -> Curves:
    """Fit the curves of all classes.

    Args:
        points: what was measured.
        recalls: what might have been measured on other held-out images, float64 [DRAWS, B, C]; the
            curves then hold for images nobody has seen. None: for the held-out images at hand.
        seed: of the draws.
    """
    random = np.random.default_rng(seed)
    spreads = _weighted(points, random)
    level, gain = Given(points, spreads).draw(points.recall if recalls is None else recalls, random)
    return Curves(points.most, level, gain, spreads)


def _weighted(points: Points, random: np.random.Generator) -> Spreads:
    """Exponent and spreads as the points make them likely, float64 [DRAWS] each."""
    low, high = BOUNDS.T
    tried = random.uniform(low, high, (TRIED, len(low)))
    log_density = np.zeros(TRIED)
    for turn in range(ROUNDS):
        inside = ((tried >= low) & (tried <= high)).all(axis=1)
        weight = np.where(inside, _evidence(points, tried.clip(low, high)) - log_density, -np.inf)
        weight = np.exp(weight - weight.max())
        weight /= weight.sum()
        if turn < ROUNDS - 1:
            tried, log_density = _nearer(tried, weight, random)
    chosen = random.choice(TRIED, DRAWS, p=weight)
    return dict(zip(PRIORS, np.exp(tried[chosen]).T, strict=True))


def _evidence(points: Points, tried: np.ndarray) -> np.ndarray:
    """Log-likelihood of each row of log-spreads, [TRIED]."""
    parts = []
    for start in range(0, TRIED, AT_ONCE):
        rows = np.exp(tried[start : start + AT_ONCE])
        parts.append(Given(points, dict(zip(PRIORS, rows.T, strict=True))).evidence)
    return np.concatenate(parts)


def _nearer(
    tried: np.ndarray, weight: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """New rows around where the weight is, and the logarithm of their density."""
    size = tried.shape[1]
    centre = weight @ tried
    spread = (tried - centre).T @ ((tried - centre) * weight[:, None])
    spread += np.diag(0.02 * (BOUNDS[:, 1] - BOUNDS[:, 0])) ** 2  # few rows may have all the weight
    root = np.linalg.cholesky(spread)
    length = np.sqrt(HEAVY / random.chisquare(HEAVY, TRIED))
    step = random.standard_normal((TRIED, size)) * length[:, None]  # Student's t
    log_density = -(HEAVY + size) / 2 * np.log1p((step**2).sum(axis=1) / HEAVY)
    return centre + step @ root.T, log_density
