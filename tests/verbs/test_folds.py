"""A run with folds: every image judged once, by a network that had not seen it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.errors import RunError, SpringfieldError
from springfield.images.catalog import read_catalog
from springfield.learning.answering.classifier import Classifier
from springfield.learning.training.watcher import Watcher
from springfield.recipe import load_recipe
from springfield.results.predictions import read_predictions
from springfield.run import Run
from springfield.verbs.evaluate import evaluate
from springfield.verbs.manifest import read_manifest
from springfield.verbs.rebalance import rebalance
from springfield.verbs.submit import _priors
from springfield.verbs.train import resume, train

COUNTS = {"barn": 9, "mill": 6, "pier": 3, "tower": 1}
SETTINGS = (
    "split.folds=2",
    "balance.cap=3",
    "balance.rebalance=false",
    "images.size=32",
    "network.width=0.25",
    "network.mirrored=false",
    "training.batch=8",
    "training.epochs=8",
    "training.precision=float32",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("folds") / "data"
    for place, (label, count) in enumerate(COUNTS.items()):
        (root / label).mkdir(parents=True)
        for i in range(count):
            noise = np.random.default_rng([place, i]).integers(0, 256, (40, 40, 3), np.uint8)
            noise[:8] = 80 * place
            Image.fromarray(noise).save(root / label / f"{i}.png")
    return root


@pytest.fixture(scope="module")
def undisturbed(data: Path) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPRINGFIELD_CACHE", str(data.parent / "cache"))
        return train(data, data.parent / "run", load_recipe("default", SETTINGS), progress=False)


def test_train__judges_every_image_once_by_a_fold_that_had_not_seen_it(undisturbed: Run) -> None:
    predictions = read_predictions(undisturbed.folder / "predictions.csv")
    folds = undisturbed.learned_folds
    catalogs = [read_catalog(fold.catalog_file, Path()) for fold in folds]
    paths = [catalog["path"][catalog["part"] == "test"].tolist() for catalog in catalogs]
    assert predictions.paths.tolist() == [*paths[0], *paths[1]]
    assert len({*paths[0], *paths[1]}) == len(predictions) == 18
    scores = undisturbed.read_json("scores.json")
    assert [scores["classes"][name]["n"] for name in COUNTS] == [9, 6, 3, 0]
    assert scores["classes"]["tower"]["verdict"] == "cannot be judged: 1 image"
    assert scores["n"] == 18
    assert (undisturbed.facts["state"], len(folds)) == ("finished", 2)


def test_train__tells_of_each_fold_and_of_all_together(undisturbed: Run) -> None:
    scores, folds = undisturbed.read_json("scores.json"), undisturbed.learned_folds
    told = scores["folds"]
    assert (told["count"], [each["fold"] for each in told["each"]]) == (2, [1, 2])
    right = [each["accuracy"] * each["n"] for each in told["each"]]
    assert sum(right) == pytest.approx(scores["accuracy"] * scores["n"])
    assert all(0 <= each["macro_f1"] <= 1 for each in told["each"])
    assert scores["seconds"] == pytest.approx(sum(fold.facts["seconds"] for fold in folds))
    assert "advice" not in scores
    page = undisturbed.page_file.read_text(encoding="utf-8")
    assert "The images were dealt into 2 folds" in page


def test_train__folds_differ_in_what_they_learn_from_only(undisturbed: Run, data: Path) -> None:
    first, second = undisturbed.learned_folds
    for name in ("plan", "size", "classes", "data", "root"):
        assert first.facts[name] == second.facts[name]
    assert second.recipe.split.fold == 1
    assert second.facts["train_counts"] == {"barn": 3, "mill": 3, "pier": 2, "tower": 1}
    assert len(list((data.parent / "cache").glob("*.npy"))) == 1  # every image decoded once


def test_evaluate__pools_the_folds_again(undisturbed: Run) -> None:
    before = (undisturbed.folder / "scores.json").read_text()
    scores = evaluate(undisturbed.folder, progress=False)
    assert scores == undisturbed.read_json("scores.json")
    assert (undisturbed.folder / "scores.json").read_text() == before


def _as_if_killed(finished: Run, out: Path) -> Run:
    """A copy with nothing but what was there before the last epoch of the second fold."""
    run = Run(Path(shutil.copytree(finished.folder, out)))
    (second,) = run.further_folds
    shutil.rmtree(second.classifier_folder)
    max(second.checkpoint_folder.glob("*.npz")).unlink()
    run.note(state="interrupted")
    second.note(state="training")
    for name in ("predictions.csv", "scores.json", "page.html"):
        (out / name).unlink()
    return run


def test_resume__killed_and_stopped_in_a_further_fold_ends_the_same(
    undisturbed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"
    assert len(_as_if_killed(undisturbed, out).learned_folds) == 1
    seen = []

    def wants_stop(watcher: Watcher) -> bool:
        assert not Run(out).is_judged  # whatever card was there belonged to other weights
        seen.append(Run(out).facts["state"])
        return watcher.run.folder.name == "2"

    with monkeypatch.context() as patch:
        patch.setattr(Watcher, "wants_stop", wants_stop)
        run = resume(out, progress=False)
    assert seen[-1] == "interrupted"  # a fold that is ended for memory is not the run's own
    assert run.facts["state"] == "interrupted"
    assert run.read_json("scores.json")["n"] == 18  # as far as the second fold has come

    run = resume(out, progress=False)
    assert run.facts["state"] == "finished"
    for fold, same in zip(run.learned_folds, undisturbed.learned_folds, strict=True):
        with (
            np.load(fold.classifier_folder / "weights.npz") as weights,
            np.load(same.classifier_folder / "weights.npz") as others,
        ):
            for name in others.files:
                np.testing.assert_array_equal(weights[name], others[name])
    table = (out / "predictions.csv").read_text()
    assert table == (undisturbed.folder / "predictions.csv").read_text()


def test_resume__tries_last_layers_again_where_they_were_asked_for_later(
    undisturbed: Run, tmp_path: Path
) -> None:
    """The recipe has no rebalancing; resuming must not leave the page telling of a layer gone."""
    run = Run(shutil.copytree(undisturbed.folder, tmp_path / "run"))
    rebalance(run.folder, progress=False)
    tables = [fold.folder / "rebalance.json" for fold in run.learned_folds]
    before = [table.stat().st_mtime_ns for table in tables]
    resume(run.folder, progress=False)
    assert all(table.stat().st_mtime_ns > t for table, t in zip(tables, before, strict=True))
    assert not (undisturbed.folder / "rebalance.json").exists()


def test_resume__a_fold_that_another_process_trains_is_left_alone(
    undisturbed: Run, tmp_path: Path
) -> None:
    run = Run(shutil.copytree(undisturbed.folder, tmp_path / "run"))
    fold = run.further_folds[0]
    fold.note(state="interrupted")
    before = fold.facts
    with fold.alone(), pytest.raises(RunError, match=r"another process trains in .*folds"):
        resume(run.folder, progress=False)
    assert (fold.facts, run.facts["state"]) == (before, "finished")


def test_submit__knows_what_each_fold_assumes(undisturbed: Run, tmp_path: Path) -> None:
    run = Run(shutil.copytree(undisturbed.folder, tmp_path / "run"))
    second = run.learned_folds[1].classifier_folder / "classifier.json"
    described = json.loads(second.read_text())
    judged = read_manifest(run).where(read_manifest(run)["fold"] >= 0)
    for prior, rest in (([0.7, 0.1, 0.1, 0.1], 0.7), ([], np.nan)):
        second.write_text(json.dumps({**described, "prior": prior}))
        found = _priors(run, judged)
        assert found is not None
        own = Classifier.load(run.classifier_folder).description.prior
        np.testing.assert_allclose(found[judged["fold"] == 0], [own] * (judged["fold"] == 0).sum())
        np.testing.assert_equal(found[judged["fold"] == 1][:, 0], rest)


def test_evaluate__other_images_need_no_prior_of_the_further_folds(
    undisturbed: Run, tmp_path: Path
) -> None:
    run = Run(shutil.copytree(undisturbed.folder, tmp_path / "run"))
    second = run.learned_folds[1].classifier_folder / "classifier.json"
    second.write_text(json.dumps({**json.loads(second.read_text()), "prior": []}))
    with pytest.raises(SpringfieldError, match="nobody knows what mix"):
        evaluate(run.folder, prior="uniform", progress=False)
    strangers = tmp_path / "strangers" / "barn"
    strangers.mkdir(parents=True)
    Image.new("RGB", (40, 40), "teal").save(strangers / "1.png")
    assert evaluate(run.folder, strangers.parent, prior="uniform", progress=False)["n"] == 1
