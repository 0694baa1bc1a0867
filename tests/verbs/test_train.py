"""The whole story, as a user's process runs it: undisturbed, killed, interrupted, misused."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SETTINGS = (
    "balance.rebalance=false",
    "images.size=32",
    "network.width=0.25",
    "training.batch=8",
    "training.epochs=40",
    "training.precision=float32",
)
# a measured precision may come out differently in two runs: here they must be alike


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "springfield", *words]


def _train(data: Path, out: Path, *settings: str) -> list[str]:
    sets = [word for setting in SETTINGS + settings for word in ("--set", setting)]
    return _command("train", str(data), "--out", str(out), *sets)


def _finish(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)


def _stop_when(
    command: list[str], ready: Callable[[], bool], number: signal.Signals
) -> tuple[int, str]:
    """Start a process, send it a signal as soon as `ready`, return its exit code and output."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while process.poll() is None and not ready():
        time.sleep(0.002)
    process.send_signal(number)
    said, _ = process.communicate()
    return process.returncode, said


def _reached(run: Path, epoch: int) -> Callable[[], bool]:
    """Whether a checkpoint of that epoch is there."""
    return lambda: any(int(f.name[:6]) >= epoch for f in run.glob("checkpoint/0*.npz"))


def _weights(run: Path) -> list[np.ndarray]:
    with np.load(run / "classifier" / "weights.npz") as kept:
        return [kept[name] for name in sorted(kept.files)]


def _lessons(run: Path) -> list[list[str]]:
    """history.csv without the columns that tell the clock."""
    lines = [line.split(",") for line in (run / "history.csv").read_text().splitlines()]
    return [[line[0], *line[3:]] for line in lines]


