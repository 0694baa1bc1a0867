"""What counts as an image of a class, in folders and tables as they are found."""

from __future__ import annotations

import logging
import os
import socket
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from springfield.errors import DataError, MissingExtraError
from springfield.images.sources import Source, find_sources


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")


def rows(data: Path) -> list[tuple[str, str]]:
    return [(source.path, source.label) for source in find_sources(data)[1]]


def test_find_sources__classes_nested_folders_and_litter(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    touch(tmp_path, "b/1.jpg", "a/deep/er/2.jpg", "a/notes.txt", "README.md")
    touch(tmp_path, ".git/x.jpg", "__MACOSX/a/._1.jpg", "a/.DS_Store", "a/Thumbs.db", "b/._1.jpg")
    (tmp_path / "empty").mkdir()
    assert rows(tmp_path) == [("a/deep/er/2.jpg", "a"), ("a/notes.txt", "a"), ("b/1.jpg", "b")]
    assert caplog.messages == [f"{tmp_path}/empty holds no files: it is no class"]


def test_find_sources__steps_into_a_wrapper(tmp_path: Path) -> None:
    touch(tmp_path, "archive/dataset/a/1.jpg", "archive/dataset/b/2.jpg", "__MACOSX/x")
    root, sources = find_sources(tmp_path)
    assert root == tmp_path / "archive" / "dataset"
    assert [source.path for source in sources] == ["a/1.jpg", "b/2.jpg"]


def test_find_sources__one_class_is_not_a_wrapper(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "a/2.jpg")
    assert rows(tmp_path) == [("a/1.jpg", "a"), ("a/2.jpg", "a")]


def test_find_sources__unicode_names(tmp_path: Path) -> None:
    touch(tmp_path, "Straße/ä,\n塔.jpg", "b/1.jpg")
    assert ("Straße/ä,\n塔.jpg", "Straße") in rows(tmp_path)


def test_find_sources__names_that_are_not_utf8(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "b/1.jpg")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a/caf\xe9.jpg")).write_bytes(b"x")
    odd = find_sources(tmp_path)[1][1]
    assert (odd.path, odd.label) == ("a/caf\\xe9.jpg", "a")
    assert "not UTF-8" in odd.error
    odd.path.encode()  # can be written into a table


def test_find_sources__folder_whose_name_is_not_utf8(tmp_path: Path) -> None:
    touch(tmp_path, "b/1.jpg")
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    (folder / "2.jpg").write_bytes(b"x")
    odd = find_sources(tmp_path)[1][1]
    assert (odd.path, odd.label) == ("caf\\xe9/2.jpg", "caf\\xe9")
    assert "not UTF-8" in odd.error


def test_find_sources__links_pipes_and_sockets(tmp_path: Path) -> None:
    root = tmp_path / "data"
    touch(root, "a/1.jpg", "b/1.jpg")
    touch(tmp_path, "outside/1.jpg")
    (root / "a" / "inside.jpg").symlink_to(root / "b" / "1.jpg")
    (root / "a" / "out.jpg").symlink_to(tmp_path / "outside" / "1.jpg")
    (root / "a" / "nowhere.jpg").symlink_to(tmp_path / "nowhere")
    (root / "a" / "loop").symlink_to(root)
    (root / "a" / "itself.jpg").symlink_to("itself.jpg")
    (root / "itself").symlink_to("itself")
    os.mkfifo(root / "a" / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as channel:
        channel.bind(str(root / "b" / "socket.jpg"))
        errors = {source.path: source.error for source in find_sources(root)[1]}
    assert errors == {
        "a/1.jpg": "",
        "a/inside.jpg": "",
        "a/itself.jpg": "a link to nothing",
        "a/loop": "a link to a folder; links are not followed",
        "a/nowhere.jpg": "a link to nothing",
        "a/out.jpg": "a link out of the data folder; copy it there, or list it in a table"
        " path,label",
        "a/pipe.jpg": "not a regular file",
        "b/1.jpg": "",
        "b/socket.jpg": "not a regular file",
    }


def test_find_sources__linked_class_folder_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "data/a/1.jpg", "elsewhere/1.jpg")
    (tmp_path / "data" / "b").symlink_to(tmp_path / "elsewhere")
    last = find_sources(tmp_path / "data")[1][-1]
    assert last == Source("b", "b", "a link to a folder; links are not followed")


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_find_sources__folder_without_permission(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "b/1.jpg")
    (tmp_path / "b").chmod(0)
    try:
        last = find_sources(tmp_path)[1][-1]
        assert last.path == "b"
        assert "Permission denied" in last.error
        (tmp_path).chmod(0)
        with pytest.raises(DataError, match="Permission denied"):
            find_sources(tmp_path)
    finally:
        tmp_path.chmod(0o700)
        (tmp_path / "b").chmod(0o700)


def test_find_sources__folder_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a/1.jpg", "b/1.jpg")
    list_folder = os.scandir

    def refusing(folder: Path) -> object:
        if Path(folder).name == "b":
            raise PermissionError(13, "Permission denied")
        return list_folder(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    last = find_sources(tmp_path)[1][-1]
    assert (last.path, last.label) == ("b", "b")
    assert "Permission denied" in last.error
    with pytest.raises(DataError, match=r"cannot open the folder .*Permission denied"):
        find_sources(tmp_path / "b")


def test_find_sources__layouts_that_are_no_classes(tmp_path: Path) -> None:
    cases = {
        "empty": ((), "holds no images.*<class>"),
        "flat": (("1.PNG", "2.JPG"), "no class folders.*<class>"),
        "parts": (("train/a/1.jpg", "test/a/1.jpg"), "holds test, train: give the one"),
    }
    for name, (files, words) in cases.items():
        (tmp_path / name).mkdir()
        touch(tmp_path / name, *files)
        with pytest.raises(DataError, match=words):
            find_sources(tmp_path / name)
    with pytest.raises(DataError, match="there is no folder"):
        find_sources(tmp_path / "absent")
    touch(tmp_path, "picture.jpg")
    with pytest.raises(DataError, match="neither a folder nor"):
        find_sources(tmp_path / "picture.jpg")


def test_find_sources__loose_images_are_mentioned(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    touch(tmp_path, "a/1.jpg", "b/1.jpg", "loose.jpg")
    with caplog.at_level(logging.WARNING):
        assert len(rows(tmp_path)) == 2
    assert "loose.jpg" in caplog.text


def test_find_sources__table(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("id,path,label\n1,x/b.jpg,B\n2,absent.jpg,A\n")
    root, sources = find_sources(tmp_path / "table.csv")
    assert root == tmp_path
    assert sources == [Source("absent.jpg", "A"), Source("x/b.jpg", "B")]


def test_find_sources__other_columns_of_a_table_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("path,label,sex,width\nb.jpg,B,f,\n")
    assert find_sources(tmp_path / "table.csv")[1] == [Source("b.jpg", "B")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("path,kind\na.jpg,a\n", "no column 'label'"),
        ("path,label\n", "no rows"),
        ("path,label\na.jpg,a\nb.jpg,\n", "row 2: path and label must not be empty"),
        ("path,label\na.jpg,a\na.jpg,b\n", "row 2: a.jpg is listed twice"),
    ],
)
def test_find_sources__table_that_is_wrong(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "table.csv").write_text(content)
    with pytest.raises(DataError, match=words):
        find_sources(tmp_path / "table.csv")


def test_find_sources__parquet_needs_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    touch(tmp_path, "table.parquet")
    with pytest.raises(MissingExtraError, match="pyarrow is not installed"):
        find_sources(tmp_path / "table.parquet")


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_find_sources__a_missing_label_in_parquet_is_no_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: float | None
) -> None:
    _as_parquet(monkeypatch, {"path": ["b.jpg", "a.jpg"], "label": ["owl", missing]})
    touch(tmp_path, "table.parquet")
    with pytest.raises(DataError, match="row 2: path and label must not be empty"):
        find_sources(tmp_path / "table.parquet")


def _as_parquet(monkeypatch: pytest.MonkeyPatch, columns: dict[str, list[Any]]) -> None:
    table = types.SimpleNamespace(to_pydict=lambda: columns)
    parquet = types.ModuleType("pyarrow.parquet")
    schema = types.SimpleNamespace(names=list(columns))
    monkeypatch.setattr(parquet, "read_schema", lambda *_: schema, raising=False)
    monkeypatch.setattr(parquet, "read_table", lambda *_, **__: table, raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", types.ModuleType("pyarrow"))
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", parquet)


def test_find_sources__parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _as_parquet(monkeypatch, {"path": ["b.jpg", "a.jpg"], "label": [1, 2]})
    touch(tmp_path, "table.parquet")
    assert rows(tmp_path / "table.parquet") == [("a.jpg", "2"), ("b.jpg", "1")]


def test_find_sources__a_table_may_name_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "table.parquet")
    (tmp_path / "table.csv").write_text("group,path,label\nanna,b.jpg,owl\n,a.jpg,hen\n")
    found = [Source("a.jpg", "hen"), Source("b.jpg", "owl", group="anna")]
    assert find_sources(tmp_path / "table.csv")[1] == found
    columns = {"path": ["b.jpg", "a.jpg"], "label": ["owl", "hen"], "group": ["anna", None]}
    _as_parquet(monkeypatch, columns)
    assert find_sources(tmp_path / "table.parquet")[1] == found


def test_find_sources__one_class_however_its_accents_are_stored(tmp_path: Path) -> None:
    touch(tmp_path, "мой/1.jpg", "мои\u0306/2.jpg", "a/3.jpg")
    assert [source.label for source in find_sources(tmp_path)[1]] == ["a", "мой", "мой"]
    (tmp_path / "table.csv").write_text("path,label\n1.jpg,мои\u0306\n", encoding="utf-8")
    assert rows(tmp_path / "table.csv") == [("1.jpg", "мой")]
