"""Split: who is learned from, who is watched during training, who judges.

Whole near-duplicate groups stay together, so no picture and no second frame of one scene is on
two sides. Every class that has two distinct pictures is tested.
"""

from __future__ import annotations

import numpy as np

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog, Column
from springfield.images.folds import deal_folds
from springfield.images.groups import Group, by_label, groups_of, rarest_first
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
MOST_GROUPS = 2.0  # times its share of a class's groups, for a part: beside one long scene all the
# single pictures would be held out, and the class learned from that scene alone
MOST_HELD_OUT = 0.9  # of a class; the rest is needed to learn from


def assign_parts(catalog: Catalog, shares: Split) -> Catalog:
    """Add the column ``part``: "train", "val", "test", or "" for a row that takes no part.

    With ``shares.folds`` the images are dealt into folds first (see `deal_folds`) and the parts are
    those of ``shares.fold``; otherwise the test part is a share of them.
    The parts depend on the seed, the paths, the labels and the groups, not on the order of the
    rows. Without a column ``group`` each image is a group of its own. A group with several
    labels goes where the rarest of them needs it.
    Raises `RecipeError` when the shares leave next to nothing to learn from, or there is no such
    fold.
    """
    if shares.fold >= max(1, shares.folds):
        raise RecipeError(
            f"split.fold = {shares.fold}: of split.folds = {shares.folds} there is none of that "
            "number; the first is 0"
        )
    if shares.folds:
        return assign_fold(deal_folds(catalog, shares), shares)
    if shares.val + shares.test > MOST_HELD_OUT:
        raise RecipeError(
            f"split.val + split.test = {shares.val + shares.test:g}: at most {MOST_HELD_OUT} "
            "can be held out"
        )
    part = np.full(len(catalog), "", dtype="<U5")
    _share_out(by_label(groups_of(catalog, shares.seed)), shares, part)
    return catalog.with_columns(part=part)


def assign_fold(catalog: Catalog, shares: Split) -> Catalog:
    """Add the column ``part`` as it is in one fold of a catalog with the column ``fold``.

    The fold's images are tested. The rest is shared out by the usual rules: to watch by, and to
    learn from.
    """
    part = np.full(len(catalog), "", dtype="<U5")
    rest = []
    for group in groups_of(catalog, shares.seed):
        if catalog["fold"][group.rows[0]] == shares.fold:
            part[group.rows] = "test"
        else:
            rest.append(group)
    _share_out(by_label(rest), shares, part)
    return catalog.with_columns(part=part)


def distinct_counts(catalog: Catalog) -> dict[str, int]:
    """Distinct pictures (groups) that take part, per class: what `part_rule_words` asks for."""
    members = by_label(groups_of(catalog, 0))
    return {label: len(members.get(label, ())) for label in catalog.classes}


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


def fold_rule_words(n: int) -> str:
    """Say what becomes of a class of `n` distinct pictures where all is dealt into folds."""
    if n < 2:
        return part_rule_words(n)
    return f"{n} distinct pictures: each is judged once, and learned from in the other folds"


def _share_out(members: dict[str, list[Group]], shares: Split, part: Column) -> None:
    """Give a part to every group."""
    # Others could hold out the last group of a class that shares them all, or learn from it.
    sharing = [c for c in rarest_first(members) if all(len(g.counts) > 1 for g in members[c])]
    for label in sharing:
        _keep_to_learn_from(members[label], part)
    for label in [] if shares.folds else sharing:
        _keep_to_judge_by(members[label], part)
    for label in rarest_first(members):
        _place(label, members[label], shares, part)


def _keep_to_learn_from(members: list[Group], part: Column) -> None:
    """Put the largest free group of a class into train, unless it has one there already."""
    free = [group for group in members if not part[group.rows[0]]]
    if free and not any(part[group.rows[0]] == "train" for group in members):
        part[max(free, key=lambda group: len(group.rows)).rows] = "train"


def _keep_to_judge_by(members: list[Group], part: Column) -> None:
    """Put the smallest free group of a class into test, unless it has one there already."""
    free = [group for group in members if not part[group.rows[0]]]
    if free and not any(part[group.rows[0]] == "test" for group in members):
        part[min(free, key=lambda group: len(group.rows)).rows] = "test"


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
    if shares.folds:
        test = 0  # its images are no members any more
    for name, wanted, share in (("test", test, shares.test), ("val", val, shares.val)):
        candidates = _smaller_half_first(left) if small else left
        if name == "test" and len(candidates) > 1 and placed("val") < val:
            candidates = candidates[:-1]  # small groups beside a vast one may all fit into test
        chosen = _fill(candidates, weight, wanted - placed(name))
        most = wanted if small else max(1, int(MOST_GROUPS * share * len(members)))
        left = put(chosen[:most], name)
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
