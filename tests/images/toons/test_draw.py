from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from springfield.errors import OutputError, SpringfieldError
from springfield.images.toons import draw, worker
from springfield.images.toons.census import TOWNSFOLK
from springfield.images.toons.draw import draw_toonville
from springfield.images.toons.picture import draw_one


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture
def hamlet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A town of three, small enough to be drawn several times."""
    few = {"milo_finch": 3, "old_pim": 3, "opal_winterbourne": 2}
    monkeypatch.setattr("springfield.images.toons.census.TOWNSFOLK", few)
    monkeypatch.setattr(draw, "TOWNSFOLK", few)


def test_draw_toonville__same_seed_same_bytes(hamlet: None, tmp_path: Path) -> None:
    for out, seed in (("one", 0), ("again", 0), ("other", 1)):
        draw_toonville(tmp_path / out, seed=seed, progress=False)
    one = _contents(tmp_path / "one")
    assert len(one) == 8
    assert _contents(tmp_path / "again") == one
    assert all(_contents(tmp_path / "other").get(path) != content for path, content in one.items())


def test_draw_toonville__helpers_draw_the_same(
    hamlet: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [("milo_finch", 0), ("old_pim", 1)]
    for name in TOWNSFOLK:
        (tmp_path / name).mkdir()
    monkeypatch.setattr(worker, "all_jobs", lambda scale: jobs)
    with pytest.MonkeyPatch.context() as quiet, Path(os.devnull).open("wb") as nowhere:
        quiet.setattr(worker.sys, "stdout", nowhere)
        assert [worker.main(str(tmp_path), "1.0", "0", str(part), "2") for part in (0, 1)] == [0, 0]
    drawn = _contents(tmp_path)
    (tmp_path / "again" / "milo_finch").mkdir(parents=True)
    again = draw_one(tmp_path / "again", "milo_finch", 0, 0)
    assert len(drawn) == 2
    assert drawn[f"milo_finch/{again.name}"] == again.read_bytes()


def test_draw_toonville__occupied_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(OutputError, match="not an empty folder"):
        draw_toonville(tmp_path, scale=0.01, progress=False)
    assert [f.name for f in tmp_path.iterdir()] == ["mine.txt"]


def test_draw_toonville__empty_folder_is_used(hamlet: None, tmp_path: Path) -> None:
    draw_toonville(tmp_path, progress=False)
    assert sorted(f.name for f in tmp_path.iterdir()) == [
        "milo_finch",
        "old_pim",
        "opal_winterbourne",
    ]


def test_draw_toonville__full_disk_leaves_nothing(
    hamlet: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(draw, "draw_one", full)
    with pytest.raises(OutputError, match="disk is full"):
        draw_toonville(tmp_path / "town", progress=False)
    assert list(tmp_path.iterdir()) == []


def test_draw_toonville__full_disk_in_a_helper(
    hamlet: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "FEW", 0)
    monkeypatch.setattr(
        draw.sys, "executable", _script(tmp_path / "python", f"exit {errno.ENOSPC}")
    )
    with pytest.raises(OutputError, match="disk is full"):
        draw_toonville(tmp_path / "town", progress=False)
    assert not (tmp_path / "town").exists()


def _script(file: Path, line: str) -> str:
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize("scale", [0, -1, 101, float("nan")])
def test_draw_toonville__impossible_scale(scale: float, tmp_path: Path) -> None:
    with pytest.raises(SpringfieldError, match="scale"):
        draw_toonville(tmp_path / "town", scale=scale, progress=False)
