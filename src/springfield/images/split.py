"""Split: who is learned from, who is watched during training, who judges.

Whole near-duplicate groups stay together, so no picture and no second frame of one scene is on
two sides. Every class that has two distinct pictures is tested.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog, Column
from springfield.recipe import Split

# Distinct pictures (groups) of a small class -> how many of them are (val, test). Testing comes
# first: a class that is never tested has no score, one that is not watched only steers less.
SMALL_CLASS = {
    1: (0, 0),
    2: (0, 1),
    3: (0, 1),
    4: (1, 1),
    5: (1, 1),
    6: (1, 1),
    7: (1, 2),
    8: (1, 2),
    9: (1, 2),
    10: (1, 2),
}
OVER_CAP = "over the cap"  # so begins the reason of a training image that balance left out later
MOST_HELD_OUT = 0.9  # of a class; the rest is needed to learn from


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that stay together."""

    rows: list[int]
    order: str  # pseudo-random, from the seed and the first of its paths
    counts: Counter[str]  # images per label


def assign_parts(catalog: Catalog, shares: Split) -> Catalog:
    """Add the column ``part``: "train", "val", "test", or "" for a row with a ``reason``.

    The parts depend on the seed, the paths, the labels and the groups, not on the order of the
    rows. Without a column ``group`` each image is a group of its own. A group with several
    labels goes where the rarest of them needs it.
    Raises `RecipeError` when the shares leave next to nothing to learn from.
    """
    if shares.val + shares.test > MOST_HELD_OUT:
        raise RecipeError(
            f"split.val + split.test = {shares.val + shares.test:g}: at most {MOST_HELD_OUT} "
            "can be held out"
        )
    members: defaultdict[str, list[Group]] = defaultdict(list)
    for group in _groups(catalog, shares.seed):
        for label in group.counts:
            members[label].append(group)
    totals = {
        label: sum(group.counts[label] for group in groups) for label, groups in members.items()
    }
    part = np.full(len(catalog), "", dtype="<U5")
    rarest_first = sorted(members, key=lambda label: (totals[label], label))
    for label in rarest_first:
        if all(len(group.counts) > 1 for group in members[label]):  # others could hold out its last
            _keep_to_learn_from(members[label], part)
    for label in rarest_first:
        _place(label, members[label], shares, part)
    return catalog.with_columns(part=part)


def distinct_counts(catalog: Catalog) -> dict[str, int]:
    """Distinct pictures (groups) that take part, per class: what `part_rule_words` asks for."""
    counts: Counter[str] = Counter()
    for group in _groups(catalog, 0):
        counts.update(group.counts.keys())
    return {label: counts[label] for label in catalog.classes}


def part_rule_words(n: int) -> str:
    """Say what becomes of a class of `n` distinct pictures."""
    if n == 0:
        return "no usable picture: not learned"
    if n == 1:
        return "1 distinct picture: learned from, cannot be judged"
    if n not in SMALL_CLASS:
        return "split by the recipe's shares"
    val, test = SMALL_CLASS[n]
    return f"{n} distinct pictures: {n - val - test} train, {val} val, {test} test; provisional"


def _groups(catalog: Catalog, seed: int) -> list[Group]:
    """Groups of the rows that take part, in an order that only the seed and the paths decide."""
    number = catalog["group"] if "group" in catalog else np.arange(len(catalog))
    together: defaultdict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(_takes_part(catalog)).tolist():
        together[int(number[row])].append(row)
    paths, labels = catalog["path"].tolist(), catalog["label"].tolist()
    groups = []
    for rows in together.values():
        first = min(paths[row] for row in rows)
        order = hashlib.sha256(f"{seed} {first}".encode()).hexdigest()
        groups.append(Group(rows, order, Counter(labels[row] for row in rows)))
    return sorted(groups, key=lambda group: group.order)


def _takes_part(catalog: Catalog) -> Column:
    if "reason" in catalog:
        reasons = catalog["reason"].astype(np.str_)
        return (reasons == "") | np.char.startswith(reasons, OVER_CAP)
    return np.asarray(catalog["error"] == "") if "error" in catalog else np.ones(len(catalog), bool)


def _keep_to_learn_from(members: list[Group], part: Column) -> None:
    """Put the largest free group of a class into train, unless it has one there already."""
    free = [group for group in members if not part[group.rows[0]]]
    if free and not any(part[group.rows[0]] == "train" for group in members):
        part[max(free, key=lambda group: len(group.rows)).rows] = "train"


def _place(label: str, members: list[Group], shares: Split, part: Column) -> None:
    """Give a part to each group of a class that a rarer class has not placed already."""
    small = len(members) in SMALL_CLASS
    weight = {group: 1 if small else group.counts[label] for group in members}

    def put(chosen: list[Group], name: str) -> list[Group]:
        for group in chosen:
            part[group.rows] = name
        return [group for group in members if not part[group.rows[0]]]

    def placed(name: str) -> int:
        return sum(weight[group] for group in members if part[group.rows[0]] == name)

    _keep_to_learn_from(members, part)
    left = put([], "train")
    if small:
        val, test = SMALL_CLASS[len(members)]
    else:
        images = sum(weight.values())
        val, test = (max(1, round(share * images)) for share in (shares.val, shares.test))
    for name, wanted in (("test", test), ("val", val)):
        candidates = _smaller_half_first(left) if small else left
        if name == "test" and len(candidates) > 1 and placed("val") < val:
            candidates = candidates[:-1]  # small groups beside a vast one may all fit into test
        left = put(_fill(candidates, weight, wanted - placed(name)), name)
    put(left, "train")


def _smaller_half_first(groups: list[Group]) -> list[Group]:
    """Keep one scene of 200 frames from being all that a small class is judged by."""
    if not groups:
        return []
    middle = sorted(len(group.rows) for group in groups)[(len(groups) - 1) // 2]
    return sorted(groups, key=lambda group: len(group.rows) > middle)


def _fill(groups: list[Group], weight: dict[Group, int], wanted: int) -> list[Group]:
    """Choose groups, in their order, whose weights come closest to `wanted`, greedily."""
    chosen, rest, room = [], [], wanted
    for group in groups:
        if weight[group] <= room:
            chosen.append(group)
            room -= weight[group]
        else:
            rest.append(group)
    if room > 0 and rest:
        smallest = min(rest, key=lambda group: weight[group])
        if weight[smallest] < 2 * room or room == wanted:  # too much by less than now too little
            chosen.append(smallest)
    return chosen
