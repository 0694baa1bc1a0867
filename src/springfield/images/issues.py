"""Issues: what the audit holds against single files, and the audit itself."""

from __future__ import annotations

from dataclasses import dataclass

from springfield.images.catalog import Catalog
from springfield.images.statistics import Statistics

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

    def counts(self) -> dict[str, int]:
        """Issues per kind, every kind named."""
        return {kind: sum(issue.kind == kind for issue in self.issues) for kind in KINDS}
