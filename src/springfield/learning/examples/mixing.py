"""Mixing: an image takes over something of its left neighbour in the batch, and of its label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from springfield.recipe import Augment

KAPPA, TAU = 3.0, 0.5  # of remix, as in its paper


@dataclass(frozen=True)
class Mixes:
    """How each of m images is mixed; all of an epoch, or of a batch."""

    share: np.ndarray  # float32 [m], of the image itself in mixup; 1: none of its neighbour
    box: np.ndarray  # float32 [m, 4], x0, y0, x1, y1 that cutmix takes from its neighbour, side 1

    def of(self, places: range) -> Mixes:
        """Those at some places in the epoch."""
        return Mixes(*(drawn[places.start : places.stop] for drawn in (self.share, self.box)))


def draw_mixes(n: int, augment: Augment, random: np.random.Generator) -> Mixes:
    """Draw how each of `n` images is mixed: by mixup, by cutmix, or by one of the two."""
    share, box = np.ones(n, np.float32), np.zeros((n, 4), np.float32)
    if augment.mixup:
        drawn = random.beta(augment.mixup, augment.mixup, n)
        share = np.maximum(drawn, 1 - drawn).astype(np.float32)
    if augment.cutmix:
        box = _boxes(n, augment.cutmix, random)
    if augment.mixup and augment.cutmix:
        cut = random.random(n) < 0.5
        share[cut], box[~cut] = 1, 0
    return Mixes(share, box)


def _boxes(n: int, alpha: float, random: np.random.Generator) -> np.ndarray:
    """The centre may lie anywhere; what juts out is cut off."""
    half = np.sqrt(1 - random.beta(alpha, alpha, n)) / 2
    x, y = random.random(n), random.random(n)
    return np.clip(np.stack([x - half, y - half, x + half, y + half], axis=1), 0, 1).astype(
        np.float32
    )


def mixup(images: np.ndarray, others: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Blend images with others (Zhang et al. 2018), uint8 [B, S, S, 3]; the label follows.

    share: of each image itself, float32 [B].
    """
    own = share[:, None, None, None]
    return np.asarray((images * own + others * (1 - own) + 0.5).astype(np.uint8))


def cutmix(
    images: np.ndarray, others: np.ndarray, box: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Paste a box of others over images (Yun et al. 2019).

    Args:
        images: uint8 [B, S, S, 3].
        others: like them.
        box: as in `Mixes`.

    Returns:
        The pasted images, and the share of each image that is left, float32 [B]: the label follows
        the area that is really covered.
    """
    side, pasted = images.shape[1], images.copy()
    x0, y0, x1, y1 = (box * side).round().astype(int).T
    area = (x1 - x0) * (y1 - y0) / side**2
    for i in np.flatnonzero(area):
        pasted[i, y0[i] : y1[i], x0[i] : x1[i]] = others[i, y0[i] : y1[i], x0[i] : x1[i]]
    return pasted, (1 - area).astype(np.float32)


def remix(share: np.ndarray, own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Share of the own label where labels are mixed in favour of rare classes (Chou et al. 2020).

    It goes wholly to a class `KAPPA` times as rare that has more than `TAU` of the image.

    Args:
        share: of the own image, float32 [B].
        own: training images of its class, [B].
        other: those of the other one's.
    """
    lost = (own >= KAPPA * other) & (share < TAU)
    won = (other >= KAPPA * own) & (1 - share < TAU)
    return np.where(lost, 0, np.where(won, 1, share)).astype(np.float32)


def mix_batch(
    images: np.ndarray, targets: np.ndarray, mixes: Mixes, counts: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Mix each image and target with its left neighbour's, by mixup, by cutmix, or not at all.

    Args:
        images: uint8 [B, S, S, 3].
        targets: float32 [B, C], one class each.
        mixes: of these images.
        counts: training images per class, [C], for labels as by remix; None: as the images.
    """
    if (mixes.share == 1).all() and not mixes.box.any():
        return images, targets
    others, theirs = np.roll(images, 1, axis=0), np.roll(targets, 1, axis=0)
    mixed, left = cutmix(mixup(images, others, mixes.share), others, mixes.box)
    share = mixes.share * left
    if counts is not None:
        share = remix(share, targets @ counts, theirs @ counts)
    return mixed, targets * share[:, None] + theirs * (1 - share[:, None])
