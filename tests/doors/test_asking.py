"""What each command hands to its verb, word for word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from springfield.doors.cli import main
from springfield.recipe import load_recipe
from springfield.run import Page, Run
from springfield.verbs.needs import Question
from springfield.verbs.reproduce import Comparison
from springfield.verbs.sweep import Effort

SET = ("--set", "training.epochs=7", "--lang", "ru")
RECIPE = load_recipe("default", ("training.epochs=7",))


@pytest.mark.parametrize(
    ("verb", "words", "given", "named"),
    [
        (
            "needs.needs",
            ["needs", "d", "--target", "0.8", "--quick", "--exclude", "e.csv", "--out", "o", *SET],
            ("d", "o", RECIPE, Question(0.8, quick=True, exclude=Path("e.csv"))),
            {"page"},
        ),
        (
            "sweep.sweep",
            ["sweep", "d", "--out", "o", "--trials", "3", "--minutes", "2", *SET],
            ("d", "o", RECIPE, Effort(trials=3, minutes=2.0)),
            {"page"},
        ),
        ("plan.plan", ["plan", "d", *SET[:2]], ("d", RECIPE), set()),
        ("rate.rate", ["rate", "d", "--out", "o", *SET], ("d", "o", RECIPE), {"page"}),
        (
            "reproduce.reproduce",
            ["reproduce", "d", "--out", "o", "--seeds", "2", "--only", "ours", *SET],
            ("d", "o", Comparison(("ours",), seeds=2, settings=("training.epochs=7",))),
            {"page"},
        ),
    ],
)
def test_ask__every_word_reaches_the_verb(
    verb: str,
    words: list[str],
    given: tuple[Any, ...],
    named: set[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def record(*values: Any, **names: Any) -> dict[str, Any]:
        asked.append((values, names))
        return {"state": "finished", "a": 1}

    monkeypatch.setattr(f"springfield.verbs.{verb}", record)
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"state": "finished", "a": 1}
    ((values, names),) = asked
    assert tuple(str(v) if isinstance(v, Path) else v for v in values) == given
    assert set(names) == named
    if named:
        line = f"springfield {' '.join(words)} --json"
        assert names["page"] == Page("ru", line)


def test_ask_resume__says_when_nothing_is_left_to_learn(
    colour_run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def record(folder: Path, **names: Any) -> Run:
        asked.append((folder, names))
        return Run(folder)

    monkeypatch.setattr("springfield.verbs.train.resume", record)
    monkeypatch.setattr("springfield.doors.answers.of_run", lambda run: {"state": "finished"})
    for done, told in ((False, False), (True, True)):
        monkeypatch.setattr(Run, "is_done", done)
        assert main(["resume", str(colour_run.folder), "--lang", "ru", "--json"]) == 0
        assert ("nothing more is learned" in capsys.readouterr().err) == told
    assert asked == [(colour_run.folder, {"language": "ru"})] * 2
