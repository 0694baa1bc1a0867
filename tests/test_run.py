from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from springfield.errors import OutputError, RunError
from springfield.recipe import load_recipe
from springfield.run import create_run, open_run, write_atomically

RECIPE = load_recipe(settings=("balance.cap=7",))


def test_create_run__keeps_the_recipe_and_the_facts(tmp_path: Path) -> None:
    create_run(tmp_path / "deep" / "run", RECIPE, data="images", command="springfield train")
    run = open_run(tmp_path / "deep" / "run")
    assert run.recipe == RECIPE
    assert run.facts == {"state": "started", "data": "images", "command": "springfield train"}


def test_note__adds_facts_and_replaces_old_ones(tmp_path: Path) -> None:
    run = create_run(tmp_path / "run", RECIPE, data="images")
    run.note(state="finished", size=64)
    assert run.facts == {"state": "finished", "data": "images", "size": 64}


def test_create_run__does_not_touch_an_older_run(tmp_path: Path) -> None:
    run = create_run(tmp_path / "run", RECIPE, data="first")
    with pytest.raises(RunError, match=r"already holds a run; .*springfield resume"):
        create_run(tmp_path / "run", RECIPE, data="second")
    assert run.facts["data"] == "first"


def test_create_run__does_not_use_a_folder_with_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty"):
        create_run(tmp_path, RECIPE)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_create_run__a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine")
    with pytest.raises(OutputError, match="cannot use"):
        create_run(tmp_path / "run", RECIPE)


def test_open_run__a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"holds no run \(there is no run\.json"):
        open_run(tmp_path)


def test_read_json__missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    run = create_run(tmp_path / "run", RECIPE)
    with pytest.raises(RunError, match=r"has no scores\.json"):
        run.read_json("scores.json")
    (run.folder / "scores.json").write_text('{"accuracy": 0.')
    with pytest.raises(RunError, match=r"cannot read .*scores\.json"):
        run.read_json("scores.json")


def test_write_atomically__makes_the_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new" / "file", b"content")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["file"]
    assert (tmp_path / "new" / "file").read_bytes() == b"content"


def test_write_atomically__a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    write_atomically(tmp_path / "file", b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match="the disk is full"):
        write_atomically(tmp_path / "file", b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"
