"""The page of explanations, an image at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from springfield.learning.answering.classifier import Answers
from springfield.learning.statistics.calibration import Calibration
from springfield.results.explanation import Explanation, explanation_of
from springfield.results.heat import view_of
from springfield.results.pages import explain as explain_page
from springfield.results.pages.explain import ExplainPage

CLASSES = ("ann", "bob", "cat", "dan", "eve", "fay")


def explained(shares: list[float], lowest: float = 0.2) -> Explanation:
    answers = Answers(np.array([shares], np.float32), np.zeros((1, 4), np.float32), None)
    activation = np.random.default_rng(0).normal(0, 3, (3, 3, 6)).astype(np.float32)
    view = view_of(np.full((20, 30, 3), 80, np.uint8), "letterbox")
    calibration = Calibration(lowest=(lowest,) * 6, own=(True,) * 6)
    described = (CLASSES, calibration)
    return explanation_of(
        "in/<a>.png", view, answers, activation, described=described, neighbours=[]
    )


def test_explanation_of__the_row_of_the_table() -> None:
    found = explained([0.05, 0.5, 0.3, 0.05, 0.05, 0.05])
    assert found.row() == ("in/<a>.png", "bob", "0.500000", "bob|cat", "cat", "")


@pytest.mark.parametrize(
    ("lowest", "says"),
    [
        (0.4, "At 90% only bob remains."),
        (0.2, "One of these 2, at 90%: bob, cat."),
        (0.0, "One of 6 classes, at 90%; the likeliest are bob, cat, ann, dan, eve."),
    ],
)
def test_explain_page__the_set_in_words(tmp_path: Path, lowest: float, says: str) -> None:
    page = ExplainPage(0.9, "en")
    page.add(explained([0.05, 0.5, 0.3, 0.05, 0.05, 0.05], lowest))
    written = page.write(tmp_path, "run").read_text()
    assert says in written
    assert "<a>.png" not in written


def test_explain_page__is_bounded_but_counts_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain_page, "SHOWN", 2)
    monkeypatch.setattr(explain_page, "LISTED", 1)
    page = ExplainPage(0.9, "en")
    for _ in range(3):
        page.add(explained([0.9, 0.1, 0, 0, 0, 0]))
        page.add_unreadable("b.png", "empty file")
    written = page.write(tmp_path, "run").read_text()
    assert "What it saw in 6 images" in written
    assert "The first 2 of 3 images" in written
    assert written.count("Why ann:") == 2
    assert "and 2 more, listed in explanations.csv" in written
