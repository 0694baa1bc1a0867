"""Weights of the classes in the loss, for rare classes to weigh as much as frequent ones."""

from __future__ import annotations

import numpy as np

from springfield.learning.examples.balance import quotas
from springfield.recipe import Balance


def class_weights(counts: np.ndarray, kind: str, beta: float = Balance.beta) -> np.ndarray:
    """Weight of each class in the loss.

    Args:
        counts: images of each class that the network sees, [C], each at least 1.
        kind: "none", "inverse" (1 / n, King & Zeng 2001) or "effective" ((1 - b) / (1 - b^n), the
            class-balanced loss of Cui et al. 2019: the more images there are, the less another one
            adds).
        beta: b of the effective number; Cui et al. tried 0.9 to 0.9999.

    Returns:
        float32 [C], 1 in the mean over the images, so that the learning rate keeps its meaning.
    """
    seen = counts.astype(np.float64)
    weight = {
        "none": np.ones_like(seen),
        "inverse": 1 / seen,
        "effective": (1 - beta) / (1 - beta**seen),
    }[kind]
    return (weight * seen.sum() / (weight * seen).sum()).astype(np.float32)


def epoch_weights(counts: np.ndarray, balance: Balance, done: float) -> np.ndarray | None:
    """Weights of the classes in an epoch, float32 [C]; None where the recipe never has any.

    They make up for what the sampling of this epoch leaves uneven. Before the share
    `balance.deferred` of the run all are 1 (DRW, Cao et al. 2019).

    Args:
        counts: training images per class, int64 [C].
        balance: `weights` names the kind.
        done: how far the run has come, as `share_done` says.
    """
    if balance.weights == "none":
        return None
    kind = balance.weights if done >= balance.deferred else "none"
    return class_weights(quotas(counts, balance, done), kind, balance.beta)
