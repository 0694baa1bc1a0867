from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import Catalog
from springfield.images.exclude import read_exclusion
from springfield.images.scan import scan
from springfield.learning.explaining.neighbours import read_neighbours
from springfield.recipe import load_recipe
from springfield.run import Run, create_run, open_run
from springfield.verbs.labels import review_labels

COUNTS = {"barkeeper": 60, "clown": 40, "mayor": 8}  # held-out pictures


@pytest.fixture(scope="module")
def held_out(paint: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Pictures of each colour that `colour_run` has not learned from."""
    data = tmp_path_factory.mktemp("held out") / "data"
    for name, n in COUNTS.items():
        for seed in range(100, 100 + n):
            paint(data / name / f"{seed}.png", name, seed)
    catalog, _ = scan(data, progress=False)
    return catalog.with_columns(
        group=np.arange(len(catalog)),
        reason=np.full(len(catalog), ""),
        part=np.where(np.arange(len(catalog)) % 3, "test", "val"),
    )


def run_over(catalog: Catalog, colour_run: Run, folder: Path, *settings: str) -> Run:
    """A run with the classifier of `colour_run` and this manifest."""
    facts = {**colour_run.facts, "root": str(catalog.root), "data": str(catalog.root)}
    recipe = load_recipe("default", ("images.fit=stretch", *settings))
    run = create_run(folder, recipe, catalog.to_csv(), {**facts, "digest": catalog.digest()})
    shutil.copytree(colour_run.classifier_folder, run.classifier_folder)
    return run


def rows_of(run: Run) -> list[dict[str, str]]:
    with (run.folder / "suspicious.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_review_labels__finds_the_planted_ones(
    held_out: Catalog, colour_run: Run, tmp_path: Path
) -> None:
    labels = held_out["label"].copy()
    planted = {7: "mayor", 70: "barkeeper", 103: "clown"}
    labels[list(planted)] = list(planted.values())
    run = run_over(held_out.with_columns(label=labels), colour_run, tmp_path / "run")

    review_labels(run, progress=False)

    found = rows_of(run)
    assert {(row["path"], row["label"], row["looks_like"]) for row in found} == {
        (held_out["path"][i], label, held_out["label"][i]) for i, label in planted.items()
    }
    assert all(float(row["evidence"]) >= 0.9 for row in found)
    assert {row["label_nearest"] for row in found} == {"0"}
    assert set(read_exclusion(run.folder / "suspicious.csv").paths) == {
        held_out["path"][i] for i in planted
    }
    page = (run.folder / "labels.html").read_text(encoding="utf-8")
    assert "3 labels to look at" in page
    # The picture itself, and three training images of each class, none of them its own.
    assert page.count('src="data:image/jpeg') == 3 * (1 + 3 + 3)
    network = read_neighbours(run.classifier_folder, colour_run.facts.get("network", ""))
    assert any(f'title="{path}"' in page for path in network.paths)


def test_review_labels__nothing_in_doubt(
    held_out: Catalog, colour_run: Run, tmp_path: Path
) -> None:
    run = run_over(held_out, colour_run, tmp_path / "run")
    review_labels(run, progress=False)
    assert rows_of(run) == []
    page = (run.folder / "labels.html").read_text(encoding="utf-8")
    assert "Of 108 images that the network did not learn from, none bears a label" in page


def test_review_labels__of_what_it_learned_from_it_says_nothing(
    held_out: Catalog, colour_run: Run, tmp_path: Path
) -> None:
    labels, part = held_out["label"].copy(), held_out["part"].copy()
    labels[[7, 70]], part[7] = ["mayor", "barkeeper"], "train"
    learned = held_out.with_columns(label=labels, part=part)
    run = run_over(learned, colour_run, tmp_path / "run")
    review_labels(run, progress=False)
    assert [row["path"] for row in rows_of(run)] == [held_out["path"][70]]


def test_review_labels__too_few_to_judge(
    held_out: Catalog, colour_run: Run, tmp_path: Path
) -> None:
    run = run_over(held_out.where(np.arange(40)), colour_run, tmp_path / "run")
    review_labels(run, progress=False)
    page = (run.folder / "labels.html").read_text(encoding="utf-8")
    assert "Only 40 images were not learned from" in page


def test_review_labels__folds_together_judge_all(
    held_out: Catalog, colour_run: Run, tmp_path: Path
) -> None:
    """Each fold judges its own test part, too few for itself."""
    labels = held_out["label"].copy()
    labels[[7, 70]] = ["mayor", "barkeeper"]
    number = np.arange(len(labels)) % 3
    for fold in range(3):
        part = np.where(number == fold, "test", np.where(number == fold - 1, "val", "train"))
        parted = held_out.with_columns(label=labels, part=part)
        folder = tmp_path / "run" / "folds" / f"{fold + 1}" if fold else tmp_path / "run"
        run_over(parted, colour_run, folder, "split.folds=3", f"split.fold={fold}")
    run = open_run(tmp_path / "run")
    review_labels(run, progress=False)
    assert {row["path"] for row in rows_of(run)} == {held_out["path"][i] for i in (7, 70)}
    page = (run.folder / "labels.html").read_text(encoding="utf-8")
    assert "Of 108 images" in page
    assert "images was judged by a network that had not seen it." in page
