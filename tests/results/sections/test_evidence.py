"""Heat maps for the page of a run."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from springfield.images.catalog import read_catalog
from springfield.recipe import load_recipe
from springfield.results.sections.evidence import Eyes, eyes_on, heat_maps
from springfield.results.sections.story import read_story
from springfield.run import Run, create_run


def _eyes(run: Run) -> Eyes:
    (eyes,) = eyes_on(read_story(run), ["any.png"])
    assert eyes is not None
    return eyes


def test_heat_maps__of_two_classes_on_one_scale(colour_run: Run, tmp_path: Path) -> None:
    eyes = _eyes(colour_run)
    pixels = np.full((24, 24, 3), 120, np.uint8)
    pixels[:, :12], pixels[:, 12:] = (250, 20, 20), (120, 170, 120)
    Image.fromarray(pixels).save(tmp_path / "both.png")
    strong, weak = (
        np.ptp(np.asarray(heat).astype(int), axis=2)
        for heat in heat_maps(eyes, tmp_path / "both.png", ["barkeeper", "clown"])
    )
    assert strong[:, :8].min() > 60
    assert strong[:, 18:].max() == weak[:, :8].max() == 0
    assert 0 < weak[:, 18:].mean() < strong[:, :8].mean() / 2


def test_heat_maps__what_cannot_be_shown(colour_run: Run, tmp_path: Path) -> None:
    eyes = _eyes(colour_run)
    assert heat_maps(eyes, tmp_path / "gone.png", ["clown"]) == []
    Image.new("RGB", (24, 24)).save(tmp_path / "there.png")
    assert heat_maps(eyes, tmp_path / "there.png", ["stranger"]) == []


def test_eyes_on__are_those_of_the_fold_that_held_the_image_out(
    colour_run: Run, tmp_path: Path
) -> None:
    catalog = read_catalog(colour_run.catalog_file, Path())
    recipe = load_recipe("default", ("split.folds=3",))
    fold = np.arange(len(catalog)) % 3
    facts = dict(colour_run.facts)
    run = create_run(tmp_path / "run", recipe, catalog.with_columns(fold=fold).to_csv(), facts)
    settings = ("split.folds=3", "split.fold=1")
    second = create_run(run.folder / "folds" / "2", load_recipe("default", settings), "", facts)
    for each in (run, second):
        shutil.copytree(colour_run.classifier_folder, each.classifier_folder)
    own, others, missing = eyes_on(read_story(run), [str(path) for path in catalog["path"][:3]])
    assert own is not None
    assert others is not None
    assert others.classifier is not own.classifier
    assert missing is None  # the third fold has not been trained
