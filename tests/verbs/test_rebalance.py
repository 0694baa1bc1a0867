"""Rebalancing a finished run whose plain head leans so far to one class that it sees no other."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from springfield.doors.server.batching import Seen
from springfield.doors.server.service import open_service
from springfield.errors import RunError, SpringfieldError
from springfield.images.catalog import read_catalog
from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.freeze import freeze, thaw, thaw_trained
from springfield.learning.examples.batches import examples_of
from springfield.learning.explaining.neighbours import keep_neighbours
from springfield.results.pages.labels import LABELS
from springfield.run import Run
from springfield.verbs.evaluate import evaluate
from springfield.verbs.export import export
from springfield.verbs.labels import review_labels
from springfield.verbs.manifest import stored_images
from springfield.verbs.predict import predict
from springfield.verbs.rebalance import rebalance, rebalance_classifier

LEANING = 300.0  # of the logit of the first class


@pytest.fixture(scope="session")
def leaning_run(colour_network_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A copy of the colour run that names every picture a barkeeper, with 4 of each to compare by.

    Fewer could not tell a better last layer from luck.
    """
    folder = tmp_path_factory.mktemp("leaning") / "run"
    run = Run(Path(shutil.copytree(colour_network_run.folder, folder)))
    network = run.recipe.network
    model = thaw_trained(run.classifier_folder, network)
    kernel, bias = model.get_layer("logits").get_weights()
    model.get_layer("logits").set_weights([kernel, bias + LEANING * np.eye(3)[0]])
    catalog = read_catalog(run.catalog_file, Path(run.facts["root"]))
    part = catalog["part"].copy()
    for name in catalog.classes:
        part[np.flatnonzero((catalog["label"] == name) & (part == "train"))[:3]] = "val"
    catalog = catalog.with_columns(part=part)
    run.write_text("catalog.csv", catalog.to_csv())
    run.note(digest=catalog.digest())
    images = stored_images(run, catalog, progress=False)
    training, validation = (examples_of(catalog, images, part) for part in ("train", "val"))
    description = replace(Classifier.load(run.classifier_folder).description, trained="")
    freeze(model, network, description, validation, run.classifier_folder)
    classifier = Classifier.load(run.classifier_folder)
    keep_neighbours(run.classifier_folder, classifier, training, catalog["path"])
    evaluate(run.folder, progress=False)
    review_labels(run, progress=False)
    return run


@pytest.fixture(scope="session")
def rebalanced(
    leaning_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Run, dict[str, Any]]:
    """A copy of it that was rebalanced, and the answer. Read only."""
    folder = tmp_path_factory.mktemp("rebalanced") / "run"
    run = Run(Path(shutil.copytree(leaning_run.folder, folder)))
    shutil.copytree(run.classifier_folder, folder / "exports" / "onnx")  # as one made before
    return run, rebalance(run.folder, progress=False)


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[Run], Run]:
    """`copy(run)` may be spoilt."""
    return lambda run: Run(Path(shutil.copytree(run.folder, tmp_path / "run")))


def _pictures(run: Run) -> tuple[list[Path], list[str]]:
    """Held-out files and their classes."""
    catalog = read_catalog(run.catalog_file, Path(run.facts["root"]))
    held_out = catalog.where(catalog["part"] == "test")
    return [catalog.root / path for path in held_out["path"]], held_out["label"].tolist()


def test_rebalance__bakes_in_what_serves_the_other_classes(
    leaning_run: Run, rebalanced: tuple[Run, dict[str, Any]]
) -> None:
    run, answer = rebalanced
    assert leaning_run.read_json("scores.json")["accuracy"] == pytest.approx(1 / 3)
    assert (answer["accuracy"], answer["macro_f1"]) == (1.0, 1.0)
    assert answer["plain"]["accuracy"] == pytest.approx(1 / 3)
    assert {"run", "n", "seconds", "classes"} <= set(answer)
    assert answer["rebalance"]["kept"] != "plain"
    assert answer["rebalance"]["low"] > 0
    assert answer["rebalance"]["stale_exports"] == [str(run.folder / "exports" / "onnx")]
    written = run.read_json("scores.json")
    assert {**written, "rebalance": answer["rebalance"]} == answer
    kept = [each for each in run.read_json("rebalance.json")["tries"] if each["kept"]]
    assert [f"{kept[0]['method']} {kept[0]['parameter']:g}"] == [answer["rebalance"]["kept"]]
    assert Classifier.load(run.classifier_folder).description.head == answer["rebalance"]["kept"]


