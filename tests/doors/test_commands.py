"""The commands, run in a process of their own as a user does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest


def springfield(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "springfield", *map(str, words)],
        capture_output="stdout" not in options,
        text=True,
        check=False,
        **options,
    )


def to_nobody(*words: str | Path) -> tuple[int, str]:
    """Exit code and stderr of a command whose reader has left, as in `springfield ... | head`."""
    reader, writer = os.pipe()
    os.close(reader)
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = springfield(*words, stdout=writer, stderr=subprocess.PIPE, env=buffered)
    os.close(writer)
    return done.returncode, done.stderr


@pytest.mark.parametrize("words", [["--help"], ["split", "--help"]])
def test_main__a_reader_who_left_is_no_error(words: list[str]) -> None:
    assert to_nobody(*words) == (0, "")


def test_split__a_reader_who_left_is_no_error(tiny: Path, tmp_path: Path) -> None:
    code, progress = to_nobody("split", tiny, "--out", tmp_path / "split.csv")
    assert code == 0
    assert "Broken" not in progress
    assert (tmp_path / "split.csv").exists()


def test_split__prints_one_json_object(tiny: Path, tmp_path: Path) -> None:
    done = springfield("split", tiny, "--out", tmp_path / "split.csv", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert answer["images"] == sum(answer["parts"].values())
    assert set(answer["classes"]) == {"barn", "mill", "pier", "tower"}
    assert (tmp_path / "split.csv").read_text().startswith("path,label,part,group,reason")
    assert "Traceback" not in done.stderr


def test_split__shows_a_table_and_follows_the_recipe(tiny: Path, tmp_path: Path) -> None:
    done = springfield("split", tiny, "--out", tmp_path / "s.csv", "--set", "split.test=0.5")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["class", "train", "val", "test", "left_out"]
    assert [line[0] for line in lines[1:5]] == ["barn", "mill", "pier", "tower"]
    assert int(lines[1][3]) == 12


def test_split__deals_folds_in_a_column_of_their_own(tiny: Path, tmp_path: Path) -> None:
    done = springfield("split", tiny, "--out", tmp_path / "s.csv", "--folds", "3", "--json")
    rows = [line.split(",") for line in (tmp_path / "s.csv").read_text().splitlines()]
    assert rows[0][:5] == ["path", "label", "part", "fold", "group"]
    assert {row[3] for row in rows[1:] if row[2] == "test"} == {"0"}
    answer = json.loads(done.stdout)
    assert sum(answer["folds"]) == sum(row[3] != "-1" for row in rows[1:])
    assert answer["folds"][0] == answer["parts"]["test"]


@pytest.mark.parametrize(
    ("folds", "said"), [("1", "must be at least 2"), ("30", "barn, has 23 distinct pictures")]
)
def test_split__folds_that_make_no_sense_are_told_in_one_line(
    tiny: Path, tmp_path: Path, folds: str, said: str
) -> None:
    done = springfield("split", tiny, "--out", tmp_path / "s.csv", "--folds", folds)
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, said in lines[-1]) == (2, True)
    assert "Traceback" not in done.stderr


def test_split__a_manifest_that_is_not_there_is_told_in_one_line(
    tiny: Path, tmp_path: Path
) -> None:
    out = tmp_path / "split.csv"
    done = springfield("split", tiny, "--out", out, "--exclude", tmp_path / "bad.csv")
    assert done.returncode == 2
    told = f"cannot read the manifest {tmp_path / 'bad.csv'}: No such file or directory"
    assert done.stderr == f"springfield: {told}\n"


def test_audit__counts_what_is_there_and_writes_the_page(tiny: Path, tmp_path: Path) -> None:
    done = springfield("audit", tiny, "--out", tmp_path / "audit", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["images"]) == (0, 46)
    assert answer["classes"] == {"barn": 25, "mill": 13, "pier": 7, "tower": 1}
    assert answer["issues"]["corrupt"] == 1
    assert Path(answer["page"]).exists()
    issues = (tmp_path / "audit" / "issues.csv").read_text().splitlines()
    assert issues[0] == "path,kind,detail"
    assert len(issues) - 1 == sum(answer["issues"].values())


def test_toons__draws_the_town(tmp_path: Path) -> None:
    done = springfield("toons", tmp_path / "town", "--scale", "0.001", "--json")
    answer = json.loads(done.stdout)
    assert len(answer["classes"]) == 42
    assert answer["images"] == len(list((tmp_path / "town").glob("*/*")))


QUICK = [
    *("--set", "balance.rebalance=false"),
    *("--set", "training.epochs=1"),
    *("--set", "images.size=32"),
    *("--set", "training.precision=float32"),
]
SCORE = {"precision", "recall", "f1", "n", "low", "high"}


@pytest.fixture(scope="module")
def trained(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run that the command line trained, and what it printed."""
    folder = tmp_path_factory.mktemp("trained")
    cache = {**os.environ, "SPRINGFIELD_CACHE": str(folder / "cache")}
    done = springfield("train", tiny, "--out", folder / "run", *QUICK, "--json", env=cache)
    assert done.returncode == 0, done.stderr
    assert "oneDNN" not in done.stderr
    return folder / "run", dict(json.loads(done.stdout))


