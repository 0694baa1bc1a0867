"""What the page says of the networks that a classifier was combined of."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from springfield.recipe import load_recipe
from springfield.results.model_card import write_model_card
from springfield.results.report import write_report
from springfield.run import Run

MakeRun = Callable[..., Run]
EACH = [
    {
        "member": k,
        "train": 800,
        "watched": 400 + k,
        "epochs": 3,
        "watched_macro_f1": 0.5,
        "macro_f1": 0.6 + k / 100,
    }
    for k in (1, 2, 3)
]


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    """A run of three members, whose own history is that of the first."""
    run = make_run(classes=6, largest=60, epochs=3)
    run.write_text("recipe.toml", load_recipe("default", ("network.members=3",)).to_toml())
    run.members[0].write_text("history.csv", run.history_file.read_text())
    run.history_file.unlink()
    return run


def words_of(run: Run, done: int = 3, macro_f1: float | None = 0.7) -> str:
    """The page's words when so many members are trained."""
    known = {"count": 3, "n": 100, "each": EACH[:done], "macro_f1": macro_f1}
    run.write_json("members.json", known)
    return re.sub(r"<[^>]+>", " ", write_report(run).read_text(encoding="utf-8"))


def test_members__each_alone_and_all_together(run: Run) -> None:
    words = words_of(run)
    assert "The 3 networks answer together" in words
    assert "lies between 0.610 and 0.630 alone and is 0.700 together" in words
    assert "3 epochs in each of 3 networks" in words
    assert "Shown is the first of 3 networks" in words
    assert "3 such networks stand side by side" in words
    assert "So far" not in words
    card = write_model_card(run).read_text(encoding="utf-8")
    assert "It is made of 3 networks" in card
    assert "by the mean of their answers" in card


def test_members__that_are_not_all_there(run: Run) -> None:
    run.note(state="interrupted")
    words = words_of(run, done=1)
    assert "So far there is only 1 of 3, and the answers are its own." in words
    assert "interrupted with 1 of 3 networks there" in words
    card = write_model_card(run).read_text(encoding="utf-8")
    assert "interrupted with 1 of them there" in card


def test_members__of_one_network_with_their_mean_weights(run: Run) -> None:
    settings = ("network.members=3", "network.combine=weights")
    run.write_text("recipe.toml", load_recipe("default", settings).to_toml())
    words = words_of(run)
    assert "The mean of the weights of all 3 is the network that answers." in words
    assert "side by side" not in words


def test_members__without_validation_images(run: Run) -> None:
    assert "alone and is" not in words_of(run, macro_f1=None)


def test_members__in_russian(run: Run) -> None:
    run.note(language="ru")
    words = words_of(run)
    assert "Сети отвечают вместе, всего их 3" in words
    assert "отдельных сетей — от 0,610 до 0,630, а всех вместе — 0,700" in words


def test_members__of_a_single_network(make_run: MakeRun) -> None:
    run = make_run(classes=6, largest=60, epochs=3)
    assert "The networks it is made of" not in write_report(run).read_text(encoding="utf-8")
