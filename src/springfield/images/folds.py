"""Folds: every image is judged once, by a network that learned from the other folds.

So a class of 3 images is tested three times instead of once (cross-validation; Stone 1974,
"Cross-validatory choice and assessment of statistical predictions").
"""

from __future__ import annotations

import numpy as np

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog
from springfield.images.groups import Group, by_label, groups_of, rarest_first
from springfield.recipe import Split

NEVER = -1  # the fold of an image that none of them tests


def deal_folds(catalog: Catalog, shares: Split, key: str = "split.folds") -> Catalog:
    """Add the column ``fold``: which of ``shares.folds`` folds tests a row, from 0, or `NEVER`.

    Whole groups are dealt, those of the rarest class first, each to the fold with the fewest images
    of its class. No class ever lies in one fold alone, so that each is learned from in all of them;
    a class of 1 distinct picture is therefore never tested. Like the parts, the folds depend on
    the seed, the paths, the labels and the groups only.
    Raises `RecipeError`, naming `key`, when there are more folds than any class has distinct
    pictures.
    """
    groups = groups_of(catalog, shares.seed)
    members = by_label(groups)
    largest = max(members, key=lambda label: (len(members[label]), label), default="")
    most = len(members.get(largest, ()))
    if shares.folds > most:
        raise RecipeError(
            f"{key} = {shares.folds}: the largest class, {largest}, has {most} distinct "
            f"pictures; choose {most} or fewer"
        )
    table = _Table(members, shares.folds)
    for label in rarest_first(members):
        for group in sorted(members[label], key=lambda group: -group.counts[label]):
            table.deal(group, label)
    fold = np.full(len(catalog), NEVER, np.int64)
    for group, home in table.homes.items():
        fold[group.rows] = home
    return catalog.with_columns(fold=fold)


class _Table:
    """Where the groups lie so far."""

    def __init__(self, members: dict[str, list[Group]], folds: int) -> None:
        self.homes: dict[Group, int] = {}
        self._folds = range(folds)
        self._total = [0] * folds
        self._images = {label: [0] * folds for label in members}
        self._groups = {label: [0] * folds for label in members}
        self._all = {label: len(groups) for label, groups in members.items()}

    def deal(self, group: Group, label: str) -> None:
        """Put a group where its class needs it, unless a rarer class has placed it already."""
        if group in self.homes:
            return
        free = [fold for fold in self._folds if not self._completes(group, fold)]
        if not free:
            self.homes[group] = NEVER
            return
        home = min(free, key=lambda fold: (self._images[label][fold], self._total[fold]))
        self.homes[group] = home
        self._total[home] += len(group.rows)
        for each, n in group.counts.items():
            self._images[each][home] += n
            self._groups[each][home] += 1

    def _completes(self, group: Group, fold: int) -> bool:
        """Whether a whole class would lie in that fold: nothing would be left to learn from."""
        return any(self._groups[label][fold] == self._all[label] - 1 for label in group.counts)
