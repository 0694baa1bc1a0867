"""Audit: say what is in a folder of images and what is wrong with it, and change nothing."""

from __future__ import annotations

from pathlib import Path

from springfield.images.duplicates import group_duplicates
from springfield.images.issues import Audit, find_issues
from springfield.images.scan import scan
from springfield.images.statistics import measure
from springfield.recipe import Images
from springfield.results.page.languages import check_language
from springfield.run import check_empty, write_atomically


def audit(
    data: str | Path,
    out: str | Path | None = None,
    *,
    rules: Images | None = None,
    progress: bool = True,
    language: str = "en",
) -> Audit:
    """Audit a folder (or table) of images; nothing in it is changed.

    With `out`, a new or empty folder outside `data`, write the page and two tables there:
    page.html, issues.csv (path, kind, detail) and catalog.csv (a row per file). The page speaks
    English, or Russian with `language` "ru".
    Raises `DataError` when there is nothing to audit, `OutputError` when `out` is in the way or
    the language unknown.
    """
    check_language(language)
    folder = Path(out) if out is not None else None
    if folder is not None:
        check_empty(folder, [Path(data)])
    catalog, fingerprints = scan(Path(data), progress=progress)
    catalog = group_duplicates(catalog, fingerprints)
    issues = find_issues(catalog, fingerprints, rules or Images())
    result = Audit(catalog, tuple(issues), measure(catalog))
    if folder is not None:
        _write(folder, result, language)
    return result


def _write(folder: Path, result: Audit, language: str) -> None:
    from springfield.results.audit_page import write_audit_page

    write_atomically(folder / "issues.csv", result.to_csv().encode())
    write_atomically(folder / "catalog.csv", result.catalog.to_csv().encode())
    write_audit_page(folder, result, language)
