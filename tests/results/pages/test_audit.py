from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.errors import OutputError
from springfield.images.catalog import Catalog
from springfield.images.issues import Audit, Issue
from springfield.images.statistics import measure
from springfield.results.pages.audit import write_audit_page
from springfield.results.pages.audit_gallery import pairs_of

LABELS = ["cat"] * 12 + ["dog"] * 3 + ["<eel>"]


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """12 cats, 3 dogs, an eel of an evil name; 0 and 1 are alike, 2 is also a dog, 11 broken."""
    n = len(LABELS)
    paths = [f"{label}/{i}.png" for i, label in enumerate(LABELS)]
    for i, path in enumerate(paths[:14]):
        file = tmp_path / "data" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (30 + i, 40), (200, 10 * i, 90)).save(file)
    readable = np.arange(n) != 11
    catalog = Catalog(
        tmp_path / "data",
        {
            "path": np.array(paths),
            "label": np.array(LABELS),
            "width": np.where(readable, 30 + np.arange(n), 0),
            "height": np.where(readable, 40, 0),
            "bytes": np.full(n, 500),
            "format": np.where(readable, "PNG", ""),
            "sha256": np.array([str(i) for i in range(n)]),
            "error": np.where(readable, "", "the file ends early"),
            "group": np.array([0, 0, 2, *range(3, 12), 2, *range(13, n)]),
        },
    )
    issues = (
        Issue(paths[1], "near_duplicate", f"same picture as {paths[0]}"),
        Issue(paths[2], "cross_class_duplicate", f"same picture as {paths[12]}"),
        Issue(paths[12], "cross_class_duplicate", f"same picture as {paths[2]}"),
        Issue(paths[11], "corrupt", "the file ends early"),
        Issue(paths[15], "odd_aspect", "45x40"),
    )
    return Audit(catalog, issues, measure(catalog))


def test_write_audit_page__tells_counts_and_issues(audit: Audit, tmp_path: Path) -> None:
    page = write_audit_page(tmp_path, audit).read_text(encoding="utf-8")
    assert "16 images in 3&nbsp;classes, the largest 11 times the smallest" in page
    assert "cat/11.png: the file ends early" in page
    assert "cross-class duplicate (2)" in page
    assert "1 distinct picture: learned from, cannot be judged" in page


def test_write_audit_page__asks_nobody_for_anything(audit: Audit, tmp_path: Path) -> None:
    page = write_audit_page(tmp_path, audit).read_text(encoding="utf-8")
    assert not re.findall(r"https?://|url\((?!data:)|src=\"(?!data:)|href=\"(?!#)|<link", page)
    assert "<eel>" not in page
    assert "&lt;eel&gt;" in page


def test_write_audit_page__in_russian(audit: Audit, tmp_path: Path) -> None:
    page = write_audit_page(tmp_path, audit, "ru").read_text(encoding="utf-8")
    assert "16&nbsp;изображений, 3&nbsp;класса: самый большой больше самого" in page
    assert "в 11&nbsp;раз" in page
    assert "cat/1.png: то же изображение, что и cat/0.png" in page
    assert "Стоит посмотреть на 5 файлов" in page


def test_write_audit_page__nothing_found(audit: Audit, tmp_path: Path) -> None:
    clean = Audit(audit.catalog, (), audit.statistics)
    page = write_audit_page(tmp_path, clean).read_text(encoding="utf-8")
    assert "Nothing was found that needs a look." in page
    assert 'id="pairs"' not in page


def test_write_audit_page__nothing_readable(audit: Audit, tmp_path: Path) -> None:
    broken = audit.catalog.where(np.array([11]))
    page = write_audit_page(tmp_path, Audit(broken, audit.issues[3:4], measure(broken)))
    assert "No image could be read" in page.read_text(encoding="utf-8")


def test_write_audit_page__folder_in_the_way(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OutputError, match="cannot write"):
        write_audit_page(tmp_path, audit)


def test_pairs_of__across_classes_first_and_each_once(audit: Audit) -> None:
    pairs = pairs_of(audit)
    assert [(pair.one, pair.other) for pair in pairs] == [
        ("cat/2.png", "dog/12.png"),
        ("cat/1.png", "cat/0.png"),
    ]
    assert [pair.crosses for pair in pairs] == [True, False]
