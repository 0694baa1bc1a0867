"""Groups: pictures that stay together, because a second frame of a scene gives the first away."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from springfield.images.catalog import Catalog, Column

OVER_CAP = "over the cap"  # so begins the reason of a training image that balance left out later


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that stay together."""

    rows: list[int]
    order: str  # pseudo-random, from the seed and the first of its paths
    counts: Counter[str]  # images per label


def groups_of(catalog: Catalog, seed: int) -> list[Group]:
    """Groups of the rows that take part, in an order that only the seed and the paths decide."""
    number = catalog["group"] if "group" in catalog else np.arange(len(catalog))
    together: defaultdict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(takes_part(catalog)).tolist():
        together[int(number[row])].append(row)
    paths, labels = catalog["path"].tolist(), catalog["label"].tolist()
    groups = []
    for rows in together.values():
        first = min(paths[row] for row in rows)
        order = hashlib.sha256(f"{seed} {first}".encode()).hexdigest()
        groups.append(Group(rows, order, Counter(labels[row] for row in rows)))
    return sorted(groups, key=lambda group: group.order)


def by_label(groups: list[Group]) -> dict[str, list[Group]]:
    """The groups that hold an image of each class, in the same order."""
    members: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        for label in group.counts:
            members[label].append(group)
    return dict(members)


def rarest_first(members: dict[str, list[Group]]) -> list[str]:
    """Classes from the fewest images to the most: the rare ones choose before the common."""
    totals = {
        label: sum(group.counts[label] for group in groups) for label, groups in members.items()
    }
    return sorted(members, key=lambda label: (totals[label], label))


def takes_part(catalog: Catalog) -> Column:
    """Which rows are learned from or judged by, those beyond a cap included: bool [n]."""
    if "reason" in catalog:
        reasons = catalog["reason"].astype(np.str_)
        return (reasons == "") | np.char.startswith(reasons, OVER_CAP)
    return np.asarray(catalog["error"] == "") if "error" in catalog else np.ones(len(catalog), bool)
