from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from springfield.results.needed import answer_from
from springfield.results.pages.needs import sentence_of, write_needs_page
from springfield.results.plots.needs import rounded
from springfield.run import Run

TRAIN = (256, 256, 40)


@pytest.fixture(scope="module")
def answer_for(fake_curves: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """`answer_for(target, **changes)`: what the verb would return."""
    measured = fake_curves(0, TRAIN).measured
    more = {"data": "pictures/town", "state": "finished", "quick": False, "learned_share": 0.7,
            "hurried": None}  # fmt: skip

    def make(target: float, **changes: Any) -> dict[str, Any]:
        train = {**measured.train, "un<b>tested": 1}
        return {**more, **answer_from(measured, train, target), **changes}

    return make


def test_sentence_of__says_the_number_and_who_has_fewer(
    answer_for: Callable[..., dict[str, Any]],
) -> None:
    answer = answer_for(0.8, images_per_class=243, low=161, high=405, rule=None)
    assert sentence_of(answer) == (
        "A mean recall of 80% takes about 240 training images per class (160 to 400). 2 classes "
        "have fewer: un<b>tested (1), class2 (40). In the folder that is about 350 images per "
        "class, of which 70% are learned from."
    )
    answer["classes"]["class2"]["images"] = 241  # enough by the number that is shown
    assert "1 class has fewer: un<b>tested (1)." in sentence_of(answer)
    answer |= {"high": None}
    assert "(160 to more than 1,000)" in sentence_of(answer)
    rule = {"images": 500, "recall": 0.91, "low": 0.9, "high": 0.925}
    assert (
        "At 500 images per class, the least that the project Springfield started from advised, the "
        "curve gives a mean recall of 91.0% (90.0% to 92.5%)."
    ) in sentence_of({**answer, "rule": rule})
    assert "Every class has as many" in sentence_of({**answer, "images_per_class": 1, "low": 1})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"images_per_class": None, "more_than": 1024}, "takes more than 1,000 training images"),
        (
            {"images_per_class": None, "limit": {"recall": 0.84, "low": 0.8, "high": 0.88}},
            "More images alone will hardly reach a mean recall of 90%: the curve levels off at "
            "84.0% (80.0% to 88.0%)",
        ),
        ({"images_per_class": None, "limit": None}, "three budgets"),
        ({"quick": True, "images_per_class": 20}, "lower bound"),
        (
            {
                "quick": True,
                "images_per_class": None,
                "limit": {"recall": 0.84, "low": 0.8, "high": 0.88},
            },
            "its features stay as they are",
        ),
        ({"state": "interrupted"}, "Interrupted; the same command goes on."),
    ],
)
def test_sentence_of__says_what_else_there_is_to_say(
    answer_for: Callable[..., dict[str, Any]], changes: dict[str, Any], words: str
) -> None:
    answer = {**answer_for(0.9), "more_than": None, **changes}
    assert words in sentence_of(answer)


@pytest.mark.parametrize(
    ("images", "expected"), [(7, 7), (99, 99), (243, 240), (4756, 4800), (1023.9, 1000)]
)
def test_rounded__keeps_two_digits(images: float, expected: int) -> None:
    assert rounded(images) == expected


@pytest.mark.parametrize("language", ["en", "ru"])
def test_write_needs_page__shows_every_class_and_its_trial(
    answer_for: Callable[..., dict[str, Any]], tmp_path: Path, language: str
) -> None:
    write_needs_page(Run(tmp_path), answer_for(0.85), language)
    page = (tmp_path / "page.html").read_text()
    for name in ("curve", "classes", "hidden", "method"):
        assert f'<section id="{name}">' in page
    assert page.count('class="plot"') == 1 + len(TRAIN)  # the curve, and one in each row
    assert "un&lt;b&gt;tested" in page
    assert "nan" not in re.sub(r"base64,[^)]+|<[^>]+>", "", page)
    assert (tmp_path / "plot.svg").read_text().startswith("<svg")


def test_write_needs_page__a_quick_answer_says_that_it_is_a_bound(
    answer_for: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    answer = answer_for(0.3, quick=True)
    assert "does not show that they suffice" in sentence_of({**answer, "images_per_class": 1})
    write_needs_page(Run(tmp_path), answer, "en")
    page = (tmp_path / "page.html").read_text()
    assert "at least that many" in page
    assert ">enough<" not in page


@pytest.mark.parametrize("target", [0.05, 0.999])
def test_write_needs_page__any_target_can_be_drawn(
    answer_for: Callable[..., dict[str, Any]], tmp_path: Path, target: float
) -> None:
    write_needs_page(Run(tmp_path), answer_for(target))
    assert "99.9%" in (tmp_path / "page.html").read_text() or target < 0.5


def test_write_needs_page__nothing_measured_yet(
    answer_for: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    answer = {**answer_for(0.9), **answer_from(None, {"a": 3, "b": 1}, 0.9)}
    write_needs_page(Run(tmp_path), answer)
    assert "Too few images for a learning curve" in (tmp_path / "page.html").read_text()
    assert not (tmp_path / "plot.svg").exists()


@pytest.mark.parametrize(("language", "said"), [("en", "had 8 epochs"), ("ru", "лишь 8")])
def test_write_needs_page__a_largest_budget_of_few_epochs_is_told(
    answer_for: Callable[..., dict[str, Any]], tmp_path: Path, language: str, said: str
) -> None:
    hurried = {"epochs": 8, "minutes": 25}
    for told in (None, hurried):
        run = Run(tmp_path / str(told))
        write_needs_page(run, answer_for(0.9, hurried=told), language)
        page = run.page_file.read_text(encoding="utf-8")
        assert (said in page) == ("training.minutes=25" in page) == bool(told)