def test_train__prints_the_scores_of_every_class(trained: tuple[Path, dict[str, Any]]) -> None:
    run, answer = trained
    assert {"run", "accuracy", "macro_f1", "n", "seconds", "classes"} <= set(answer)
    assert set(answer["classes"]) == {"barn", "mill", "pier", "tower"}
    assert all(set(score) >= SCORE for score in answer["classes"].values())
    assert answer["n"] == sum(score["n"] for score in answer["classes"].values())
    assert Path(answer["page"]) == run / "page.html"
    assert Path(answer["page"]).exists()


def test_evaluate__scores_the_held_out_images_as_training_did(
    trained: tuple[Path, dict[str, Any]],
) -> None:
    run, answer = trained
    again = json.loads(springfield("evaluate", run, "--json").stdout)
    assert (again["n"], again["accuracy"]) == (answer["n"], answer["accuracy"])


def test_rebalance__prints_one_json_object(trained: tuple[Path, dict[str, Any]]) -> None:
    done = springfield("rebalance", trained[0], "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert {"run", "accuracy", "macro_f1", "n", "seconds", "classes", "rebalance"} <= set(answer)
    assert answer["rebalance"]["kept"] == "plain"  # 5 validation images cannot speak for another


@pytest.mark.parametrize("command", ["evaluate", "predict", "submit"])
def test_prior__a_slip_is_one_line(
    trained: tuple[Path, dict[str, Any]], tiny: Path, tmp_path: Path, command: str
) -> None:
    words = {"predict": [tiny / "pier"], "submit": [tiny / "pier", "--out", tmp_path / "out.csv"]}
    done = springfield(command, trained[0], *words.get(command, []), "--prior", "unifrom")
    assert done.returncode == 2
    assert done.stderr == "springfield: unknown prior 'unifrom'; did you mean 'uniform'?\n"


def test_predict__gives_every_file_its_own_row(
    trained: tuple[Path, dict[str, Any]], tiny: Path, tmp_path: Path
) -> None:
    table = tmp_path / "answers.csv"
    done = springfield("predict", trained[0], tiny / "barn", "--csv", table)
    rows = [line.split(",") for line in table.read_text().splitlines()]
    files = [row[0] for row in rows[1:]]
    bad = next(row for row in rows if row[0].endswith("torn.jpg"))
    assert done.returncode == 0
    assert rows[0] == ["path", "label", "probability", "error"]
    assert files == [str(file) for file in sorted((tiny / "barn").iterdir())]
    assert bad[1:3] == ["", ""]
    assert "truncated" in bad[3]
    again = springfield("predict", trained[0], tiny / "pier", "--csv", table)
    assert (again.returncode, len(table.read_text().splitlines())) == (2, len(rows))


def test_predict__draws_who_appears_when_beside_the_table(
    trained: tuple[Path, dict[str, Any]], tiny: Path, tmp_path: Path, film: Callable[..., Path]
) -> None:
    picture = np.full((48, 64, 3), 90, np.uint8)
    clip = film(tmp_path / "clip.mp4", [(i / 25, picture) for i in range(50)])
    table, plot = tmp_path / "out.csv", tmp_path / "out.svg"
    plot.write_text("mine")
    words = ["predict", trained[0], tiny / "pier" / "000.jpg", clip, "--csv", table, "--json"]
    refused = springfield(*words)
    assert (refused.returncode, plot.read_text(), table.exists()) == (2, "mine", False)
    assert "out.svg is already there" in refused.stderr
    images = springfield("predict", trained[0], tiny / "pier", "--csv", table, "--json")
    assert (images.returncode, json.loads(images.stdout)["timeline"]) == (0, None)
    same = springfield("predict", trained[0], clip, "--csv", tmp_path / "table.svg")
    assert (same.returncode, (tmp_path / "table.svg").exists()) == (2, False)
    for file in (table, plot):
        file.unlink()
    answer = json.loads(springfield(*words).stdout)
    assert answer["timeline"] == str(plot)
    assert [row["path"] for row in answer["predictions"]][1:] == [f"{clip}#t=0,1.96"]
    assert f">{clip}</text>" in plot.read_text()
    assert table.read_text().splitlines()[0] == "path,label,probability,error"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_predict__names_that_no_terminal_can_show_are_escaped(
    trained: tuple[Path, dict[str, Any]], tiny: Path, tmp_path: Path
) -> None:
    odd = tmp_path / os.fsdecode(b"b\xff.jpg")
    odd.write_bytes((tiny / "pier" / "000.jpg").read_bytes())
    shown = springfield("predict", trained[0], odd, env={**os.environ, "PYTHONUTF8": "1"})
    assert (shown.returncode, r"b\udcff.jpg" in shown.stdout) == (0, True)
    answer = json.loads(springfield("predict", trained[0], odd, "--json").stdout)
    assert os.fsencode(answer["predictions"][0]["path"]) == os.fsencode(odd)


def test_predict__closed_streams_are_no_error(
    trained: tuple[Path, dict[str, Any]], tiny: Path, tmp_path: Path
) -> None:
    words = ["predict", trained[0], tiny / "pier", "--csv", tmp_path / "answers.csv"]
    line = [sys.executable, "-m", "springfield", *map(str, words)]
    done = subprocess.run(["sh", "-c", '"$@" >&- 2>&-', "sh", *line], check=False)
    assert done.returncode == 0
    assert (tmp_path / "answers.csv").exists()


def test_submit__names_every_image_by_its_file(
    trained: tuple[Path, dict[str, Any]], tiny: Path, tmp_path: Path
) -> None:
    done = springfield("submit", trained[0], tiny / "pier", "--out", tmp_path / "out.csv", "--json")
    rows = [line.split(",") for line in (tmp_path / "out.csv").read_text().splitlines()]
    answer = json.loads(done.stdout)
    assert answer["n"] == len(rows) - 1
    assert {"submission", "classes", "smallest_change", "warnings"} <= set(answer)
    assert set(answer["expected_score"]) == {"score", "low", "high"}
    assert [row[0] for row in rows[1:]] == sorted(file.name for file in (tiny / "pier").iterdir())
    assert {row[1] for row in rows[1:]} <= {"barn", "mill", "pier", "tower"}


def test_train__ctrl_c_leaves_a_run_that_can_be_used(tiny: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = [
        "train",
        tiny,
        "--out",
        run,
        "--set",
        "training.epochs=9999",
        "--set",
        "images.size=32",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "springfield", *map(str, words), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        while process.poll() is None and not (run / "history.csv").exists():
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate()
    answer = json.loads(printed)
    assert (process.returncode, answer["state"]) == (130, "interrupted")
    done = springfield("predict", run, tiny / "pier" / "000.jpg", "--json")
    assert json.loads(done.stdout)["predictions"][0]["label"] in answer["classes"]


def test_export__a_slip_is_told_before_anything_else(tmp_path: Path) -> None:
    done = springfield("export", tmp_path / "no run", "--to", "onx")
    assert done.returncode == 2
    assert done.stderr == "springfield: unknown format 'onx'; did you mean 'onnx'?\n"


def test_export__prints_one_json_object(
    trained: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    done = springfield(
        "export", trained[0], "--to", "savedmodel", "--out", tmp_path / "out", "--json"
    )
    answer = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert {"path", "format", "agreement", "max_difference", "accuracy", "bytes"} <= set(answer)
    assert (answer["agreement"], answer["accuracy"]) == (1.0, trained[1]["accuracy"])
    assert Path(answer["path"], "model", "saved_model.pb").exists()
