from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from springfield.images.catalog import Catalog
from springfield.images.issues import KINDS, Audit, Issue, find_issues
from springfield.images.statistics import measure
from springfield.recipe import Images

WHOLE = {
    "label": "a",
    "width": 100,
    "height": 80,
    "bytes": 5000,
    "format": "JPEG",
    "sha256": "",
    "error": "",
    "group": -1,
}


def catalog(*rows: dict[str, object]) -> Catalog:
    """Rows of a scanned catalog: what is not said is an ordinary image of its own."""
    full = [
        {**WHOLE, "sha256": f"own {i}", "path": f"a/{i}.jpg", **row} for i, row in enumerate(rows)
    ]
    for number, row in enumerate(full):
        row["group"] = number if row["group"] == -1 else row["group"]
    return Catalog(Path("data"), {}).with_columns(
        **{name: [row[name] for row in full] for name in ("path", *WHOLE)}
    )


def found_in(*rows: dict[str, object]) -> list[tuple[str, str, str]]:
    table = catalog(*rows)
    issues = find_issues(table, Images())
    return [(issue.path, issue.kind, issue.detail) for issue in issues]


def test_find_issues__nothing_wrong() -> None:
    assert found_in({}, {"path": "a/1.JPEG"}, {"path": "a/no_ending"}) == []


@pytest.mark.parametrize(
    ("row", "kind", "detail"),
    [
        ({"error": "image file is truncated"}, "corrupt", "image file is truncated"),
        ({"path": "a/x.txt", "error": "not an image"}, "wrong_type", "not an image"),
        ({"path": "a/x.png"}, "wrong_type", "a JPEG named .png"),
        ({"format": "GIF"}, "wrong_type", "a GIF named .jpg"),
        ({"width": 23}, "too_small", "23x80"),
        ({"height": 8001, "width": 3000}, "too_large", "3000x8001"),
        ({"width": 600, "height": 90}, "odd_aspect", "600x90"),
    ],
)
def test_find_issues__single_files(row: dict[str, object], kind: str, detail: str) -> None:
    path = str(row.get("path", "a/1.jpg"))

    assert found_in({}, row) == [(path, kind, detail)]


def test_find_issues__copies_are_reported_and_the_first_is_not() -> None:
    same = {"sha256": "same", "group": 0}

    assert found_in(same, {}, same, same) == [
        ("a/2.jpg", "duplicate", "same picture as a/0.jpg"),
        ("a/3.jpg", "duplicate", "same picture as a/0.jpg"),
    ]


def test_find_issues__near_copies() -> None:
    assert found_in({"group": 0}, {"group": 0}, {}) == [
        ("a/1.jpg", "near_duplicate", "nearly the same picture as a/0.jpg")
    ]


def test_find_issues__under_two_labels_both_are_reported() -> None:
    exact, near = {"sha256": "same", "group": 0}, {"group": 2}

    assert found_in(exact, {**exact, "label": "b"}, near, {**near, "label": "b"}) == [
        ("a/0.jpg", "cross_class_duplicate", "same picture as a/1.jpg"),
        ("a/1.jpg", "cross_class_duplicate", "same picture as a/0.jpg"),
        ("a/2.jpg", "cross_class_duplicate", "nearly the same picture as a/3.jpg"),
        ("a/3.jpg", "cross_class_duplicate", "nearly the same picture as a/2.jpg"),
    ]


def test_find_issues__the_exact_copy_is_named_before_the_near_one() -> None:
    rows = [{"group": 0, "sha256": digest, "label": label} for digest, label in
            (("x", "a"), ("y", "b"), ("x", "b"))]  # fmt: skip

    assert found_in(*rows)[0] == ("a/0.jpg", "cross_class_duplicate", "same picture as a/2.jpg")


def audit_of(table: Catalog, issues: Iterable[Issue] = ()) -> Audit:
    return Audit(table, tuple(issues), measure(table))


def test_audit__counts_names_every_kind() -> None:
    audit = audit_of(catalog({}), [Issue("a/0.jpg", "corrupt", "torn")])

    assert list(audit.counts()) == list(KINDS)
    assert audit.counts()["corrupt"] == 1
    assert sum(audit.counts().values()) == 1


def test_audit__summary() -> None:
    rows = [{"label": "a"}] * 12 + [{"label": "b", "error": "torn", "width": 0}, {"label": "b"}]

    summary = audit_of(catalog(*rows)).summary()

    assert summary["images"] == 14
    assert summary["classes"] == {"a": 12, "b": 2}
    assert summary["imbalance"] == 12
    assert summary["tiny"] == ["b"]
    assert summary["width"]["low"] == 100
    assert summary["issues"] == dict.fromkeys(KINDS, 0)


def test_audit__summary_of_nothing_readable() -> None:
    summary = audit_of(catalog({"error": "torn"})).summary()

    assert summary["readable"] == 0
    assert summary["imbalance"] == 0
    assert summary["tiny"] == ["a"]


def test_audit__to_csv_quotes_what_needs_it() -> None:
    text = audit_of(catalog({}), [Issue('a/odd, "name".jpg', "corrupt", "torn")]).to_csv()

    assert list(csv.reader(io.StringIO(text))) == [
        ["path", "kind", "detail"],
        ['a/odd, "name".jpg', "corrupt", "torn"],
    ]
