from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from springfield.errors import DataError, OutputError
from springfield.images.catalog import read_catalog
from springfield.images.toons import draw_toonville
from springfield.recipe import Images
from springfield.verbs.audit import audit


def digest(folder: Path) -> dict[str, tuple[int, str]]:
    """Time of change and content of everything below a folder."""
    return {
        str(path): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in [folder, *folder.rglob("*")]
    }


def test_audit__tiny(tiny: Path, tmp_path: Path) -> None:
    before = digest(tiny)

    found = audit(tiny, tmp_path / "out", progress=False)

    by_path = {(issue.path, issue.kind) for issue in found.issues}
    assert by_path == {
        ("barn/torn.jpg", "corrupt"),
        ("barn/000.jpg", "cross_class_duplicate"),
        ("mill/twin.jpg", "cross_class_duplicate"),
    }
    assert found.summary()["classes"] == {"barn": 25, "mill": 13, "pier": 7, "tower": 1}
    assert digest(tiny) == before
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "catalog.csv",
        "issues.csv",
        "page.html",
        "suspicious.csv",
    ]
    with (tmp_path / "out" / "issues.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["path"], row["kind"], row["detail"]) for row in csv.DictReader(file)]
    assert rows == [(issue.path, issue.kind, issue.detail) for issue in found.issues]
    assert len(read_catalog(tmp_path / "out" / "catalog.csv", tiny)) == 46
    json.dumps(found.summary())


def test_audit__finds_what_toonville_hides(tmp_path: Path) -> None:
    town = tmp_path / "town"
    draw_toonville(town, scale=0.005, defects=True, progress=False)
    with (town / "defects.csv").open(newline="", encoding="utf-8") as file:
        planted = {row["path"]: row["kind"] for row in csv.DictReader(file)}

    found = audit(town, progress=False)

    reported = {(issue.path, issue.kind) for issue in found.issues}
    group = dict(zip(found.catalog["path"].tolist(), found.catalog["group"].tolist(), strict=True))
    for path, kind in planted.items():
        if kind != "suspicious_label":
            twins = [other for other in group if group[other] == group[path]]
            assert any((twin, kind) in reported for twin in twins), (path, kind)
    innocent = [path for path, _ in reported
                if all(group[path] != group[other] for other in planted)]  # fmt: skip
    assert len(innocent) <= len(group) * 0.01


def test_audit__what_a_manifest_lists_takes_no_part(tiny: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "bad labels.csv"
    manifest.write_text("label,path\nmill,mill/twin.jpg\nbarn,barn/torn.jpg\n")

    found = audit(tiny, tmp_path / "out", exclude=manifest, progress=False)

    assert found.summary()["classes"] == {"barn": 24, "mill": 12, "pier": 7, "tower": 1}
    assert (found.issues, found.summary()["excluded"]) == ((), 2)
    catalog = read_catalog(tmp_path / "out" / "catalog.csv", tiny)
    listed = catalog["path"][catalog["reason"] == "excluded by bad labels.csv"].tolist()
    assert sorted(listed) == ["barn/torn.jpg", "mill/twin.jpg"] == sorted(found.excluded)
    page = (tmp_path / "out" / "page.html").read_text(encoding="utf-8")
    assert "<li>mill/twin.jpg</li>" in page


def test_audit__its_doubts_can_be_excluded(tmp_path: Path) -> None:
    town = tmp_path / "town"
    draw_toonville(town, scale=0.01, defects=True, progress=False)

    found = audit(town, tmp_path / "out", progress=False)
    doubted = found.counts()["suspicious_label"]
    again = audit(town, exclude=tmp_path / "out" / "suspicious.csv", progress=False)

    assert len(again.excluded) == doubted >= 1
    with (tmp_path / "out" / "suspicious.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "label", "looks_like", "evidence"]
    assert all(row["label"] != row["looks_like"] for row in rows)
    evidence = [float(row["evidence"]) for row in rows]
    assert evidence == sorted(evidence, reverse=True)


def test_audit__without_out_writes_nothing(tiny_copy: Path, tmp_path: Path) -> None:
    before = digest(tmp_path)

    audit(tiny_copy, progress=False)

    assert digest(tmp_path) == before


def test_audit__one_class(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny / "barn", tmp_path / "data" / "barn")

    found = audit(tmp_path / "data", tmp_path / "out", progress=False)

    assert found.summary()["classes"] == {"barn": 25}
    assert found.counts()["corrupt"] == 1


def test_audit__nothing_readable(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0")

    found = audit(tmp_path / "data", tmp_path / "out", progress=False)

    assert found.statistics.readable == 0
    counts = found.counts()
    assert sum(counts.values()) == counts["corrupt"] == 2  # not the same picture under two labels


def test_audit__what_becomes_of_a_class_counts_what_can_be_used(
    tmp_path: Path, paint: Callable[..., None]
) -> None:
    data = tmp_path / "data"
    for i in range(12):
        paint(data / "barkeeper" / f"{i}.png", "barkeeper", i)
    paint(data / "clown" / "0.png", "clown", 0)
    for i in range(3):
        (data / "clown" / f"torn{i}.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes([i]))
    audit(data, tmp_path / "out", progress=False)
    page = (tmp_path / "out" / "page.html").read_text()
    assert "1 distinct picture: learned from, cannot be judged" in page


def test_audit__the_rules_decide_what_is_small(tiny: Path) -> None:
    found = audit(tiny, rules=Images(min_side=90), progress=False)

    kinds = Counter(issue.kind for issue in found.issues)
    assert kinds["too_small"] == 45  # 96 x 80; all that are readable


@pytest.mark.parametrize("where", [".", "barn", "new/folder"])
def test_audit__refuses_to_write_into_the_data(tiny_copy: Path, where: str) -> None:
    before = digest(tiny_copy)

    with pytest.raises(OutputError, match="nothing is changed"):
        audit(tiny_copy, tiny_copy / where, progress=False)

    assert digest(tiny_copy) == before


def test_audit__refuses_a_folder_in_use(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(OutputError, match="not empty"):
        audit(tiny, tmp_path, progress=False)

    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_audit__out_is_a_file(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")

    with pytest.raises(OutputError, match="cannot use"):
        audit(tiny, tmp_path / "file", progress=False)


def test_audit__no_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no folder"):
        audit(tmp_path / "nowhere", tmp_path / "out", progress=False)

    assert not (tmp_path / "out").exists()
