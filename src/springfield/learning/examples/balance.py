"""Balance: which training rows an epoch uses, and how often.

Everything here sees training rows only, after the split, so no copy can reach the held-out part.
Each class is a deck of cards that is dealt to its end before it is shuffled anew: over the epochs
every source image is used equally often, whatever the quota.
"""

from __future__ import annotations

import hashlib

import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.groups import OVER_CAP
from springfield.recipe import Balance

POWERS = {"natural": 1.0, "sqrt": 0.5, "uniform": 0.0}  # of the count, by kind of sampling


def cap_training(catalog: Catalog, cap: int, seed: int) -> Catalog:
    """Leave out training rows of a class beyond `cap` (0: keep all), with the reason.

    One image of each near-duplicate group is kept before a second one of any: the capped class
    stays as varied as it can be.
    """
    return _cap(catalog, cap, seed, "train", "training images") if cap else catalog


def cap_validation(catalog: Catalog, cap: int, seed: int) -> Catalog:
    """The same of validation rows: judging them may take longer than a small epoch."""
    return _cap(catalog, cap, seed, "val", "validation images")


def _cap(catalog: Catalog, cap: int, seed: int, whose: str, what: str) -> Catalog:
    part, reason = catalog["part"].copy(), catalog["reason"].astype(object)
    for name in catalog.classes:
        rows = np.flatnonzero((catalog["label"] == name) & (part == whose))
        for row in _varied_first(catalog, rows, seed)[cap:]:
            part[row] = ""
            reason[row] = f"{OVER_CAP} of {cap} {what}"
    return catalog.with_columns(part=part, reason=reason.astype(np.str_))


def _varied_first(catalog: Catalog, rows: np.ndarray, seed: int) -> np.ndarray:
    drawn = [hashlib.sha256(f"{seed}/{path}".encode()).digest() for path in catalog["path"][rows]]
    shuffled = rows[np.argsort(np.array(drawn), kind="stable")]
    seen: dict[int, int] = {}
    turn = np.empty(len(rows), np.int64)  # how many of the same group come before
    for place, group in enumerate(catalog["group"][shuffled].tolist()):
        turn[place] = seen[group] = seen.get(group, -1) + 1
    return shuffled[np.argsort(turn, kind="stable")]


def share_done(epoch: int, epochs: int) -> float:
    """How far a run has come: 0 in its first epoch, 1 in its last, also where that is the first."""
    return epoch / (epochs - 1) if epochs > 1 else 1.0


def quotas(counts: np.ndarray, balance: Balance, done: float = 1.0) -> np.ndarray:
    """Images an epoch takes of each class; their sum is the same in every epoch.

    Args:
        counts: training images per class, int64 [C], each at least 1.
        balance: `threshold` raises smaller classes to that many; `sampling` then shares the epoch
            out in proportion to the count ("natural"), its square root ("sqrt", Mahajan et al.
            2018), evenly ("uniform", Shen et al. 2016) or ever more evenly as the run goes on
            ("progressive", Kang et al. 2020). Before the share `deferred` of the run it is natural
            (DRS, Cao et al. 2019).
        done: how far the run has come, as `share_done` says.

    Returns:
        int64 [C], each at least 1.
    """
    raised = np.maximum(counts, balance.threshold)
    sampling = balance.sampling if done >= balance.deferred else "natural"
    if sampling == "progressive":
        late = (done - balance.deferred) / (1 - balance.deferred) if done < 1 else 1.0
        share = (1 - late) * raised / raised.sum() + late / len(raised)
    else:
        share = raised.astype(np.float64) ** POWERS[sampling]
    exact = share / share.sum() * raised.sum()
    whole = np.floor(exact + 1e-9).astype(np.int64)  # what should be whole may be a hair less
    left = int(raised.sum() - whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1  # to the largest remainders
    return whole


def deal_epoch(
    labels: np.ndarray, balance: Balance, *, seed: int, epoch: int, epochs: int
) -> np.ndarray:
    """Row numbers of one epoch in the order they are trained, int64 [m].

    Args:
        labels: class number of every training row, int64 [n].
        balance: as in `quotas`.
        seed: of the run; together with `epoch` it decides everything.
        epoch: from 0.
        epochs: of the whole run.
    """
    counts = np.bincount(labels)
    dealt = np.zeros_like(counts)
    for before in range(epoch):
        dealt += quotas(counts, balance, share_done(before, epochs))
    hand = [
        _deal(np.flatnonzero(labels == c), quota, (seed, c), start=start)
        for c, (quota, start) in enumerate(
            zip(
                quotas(counts, balance, share_done(epoch, epochs)).tolist(),
                dealt.tolist(),
                strict=True,
            )
        )
    ]
    order = np.concatenate(hand)
    return order[np.random.default_rng([seed, epoch, 1]).permutation(len(order))]


def _deal(deck: np.ndarray, n: int, key: tuple[int, int], *, start: int) -> np.ndarray:
    """Cards `start` to `start + n` of the endless row of shuffled decks of one class."""
    first, last = start // len(deck), (start + n - 1) // len(deck)
    shuffles = [
        deck[np.random.default_rng([*key, k, 2]).permutation(len(deck))]
        for k in range(first, last + 1)
    ]
    return np.concatenate(shuffles)[start - first * len(deck) :][:n]
