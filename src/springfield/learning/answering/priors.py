"""Priors: how frequent the classes are taken to be, and how answers change when that is not so.

Probabilities hold where the classes are as frequent as the classifier assumes. Where they are not,
Bayes' rule says what becomes of them, without another look at the images.
"""

from __future__ import annotations

import numpy as np

from springfield.errors import SpringfieldError, did_you_mean
from springfield.learning.answering.classifier import Description
from springfield.learning.examples.guard import corrections
from springfield.recipe import Balance

WANTED = ("natural", "uniform", "estimated")
CAUTION = 10.0  # images' worth of belief in the assumed prior
ROUNDS = 1000  # of the estimate, at most
SETTLED = 1e-6  # change of a share below which it is found


def learned_prior(counts: np.ndarray, balance: Balance, done: float = 1.0) -> np.ndarray:
    """The prior that a network assumes after training with a balance, float64 [C].

    That is the shares in which it saw the classes at last, weights of the loss included; a loss
    with an offset takes its part of it out again (Menon et al. 2021, Ren et al. 2020). Margins and
    focal loss are blind to frequency.

    Args:
        counts: training images per class, int64 [C], each at least 1.
        balance: of the recipe.
        done: how far the run had come when it had these weights, as `share_done` says.
    """
    assumed = np.prod([counts, *corrections(counts, balance, done).values()], axis=0)
    return np.asarray(assumed / assumed.sum())


def adjust(probabilities: np.ndarray, assumed: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Probabilities under another prior (Bayes' rule; Saerens, Latinne & Decaestecker 2002).

    Args:
        probabilities: float32 [n, C]; rows of NaN stay.
        assumed: the prior that they hold for, positive, [C], or [n, C] for each its own.
        wanted: the prior to hold for, [C].

    Returns:
        float32 [n, C].
    """
    weighed = probabilities * (np.asarray(wanted, np.float64) / assumed)
    total = weighed.sum(axis=1, keepdims=True)
    return np.asarray(weighed / np.maximum(total, 1e-30), np.float32)


def estimate(
    probabilities: np.ndarray, assumed: np.ndarray, caution: float = CAUTION
) -> np.ndarray:
    """The prior among unlabelled images, by expectation maximisation (Saerens et al. 2002).

    Smoothed as if some images of the assumed prior had been seen beside them (a Dirichlet prior),
    so that a handful of images changes little.

    Args:
        probabilities: float32 [n, C], that hold for `assumed`.
        assumed: [C], positive.
        caution: how many images of the assumed prior; 0: what these images say alone.

    Returns:
        float64 [C].
    """
    shares = np.array(assumed, np.float64)
    for _ in range(ROUNDS):
        counted = adjust(probabilities, assumed, shares).sum(axis=0, dtype=np.float64)
        before, shares = shares, counted + caution * np.asarray(assumed)
        shares /= shares.sum()
        if np.abs(shares - before).max() < SETTLED:
            break
    return shares


def check_prior(wanted: str | None, description: Description) -> None:
    """Make sure, before any work, that a classifier's answers can be had `under_prior`.

    Raises `SpringfieldError` when there is no such prior, or nobody knows which one the classifier
    assumes.
    """
    if wanted is not None and wanted not in WANTED:
        raise SpringfieldError(f"unknown prior '{wanted}'{did_you_mean(wanted, WANTED)}")
    if wanted is not None and not description.prior:
        raise SpringfieldError(
            f"nobody knows what mix of classes the last layer, {description.head}, assumes, so its "
            "answers cannot be moved to another; leave --prior out"
        )


def under_prior(
    probabilities: np.ndarray, description: Description, wanted: str | None
) -> np.ndarray:
    """A classifier's answers under the prior that is wanted.

    Args:
        probabilities: its answers, float32 [n, C]; rows of NaN stay and do not count.
        description: of the classifier.
        wanted: "natural", the shares of the classes in the folder it learned from; "uniform";
            "estimated" from these answers themselves; None: as it answers.

    Returns:
        float32 [n, C].

    Raises:
        SpringfieldError: as `check_prior`.
    """
    if wanted is None:
        return probabilities
    shares = wanted_prior(probabilities, description, wanted)
    return adjust(probabilities, np.array(description.prior), shares)


def wanted_prior(probabilities: np.ndarray, description: Description, wanted: str) -> np.ndarray:
    """The shares that `under_prior` adjusts its answers to, float64 [C]; raises as it does."""
    check_prior(wanted, description)
    assumed = np.array(description.prior)
    if wanted == "estimated":
        return estimate(probabilities[~np.isnan(probabilities).any(axis=1)], assumed)
    natural = np.array(description.shares or description.prior)
    return np.full(len(assumed), 1 / len(assumed)) if wanted == "uniform" else natural
