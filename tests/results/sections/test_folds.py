"""What the page says of how a run was judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from springfield.learning.answering.classifier import Description
from springfield.recipe import load_recipe
from springfield.results.model_card import write_model_card
from springfield.results.report import write_report
from springfield.run import Run

MakeRun = Callable[..., Run]
EACH = [{"fold": i, "n": 40, "accuracy": 0.7 + i / 100, "macro_f1": 0.6} for i in (1, 2, 3)]


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return make_run(classes=6, largest=60, epochs=3)


def words_of(run: Run, **scores: Any) -> str:
    """The page's words after these scores were changed."""
    run.write_json("scores.json", {**run.read_json("scores.json"), **scores})
    return re.sub(r"<[^>]+>", " ", write_report(run).read_text(encoding="utf-8"))


def test_folds__says_how_it_was_judged_and_whose_classifier_it_is(run: Run) -> None:
    words = words_of(run, folds={"count": 3, "each": EACH}, seconds=180.0)
    assert "The images were dealt into 3 folds" in words
    assert "The classifier in this folder is that of fold 1" in words
    assert "each by a network that had not seen it" in words
    assert "71.0%" in words
    assert "3 min 0 s" in words.replace("\xa0", " ").replace("&nbsp;", " ")
    assert "3 epochs in each of 3 folds" in words
    assert "So far" not in words
    card = write_model_card(run).read_text(encoding="utf-8")
    assert "By cross-validation in 3 folds: " in card


def test_folds__each_chose_its_own_last_layer(run: Run) -> None:
    tried = {"method": "plain", "parameter": None, "difference": 0.0, "low": 0.0, "high": 0.0,
             "macro_f1": 0.5, "accuracy": 0.8, "allowed": True, "kept": True}  # fmt: skip
    run.write_json("rebalance.json", {"rows": 16, "sure": 0.9, "tries": [tried]})
    told = Description(tuple(run.facts["train_counts"]), size=96, fit="letterbox")
    run.write_text("classifier/classifier.json", told.to_json())
    heads = ("plain", "crt", "lws")
    each = [{**fold, "head": head} for fold, head in zip(EACH, heads, strict=True)]
    words = words_of(run, folds={"count": 3, "each": each})
    assert "in 2 of 3 the last layer was exchanged" in words
    card = write_model_card(run).read_text(encoding="utf-8")
    assert "In 2 of 3 folds the last layer was fitted" in card
    assert "Each fold's logits are divided by a temperature of its own" in card


def test_folds__that_are_not_all_there(run: Run) -> None:
    run.note(state="interrupted")
    words = words_of(run, folds={"count": 5, "each": EACH[:2]})
    assert "So far 2 of them have been trained." in words
    assert "interrupted in fold 2 of 5" in words


def test_folds__in_russian(run: Run) -> None:
    run.note(language="ru")
    words = words_of(run, folds={"count": 3, "each": EACH})
    assert "Изображения розданы по частям, их 3" in words
    assert "Классификатор в этой папке принадлежит части 1" in words


def test_folds__without_any_the_page_may_advise_them(run: Run) -> None:
    assert "How it was judged" not in words_of(run)
    advice = (
        "Too few held-out images to be sure of 3 of 6 classes; training with --folds 5 would judge"
        " each of their images once."
    )
    assert advice in words_of(run, advice=advice)
    run.note(language="ru")
    assert "с ключом --folds 5 каждое изображение этих классов" in words_of(run)


def test_folds__small_classes_have_a_rule_of_their_own(run: Run) -> None:
    run.write_text("recipe.toml", load_recipe("default", ("split.folds=3",)).to_toml())
    assert "each is judged once, and learned from in the other folds" in words_of(run)


def test_tail__speaks_of_the_limits_of_the_recipe(run: Run) -> None:
    settings = ("scores.many=30", "scores.few=7")
    run.write_text("recipe.toml", load_recipe("default", settings).to_toml())
    words = words_of(run)
    assert "Many: more than 30 training images. Medium: 7 to 30. Few: fewer than 7." in words
    assert "| medium, 7 to 30 |" in write_model_card(run).read_text(encoding="utf-8")
