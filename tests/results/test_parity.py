from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest

from springfield.results.parity import compare, objections, parity_csv
from springfield.results.predictions import Predictions

CLASSES = ("clown", "mayor", "pilot", "twin", "unseen")
HELD_OUT = (40, 30, 1, 2, 0)
COUNTS = dict(zip(CLASSES, (400, 300, 3, 5, 1), strict=True))


def _answers(changed: dict[int, int] | None = None, sure: float = 0.9) -> Predictions:
    """Right answers to all held-out images but those `changed`, row to class number."""
    truth = np.repeat(np.arange(len(CLASSES)), HELD_OUT)
    answers = truth.copy()
    for row, answer in (changed or {}).items():
        answers[row] = answer
    rest = (1 - sure) / (len(CLASSES) - 1)
    probabilities = np.full((len(truth), len(CLASSES)), rest, np.float32)
    probabilities[np.arange(len(truth)), answers] = sure
    paths = np.array([f"{row}.png" for row in range(len(truth))])
    return Predictions(paths, CLASSES, probabilities, np.array(CLASSES)[truth])


def _compared(changed: dict[int, int], sure: float = 0.9) -> dict[str, Any]:
    return compare(_answers(), _answers(changed, sure), train_counts=COUNTS)


def test_compare__the_same_answers_agree() -> None:
    parity = _compared({}, sure=0.8)
    assert (parity["agreement"], parity["lost"], parity["n"]) == (1.0, [], 73)
    assert parity["max_difference"] == pytest.approx(0.1)
    assert parity["accuracy"] == parity["original_accuracy"] == 1
    assert parity["classes"]["unseen"]["verdict"].startswith("cannot be judged")


def test_compare__a_class_that_is_no_longer_named_is_lost() -> None:
    parity = _compared(dict.fromkeys(range(40, 70), 0))
    mayor = parity["classes"]["mayor"]
    assert parity["lost"] == ["clown", "mayor"]  # the clown, to false alarms
    assert (mayor["f1"], mayor["recall"], mayor["agreement"]) == (0, 0, 0)
    assert mayor["original_f1"] == 1


def test_compare__one_changed_answer_of_many_is_no_loss() -> None:
    parity = _compared({0: 1})
    assert parity["lost"] == []
    assert parity["agreement"] == pytest.approx(72 / 73)


def test_compare__the_only_right_answer_of_a_class_must_stay() -> None:
    assert _compared({70: 0})["lost"] == ["pilot"]
    assert _compared({71: 0})["lost"] == []  # one of the two twins is left
    assert _compared({71: 0, 72: 0})["lost"] == ["twin"]


def test_compare__a_class_the_original_never_named_cannot_be_lost() -> None:
    wrong = {70: 0}
    parity = compare(_answers(wrong), _answers({70: 1}), train_counts=COUNTS)
    assert parity["lost"] == []
    assert parity["classes"]["pilot"]["verdict"] == "nothing to lose: never right"


def test_compare__no_number_is_no_answer() -> None:
    parity = _compared({}, np.nan)
    assert parity["max_difference"] == pytest.approx(0.9)
    assert parity["lost"] == ["clown", "mayor", "pilot", "twin"]


def test_objections__names_classes_and_numbers() -> None:
    found = objections(_compared({70: 0}), tolerance=1.0)
    assert len(found) == 1
    assert found[0].startswith("loses pilot (F1 0.000 after 1.000, whose interval starts at 0.")
    assert objections(_compared({}), tolerance=0.0) == []


def test_objections__many_classes_are_counted() -> None:
    parity = _compared(dict.fromkeys(range(73), 4))
    found = objections(parity, tolerance=1.0)
    assert [words.split(" (")[0] for words in found[:4]] == [
        "loses clown",
        "loses mayor",
        "loses pilot",
        "loses 1 more class",
    ]
    assert found[4].startswith("has accuracy 0.000 after 1.000")


def test_objections__small_losses_of_all_classes_add_up() -> None:
    rows = {row: 4 for start in (0, 40) for row in range(start, start + 2)}
    parity = _compared(rows)
    assert parity["lost"] == []
    assert [words[:12] for words in objections(parity, tolerance=1.0)] == ["has accuracy"]


@pytest.mark.parametrize("sure", [0.89, np.nan])
def test_objections__a_difference_that_rounding_does_not_explain(sure: float) -> None:
    parity = _compared({}, sure)
    assert [words[:7] for words in objections(parity, tolerance=1e-3)][-1:] == ["differs"]
    assert objections(_compared({}, 0.89), tolerance=0.1) == []


def test_parity_csv__a_row_for_every_class() -> None:
    rows = list(csv.DictReader(io.StringIO(parity_csv(_compared({70: 0})))))
    assert [row["class"] for row in rows] == list(CLASSES)
    assert [row["n"] for row in rows] == [str(n) for n in HELD_OUT]
    assert (rows[2]["original_f1"], rows[2]["f1"], rows[2]["verdict"]) == (
        "1.000000",
        "0.000000",
        "lost",
    )
    assert rows[4]["f1"] == ""
