from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError, OutputError, RunError
from springfield.images.catalog import read_catalog
from springfield.results.predictions import read_predictions
from springfield.run import Run, open_run
from springfield.verbs.evaluate import evaluate


@pytest.fixture
def run(colour_run: Run, tmp_path: Path) -> Run:
    """The colour run's copy, to write scores into."""
    return open_run(shutil.copytree(colour_run.folder, tmp_path / "run"))


def test_evaluate__the_held_out_part_each_image_once(run: Run) -> None:
    scores = evaluate(run.folder, progress=False)
    assert (scores["n"], scores["accuracy"], scores["macro_f1"]) == (6, 1.0, 1.0)
    assert scores["seconds"] == 1.5
    kept = read_predictions(run.folder / "predictions.csv")
    assert len(set(kept.paths.tolist())) == len(kept) == 6
    assert run.read_json("scores.json")["n"] == 6


def test_evaluate__the_cache_may_have_been_emptied(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, found = tmp_path / "cache", []
    monkeypatch.setenv("SPRINGFIELD_CACHE", str(cache))
    for emptied in (False, False, True):
        if emptied:
            shutil.rmtree(cache)
        evaluate(run.folder, progress=False)
        found.append((run.folder / "predictions.csv").read_bytes())
    assert found[0] == found[1] == found[2]


def test_evaluate__another_manifest_is_refused(run: Run, tmp_path: Path) -> None:
    run.catalog_file.write_text(run.catalog_file.read_text().replace(",train\n", ",test\n", 1))
    with pytest.raises(RunError, match="was changed after training"):
        evaluate(run.folder, progress=False)


def test_evaluate__another_folder_counts_strangers_only(
    run: Run, paint: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    evaluate(run.folder, progress=False)
    before = (run.folder / "scores.json").read_bytes()
    data = tmp_path / "others"
    for seed in range(20, 23):
        paint(data / "clown" / f"{seed}.png", "clown", seed)
        paint(data / "mayor" / f"{seed}.png", "clown", seed + 10)
    paint(data / "Mayors" / "1.png", "mayor", 40)
    (data / "clown" / "torn.png").write_bytes(b"\x89PNG\r\n")
    shutil.copy(_trained(run)[-1], data / "mayor" / "known.png")
    scores = evaluate(run.folder, data, progress=False)
    assert scores["left_out"] == {"unreadable": 1, "unknown_class": 1, "seen_in_training": 1}
    assert (scores["n"], scores["accuracy"]) == (6, 0.5)
    assert (run.folder / "scores.json").read_bytes() == before
    assert caplog.messages == ["warning: Mayors (1) is no class of this run; did you mean 'mayor'?"]


def test_evaluate__new_images_of_groups_that_were_learned_are_no_strangers(
    run: Run, paint: Callable[..., None], tmp_path: Path
) -> None:
    """As with `split.group_by`: patients, of whom new images come."""
    recipe = run.folder / "recipe.toml"
    recipe.write_text(recipe.read_text().replace('group_by = ""', 'group_by = "([0-9]+)[.]png"'))
    learned = int(_trained(run)[0].stem)
    for seed in (learned, 70, 71):
        paint(tmp_path / "data" / "clown" / f"{seed}.png", "clown", seed + 50)
    scores = evaluate(run.folder, tmp_path / "data", progress=False)
    assert (scores["n"], scores["left_out"]["seen_in_training"]) == (2, 1)


def test_evaluate__a_folder_with_nothing_to_judge_by_says_why(run: Run, tmp_path: Path) -> None:
    for file in _trained(run):
        folder = tmp_path / "data" / file.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder)
    with pytest.raises(DataError, match="no image to judge by: 21 seen in training"):
        evaluate(run.folder, tmp_path / "data", progress=False)


def _trained(run: Run) -> list[Path]:
    """The files the run was trained on."""
    rows = read_catalog(run.catalog_file, Path(run.facts["root"]))
    return rows.where(rows["part"] == "train").files()


def test_evaluate__an_unfinished_run_is_named(run: Run) -> None:
    shutil.rmtree(run.classifier_folder)
    with pytest.raises(RunError, match="holds no finished classifier"):
        evaluate(run.folder, progress=False)


def test_evaluate__frames_of_scenes_that_were_learned_are_no_strangers(
    run: Run, tmp_path: Path
) -> None:
    """What the cap left out of the training shows the scenes of what it kept."""
    rows = read_catalog(run.catalog_file, Path(run.facts["root"]))
    learned, held_out = (np.flatnonzero(rows["part"] == part) for part in ("train", "test"))
    group, part = rows["group"].copy(), rows["part"].copy()
    group[held_out[0]], part[held_out[0]] = group[learned[0]], ""
    changed = rows.with_columns(group=group, part=part)
    run.write_text(run.catalog_file.name, changed.to_csv())
    run.note(digest=changed.digest())
    for file in rows.where(held_out).files():
        folder = tmp_path / "data" / file.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder)
    scores = evaluate(run.folder, tmp_path / "data", progress=False)
    assert (scores["n"], scores["left_out"]["seen_in_training"]) == (5, 1)


def test_evaluate__where_nothing_can_be_written_the_scores_are_said_all_the_same(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, number: int = errno.EROFS) -> None:
        raise OutputError("cannot write predictions.csv") from OSError(number, os.strerror(number))

    monkeypatch.setattr(Run, "write_text", refuse)
    assert evaluate(run.folder, progress=False)["n"] == 6
    assert "were not kept: cannot write predictions.csv" in caplog.text
    monkeypatch.setattr(Run, "write_text", partial(refuse, number=errno.ENOSPC))
    with pytest.raises(OutputError):  # older scores would stay beside newer answers
        evaluate(run.folder, progress=False)
