"""The page of a sweep that is made up: twenty trials around the default recipe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from springfield.recipe import Recipe
from springfield.results.page.words import Words
from springfield.results.pages.sweep import TABLES, write_sweep_page
from springfield.results.plots.sweep import key_plot, progress_plot, shown
from springfield.run import Run

Made = Callable[..., dict[str, Any]]


def written(answer: dict[str, Any], folder: Path, language: str = "en") -> str:
    home = Run(folder)
    write_sweep_page(home, answer, Recipe(), language)
    return home.page_file.read_text()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["20 trials, and the best recipe", "0.912 (0.890–0.931) on 1,240 test images"]),
        ("ru", ["20 проб и лучший рецепт", "0,912 (0,890–0,931) на 1\u202f240 тестовых"]),
    ],
)
def test_write_sweep_page__says_the_score_and_where_it_comes_from(
    fake_sweep: Made, tmp_path: Path, language: str, said: list[str]
) -> None:
    page = written(fake_sweep(), tmp_path, language)
    assert all(words in page for words in said)
    assert "pictures/&lt;b&gt;town" in page
    assert "&lt;b&gt;town</title>" in page
    assert "--recipe sweep/best.toml" in page
    assert (tmp_path / "plot.svg").read_text().startswith("<svg")
    assert page.count("<tr>") == 21  # with the heading


def test_write_sweep_page__what_of_the_gain_is_luck(fake_sweep: Made, tmp_path: Path) -> None:
    answer = fake_sweep()
    assert "part of that is luck" in written(answer, tmp_path)
    answer["table"][0] = {**answer["table"][0], "score": answer["validation"]}
    assert "part of that is luck" not in written(answer, tmp_path)
    drawn = fake_sweep()  # a first trial whose values are not the recipe's own
    drawn["table"][0]["values"]["training.learning_rate"] *= 0.9
    assert "part of that is luck" not in written(drawn, tmp_path)


def test_write_sweep_page__until_all_are_done_the_test_images_wait(
    fake_sweep: Made, tmp_path: Path
) -> None:
    nothing = dict.fromkeys(("macro_f1", "low", "high", "accuracy", "n"))
    page = written(fake_sweep(**nothing, state="interrupted"), tmp_path)
    assert "The test images wait for the end" in page
    assert "the same command goes on" in page
    none = {**nothing, "best": {}, "validation": None, "recipe": None, "run": None, "table": []}
    assert "No trial has come to its end yet" in written(fake_sweep(**none, trials=0), tmp_path)


def test_progress_plot__the_line_follows_complete_trials_only(fake_sweep: Made) -> None:
    trials = fake_sweep()["table"]
    plot = progress_plot(trials, Words(*TABLES["en"]))
    line = plot.split('points="')[1].split('"')[0]
    heights = [float(point.split(",")[1]) for point in line.split()]
    assert heights == sorted(heights, reverse=True)
    high = [{**trial, "score": 0.99} if trial["state"] == "pruned" else trial for trial in trials]
    stairs = progress_plot(high, Words(*TABLES["en"])).split('points="')[1].split('"')[0]
    assert len(stairs.split()) == len(line.split())
    assert plot.count("fill-red") == 1


@pytest.mark.parametrize("place", range(3))
def test_key_plot__has_a_mark_for_every_trial_with_a_score(fake_sweep: Made, place: int) -> None:
    answer = fake_sweep()
    plot = key_plot(answer["space"][place], answer["table"], Words(*TABLES["en"]))
    assert plot.count("<circle") == sum(t["score"] is not None for t in answer["table"])


@pytest.mark.parametrize(
    ("value", "words"),
    [(True, "true"), ("sqrt", "sqrt"), (64, "64"), (0.0031642, "0.0032"), (0.0, "0")],
)
def test_shown__a_value_as_people_write_it(value: Any, words: str) -> None:
    assert shown(value, Words()) == words


def test_write_sweep_page__a_key_that_kept_its_value(fake_sweep: Made, tmp_path: Path) -> None:
    answer = fake_sweep()
    answer["best"] = {**answer["best"], "augment.*": 1.0, "balance.sampling": "natural"}
    page = written(answer, tmp_path)
    assert "1, as before" in page
    assert "natural, as before" in page
