"""What the page says of how a network learned."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from springfield.recipe import load_recipe
from springfield.results.model_card import write_model_card
from springfield.results.report import write_report
from springfield.run import Run

HEAD = {"val_accuracy": 0.8, "val_macro_f1": 0.712, "seconds": 95.0}


def words_of(run: Run) -> str:
    text = write_report(run).read_text(encoding="utf-8").replace("&nbsp;", " ")
    return re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ")


def change(run: Run, *settings: str) -> None:
    run.write_text("recipe.toml", load_recipe("default", settings).to_toml())


@pytest.mark.parametrize(
    ("language", "words", "only", "clock"),
    [
        (
            "en",
            "validation macro-F1 of 0.712",
            "Nothing else was trained",
            "the end of the network alone",
        ),
        ("ru", "составила 0,712", "Больше ничего не обучалось", "только конец сети"),
    ],
)
def test_training__a_last_layer_alone(
    make_run: Callable[..., Run], language: str, words: str, only: str, clock: str
) -> None:
    run = make_run(classes=4, epochs=0)
    change(run, "network.name=mobilenetv2", "network.weights=imagenet", "finetune.whole=false")
    run.note(head=HEAD, language=language, seconds=95.0)
    page = words_of(run)
    assert words in page
    assert only in page
    assert clock in page
    card = write_model_card(run).read_text(encoding="utf-8")
    assert "with weights from ImageNet and only its end fitted to" in card


def test_training__a_last_layer_before_the_first_epoch(make_run: Callable[..., Run]) -> None:
    run = make_run(classes=4, epochs=3)
    assert "the end of the network was fitted" not in words_of(run)
    change(run, "network.name=mobilenetv2", "network.weights=imagenet", "finetune.head=true")
    run.note(head={"seconds": 61.0})
    page = words_of(run)
    assert "First the end of the network was fitted, in 1 min 1 s" in page
    assert "Nothing else was trained" not in page
    assert "3 epochs in" in page
    card = write_model_card(run).read_text(encoding="utf-8")
    assert "begun with weights from ImageNet and trained on" in card
