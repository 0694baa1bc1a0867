from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError
from springfield.images.catalog import Catalog, read_catalog, read_table


def small(root: Path = Path("here")) -> Catalog:
    return Catalog(root, {}).with_columns(
        path=["a/1.jpg", 'b/quote".jpg', "b/komma, ny\nlinje é.jpg"],
        label=["a", "b", "b"],
        sha256=["x", "y", "z"],
        group=np.array([0, 1, 2]),
        part=["train", "test", ""],
    )


def test_catalog__columns_must_agree_in_length() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        small().with_columns(part=["train"])


def test_with_columns__leaves_the_first_table_alone() -> None:
    first = small()
    second = first.with_columns(label=["c", "c", "c"], extra=[1, 2, 3])
    assert first.classes == ("a", "b")
    assert "extra" not in first
    assert second.counts() == {"c": 3}


def test_where__mask_and_row_numbers() -> None:
    catalog = small()
    assert catalog.where(catalog["label"] == "b")["path"].tolist() == catalog["path"][1:].tolist()
    assert catalog.where(np.array([2, 0]))["sha256"].tolist() == ["z", "x"]
    assert small().files()[0] == Path("here/a/1.jpg")


def test_digest__depends_on_the_split_and_not_on_the_place() -> None:
    assert small().digest() == small(Path("elsewhere")).digest()
    assert small().with_columns(width=[1, 2, 3]).digest() == small().digest()
    for column in ("path", "label", "sha256", "part"):
        changed = small()[column].astype(object)
        changed[1] = "other"
        assert small().with_columns(**{column: changed.astype(str)}).digest() != small().digest()


def test_read_catalog__reads_back_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(small().to_csv().encode())
    again = read_catalog(file, Path("here"))
    assert list(again.columns) == list(small().columns)
    for name, column in small().columns.items():
        assert again[name].tolist() == column.tolist()
    assert again["group"].dtype == np.int64
    assert again.digest() == small().digest()


@pytest.mark.parametrize("name", ["Icon\r", "a\nb.jpg", "a\r\nb.jpg", 'say "hi", twice.jpg'])
def test_read_catalog__names_that_break_lines(name: str, tmp_path: Path) -> None:
    catalog = small().with_columns(path=["a.jpg", name, "c.jpg"])
    (tmp_path / "table.csv").write_bytes(catalog.to_csv().encode())
    again = read_catalog(tmp_path / "table.csv", tmp_path)
    assert again["path"].tolist() == ["a.jpg", name, "c.jpg"]
    assert again.digest() == catalog.digest()


def test_read_catalog__empty_lines_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("path,label\n\na.jpg,a\n\n")
    assert read_catalog(tmp_path / "table.csv", tmp_path)["path"].tolist() == ["a.jpg"]


def test_read_catalog__spreadsheets_mark_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(b"\xef\xbb\xbfpath,label\r\na.jpg,a\r\n")
    assert read_catalog(tmp_path / "table.csv", tmp_path)["path"].tolist() == ["a.jpg"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column 'path'"),
        (b"file;label\na;b\n", "no column 'path'"),
        (b"path,label\na.jpg\n", "line 2: 1 fields instead of 2"),
        (b"path,group\na.jpg,x\n", "column 'group'"),
        (b"path,label\na.jpg," + b"x" * 200_000, "field larger than"),
        (b"path\n\xff\xfe.jpg\n", "cannot read the table"),
    ],
)
def test_read_catalog__says_what_is_wrong(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_catalog(tmp_path / "table.csv", tmp_path)


def test_read_catalog__missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot read the table"):
        read_catalog(tmp_path / "absent.csv", tmp_path)


def test_read_table__with_semicolons_as_excel_writes_them(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("\ufeffpath;label\na, b.jpg;owl\n", encoding="utf-8")
    table = read_table(tmp_path / "table.csv")
    assert {name: column.tolist() for name, column in table.items()} == {
        "path": ["a, b.jpg"], "label": ["owl"]
    }  # fmt: skip
    (tmp_path / "table.csv").write_text("path,a;b\nx.jpg,1;2\n")
    assert read_table(tmp_path / "table.csv")["a;b"].tolist() == ["1;2"]
