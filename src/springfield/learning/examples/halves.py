"""Halves: training images for a network, and others that only last layers learn from."""

from __future__ import annotations

from collections import Counter

import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.groups import groups_of

HEAD = "head"  # the part of images that last layers learn from


def halve(catalog: Catalog, seed: int) -> Catalog:
    """Give about half of each class's training images the part `HEAD`.

    Near duplicates stay together. The network has at least one picture of every class.
    """
    part = catalog["part"].copy()
    train, head = Counter[str](), Counter[str]()
    for group in groups_of(catalog, seed):
        if part[group.rows[0]] != "train":
            continue
        label = max(group.counts, key=lambda name: group.counts[name])
        known = all(train[name] for name in group.counts)
        chosen = head if known and head[label] < train[label] else train
        chosen.update(group.counts)
        if chosen is head:
            part[group.rows] = HEAD
    return catalog.with_columns(part=part)


def head_rows(catalog: Catalog) -> Catalog:
    """The images for last layers as training rows; a class that has none lends the network's."""
    there = set(catalog["label"][catalog["part"] == HEAD].tolist())
    lent = (catalog["part"] == "train") & ~np.isin(catalog["label"], sorted(there))
    chosen = (catalog["part"] == HEAD) | lent
    return catalog.with_columns(part=np.where(chosen, "train", ""))
