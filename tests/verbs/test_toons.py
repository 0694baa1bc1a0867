from __future__ import annotations

from pathlib import Path

import pytest

from springfield.images.toons import draw
from springfield.verbs.toons import toons


@pytest.fixture
def hamlet(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"milo_finch": 4, "old_pim": 3}
    for place in ("springfield.images.toons.census", "springfield.images.toons"):
        monkeypatch.setattr(f"{place}.TOWNSFOLK", few)
    monkeypatch.setattr(draw, "TOWNSFOLK", few)


def test_toons__says_what_it_drew(hamlet: None, tmp_path: Path) -> None:
    out = tmp_path / "town"
    said = toons(out, progress=False)
    assert said == {
        "images": 7,
        "classes": {"milo_finch": 4, "old_pim": 3},
        "out": str(out),
        "defects": {},
    }
    for name, count in said["classes"].items():
        assert len(list((out / name).iterdir())) == count


def test_toons__counts_what_it_planted(
    hamlet: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plant(folder: Path, *_: object) -> None:
        (folder / "defects.csv").write_text("path,kind\na/1.jpg,corrupt\na/2.jpg,corrupt\n")

    monkeypatch.setattr(draw, "plant_defects", plant)
    said = toons(tmp_path / "town", defects=True, progress=False)
    assert said["defects"] == {"corrupt": 2}
    assert said["images"] == 7
