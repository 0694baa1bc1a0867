"""Audit: say what is in a folder of images and what is wrong with it, and change nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from springfield.files import check_empty, write_atomically
from springfield.images.catalog import Catalog
from springfield.images.duplicates import group_duplicates
from springfield.images.exclude import exclude_listed, read_exclusion
from springfield.images.issues import Audit, find_issues
from springfield.images.labels import suspect_labels
from springfield.images.scan import scan
from springfield.images.select import leave_out
from springfield.images.statistics import measure
from springfield.recipe import Images
from springfield.results.page.languages import check_language


def audit(
    data: str | Path,
    out: str | Path | None = None,
    *,
    rules: Images | None = None,
    exclude: str | Path | None = None,
    progress: bool = True,
    language: str = "en",
) -> Audit:
    """Audit a folder (or table) of images; nothing in it is changed.

    With `out`, a new or empty folder outside `data`, write the page and three tables there:
    page.html, issues.csv (path, kind, detail), suspicious.csv (labels in doubt: path, label,
    looks_like, evidence) and catalog.csv (a row per file). The page speaks English, or Russian
    with `language` "ru". What the manifest `exclude` lists, a CSV file with the column path, takes
    no part.
    Raises `DataError` when there is nothing to audit or `exclude` does not fit, `OutputError` when
    `out` is in the way or the language unknown.
    """
    check_language(language)
    folder = Path(out) if out is not None else None
    if folder is not None:
        check_empty(folder, [Path(data)])
    exclusion = read_exclusion(exclude)
    catalog, fingerprints = scan(Path(data), progress=progress)
    catalog = group_duplicates(catalog, fingerprints)
    catalog = exclude_listed(catalog, exclusion)
    result = _look_over(catalog, fingerprints, rules or Images())
    if folder is not None:
        _write(folder, result, catalog, language)
    return result


def _look_over(catalog: Catalog, fingerprints: np.ndarray, rules: Images) -> Audit:
    """What is to be said of the rows that no manifest excludes."""
    rows = np.flatnonzero(catalog["reason"] == "")
    kept = catalog.where(rows)
    kept = kept.with_columns(group=np.unique(kept["group"], return_inverse=True)[1])
    suspicions = suspect_labels(kept, fingerprints[rows])
    issues = find_issues(kept, rules, suspicions)
    excluded = catalog["path"][catalog["reason"] != ""].tolist()
    kept = leave_out(kept, rules)
    return Audit(kept, tuple(issues), measure(kept), tuple(suspicions), tuple(excluded))


def _write(folder: Path, result: Audit, catalog: Catalog, language: str) -> None:
    from springfield.results.pages.audit import write_audit_page

    write_atomically(folder / "issues.csv", result.to_csv().encode())
    write_atomically(folder / "suspicious.csv", result.suspicious_csv().encode())
    write_atomically(folder / "catalog.csv", catalog.to_csv().encode())
    write_audit_page(folder, result, language)
