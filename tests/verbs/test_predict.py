from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError, MissingExtraError, RunError
from springfield.run import Run
from springfield.verbs.predict import predict


def test_predict__files_and_folders_each_file_once(
    colour_run: Run, paint: Callable[..., None], tmp_path: Path
) -> None:
    paint(tmp_path / "one.png", "mayor")
    paint(tmp_path / "more" / "b.png", "clown")
    paint(tmp_path / "more" / "deep" / "ä 塔.png", "barkeeper")
    (tmp_path / "more" / ".hidden").write_text("")
    (tmp_path / "more" / "Thumbs.db").write_text("")
    paint(tmp_path / "more" / "@eaDir" / "b.png", "clown")  # a Synology's own thumbnails
    found = predict(colour_run.folder, [tmp_path / "one.png", tmp_path / "more"], progress=False)
    assert found.paths.tolist() == [
        str(tmp_path / "one.png"),
        str(tmp_path / "more" / "b.png"),
        str(tmp_path / "more" / "deep" / "ä 塔.png"),
    ]
    assert found.labels.tolist() == ["mayor", "clown", "barkeeper"]
    assert (found.confidence > 0.9).all()


@pytest.mark.parametrize("together", [1, 3, 64])
def test_predict__a_corrupt_file_keeps_its_row_and_no_other_file_its_answer(
    colour_run: Run,
    paint: Callable[..., None],
    tmp_path: Path,
    together: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("springfield.verbs.predict.ROUND", together)
    for i, name in enumerate(("mayor", "clown", "mayor", "barkeeper")):
        paint(tmp_path / f"{i}.png", name, i)
    whole = (tmp_path / "1.png").read_bytes()
    (tmp_path / "1.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "4.png").symlink_to(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "5.png")
    found = predict(colour_run.folder, [tmp_path], progress=False)
    assert found.labels.tolist() == ["mayor", "", "mayor", "barkeeper", "", ""]
    assert [bool(reason) for reason in found.reasons] == [False, True, False, False, True, True]
    assert found.inside is not None
    assert [bool(each) for each in found.sets()] == [not reason for reason in found.reasons]
    for label, may_be, row in zip(found.labels, found.sets(), found.inside, strict=True):
        assert (may_be or ("",))[0] == label  # the likeliest first
        assert len(may_be or ()) == row.sum()
    rows = found.short_csv().splitlines()
    assert rows[0] == "path,label,probability,error"
    assert rows[2].startswith(f"{tmp_path / '1.png'},,,")


def test_predict__a_link_to_a_folder_is_not_passed_over_in_silence(
    colour_run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "more").symlink_to(tmp_path)
    (tmp_path / "in" / "torn.png").touch()
    predict(colour_run.folder, [tmp_path / "in"], progress=False)
    assert caplog.messages == [
        f"warning: {tmp_path}/in/more is a link to a folder and is not followed"
    ]


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


RED, GREEN, BLUE = ((200, 30, 30), (30, 200, 30), (30, 30, 200))  # barkeeper, clown, mayor


def shots(*paints: tuple[int, int, int], seconds: int = 2) -> list[tuple[float, np.ndarray]]:
    """Noisy frames of one colour after the other, 25 a second."""
    rng = np.random.default_rng(3)
    return [
        (i / 25, (np.array(paint) + rng.integers(-30, 30, (48, 64, 3))).clip(0, 255).astype("u1"))
        for i, paint in enumerate(paint for paint in paints for _ in range(seconds * 25))
    ]


def test_predict__a_video_has_a_row_for_every_span(
    colour_run: Run, paint: Callable[..., None], film: Callable[..., Path], tmp_path: Path
) -> None:
    paint(tmp_path / "in" / "a.png", "clown")
    film(tmp_path / "in" / "b ü.MP4", shots(BLUE, RED, BLUE))
    paint(tmp_path / "in" / "c.png", "barkeeper")
    found = predict(colour_run.folder, [tmp_path / "in", tmp_path / "in" / "a.png"], progress=False)
    clip = str(tmp_path / "in" / "b ü.MP4")
    assert found.paths.tolist() == [
        str(tmp_path / "in" / "a.png"),
        f"{clip}#t=0,2",
        f"{clip}#t=2,4",
        f"{clip}#t=4,5.96",
        str(tmp_path / "in" / "c.png"),
        str(tmp_path / "in" / "a.png"),
    ]
    assert found.labels.tolist() == ["clown", "mayor", "barkeeper", "mayor", "barkeeper", "clown"]
    assert (found.confidence > 0.9).all()
    assert found.readable.all()


def test_predict__a_video_that_is_cut_off_keeps_what_was_seen(
    colour_run: Run, film: Callable[..., Path], tmp_path: Path
) -> None:
    film(tmp_path / "b.mkv", shots(GREEN, RED, BLUE, seconds=4))
    whole = (tmp_path / "b.mkv").read_bytes()
    (tmp_path / "b.mkv").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "a.mp4").write_text("no video")
    found = predict(colour_run.folder, [tmp_path], progress=False)
    assert found.labels.tolist() == ["", "clown", "barkeeper", ""]
    assert found.paths[-1] == str(tmp_path / "b.mkv")
    assert [reason[:11] for reason in found.reasons] == ["not a video", "", "", "cut off aft"]


def test_predict__a_long_video_is_asked_about_in_rounds(
    colour_run: Run, film: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("springfield.verbs.predict.ROUND", 3)
    file = film(tmp_path / "clip.mp4", shots(GREEN, RED))
    found = predict(colour_run.folder, [file], progress=False)
    assert found.paths.tolist() == [f"{file}#t=0,2", f"{file}#t=2,3.96"]
    assert found.labels.tolist() == ["clown", "barkeeper"]


def test_predict__pyav_is_missed_only_when_there_is_a_video(
    colour_run: Run, paint: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    paint(tmp_path / "a.png", "clown")
    assert predict(colour_run.folder, [tmp_path], progress=False).labels.tolist() == ["clown"]
    (tmp_path / "b.mp4").write_text("")
    found = predict(colour_run.folder, [tmp_path], progress=False)
    assert (found.labels[0], found.errors[0]) == ("clown", "")
    assert "av is not installed" in found.errors[1]
    with pytest.raises(MissingExtraError, match=r"\[video\]"):
        predict(colour_run.folder, [tmp_path, tmp_path / "b.mp4"], progress=False)


def test_predict__sets_keep_their_promise_under_another_prior(
    colour_run: Run, paint: Callable[..., None], tmp_path: Path
) -> None:
    """What may be in a set does not hang on the prior; what is named is in it as well."""
    run = Run(shutil.copytree(colour_run.folder, tmp_path / "run"))
    file = run.classifier_folder / "classifier.json"
    described = json.loads(file.read_text())
    described["prior"] = [1 - 2e-9, 1e-9, 1e-9]  # as if the first class had been all there is
    described["calibration"] |= {"lowest": [0.5] * 3, "own": [True] * 3}
    file.write_text(json.dumps(described))
    for i, name in enumerate(described["classes"]):
        paint(tmp_path / f"{i}.png", name, i)
    paths = [tmp_path / f"{i}.png" for i in range(3)]
    plain = predict(run.folder, paths, progress=False)
    moved = predict(run.folder, paths, prior="uniform", progress=False)
    assert plain.labels.tolist() == described["classes"]
    assert moved.labels[0] != plain.labels[0]
    assert moved.inside is not None
    assert (moved.inside >= (plain.probabilities >= 0.5)).all()
    assert moved.inside[np.arange(3), moved.probabilities.argmax(axis=1)].all()
