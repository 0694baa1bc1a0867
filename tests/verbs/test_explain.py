"""Explaining a run's answers."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.errors import OutputError, RunError
from springfield.learning.answering.classifier import Classifier, Description
from springfield.learning.answering.freeze import freeze
from springfield.learning.examples.batches import Examples
from springfield.learning.explaining.neighbours import keep_neighbours
from springfield.learning.model.networks import build_network
from springfield.recipe import load_recipe
from springfield.run import Run, open_run
from springfield.verbs.explain import explain


def table_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "explanations.csv").open(newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture
def asked(paint: Callable[..., None], tmp_path: Path) -> Path:
    """Three pictures to ask about, and between them a file that is none."""
    folder = tmp_path / "asked"
    for name in ("barkeeper", "clown", "mayor"):
        paint(folder / f"{name}.png", name, 50)
    (folder / "broken.png").write_bytes(b"no picture")
    return folder


def test_explain__every_file_has_its_row(colour_run: Run, asked: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = explain(colour_run.folder, [asked], out, progress=False)
    assert (said["n"], said["unreadable"], said["page"]) == (4, 1, str(out / "page.html"))
    rows = table_of(out)
    assert [row["label"] for row in rows] == ["barkeeper", "", "clown", "mayor"]
    assert rows[0]["set"] == "barkeeper"
    assert rows[0]["other"] in ("clown", "mayor")
    assert float(rows[0]["probability"]) > 0.5
    assert "not an image" in rows[1]["error"]
    assert sorted(file.name for file in (out / "heat").iterdir()) == ["1.png", "3.png", "4.png"]


def test_explain__the_page_shows_why(colour_run: Run, asked: Path, tmp_path: Path) -> None:
    explain(colour_run.folder, [asked], tmp_path / "out", progress=False)
    page = (tmp_path / "out" / "page.html").read_text()
    assert page.count("Why barkeeper:") == 1
    assert "At 90% only clown remains" in page
    assert page.count('class="card"') == 15  # five similar training images each
    assert re.findall(r"not an image", page)
    assert not re.findall(r"https?://|src=\"(?!data:)|<link", page)


def test_explain__in_russian(colour_run: Run, asked: Path, tmp_path: Path) -> None:
    explain(colour_run.folder, [asked], tmp_path / "out", progress=False, language="ru")
    assert "Почему barkeeper:" in (tmp_path / "out" / "page.html").read_text()


def test_explain__heat_lies_where_the_colour_is(colour_run: Run, tmp_path: Path) -> None:
    half = np.full((24, 24, 3), 120, np.uint8)
    half[:, :12] = (250, 20, 20)
    Image.fromarray(half).save(tmp_path / "half.png")
    explain(colour_run.folder, [tmp_path / "half.png"], tmp_path / "out", progress=False)
    with Image.open(tmp_path / "out/heat/1.png") as heat:
        colours = np.ptp(np.asarray(heat).astype(int), axis=2)
    assert colours[:, :8].min() > 60
    assert colours[:, 18:].max() == 0


def test_explain__a_network_without_pooling_by_its_gradients(
    colour_run: Run, asked: Path, tmp_path: Path
) -> None:
    run = open_run(shutil.copytree(colour_run.folder, tmp_path / "run"))
    recipe = load_recipe("default", ("network.name=original", "network.conv512=false"))
    run.write_text("recipe.toml", recipe.to_toml())
    names = Classifier.load(run.classifier_folder).classes
    squares = np.random.default_rng(0).integers(0, 256, (6, 16, 16, 3), dtype=np.uint8)
    training = Examples(squares, np.arange(6), np.arange(6) % 3, names)
    model = build_network(recipe.network, size=16, classes=3)
    freeze(
        model, recipe.network, Description(names, 16, "stretch"), training, run.classifier_folder
    )
    classifier = Classifier.load(run.classifier_folder)
    paths = np.array([f"{i}.png" for i in range(6)])
    keep_neighbours(run.classifier_folder, classifier, training, paths)
    explain(run.folder, [asked / "clown.png"], tmp_path / "out", progress=False)
    assert table_of(tmp_path / "out")[0]["label"] in names
    with Image.open(tmp_path / "out/heat/1.png") as heat:
        assert np.asarray(heat).std() > 0


def test_explain__as_a_command_without_tensorflow(
    colour_run: Run, asked: Path, tmp_path: Path
) -> None:
    words = [
        "explain",
        str(colour_run.folder),
        str(asked),
        "--out",
        str(tmp_path / "out"),
        "--json",
    ]
    code = (
        f"import sys\nfrom springfield.doors.cli import main\ncode = main({words!r})\n"
        "assert not {'tensorflow', 'cv2'} & set(sys.modules)\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert (said["n"], said["unreadable"]) == (4, 1)
    assert Path(said["table"]).exists()


def test_explain__never_among_the_images_or_over_files(
    colour_run: Run, asked: Path, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="among the images"):
        explain(colour_run.folder, [asked], asked / "out", progress=False)
    with pytest.raises(OutputError, match="not empty"):
        explain(colour_run.folder, [asked / "clown.png"], asked, progress=False)
    assert len(list(asked.iterdir())) == 4


def test_explain__a_run_without_training_images_says_so(
    colour_run: Run, asked: Path, tmp_path: Path
) -> None:
    run = open_run(shutil.copytree(colour_run.folder, tmp_path / "run"))
    (run.classifier_folder / "neighbours.npz").unlink()
    with pytest.raises(RunError, match=r"neighbours\.npz"):
        explain(run.folder, [asked], tmp_path / "out", progress=False)
