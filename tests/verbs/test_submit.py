from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError, OutputError, RunError
from springfield.images.catalog import Catalog
from springfield.recipe import load_recipe
from springfield.run import Run
from springfield.verbs.evaluate import evaluate
from springfield.verbs.predict import predict
from springfield.verbs.submit import _priors, submit


@pytest.fixture
def run(colour_run: Run) -> Path:
    return colour_run.folder


@pytest.fixture(scope="module")
def judged_run(colour_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The colour run with what it says of its held-out images."""
    folder = tmp_path_factory.mktemp("judged") / "run"
    shutil.copytree(colour_run.folder, folder)
    evaluate(folder, progress=False)
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, paint: Callable[..., None]) -> Path:
    """As journey-springfield unpacks: 991 images to be named, of two of the three classes."""
    root = tmp_path_factory.mktemp("archive")
    for name in ("barkeeper", "clown", "mayor"):
        paint(root / "train" / "simpsons_dataset" / name / "pic_0000.jpg", name)
    ids = [f"img{i}.jpg" for i in range(991)]
    for i, name in enumerate(ids):
        paint(root / "testset" / "testset" / name, "clown" if i % 3 else "mayor", i)
    rows = [f"{name},clown" for name in ids]
    (root / "sample_submission.csv").write_text("\n".join(["Id,Expected", *rows]) + "\n")
    return root


@pytest.fixture
def testset(tmp_path: Path, paint: Callable[..., None]) -> Path:
    """Three images in a doubled folder, as the competition's archive unpacks, and some litter."""
    inner = tmp_path / "testset" / "testset"
    inner.mkdir(parents=True)
    for name, who in {"img2.jpg": "mayor", "img0.jpg": "clown", "img1.jpg": "clown"}.items():
        paint(inner / name, who)
    (inner / ".DS_Store").write_text("")
    (inner / "read me.txt").write_text("")
    return tmp_path / "testset"


def sample(folder: Path, *rows: str, header: str = "Id,Expected") -> Path:
    file = folder / "sample.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def test_submit__writes_every_image_once(run: Path, testset: Path, tmp_path: Path) -> None:
    answer = submit(run, testset, tmp_path / "new" / "out.csv")
    assert (tmp_path / "new" / "out.csv").read_bytes() == (
        b"Id,Expected\nimg0.jpg,clown\nimg1.jpg,clown\nimg2.jpg,mayor\n"
    )
    assert (answer["n"], answer["classes"]) == (3, {"clown": 2, "mayor": 1})


def test_submit__follows_the_order_of_the_sample(run: Path, testset: Path, tmp_path: Path) -> None:
    file = sample(tmp_path, "img2.jpg,clown", "img1.jpg,clown", "img0.jpg,clown")
    submit(run, testset, tmp_path / "out.csv", sample=file)
    assert (tmp_path / "out.csv").read_text() == (
        "Id,Expected\nimg2.jpg,mayor\nimg1.jpg,clown\nimg0.jpg,clown\n"
    )


def test_submit__an_archive_as_kaggle_packs_it(
    judged_run: Path, archive: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given = archive / "sample_submission.csv"
    answer = submit(judged_run, archive, tmp_path / "out.csv", sample=given, progress=False)
    wanted = [
        f"img{i}.jpg,{'clown' if i % 3 else 'mayor'}" for i in range(991)
    ]  # in the order of the sample
    assert (tmp_path / "out.csv").read_text().splitlines() == ["Id,Expected", *wanted]
    assert caplog.messages == [f"the test images are those in {archive / 'testset' / 'testset'}"]
    assert answer["n"] == 991
    assert answer["classes"] == {"clown": 660, "mayor": 331}
    assert answer["smallest_change"] == 1 / 941
    expected = answer["expected_score"]
    assert 0 <= expected["low"] < expected["score"] == expected["high"] == 1


def test_submit__classes_that_moved_or_never_come_are_told(
    judged_run: Path, archive: Path, tmp_path: Path
) -> None:
    answer = submit(judged_run, archive / "testset", tmp_path / "out.csv", progress=False)
    mixed, never, way_out = answer["warnings"]
    assert "most: barkeeper 33.3% to 0.0%" in mixed
    assert never == "1 of 3 classes are never the answer: barkeeper"
    assert "1.000 with --prior estimated, 1.000 with --prior uniform" in way_out
    again = submit(judged_run, archive, tmp_path / "2.csv", prior="estimated", progress=False)
    assert len(again["warnings"]) == 2


def test_submit__the_answers_are_those_under_the_prior(
    run: Path, testset: Path, tmp_path: Path
) -> None:
    run = Path(shutil.copytree(run, tmp_path / "run"))
    file = run / "classifier" / "classifier.json"
    described = json.loads(file.read_text())
    described["prior"] = [1e-9, 1 - 2e-9, 1e-9]  # as if the second class had been all there is
    file.write_text(json.dumps(described))
    said = {}
    for prior in (None, "uniform"):
        out = tmp_path / f"{prior}.csv"
        submit(run, testset, out, prior=prior, progress=False)
        found = predict(run, sorted(testset.rglob("*.jpg")), prior=prior, progress=False)
        said[prior] = [line.split(",")[1] for line in out.read_text().splitlines()[1:]]
        assert said[prior] == found.labels.tolist()
    assert said[None] != said["uniform"]


def test_submit__a_run_that_was_not_judged_expects_nothing(
    run: Path, testset: Path, tmp_path: Path
) -> None:
    answer = submit(run, testset, tmp_path / "out.csv", progress=False)
    assert answer["expected_score"] is None
    assert answer["smallest_change"] == 1 / 3
    assert "springfield evaluate" in answer["warnings"][0]


def test_submit__images_to_learn_from_are_refused(run: Path, archive: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"known classes \(barkeeper, clown\): give the folder"):
        submit(run, archive / "train", tmp_path / "out.csv")


def test_submit__predictions_of_other_images_are_named(
    judged_run: Path, testset: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(judged_run, tmp_path / "copy"))
    text = (copy / "predictions.csv").read_text()
    (copy / "predictions.csv").write_text(text.replace("clown/", "clone/"))
    with pytest.raises(RunError, match=r"predictions\.csv names 'clone/.*springfield evaluate"):
        submit(copy, testset, tmp_path / "out.csv", progress=False)
    assert not (tmp_path / "out.csv").exists()


def test_submit__a_name_that_is_not_utf_8_is_kept(
    run: Path, testset: Path, paint: Callable[..., None], tmp_path: Path
) -> None:
    paint(testset / os.fsdecode(b"b\xff.jpg"), "barkeeper")
    submit(run, testset, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"Id,Expected\nb\xff.jpg,barkeeper\n")


GOOD = ("img0.jpg,clown", "img1.jpg,clown", "img2.jpg,clown")


@pytest.mark.parametrize(
    ("rows", "header", "line"),
    [
        ((*GOOD, "img3.jpg,clown"), "Id,Expected", r"testset lacks img3\.jpg that the sample"),
        (GOOD[:2], "Id,Expected", r"the sample does not name img2\.jpg of .*testset"),
        ((*GOOD, GOOD[0]), "Id,Expected", r"names img0\.jpg more than once"),
        ((*GOOD[:2], "img2.jpg,clwn"), "Id,Expected", "'clwn', .* did you mean 'clown'"),
        (GOOD, "id,label", "first line must be Id,Expected"),
        ((*GOOD[:2], "img2.jpg"), "Id,Expected", "row 4: 1 fields instead of 2"),
        ((), "Id,Expected", "has no rows"),
    ],
)
def test_submit__a_sample_that_does_not_fit_is_named(
    rows: tuple[str, ...], header: str, line: str, *, run: Path, testset: Path, tmp_path: Path
) -> None:
    file = sample(tmp_path, *rows, header=header)
    with pytest.raises(DataError, match=line):
        submit(run, testset, tmp_path / "out.csv", sample=file)
    assert not (tmp_path / "out.csv").exists()


def test_submit__a_missing_sample_is_named(run: Path, testset: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read the sample .*none\.csv"):
        submit(run, testset, tmp_path / "out.csv", sample=tmp_path / "none.csv")


def test_submit__an_id_in_two_folders_is_named(
    run: Path, testset: Path, paint: Callable[..., None], tmp_path: Path
) -> None:
    paint(testset / "img1.jpg", "barkeeper")
    with pytest.raises(DataError, match=r"the Id img1\.jpg is there twice: .* and "):
        submit(run, testset, tmp_path / "out.csv")


def test_submit__unreadable_images_are_named(run: Path, testset: Path, tmp_path: Path) -> None:
    for i in range(3, 7):
        (testset / f"img{i}.jpg").write_text("")
    with pytest.raises(DataError, match=r"img3\.jpg, .* and 1 more \(empty file\)"):
        submit(run, testset, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_submit__nothing_is_overwritten(run: Path, testset: Path, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(OutputError, match="is already there"):
        submit(run, testset, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_submit__folders_without_images_or_runs_are_named(run: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no images"):
        submit(run, tmp_path / "empty", tmp_path / "out.csv")
    with pytest.raises(DataError, match="there is no folder"):
        submit(run, tmp_path / "nowhere", tmp_path / "out.csv")
    with pytest.raises(RunError, match="holds no run"):
        submit(tmp_path / "empty", tmp_path / "empty", tmp_path / "out.csv")


def test_priors__of_a_fold_that_is_in_training_again_nobody_knows(
    judged_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its images were judged when it was stopped, and stay so until it is judged anew."""
    first, second = Run(judged_run), Run(judged_run)
    recipe = load_recipe("default", ("split.folds=3",))
    monkeypatch.setattr(Run, "learned_folds", [first, second])
    monkeypatch.setattr(
        Run,
        "recipe",
        property(lambda run: replace(recipe, split=replace(recipe.split, fold=int(run is second)))),
    )
    rows = Catalog(Path(), {"fold": np.array([0, 2, 1])})
    known, gone, also = _priors(first, rows)
    assert np.isnan(gone).all()
    assert known.tolist() == also.tolist()
    assert known.sum() == pytest.approx(1)
