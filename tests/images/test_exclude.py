from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from springfield.errors import DataError
from springfield.images.catalog import Catalog
from springfield.images.exclude import Exclusion, exclude_listed, read_exclusion
from springfield.images.select import leave_out
from springfield.recipe import Images


def town(*paths: str, **columns: list[str]) -> Catalog:
    """Ordinary images of their own, labelled by their folder."""
    table: dict[str, list[Any]] = {
        "path": list(paths),
        "label": [path.partition("/")[0] for path in paths],
        "width": [90] * len(paths),
        "height": [90] * len(paths),
        "sha256": list(paths),
        "error": [""] * len(paths),
    }
    return Catalog(Path("data"), {}).with_columns(**{**table, **columns})


def manifest(folder: Path, text: str, name: str = "manifest.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_read_exclusion__takes_any_table_with_paths(tmp_path: Path) -> None:
    text = '\ufefflabel,path,note\nowl,owl/1.png,"odd, I think"\n\nhen,"hen/a, b.png",\n'
    found = read_exclusion(manifest(tmp_path, text))
    assert found.paths == ("owl/1.png", "hen/a, b.png")
    assert found.facts() == {
        "name": "manifest.csv",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def test_read_exclusion__none_excludes_nothing() -> None:
    catalog = exclude_listed(town("owl/1.png"), read_exclusion(None))
    assert catalog["reason"].tolist() == [""]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Path,label\na,b\n", r"has no column 'path'; did you mean 'Path'\?"),
        ("file,label\na,b\n", r"has no column 'path'; known: file, label"),
        ("", "has no column 'path'"),
    ],
)
def test_read_exclusion__without_paths(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        read_exclusion(manifest(tmp_path, text))


def test_read_exclusion__what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv: No such file"):
        read_exclusion(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="Is a directory"):
        read_exclusion(tmp_path)
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(DataError, match=r"picture\.jpg is no CSV in UTF-8"):
        read_exclusion(tmp_path / "picture.jpg")


def test_exclude_listed__says_who_did_it() -> None:
    catalog = exclude_listed(
        town("owl/1.png", "owl/2.png", "hen/1.png"), Exclusion("bad.csv", b"", ("owl/2.png",) * 2)
    )
    assert catalog["reason"].tolist() == ["", "excluded by bad.csv", ""]


def test_exclude_listed__accents_may_be_kept_apart() -> None:
    kept, listed = "owl/e\u0301.png", "owl/\u00e9.png"
    catalog = exclude_listed(
        town(kept, "owl/2.png", "hen/1.png"), Exclusion("bad.csv", b"", (listed,))
    )
    assert catalog["reason"].tolist().count("excluded by bad.csv") == 1


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("owl/11.png", "did you mean 'owl/1.png'?"),
        ("data/owl/two.png", "did you mean 'owl/two.png'?"),
        ("owl\\two.png", "did you mean 'owl/two.png'?"),
        ("zoo/9.jpeg", "its paths must be those of the catalog"),
    ],
)
def test_exclude_listed__a_path_that_is_not_there(path: str, hint: str) -> None:
    table = town("owl/1.png", "owl/two.png", "hen/1.png")
    with pytest.raises(DataError) as caught:
        exclude_listed(table, Exclusion("bad.csv", b"", ("hen/1.png", path)))
    assert str(caught.value).startswith(f"bad.csv lists '{path}', which is not among the images")
    assert hint in str(caught.value)


def test_exclude_listed__several_that_are_not_there_are_counted() -> None:
    with pytest.raises(DataError, match=r"lists 'owl/3.png' \(and 2 more\), which"):
        exclude_listed(
            town("owl/1.png"), Exclusion("b.csv", b"", ("owl/3.png", "owl/4.png", "owl/5.png"))
        )


def test_exclude_listed__something_of_every_class_is_left() -> None:
    table = town("owl/1.png", "owl/2.png", "hen/1.png", error=["", "torn", ""])
    with pytest.raises(DataError, match="excludes every image of owl;"):
        exclude_listed(table, Exclusion("bad.csv", b"", ("owl/1.png",)))
    exclude_listed(table, Exclusion("bad.csv", b"", ("owl/2.png",)))  # it was of no use anyway


def test_exclude_listed__settles_which_of_two_labels_is_right() -> None:
    table = town("owl/1.png", "owl/2.png", "hen/1.png", "hen/2.png", sha256=["a", "b", "a", "c"])
    reasons = leave_out(table, Images())["reason"].tolist()
    assert [reason.partition(":")[0] for reason in reasons] == [
        *("cross_class_duplicate", ""),
        *("cross_class_duplicate", ""),
    ]
    settled = leave_out(exclude_listed(table, Exclusion("m.csv", b"", ("owl/1.png",))), Images())
    assert settled["reason"].tolist() == ["excluded by m.csv", "", "", ""]


def test_read_exclusion__a_name_that_is_not_utf8_can_be_written_down(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/m\xff.csv"))
    file.write_text("path\na.jpg\n")
    assert read_exclusion(file).name.encode() == b"m\\xff.csv"
