"""Losses of the long tail, each a function of logits, targets and class counts.

    logits   float32 [B, C]
    targets  float32 [B, C], rows sum to 1; soft where images are mixed or labels smoothed
    counts   float32 [C], images of each class
    returns  float32 [B], the loss of each image

Only `keras.ops` is used, so they run on any backend.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from keras import ops

from springfield.learning.examples.balance import quotas
from springfield.recipe import Recipe

Tensor = Any  # of whatever backend
MARGIN = 0.5  # of the rarest class, in units of a cosine where logits are cosines


def cross_entropy(logits: Tensor, targets: Tensor, counts: np.ndarray) -> Tensor:
    """Cross-entropy; blind to the counts."""
    return ops.categorical_crossentropy(targets, logits, from_logits=True)


def focal(logits: Tensor, targets: Tensor, counts: np.ndarray, gamma: float = 2.0) -> Tensor:
    """Focal loss (Lin et al. 2017): what is already well classified counts less. Blind to counts.

    Soft targets share it out: each class is weighed by how far its own probability is from 1.
    """
    log = ops.log_softmax(logits)
    return -ops.sum(targets * (1 - ops.exp(log)) ** gamma * log, axis=-1)


def ldam(logits: Tensor, targets: Tensor, counts: np.ndarray, scale: float = 1.0) -> Tensor:
    """Label-distribution-aware margins (Cao et al. 2019): wider for rare classes, as n^-1/4.

    Taken off the logit of the true class; a soft target has its share of the margin. As published
    logits are `scale` times a cosine (`network.cosine`, there 30); plain ones have no scale, and
    the network can widen all margins by longer weights.
    """
    margins = (scale * MARGIN * (counts / counts.min()) ** -0.25).astype(np.float32)
    return cross_entropy(logits - ops.multiply(targets, margins), targets, counts)


def logit_adjusted(logits: Tensor, targets: Tensor, counts: np.ndarray, tau: float = 1.0) -> Tensor:
    """Cross-entropy of logits shifted by tau * log prior (Menon et al. 2021).

    The network learns what speaks for a class beyond its frequency.
    """
    offset = (tau * np.log(counts / counts.sum())).astype(np.float32)
    return cross_entropy(ops.add(logits, offset), targets, counts)


def balanced_softmax(logits: Tensor, targets: Tensor, counts: np.ndarray) -> Tensor:
    """Cross-entropy of a softmax that is weighed by the counts (Ren et al. 2020)."""
    return logit_adjusted(logits, targets, counts)


Loss = Callable[[Tensor, Tensor, np.ndarray], Tensor]

LOSSES: dict[str, Loss] = {
    "cross-entropy": cross_entropy,
    "focal": focal,
    "ldam": ldam,
    "balanced-softmax": balanced_softmax,
    "logit-adjusted": logit_adjusted,
}


def training_loss(recipe: Recipe, counts: np.ndarray) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the loss of a run as Keras calls it: (targets, logits) -> the loss of each image.

    Args:
        recipe: `balance.loss` names it; `training.label_smoothing` is the share of each target that
            is spread over all classes (Szegedy et al. 2016).
        counts: training images per class, int64 [C]. Margins depend on these, as they stand for
            what is known of a class. The prior is that of what the network sees when sampling has
            begun, so that sampling and offset together never correct more than once.
    """
    balance, smoothing = recipe.balance, recipe.training.label_smoothing
    own = {"logit-adjusted": {"tau": balance.tau}, "ldam": {"scale": recipe.network.cosine or 1.0}}
    loss = partial(LOSSES[balance.loss], **own.get(balance.loss, {}))
    seen = counts if balance.loss == "ldam" else quotas(counts, balance)
    spread = float(np.float32(smoothing) / np.float32(len(counts)))  # as Keras rounds it

    def smoothed(targets: Tensor, logits: Tensor) -> Tensor:
        if smoothing:
            targets = targets * (1.0 - smoothing) + spread
        return loss(logits, targets, seen)

    return smoothed
