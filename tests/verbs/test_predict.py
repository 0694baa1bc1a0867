from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from springfield.errors import DataError, RunError
from springfield.run import Run
from springfield.verbs.predict import predict


def test_predict__files_and_folders_each_file_once(
    colour_run: Run, paint: Callable[..., None], tmp_path: Path
) -> None:
    paint(tmp_path / "one.png", "mayor")
    paint(tmp_path / "more" / "b.png", "clown")
    paint(tmp_path / "more" / "deep" / "ä 塔.png", "barkeeper")
    (tmp_path / "more" / ".hidden").write_text("")
    found = predict(colour_run.folder, [tmp_path / "one.png", tmp_path / "more"], progress=False)
    assert found.paths.tolist() == [
        str(tmp_path / "one.png"),
        str(tmp_path / "more" / "b.png"),
        str(tmp_path / "more" / "deep" / "ä 塔.png"),
    ]
    assert found.labels.tolist() == ["mayor", "clown", "barkeeper"]
    assert (found.confidence > 0.9).all()


def test_predict__a_corrupt_file_keeps_its_row_and_no_other_file_its_answer(
    colour_run: Run, paint: Callable[..., None], tmp_path: Path
) -> None:
    for i, name in enumerate(("mayor", "clown", "mayor", "barkeeper")):
        paint(tmp_path / f"{i}.png", name, i)
    whole = (tmp_path / "1.png").read_bytes()
    (tmp_path / "1.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "4.png").symlink_to(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "5.png")
    found = predict(colour_run.folder, [tmp_path], progress=False)
    assert found.labels.tolist() == ["mayor", "", "mayor", "barkeeper", "", ""]
    assert [bool(reason) for reason in found.reasons] == [False, True, False, False, True, True]
    rows = found.short_csv().splitlines()
    assert rows[0] == "path,label,probability,error"
    assert rows[2].startswith(f"{tmp_path / '1.png'},,,")


def test_predict__paths_may_be_strings(
    colour_run: Run, paint: Callable[..., None], tmp_path: Path
) -> None:
    paint(tmp_path / "x.png", "clown")
    found = predict(str(colour_run.folder), [str(tmp_path / "x.png")], progress=False)
    assert found.labels.tolist() == ["clown"]


def test_predict__what_is_not_there_is_named(colour_run: Run, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no .*nothing"):
        predict(colour_run.folder, [tmp_path / "nothing"], progress=False)
    with pytest.raises(DataError, match="no file in"):
        predict(colour_run.folder, [tmp_path], progress=False)
    with pytest.raises(RunError, match="holds no run"):
        predict(tmp_path, [tmp_path], progress=False)
