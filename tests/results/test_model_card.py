"""The model card, from a run's files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from springfield.results.card_limits import plain
from springfield.results.model_card import write_model_card
from springfield.run import Run, open_run
from springfield.verbs.evaluate import evaluate

MakeRun = Callable[..., Run]


def card_of(run: Run) -> str:
    return write_model_card(run).read_text(encoding="utf-8")


def test_write_model_card__says_what_the_scores_say(make_run: MakeRun) -> None:
    run = make_run(classes=8, largest=300, epochs=3)
    card, scores = card_of(run), run.read_json("scores.json")
    assert f"{{type: accuracy, value: {scores['accuracy']:.4f}}}" in card
    assert f"Accuracy {100 * scores['accuracy']:.1f}%" in card
    for name, each in scores["classes"].items():
        row = next(line for line in card.splitlines() if line.startswith(f"| {name} |"))
        assert f"| {each['train']} | {each['n']} | " in row
    assert f"{scores['groups']['many']['macro_f1']:.3f}" in card
    assert run.facts["digest"] in card
    assert run.facts["command"] in card
    assert "`balance.cap`: 300 instead of 0" in card


@pytest.mark.parametrize(
    ("data", "said"),
    [("/home/somebody/birds", "train birds "), ("kaggle:owner/birds", "train kaggle:owner/birds ")],
)
def test_write_model_card__does_not_publish_where_the_images_lie(
    make_run: MakeRun, data: str, said: str
) -> None:
    run = make_run(classes=3, largest=30, epochs=1)
    run.note(data=data, command="")
    card = card_of(run)
    assert said in card
    assert "somebody" not in card


def test_write_model_card__limits_follow_from_the_numbers(make_run: MakeRun) -> None:
    run = make_run(classes=8, largest=300, epochs=3)
    weak, other = run.facts["classes"][:2]
    scores = run.read_json("scores.json")
    nothing = {"n": 0, "f1": None, "low": None, "high": None}
    scores["classes"][weak] |= {**nothing, "verdict": "cannot be judged: no held-out image"}
    scores["classes"][other] |= {"f1": 0.3}
    run.write_json("scores.json", scores)
    relied = {"n": 10, "background_alone": 8, "figure_alone": 3, "share": 0.8, "elsewhere": 0.1}
    kinds = {other: relied, weak: {**relied, "share": None}}
    run.write_json("background.json", {"each": 20, "fewest": 5, "classes": kinds})
    card = card_of(run)
    assert f"nothing is known of: {weak}." in card
    assert re.search(rf"Weak, with an F1 below 0.5: .*{other}", card)
    assert f"Often named by the background alone: {other}." in card
    assert f"| {other} | 10 | 80% | 10% | 30% |" in card


def test_write_model_card__its_python_runs(colour_run: Run, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch,
                                           capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    run = open_run(shutil.copytree(colour_run.folder, tmp_path / "my run"))
    evaluate(run.folder, progress=False)
    card = card_of(run)
    assert "hold the right one 90% of the time; they did 100.0%" in card
    assert "springfield predict 'my run' image.jpg" in card
    picture = next((Path(run.facts["data"]) / "clown").iterdir())
    shutil.copy(picture, tmp_path / "image.jpg")
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", card, re.DOTALL)
    assert code
    exec(code[1], {})
    assert capsys.readouterr().out == "clown\n"


@pytest.mark.parametrize("state", ["started", "interrupted"])
def test_write_model_card__of_an_unfinished_run(make_run: MakeRun, state: str) -> None:
    card = card_of(make_run(classes=6, largest=60, epochs=2, scored=False, state=state))
    assert "not been judged yet" in card
    assert "interrupted after 2 epochs" in card


def test_plain__is_taken_for_nothing_else() -> None:
    assert plain("a_b") == "a_b"
    assert plain("_a_ | <b>\n`c`") == "\\_a\\_ \\| &lt;b> \\`c\\`"