def test_rebalance__page_and_card_tell_of_it(rebalanced: tuple[Run, dict[str, Any]]) -> None:
    run, answer = rebalanced
    page, card = run.page_file.read_text(), (run.folder / "model-card.md").read_text()
    assert "The last layer was exchanged" in page
    assert "accuracy went from 33.3% to 100.0%" in page
    assert f"`{answer['rebalance']['kept']}`" in card


def test_rebalance__hears_the_labels_anew(rebalanced: tuple[Run, dict[str, Any]]) -> None:
    run, _ = rebalanced
    baked = (run.classifier_folder / "model.tflite").stat().st_mtime_ns
    for name in (LABELS, "suspicious.csv"):
        assert (run.folder / name).stat().st_mtime_ns > baked


def test_rebalance__keeps_the_trained_weights(
    leaning_run: Run, rebalanced: tuple[Run, dict[str, Any]]
) -> None:
    before, after = (
        (run.classifier_folder / "weights.npz").read_bytes() for run in (leaning_run, rebalanced[0])
    )
    assert before == after
    plain = Classifier.load(rebalanced[0].classifier_folder / "plain")
    assert plain.description == Classifier.load(leaning_run.classifier_folder).description


def test_rebalance__twice_is_as_once(
    rebalanced: tuple[Run, dict[str, Any]], copy: Callable[[Run], Run]
) -> None:
    run = copy(rebalanced[0])
    rebalance_classifier(run, progress=False)
    for name in ("classifier.json", "model.tflite", "head.npz", "plain/model.tflite"):
        first, second = (each.classifier_folder / name for each in (rebalanced[0], run))
        assert first.read_bytes() == second.read_bytes()
    assert run.read_json("rebalance.json") == rebalanced[0].read_json("rebalance.json")


def test_rebalance__what_is_good_stays_plain(
    colour_network_run: Run, copy: Callable[[Run], Run]
) -> None:
    run = copy(colour_network_run)
    before = (run.classifier_folder / "classifier.json").read_bytes()
    answer = rebalance(run.folder, progress=False)
    assert (answer["rebalance"]["kept"], answer["accuracy"], "plain" in answer) == (
        "plain",
        1.0,
        False,
    )
    assert (run.classifier_folder / "classifier.json").read_bytes() == before
    assert "The trained last layer stays" in run.page_file.read_text()


def test_rebalance__held_out_labels_have_no_part_in_it(
    leaning_run: Run, rebalanced: tuple[Run, dict[str, Any]], copy: Callable[[Run], Run]
) -> None:
    run = copy(leaning_run)
    catalog = read_catalog(run.catalog_file, Path(run.facts["root"]))
    labels, test = catalog["label"].copy(), catalog["part"] == "test"
    labels[test] = np.roll(labels[test], 2)
    changed = catalog.with_columns(label=labels)
    run.write_text("catalog.csv", changed.to_csv())
    run.note(digest=changed.digest())
    rebalance_classifier(run, progress=False)
    assert run.read_json("rebalance.json") == rebalanced[0].read_json("rebalance.json")


def test_rebalance__what_is_served_carries_it(rebalanced: tuple[Run, dict[str, Any]]) -> None:
    service = open_service(rebalanced[0].folder)  # with neighbours, whose features are the same
    files, labels = _pictures(rebalanced[0])
    seen = asyncio.run(service.batcher.see([file.read_bytes() for file in files]))
    service.close()
    named = [int(each.probabilities.argmax()) for each in seen if isinstance(each, Seen)]
    classes = Classifier.load(rebalanced[0].classifier_folder).classes
    assert [classes[c] for c in named] == labels


def test_rebalance__predictions_and_exports_carry_it(
    rebalanced: tuple[Run, dict[str, Any]], copy: Callable[[Run], Run]
) -> None:
    run = copy(rebalanced[0])
    files, labels = _pictures(run)
    assert predict(run.folder, files, progress=False).labels.tolist() == labels
    answer = export(run.folder, "litert", progress=False)
    assert (answer["agreement"], answer["accuracy"]) == (1.0, 1.0)
    assert answer["max_difference"] < 1e-4


