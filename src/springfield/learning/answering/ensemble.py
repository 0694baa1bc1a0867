"""Ensemble: several trained networks made one, by their mean answers or their mean weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Weights = list[np.ndarray]  # of a network, as `get_weights` gives them; its last layer ends them


def combined(members: Sequence[Weights], count: int, combine: str) -> Weights:
    """Weights of the network that answers for members of one architecture.

    Args:
        members: weights of each.
        count: how many the network is made for; where there are fewer, the first stand in again.
        combine: as `network.combine`.
    """
    each = [members[k % len(members)] for k in range(count)]
    return side_by_side(each) if combine == "answers" else mean(each)


def side_by_side(members: Sequence[Weights]) -> Weights:
    """Weights of a network with all members in it, whose logits are the mean of theirs.

    The last layer sees the features of all, [B, K * F]: its kernel is theirs, one below the other,
    divided by their number K (the mean rule of Kittler et al. 1998, on logits).
    """
    insides = [weight for member in members for weight in member[:-2]]
    kernel = np.concatenate([member[-2] for member in members]) / len(members)
    return [*insides, kernel, np.mean([member[-1] for member in members], axis=0)]


def mean(members: Sequence[Weights]) -> Weights:
    """The mean of each weight: a uniform soup (Wortsman et al. 2022, "Model soups").

    It answers well where all members began with the same pre-trained weights. What batch
    normalisation remembers of the images has to be found anew for it.
    """
    return [np.mean(weights, axis=0) for weights in zip(*members, strict=True)]