@pytest.fixture(scope="module")
def finished(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("train") / "run"
    done = _finish(_train(tiny, out, "balance.rebalance=true"))
    assert done.returncode == 0, done.stderr
    return out


def test_train__leaves_every_file_a_run_has(finished: Path) -> None:
    for name in (
        "run.json",
        "recipe.toml",
        "catalog.csv",
        "history.csv",
        "classifier/model.tflite",
        "classifier/weights.npz",
        "predictions.csv",
        "scores.json",
        "rebalance.json",
        "background.json",
        "suspicious.csv",
        "labels.html",
        "page.html",
        "model-card.md",
        "plots/training.svg",
        "network.svg",
    ):
        assert (finished / name).stat().st_size > 0, name
    assert list((finished / "log").glob("events.*"))
    facts = json.loads((finished / "run.json").read_text())
    assert facts["state"] == "finished"
    assert facts["freezing_difference"] < 1e-4
    assert facts["command"].startswith("springfield train ")


def test_train__scores_every_class_on_rows_it_never_saw(finished: Path) -> None:
    scores = json.loads((finished / "scores.json").read_text())
    assert set(scores) >= {"run", "accuracy", "macro_f1", "n", "seconds", "classes"}
    assert set(scores["classes"]) == {"barn", "mill", "pier", "tower"}
    for of_class in scores["classes"].values():
        assert set(of_class) >= {"precision", "recall", "f1", "n", "low", "high"}
    rows = (finished / "catalog.csv").read_text().splitlines()
    part = rows[0].split(",").index("part")
    assert scores["n"] == sum(row.split(",")[part] == "test" for row in rows[1:])
    assert scores["accuracy"] > 0.5  # the stripe tells the class


def test_train__changes_nothing_in_the_data(tiny_copy: Path, tmp_path: Path) -> None:
    def content() -> dict[str, tuple[bytes, int]]:
        files = [f for f in tiny_copy.rglob("*") if f.is_file()]
        return {str(f): (f.read_bytes(), f.stat().st_mtime_ns) for f in files}

    before = content()
    assert _finish(_train(tiny_copy, tmp_path / "run", "training.epochs=1")).returncode == 0
    assert content() == before


@pytest.mark.parametrize("seed", [1, 2])
def test_resume__killed_at_random_points_ends_at_the_same_weights(
    finished: Path, tiny: Path, tmp_path: Path, seed: int
) -> None:
    out = tmp_path / "run"
    moments = sorted(random.Random(seed).sample(range(1, 36), 2))
    code, _ = _stop_when(_train(tiny, out), _reached(out, moments[0]), signal.SIGKILL)
    assert code == -signal.SIGKILL
    again = _command("resume", str(out))
    code, _ = _stop_when(again, _reached(out, moments[1]), signal.SIGKILL)
    assert code == -signal.SIGKILL
    done = _finish(again)
    assert done.returncode == 0, done.stderr
    for one, two in zip(_weights(out), _weights(finished), strict=True):
        np.testing.assert_array_equal(one, two)
    assert _lessons(out) == _lessons(finished)


def test_train__ctrl_c_leaves_a_usable_run_that_goes_on(
    finished: Path, tiny: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    code, said = _stop_when(_train(tiny, out), _reached(out, 3), signal.SIGINT)
    assert code == 130, said
    assert "Traceback" not in said
    assert "springfield resume" in said
    assert json.loads((out / "run.json").read_text())["state"] == "interrupted"
    assert json.loads((out / "scores.json").read_text())["n"] > 0
    assert (out / "page.html").exists()
    assert _finish(_command("resume", str(out))).returncode == 0
    for one, two in zip(_weights(out), _weights(finished), strict=True):
        np.testing.assert_array_equal(one, two)


def test_resume__while_another_process_trains_there(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    endless = _train(tiny, out, "training.epochs=9999")
    training = subprocess.Popen(endless, stderr=subprocess.DEVNULL)
    while training.poll() is None and not _reached(out, 1)():
        time.sleep(0.01)
    refused = _finish(_command("resume", str(out)))
    assert refused.returncode == 2
    assert f"another process trains in {out}" in refused.stderr
    assert training.poll() is None
    training.kill()
    training.wait()


def _folder(root: Path, counts: dict[str, int]) -> Path:
    for label, count in counts.items():
        (root / label).mkdir(parents=True)
        for i in range(count):
            noise = np.random.default_rng([i, len(label)]).integers(0, 256, (40, 40, 3), np.uint8)
            Image.fromarray(noise).save(root / label / f"{i}.png")
    return root


MISTAKES = {
    "nowhere": (lambda root: root / "nothing", "nothing"),
    "empty": (lambda root: _folder(root / "data", {}), "data"),
    "one class": (lambda root: _folder(root / "data", {"only": 5}), "one class"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_train__a_mistake_gets_one_line(tmp_path: Path, mistake: str) -> None:
    make, word = MISTAKES[mistake]
    data = make(tmp_path)
    done = _finish(_train(data, tmp_path / "run"))
    assert done.returncode == 2
    last = [line for line in done.stderr.splitlines() if line.strip()][-1]
    assert word in last
    assert "Traceback" not in done.stderr


def test_train__an_unreadable_folder_of_images(tmp_path: Path) -> None:
    data = _folder(tmp_path / "data", {"a": 2, "b": 2})
    for file in data.rglob("*.png"):
        file.write_bytes(file.read_bytes()[:60])
    done = _finish(_train(data, tmp_path / "run"))
    assert done.returncode == 2
    assert "corrupt" in done.stderr


def test_train__another_run_is_never_overwritten(finished: Path, tiny: Path) -> None:
    before = (finished / "run.json").read_bytes()
    done = _finish(_train(tiny, finished))
    assert done.returncode == 2
    assert "already holds a run" in done.stderr
    assert (finished / "run.json").read_bytes() == before


def test_train__a_class_with_a_single_image_is_trained_and_not_judged(finished: Path) -> None:
    tower = json.loads((finished / "scores.json").read_text())["classes"]["tower"]
    assert tower["n"] == 0
    assert tower["f1"] is None


def test_train__so_few_images_that_none_is_left_to_validate(tmp_path: Path) -> None:
    data = _folder(tmp_path / "data", {"one": 2, "three": 3})
    done = _finish(_train(data, tmp_path / "run", "training.epochs=2", "balance.deferred=0.5"))
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "run" / "scores.json").read_text())["n"] == 2
    vain = "balance.deferred = 0.5 does nothing: there is neither sampling nor weights"
    assert f"warning: {vain}" in done.stderr  # while there is time to stop


def test_train__a_manifest_that_does_not_fit_is_told_before_anything_is_written(
    tiny: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("path\nbarn/400.jpg\n")
    command = [*_train(tiny, tmp_path / "run"), "--exclude", str(tmp_path / "bad.csv")]
    done = _finish(command)
    assert done.returncode == 2
    assert "bad.csv lists 'barn/400.jpg', which is not among the images" in done.stderr
    assert not (tmp_path / "run").exists()


def test_resume__where_there_is_no_run(tmp_path: Path) -> None:
    done = _finish(_command("resume", str(tmp_path)))
    assert done.returncode == 2
    assert "holds no run" in done.stderr


def test_train__a_full_disk_is_said_and_loses_nothing(tiny: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk to fill")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this machine does not let a test mount a small disk to fill")
    try:
        done = _finish(_train(tiny, disk / "run"))
        assert done.returncode == 2, done.stderr
        assert "the disk is full" in done.stderr
        assert "Traceback" not in done.stderr
        assert json.loads((disk / "run" / "run.json").read_text())["state"] == "training"
    finally:
        subprocess.run(["umount", str(disk)], check=True)
