"""Issues: what the audit holds against single files, and the audit itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from springfield.files import csv_text
from springfield.images.catalog import Catalog
from springfield.images.labels import COLUMNS, Suspicion
from springfield.images.layout import ENDINGS
from springfield.images.select import leave_out
from springfield.images.statistics import Statistics
from springfield.recipe import Images

KINDS = (
    "corrupt",
    "wrong_type",
    "duplicate",
    "near_duplicate",
    "cross_class_duplicate",
    "too_small",
    "too_large",
    "odd_aspect",
    "suspicious_label",
)


@dataclass(frozen=True)
class Issue:
    """One thing held against one file; a file can have several."""

    path: str  # as in the catalog
    kind: str  # one of `KINDS`
    detail: str  # what and compared with what, e.g. "same picture as lisa/pic_0012.jpg"


@dataclass(frozen=True, eq=False)
class Audit:
    """What the audit found; nothing in the data folder was changed."""

    catalog: Catalog  # scanned, with `group`: equal numbers are identical or near-identical
    issues: tuple[Issue, ...]  # in catalog order
    statistics: Statistics
    suspicions: tuple[Suspicion, ...] = ()  # labels in doubt, which are issues too
    excluded: tuple[str, ...] = ()  # paths that a manifest left out; they are not in the catalog

    def counts(self) -> dict[str, int]:
        """Issues per kind, every kind named."""
        return {kind: sum(issue.kind == kind for issue in self.issues) for kind in KINDS}

    def to_csv(self) -> str:
        """The issues as CSV text with the columns path, kind and detail."""
        rows = ((issue.path, issue.kind, issue.detail) for issue in self.issues)
        return csv_text(("path", "kind", "detail"), rows)

    def suspicious_csv(self) -> str:
        """The labels in doubt as CSV text, strongest first; a manifest for ``--exclude``."""
        paths, labels = self.catalog["path"], self.catalog["label"]
        rows = (
            (paths[each.row], labels[each.row], each.looks_like, f"{each.evidence:.4f}")
            for each in self.suspicions
        )
        return csv_text(COLUMNS, rows)

    def summary(self) -> dict[str, Any]:
        """Images, classes, issues per kind and the statistics, ready for `json.dumps`."""
        found = {"issues": self.counts(), "excluded": len(self.excluded)}
        return {**self.statistics.to_json(), **found}


def find_issues(
    catalog: Catalog, rules: Images, suspicions: Sequence[Suspicion] = ()
) -> list[Issue]:
    """Return everything held against files of a catalog that has the column `group`.

    `suspicions` are those that `suspect_labels` found. Of pictures that are the same
    under one label the first is taken for the original and the others are reported; under several
    labels all are reported, because nobody knows which label is right. Sorted by row, then kind.
    """
    found = [*_unfit(catalog, rules), *_misnamed(catalog), *_repeated(catalog)]
    found += [
        (
            suspicion.row,
            "suspicious_label",
            f"looks more like {suspicion.looks_like} (evidence {suspicion.evidence:.2f})",
        )
        for suspicion in suspicions
    ]
    found.sort(key=lambda item: (item[0], KINDS.index(item[1])))
    return [Issue(str(catalog["path"][row]), kind, detail) for row, kind, detail in found]


Found = Iterator[tuple[int, str, str]]  # row, kind, detail


def _unfit(catalog: Catalog, rules: Images) -> Found:
    """Files that cannot be read or have an odd size: by the rules that leave them out."""
    for row, reason in enumerate(leave_out(catalog, rules)["reason"].tolist()):
        kind, _, detail = reason.partition(": ")
        if kind and kind != "cross_class_duplicate":  # comes from `_repeated`, with the partner
            yield row, kind, detail


def _misnamed(catalog: Catalog) -> Found:
    """Images whose name promises another format than they have."""
    rows = zip(*(catalog[name].tolist() for name in ("path", "format", "error")), strict=True)
    for row, (path, kind, error) in enumerate(rows):
        ending = PurePosixPath(path).suffix.lower()
        if not error and ending and kind in ENDINGS and ending not in ENDINGS[kind]:
            yield row, "wrong_type", f"a {kind} named {ending}"


def _repeated(catalog: Catalog) -> Found:
    """Pictures that stand in the catalog more than once, the same or nearly."""
    groups: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(catalog["error"] == "").tolist():
        groups[int(catalog["group"][row])].append(row)
    for rows in groups.values():
        if len(rows) > 1:
            yield from _within(catalog, rows)


def _within(catalog: Catalog, rows: list[int]) -> Found:
    path, label, content = (catalog[name][rows].tolist() for name in ("path", "label", "sha256"))
    nearest: dict[str, int] = {}  # label -> its first picture in the group
    same: dict[tuple[str, str], int] = {}  # content and label -> its first picture
    labels_of: dict[str, list[str]] = defaultdict(list)  # content -> labels it stands under
    for i in range(len(rows)):
        nearest.setdefault(label[i], i)
        if same.setdefault((content[i], label[i]), i) == i:
            labels_of[content[i]].append(label[i])
    for i, row in enumerate(rows):
        original = same[content[i], label[i]]
        if original != i:
            yield row, "duplicate", f"same picture as {path[original]}"
        elif nearest[label[i]] != i:
            yield row, "near_duplicate", f"nearly the same picture as {path[nearest[label[i]]]}"
        exact = [same[content[i], name] for name in labels_of[content[i]] if name != label[i]]
        near = [first for name, first in nearest.items() if name != label[i]]
        if exact or near:
            how, other = ("same", exact[0]) if exact else ("nearly the same", near[0])
            yield row, "cross_class_duplicate", f"{how} picture as {path[other]}"
