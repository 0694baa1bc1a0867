from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from springfield.doors import cli, terminal
from springfield.doors.cli import main
from springfield.doors.commands import COMMANDS, Command

STORY = ["demo", "toons", "audit", "split", "train", "resume", "evaluate", "predict", "submit"]


def springfield(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "springfield", *map(str, words)],
        capture_output="stdout" not in options,
        text=True,
        check=False,
        **options,
    )


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let `springfield resume` raise what the test hands over."""

    def plant(problem: BaseException) -> None:
        def fail(asked: Any) -> NoReturn:
            raise problem

        command = COMMANDS["resume"]
        monkeypatch.setitem(cli.COMMANDS, "resume", Command(fail, command.says, command.takes))

    return plant


def test_help__tells_the_story_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    shown = capsys.readouterr().out
    places = [shown.index(f"\n    {name} ") for name in STORY]
    assert end.value.code == 0
    assert places == sorted(places)
    assert list(COMMANDS) == STORY == list(terminal.SAYS)


@pytest.mark.parametrize("name", STORY)
def test_help__of_every_command_offers_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "name a command, for example: springfield demo"),
        (["--json"], "name a command"),
        (["trian"], "unknown command 'trian'; did you mean 'train'?"),
        (["train"], "the following arguments are required: DATA, --out"),
        (["train", "d", "--out"], "argument --out: expected one argument"),
        (
            ["train", "d", "--out", "r", "--sett", "a=1"],
            "train does not take '--sett'; did you mea",
        ),
        (["train", "d", "--out", "r", "a=1"], "train does not take 'a=1'"),
        (["train", "d", "--out", "r", "--set", "balance.capp=1"], "unknown recipe key"),
        (["train", "d", "--out", "r", "--recipe", "defualt"], "no recipe 'defualt'; did you mean"),
        (["toons", "t", "--scale", "big"], "argument --scale: invalid float value: 'big'"),
        (["split", "nowhere", "--out", "s.csv"], "there is no folder nowhere"),
        (["submit", "nowhere", "nowhere", "--out", "s.csv"], "nowhere holds no run"),
    ],
)
def test_main__a_users_mistake_is_one_line_and_code_2(
    words: list[str],
    line: str,
    *,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"springfield: {line}")
    assert shown.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_main__our_bug_keeps_its_traceback(broken: Any, capsys: pytest.CaptureFixture[str]) -> None:
    broken(ZeroDivisionError("by nobody"))
    assert main(["resume", "run"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Traceback")
    assert lines[-2:] == ["ZeroDivisionError: by nobody", f"springfield: {cli.BUG}"]


@pytest.mark.parametrize(
    ("problem", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (ModuleNotFoundError("no", name="tensorflow"), 2, "tensorflow is not installed; in"),
        (OSError(errno.ENOSPC, "no space"), 2, "the disk is full"),
    ],
)
def test_main__other_ends_are_one_line(
    problem: BaseException, code: int, line: str, *, broken: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    broken(problem)
    assert main(["resume", "run"]) == code
    shown = capfd.readouterr().err
    assert shown.startswith(f"springfield: {line}")
    assert shown.count("\n") == 1


def test_main__a_missing_module_of_ours_is_a_bug(
    broken: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(ModuleNotFoundError("no", name="springfield.lost"))
    assert main(["resume", "run"]) == 1
    assert cli.BUG in capsys.readouterr().err


def test_understand__keeps_the_line_as_it_can_be_typed_again() -> None:
    asked = cli._understand(
        ["train", "my data", "--out", "run", "--set", "a.b=1", "--set", "c.d=2"]
    )
    assert asked.line == "springfield train 'my data' --out run --set a.b=1 --set c.d=2"
    assert asked.set == ["a.b=1", "c.d=2"]


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
