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


@pytest.mark.parametrize(
    ("epochs", "words"),
    [
        (4, "in so few epochs flipped at most; in 24 or more"),
        (16, "In so few epochs images were varied 58% as far as in 24 or more"),
        (24, "as the network saw them, varied, so that"),
    ],
)
def test_training__says_how_far_images_were_varied(
    make_run: Callable[..., Run], epochs: int, words: str
) -> None:
    run = make_run(classes=4, epochs=epochs)
    run.note(plan={"precision": "float32", "epochs": epochs})
    page = words_of(run)
    assert words in page
    assert page.count("so few epochs") == (epochs < 24)
    run.write_text("recipe.toml", load_recipe("original").to_toml())
    assert "Grey: the training images, which were not varied." in words_of(run)


def test_training__of_folds_tells_the_time_of_its_own(make_run: Callable[..., Run]) -> None:
    run = make_run(classes=4, epochs=24)
    run.note(seconds=100.0, state="interrupted")
    each = [{"fold": n, "n": 40, "accuracy": 0.5, "macro_f1": 0.5, "accuracy_low": 0.4,
             "accuracy_high": 0.6, "macro_f1_low": 0.4, "macro_f1_high": 0.6, "head": "plain"}
            for n in (1, 2)]  # fmt: skip
    scores = run.read_json("scores.json")
    run.write_json("scores.json", {**scores, "seconds": 190.0, "folds": {"count": 5, "each": each}})
    assert "24 epochs in 1 min 40 s" in words_of(run)
    card = write_model_card(run).read_text(encoding="utf-8")
    assert "The training of its folds was interrupted in fold 2 of 5." in card
