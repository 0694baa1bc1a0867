"""Groups: pictures that stay together, because a second one of a kind gives the first away.

They are near duplicates, or of one patient, specimen or batch, which only the user knows: a table's
column ``group`` says so, or a pattern that is looked for in the paths.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog, Column

OVER_CAP = "over the cap"  # so begins the reason of a training image that balance left out later


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that stay together."""

    rows: list[int]
    order: str  # pseudo-random, from the seed and the first of its paths
    counts: Counter[str]  # images per label


def join_named(catalog: Catalog, pattern: str = "") -> Catalog:
    """Join the groups, in the column ``group``, that have a picture of one name.

    Names are those of the column ``group_name``, where a table has one, and what the pattern, a
    regular expression, finds in the paths: its first bracket, or all of it. A picture without a
    name joins nothing.
    Raises `RecipeError` when the pattern is found in no path.
    """
    known = np.stack([catalog["group"], np.arange(len(catalog))], 1)  # by its first row each
    pairs = np.concatenate([known, *map(_same, names_of(catalog, pattern))])
    return catalog.with_columns(group=joined(len(catalog), pairs))


def names_of(catalog: Catalog, pattern: str) -> tuple[list[str], list[str]]:
    """What `join_named` joins by, "" for none: names that a table lists, and those of the paths.

    A list is empty where there is no such column, or no pattern. Raises as `join_named`.
    """
    listed = catalog["group_name"].tolist() if "group_name" in catalog else []
    return listed, _read_off(catalog["path"].tolist(), pattern) if pattern else []


def _read_off(paths: list[str], pattern: str) -> list[str]:
    found = [re.search(pattern, path) for path in paths]
    if not any(found):
        raise RecipeError(
            f"split.group_by = '{pattern}': it is found in no path, such as {paths[0]}"
        )
    return [(match[1 if match.re.groups else 0] or "") if match else "" for match in found]


def _same(names: list[str]) -> np.ndarray:
    """Each named row with the first of its name, int64 [m, 2]."""
    first: dict[str, int] = {}
    rows = [(first.setdefault(name, row), row) for row, name in enumerate(names) if name]
    return np.array(rows, np.int64).reshape(-1, 2)


def joined(n: int, pairs: np.ndarray) -> np.ndarray:
    """Number each of n rows by the smallest row it is joined to, int64 [n]."""
    root = list(range(n))

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for one, other in pairs.tolist():
        low, high = sorted((find(one), find(other)))
        root[high] = low
    return np.array([find(row) for row in range(n)], np.int64)


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
