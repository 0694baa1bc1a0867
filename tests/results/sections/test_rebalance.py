from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from springfield.results.page import english
from springfield.results.page.words import Words
from springfield.results.sections import rebalance_english
from springfield.results.sections.rebalance import rebalance
from springfield.results.sections.story import read_story
from springfield.run import Run

SAY = Words(english.ENGLISH, rebalance_english.ENGLISH)


def a_try(method: str, parameter: float | None, difference: float, **known: Any) -> dict[str, Any]:
    bounds = {"low": difference - 0.02, "high": difference + 0.02, "difference": difference}
    figures = {"macro_f1": 0.5 + difference, "accuracy": 0.8, "allowed": True, "kept": False}
    return {"method": method, "parameter": parameter, **bounds, **figures, **known}


TRIES = [
    a_try("plain", None, 0.0),
    a_try("logit-adjustment", 0.5, 0.01),
    a_try("logit-adjustment", 1.0, 0.09, allowed=False),
    a_try("crt", 0.75, 0.06, kept=True),
    a_try("crt", 1.0, 0.05),
]


@pytest.fixture
def run(make_run: Callable[..., Run]) -> Run:
    """A run whose last layer was exchanged."""
    run = make_run()
    run.write_json("rebalance.json", {"rows": 160, "sure": 0.9, "tries": TRIES})
    return run


def test_rebalance__tells_what_was_kept_with_each_method_at_its_best(run: Run) -> None:
    scores = run.read_json("scores.json")
    run.write_json("scores.json", {**scores, "plain": {"accuracy": 0.5, "macro_f1": 0.25}})
    shown = str(rebalance(read_story(run), SAY))
    assert "6.0 points higher" in shown
    assert "would gain at most 2.0 points in 90% of cases" in shown
    assert "accuracy went from 50.0%" in shown
    assert "<b>trained anew on even classes (cRT)</b>" in shown
    assert "+6.0" in shown
    assert "+5.0" not in shown
    assert "chance" in shown
    assert "loses accuracy" not in shown  # of logit adjustment the try that may be kept is shown


def test_rebalance__says_why_the_trained_one_stays(run: Run) -> None:
    tries = [{**each, "kept": each["method"] == "plain"} for each in TRIES]
    run.write_json("rebalance.json", {"rows": 160, "sure": 0.9, "tries": tries})
    assert "none of 4 others was better beyond chance" in str(rebalance(read_story(run), SAY))
    run.write_json("rebalance.json", {"rows": 0, "sure": 0.9, "tries": []})
    assert "no validation image to compare by" in str(rebalance(read_story(run), SAY))


def test_rebalance__a_run_that_tried_none_says_nothing(run: Run) -> None:
    for content in ("{", "[]", "{}"):
        run.write_text("rebalance.json", content)
        assert rebalance(read_story(run), SAY) is None
    (run.folder / "rebalance.json").unlink()
    assert rebalance(read_story(run), SAY) is None