@pytest.mark.parametrize("named", [False, True], ids=["before it counts", "after it counts"])
def test_rebalance__a_killed_process_leaves_one_classifier_or_the_other(
    named: bool,
    leaning_run: Run,
    rebalanced: tuple[Run, dict[str, Any]],
    copy: Callable[[Run], Run],
) -> None:
    after = rebalanced[0].classifier_folder
    folder = copy(leaning_run).classifier_folder
    shutil.copy(after / "head.npz", folder / "next.head.npz")
    shutil.copy(after / "model.tflite", folder / "next.model.tflite")
    if named:
        shutil.copy(after / "classifier.json", folder)
    expected = after if named else leaning_run.classifier_folder
    images = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), np.uint8)
    found, wanted = (Classifier.load(each) for each in (folder, expected))
    assert found.description == wanted.description
    assert (found.probabilities(images) == wanted.probabilities(images)).all()
    model = thaw(folder, leaning_run.recipe.network)
    given = np.asarray(model.predict_on_batch(images)["probabilities"])
    np.testing.assert_allclose(given, found.probabilities(images), atol=1e-4)


def test_rebalance__a_lost_head_is_named_and_comes_back(
    rebalanced: tuple[Run, dict[str, Any]], copy: Callable[[Run], Run]
) -> None:
    run = copy(rebalanced[0])
    file = run.classifier_folder / "head.npz"
    content = file.read_bytes()
    file.unlink()
    with pytest.raises(RunError, match=r"head.npz is missing; .* springfield rebalance RUN"):
        thaw(run.classifier_folder, run.recipe.network)
    rebalance_classifier(run, progress=False)
    assert file.read_bytes() == content


def test_rebalance__an_unfinished_run_is_refused(
    leaning_run: Run, copy: Callable[[Run], Run]
) -> None:
    run = copy(leaning_run)
    (run.classifier_folder / "classifier.json").unlink()
    with pytest.raises(RunError, match="holds no finished classifier"):
        rebalance(run.folder, progress=False)
    with pytest.raises(RunError, match="holds no run"):
        rebalance(run.folder / "elsewhere", progress=False)


def test_evaluate__another_prior_is_only_told(
    rebalanced: tuple[Run, dict[str, Any]], copy: Callable[[Run], Run]
) -> None:
    run = copy(rebalanced[0])
    kept = (run.folder / "scores.json").read_bytes()
    described = Classifier.load(run.classifier_folder).description
    one_sided = replace(described, prior=(1e-200, 1.0, 1e-200))  # so uniform is far from it
    (run.classifier_folder / "classifier.json").write_text(one_sided.to_json())
    scores = evaluate(run.folder, prior="uniform", progress=False)
    assert (scores["prior"], scores["n"]) == ("uniform", 6)
    assert scores["accuracy"] < rebalanced[1]["accuracy"]
    assert (run.folder / "scores.json").read_bytes() == kept
    with pytest.raises(SpringfieldError, match="unknown prior 'even'"):
        evaluate(run.folder, prior="even", progress=False)


def test_predict__under_another_prior(
    rebalanced: tuple[Run, dict[str, Any]], copy: Callable[[Run], Run]
) -> None:
    run = copy(rebalanced[0])
    described = Classifier.load(run.classifier_folder).description
    told = replace(described, prior=(0.5, 0.3, 0.2), shares=(0.8, 0.1, 0.1))
    (run.classifier_folder / "classifier.json").write_text(told.to_json())
    files, _ = _pictures(run)
    plain, uniform, natural = (
        predict(run.folder, files, prior=prior, progress=False).probabilities
        for prior in (None, "uniform", "natural")
    )
    for found, shares in ((uniform, (1, 1, 1)), (natural, told.shares)):
        expected = plain / np.array(told.prior) * shares
        np.testing.assert_allclose(found, expected / expected.sum(axis=1, keepdims=True), rtol=1e-4)
    with pytest.raises(SpringfieldError, match="did you mean 'uniform'"):
        predict(run.folder, files, prior="unifrom", progress=False)
