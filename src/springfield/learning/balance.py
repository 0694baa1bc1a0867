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

REPEATED = 20  # times an epoch above which an image is likely to be learned by heart


def cap_training(catalog: Catalog, cap: int, seed: int) -> Catalog:
    """Leave out training rows of a class beyond `cap` (0: keep all), with the reason.

    One image of each near-duplicate group is kept before a second one of any: the capped class
    stays as varied as it can be.
    """
    if not cap:
        return catalog
    part, reason = catalog["part"].copy(), catalog["reason"].astype(object)
    for name in catalog.classes:
        rows = np.flatnonzero((catalog["label"] == name) & (part == "train"))
        for row in _varied_first(catalog, rows, seed)[cap:]:
            part[row] = ""
            reason[row] = f"{OVER_CAP} of {cap} training images"
    return catalog.with_columns(part=part, reason=reason.astype(np.str_))


def _varied_first(catalog: Catalog, rows: np.ndarray, seed: int) -> np.ndarray:
    drawn = [hashlib.sha256(f"{seed}/{path}".encode()).digest() for path in catalog["path"][rows]]
    shuffled = rows[np.argsort(np.array(drawn), kind="stable")]
    seen: dict[int, int] = {}
    turn = np.empty(len(rows), np.int64)  # how many of the same group come before
    for place, group in enumerate(catalog["group"][shuffled].tolist()):
        turn[place] = seen[group] = seen.get(group, -1) + 1
    return shuffled[np.argsort(turn, kind="stable")]


def quotas(counts: np.ndarray, balance: Balance) -> np.ndarray:
    """Images an epoch takes of each class.

    Args:
        counts: training images per class, int64 [C], each at least 1.
        balance: `threshold` raises smaller classes to that many; `sampling` then shares the epoch
            out in proportion to the count ("natural"), its square root ("sqrt") or evenly
            ("uniform"), at the same length.

    Returns:
        int64 [C], each at least 1.
    """
    raised = np.maximum(counts, balance.threshold)
    power = {"natural": 1.0, "sqrt": 0.5, "uniform": 0.0}[balance.sampling]
    share = raised.astype(np.float64) ** power
    exact = share / share.sum() * raised.sum()
    return np.maximum(1, np.floor(exact + 0.5)).astype(np.int64)


def balance_warnings(counts: dict[str, int], balance: Balance) -> list[str]:
    """Say where the balance asks more of a class than its images can give.

    `counts` has the training images of each class.
    """
    names = list(counts)
    per_epoch = quotas(np.array(list(counts.values())), balance)
    times = {name: quota / counts[name] for name, quota in zip(names, per_epoch, strict=True)}
    often = [name for name in names if times[name] > REPEATED]
    warnings = []
    if often:
        worst = max(often, key=lambda name: times[name])
        warnings.append(
            f"{len(often)} classes show each image more than {REPEATED} times an epoch, {worst} "
            f"{times[worst]:.0f} times: they may be learned by heart; lower balance.threshold or "
            "choose sampling 'sqrt'"
        )
    if balance.threshold and balance.sampling != "natural":
        warnings.append(
            f"balance.threshold = {balance.threshold} and balance.sampling = "
            f"'{balance.sampling}' both even the classes out; one of them is enough"
        )
    return warnings


def deal_epoch(labels: np.ndarray, balance: Balance, *, seed: int, epoch: int) -> np.ndarray:
    """Row numbers of one epoch in the order they are trained, int64 [m].

    Args:
        labels: class number of every training row, int64 [n].
        balance: as in `quotas`.
        seed: of the run; together with `epoch` it decides everything.
        epoch: from 0.
    """
    counts = np.bincount(labels)
    hand = [
        _deal(np.flatnonzero(labels == c), int(quota), (seed, c), start=epoch * int(quota))
        for c, quota in enumerate(quotas(counts, balance))
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
