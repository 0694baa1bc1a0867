from __future__ import annotations

import errno
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from springfield.doors import cli, terminal
from springfield.doors.cli import main
from springfield.doors.commands import COMMANDS, Command

STORY = ["demo", "toons", "audit", "split", "train", "resume", "evaluate", "rebalance", "needs",
         "predict", "explain", "submit", "export", "serve", "plan", "rate",
         "sweep", "reproduce", "doctor"]  # fmt: skip


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
    lines = [line.split()[0] for line in shown.splitlines() if re.match(r" {4}\w", line)]
    assert end.value.code == 0
    assert lines == STORY
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
        (
            ["train", "d", "--out", "r", "--minutes", "30"],
            "train does not take '--minutes'; write --set training.minutes=VALUE",
        ),
        (
            ["train", "d", "--out", "r", "--seed=1"],
            "train does not take '--seed=1'; write --set split.seed=VALUE or --set training.seed=",
        ),
        (
            ["train", "d", "--out", "r", "--fold", "5"],
            "train does not take '--fold'; did you mean '--fo",
        ),
        (["train", "d", "--out", "r", "--set", "balance.capp=1"], "unknown recipe key"),
        (
            ["train", "d", "--out", "r", "--memory", "4"],
            "training.memory = '4': write a number and",
        ),
        (
            ["plan", "d", "--memory", "4 TB"],
            "training.memory = '4 TB': write a number and MB or GB",
        ),
        (["train", "d", "--out", "r", "--recipe", "defualt"], "no recipe 'defualt'; did you mean"),
        (["toons", "t", "--scale", "big"], "argument --scale: invalid float value: 'big'"),
        (["split", "nowhere", "--out", "s.csv"], "there is no folder nowhere"),
        (["submit", "nowhere", "nowhere", "--out", "s.csv"], "nowhere holds no run"),
        (["explain", "x" * 300, "p.jpg", "--out", "o"], "cannot use xxx"),
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
        (OSError(errno.ENAMETOOLONG, "too long", "xxx"), 2, "cannot use xxx: too long"),
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


@pytest.mark.parametrize(("healthy", "code"), [(True, 0), (False, 2)])
@pytest.mark.parametrize("words", [["doctor"], ["doctor", "--json"]])
def test_main__a_setup_that_hinders_training_is_code_2(
    words: list[str],
    healthy: bool,
    code: int,
    *,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    check = {"name": "disk", "state": "ok" if healthy else "broken", "says": "so", "fix": "do"}
    answer = {"healthy": healthy, "checks": [check]}
    monkeypatch.setitem(cli.COMMANDS, "doctor", Command(lambda asked: answer, "doctor", ()))
    assert main(words) == code
    shown = capsys.readouterr()
    assert "disk" in shown.out
    assert shown.err == ""


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


@pytest.mark.parametrize("between", [["--json"], ["--prior", "natural"], ["--prior=natural"]])
def test_understand__an_argument_that_may_be_left_out_may_follow_options(
    between: list[str],
) -> None:
    assert cli._understand(["evaluate", "run", *between, "photos"]).data == Path("photos")
    assert cli._understand(["evaluate", "run", *between]).data is None
    with pytest.raises(cli.UsageError, match="evaluate does not take 'more'"):
        cli._understand(["evaluate", "run", "photos", *between, "more"])


def test_main__an_option_before_the_command_is_sent_behind_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--json", "audit", "photos"]) == 2
    assert "audit does not take '--json' before its name; write it after audit" in (
        capsys.readouterr().err
    )


def test_main__a_warning_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    main(["resume", "nowhere"])
    logging.getLogger("springfield.images.layout").warning("in %s", "a\x1b[2Jb")
    assert "in a\\x1b[2Jb" in capsys.readouterr().err


def test_main__work_whose_progress_nobody_reads_is_not_called_done(
    tiny: Path, tmp_path: Path
) -> None:
    words = ["audit", str(tiny), "--out", str(tmp_path / "audit")]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "springfield", *words], stderr=writing, check=False
    )
    os.close(writing)
    assert done.returncode == 130
