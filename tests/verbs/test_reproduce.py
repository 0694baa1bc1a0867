"""The original's rows beside ours: planned, stopped, gone on with, told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from springfield.errors import OutputError, SpringfieldError
from springfield.images.catalog import read_catalog
from springfield.results.predictions import read_predictions
from springfield.run import Run
from springfield.verbs.reproduce import Comparison, reproduce

SETTINGS = (
    "images.size=32",
    "network.width=0.25",
    "training.epochs=4",
    "training.precision=float32",
)


def _kill_while_training(tiny: Path, out: Path) -> None:
    sets = [word for setting in SETTINGS for word in ("--set", setting)]
    words = ["reproduce", str(tiny), "--out", str(out), "--only", "original-20x300", *sets]
    with subprocess.Popen(
        [sys.executable, "-m", "springfield", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None and not (out / "original-20x300-seed0/history.csv").exists():
            time.sleep(0.05)
        process.kill()


def test_reproduce__goes_on_after_a_kill_and_shares_one_split(tiny: Path, tmp_path: Path) -> None:
    out, rows = tmp_path / "out", ("original-20x300", "ours", "autopilot")
    _kill_while_training(tiny, out)
    run = Run(out / "original-20x300-seed0")
    split, begun = (out / "split-seed0.csv").read_bytes(), run.facts
    assert begun["state"] == "training"

    asked = Comparison(("original-20x300", "autopilot"), settings=SETTINGS)  # which takes "ours"
    answer = reproduce(tiny, out, asked, progress=False)
    assert (out / "split-seed0.csv").read_bytes() == split
    assert run.facts["plan"] == begun["plan"]  # gone on with, not begun again
    assert run.facts["epochs_done"] == len(run.history_file.read_text().splitlines()) - 1
    assert answer == json.loads((out / "reproduce.json").read_text())
    measured = {row["row"]: row for row in answer["rows"] if row["runs"]}
    assert tuple(measured) == rows
    judged = [read_predictions(out / f"{row}-seed0" / "predictions.csv").paths for row in rows]
    assert judged[0].tolist() == judged[1].tolist()
    assert {row["n"] for row in measured.values()} == {len(judged[0])}
    ours, autopilot = (Run(out / f"{row}-seed0") for row in rows[1:])
    assert ours.history_file.read_text() == autopilot.history_file.read_text()
    assert not (ours.folder / "rebalance.json").exists()
    assert (autopilot.folder / "rebalance.json").exists()
    most = max(answer["counts"].values())
    assert f"original, 4 × {most}, batch 20" in (out / "plot.svg").read_text()

    card = out / "ours-seed0" / "model-card.md"
    before = card.stat().st_mtime_ns
    again = reproduce(tiny, out, asked, progress=False)
    assert (again, card.stat().st_mtime_ns) == (answer, before)  # nothing is trained twice


def test_reproduce__shares_the_images_out_once_a_seed_and_fits_the_rows(
    tiny: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    reproduce(tiny, out, Comparison(rows=(), seeds=2), progress=False)
    answer = json.loads((out / "reproduce.json").read_text())
    one, two = (read_catalog(out / f"split-seed{seed}.csv", tiny) for seed in (0, 1))
    assert one["path"].tolist() == two["path"].tolist()
    assert one["part"].tolist() != two["part"].tolist()
    counts = one.where(one["part"] == "train").counts()
    assert answer["counts"] == counts
    taken = {row["row"]: row["taken"] for row in answer["rows"]}
    assert taken.pop("ours") is taken.pop("autopilot") is None
    assert all(budget == [4, max(counts.values())] for budget in taken.values())


def test_reproduce__further_seeds_see_the_images_of_the_first(
    tiny_copy: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    reproduce(tiny_copy, out, Comparison(rows=()), progress=False)
    next(tiny_copy.rglob("*.png")).unlink()
    with pytest.raises(OutputError, match=r"has changed since .* choose another --out"):
        reproduce(tiny_copy, out, Comparison(rows=(), seeds=2), progress=False)
    assert not (out / "split-seed1.csv").exists()


def test_reproduce__draws_toonville_where_no_images_are_given(tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = Comparison(rows=(), scale=0.002)
    answer = reproduce(None, out, asked, progress=False)
    assert (answer["data"], answer["scale"], len(answer["counts"])) == ("Toonville", 0.002, 42)
    drawn = sorted((out / "toons").rglob("*.jpg"))
    times = [file.stat().st_mtime_ns for file in drawn]
    reproduce(None, out, asked, progress=False)
    assert [file.stat().st_mtime_ns for file in drawn] == times
    begun = json.loads((out / "begun.json").read_text())
    (out / "begun.json").write_text(json.dumps({**begun, "drawn": False}))  # killed while it drew
    shutil.rmtree(drawn[0].parent)
    reproduce(None, out, asked, progress=False)
    assert sorted((out / "toons").rglob("*.jpg")) == drawn
    with pytest.raises(
        OutputError, match="begun with other scale, and all its rows must share them"
    ):
        reproduce(None, out, Comparison(rows=()), progress=False)


def test_reproduce__rows_with_other_settings_need_another_folder(
    tiny: Path, tmp_path: Path
) -> None:
    reproduce(tiny, tmp_path / "out", Comparison(rows=()), progress=False)
    other = Comparison(rows=(), settings=("training.epochs=2",))
    with pytest.raises(OutputError, match=r"begun with other settings, .* choose another --out"):
        reproduce(tiny, tmp_path / "out", other, progress=False)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (Comparison(rows=("orignal",)), "--only orignal: no such row; did you mean 'original'"),
        (Comparison(seeds=0), "--seeds 0: it must be at least 1"),
        (Comparison(scale=0.1), "--scale is for Toonville"),
        (Comparison(settings=("balance.capp=1",)), "unknown recipe key 'balance.capp'"),
        (Comparison(settings=("balance.rebalance=false",)), "--set balance.rebalance: other last"),
    ],
)
def test_reproduce__a_slip_is_told_before_anything_is_written(
    asked: Comparison, line: str, tiny: Path, tmp_path: Path
) -> None:
    with pytest.raises(SpringfieldError, match=line):
        reproduce(tiny, tmp_path / "out", asked, progress=False)
    assert not (tmp_path / "out").exists()
