from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from springfield.errors import OutputError, RunError
from springfield.recipe import load_recipe
from springfield.run import Run, check_free, create_run, open_run

RECIPE = load_recipe(settings=("balance.cap=7",))


def _new(folder: Path, **facts: Any) -> Run:
    return create_run(folder, RECIPE, "path,label\n", facts)


def test_create_run__keeps_the_recipe_the_manifest_and_the_facts(tmp_path: Path) -> None:
    _new(tmp_path / "deep" / "run", data="images", command="springfield train")
    run = open_run(tmp_path / "deep" / "run")
    assert run.recipe == RECIPE
    assert run.catalog_file.read_text() == "path,label\n"
    assert run.facts == {"data": "images", "command": "springfield train"}


def test_note__adds_facts_and_replaces_old_ones(tmp_path: Path) -> None:
    run = _new(tmp_path / "run", data="images", state="started")
    run.note(state="finished", size=64)
    assert run.facts == {"state": "finished", "data": "images", "size": 64}


def test_note__a_folder_whose_name_is_not_utf8(tmp_path: Path) -> None:
    run = _new(tmp_path / "run")
    run.note(data="/b\udcff/images")
    assert open_run(run.folder).facts["data"] == "/b\udcff/images"


@pytest.mark.parametrize("content", ["{}", "[]", "null", "3"])
def test_facts__a_missing_one_is_named(tmp_path: Path, content: str) -> None:
    run = _new(tmp_path / "run")
    (run.folder / "run.json").write_text(content)
    with pytest.raises(RunError, match=r"run\.json is damaged \(it lacks 'root'\)"):
        run.facts["root"]


def test_check_free__a_new_or_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    check_free(tmp_path / "empty", tmp_path / "images")
    check_free(tmp_path / "new", tmp_path / "images")
    assert not (tmp_path / "new").exists()


def test_check_free__an_older_run_is_kept(tmp_path: Path) -> None:
    _new(tmp_path / "run")
    with pytest.raises(RunError, match=r"already holds a run; .*springfield resume"):
        check_free(tmp_path / "run", tmp_path / "images")
    run = Run(tmp_path / "run")
    run.note(state="finished")
    run.write_text(run.card_file.name, "")
    with pytest.raises(RunError, match=r"already holds a run; choose another --out$"):
        check_free(run.folder, tmp_path / "images")


def test_check_free__a_folder_with_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "notes.txt").write_text("mine")
    for taken in (tmp_path / "run", tmp_path / "run" / "notes.txt"):
        with pytest.raises(OutputError, match=r"is not empty; choose a new folder|cannot use"):
            check_free(taken, tmp_path / "images")


def test_check_free__a_link_to_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "away").symlink_to(tmp_path / "unplugged")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for out in ("away", "away/run", "loop"):
        with pytest.raises(OutputError, match="is a link to nothing; choose another name"):
            check_free(tmp_path / out, tmp_path / "images")
    check_free(tmp_path / "run", tmp_path / "loop")  # which is told when it is read


def test_check_free__a_name_that_is_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not UTF-8; choose another --out"):
        check_free(tmp_path / os.fsdecode(b"r\xff"), tmp_path / "images")


def test_check_free__a_run_does_not_stand_among_its_images(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    with pytest.raises(OutputError, match="lies among the images"):
        check_free(tmp_path / "images" / "run", tmp_path / "images")


def test_create_run__a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot write"):
        _new(tmp_path / "file" / "run")


def test_open_run__a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"holds no run \(there is no run\.json"):
        open_run(tmp_path)


def test_read_json__missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    run = _new(tmp_path / "run")
    with pytest.raises(RunError, match=r"has no scores\.json"):
        run.read_json("scores.json")
    (run.folder / "scores.json").write_text('{"accuracy": 0.')
    with pytest.raises(RunError, match=r"cannot read .*scores\.json"):
        run.read_json("scores.json")
