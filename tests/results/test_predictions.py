from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError
from springfield.results.predictions import Predictions, read_predictions


def three() -> Predictions:
    """A cat that is a cat, a dog taken for a cat, a file that cannot be read."""
    return Predictions(
        np.array(["a, b/ёж.jpg", "dog/2.png", "dog/broken.jpg"]),
        ("cat", "dog", "label"),
        np.array([[0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [np.nan] * 3], np.float32),
        np.array(["cat", "dog", "dog"]),
        np.array(["", "", "corrupt: cut short"]),
    )


def test_labels__unreadable_file_has_no_label() -> None:
    assert three().labels.tolist() == ["cat", "cat", ""]
    assert three().answers.tolist() == [0, 0, -1]


def test_short_csv__has_exactly_the_promised_columns() -> None:
    rows = list(csv.DictReader(io.StringIO(three().short_csv())))
    assert list(rows[0]) == ["path", "label", "probability", "error"]
    assert rows[0] == {
        "path": "a, b/ёж.jpg",
        "label": "cat",
        "probability": "0.700000",
        "error": "",
    }
    assert rows[2]["label"] == rows[2]["probability"] == ""
    assert rows[2]["error"] == "corrupt: cut short"


def test_read_predictions__gives_back_every_bit(tmp_path: Path) -> None:
    file = tmp_path / "predictions.csv"
    file.write_text(three().to_csv(), encoding="utf-8")
    back = read_predictions(file)
    assert back.classes == three().classes
    assert back.paths.tolist() == three().paths.tolist()
    assert back.reasons.tolist() == three().reasons.tolist()
    assert back.truth is not None
    assert back.truth.tolist() == ["cat", "dog", "dog"]
    np.testing.assert_array_equal(back.probabilities, three().probabilities)


def test_read_predictions__without_truth(tmp_path: Path) -> None:
    file = tmp_path / "predictions.csv"
    plain = Predictions(np.array(["x"]), ("a", "b"), np.array([[0.4, 0.6]], np.float32))
    file.write_text(plain.to_csv(), encoding="utf-8")
    assert read_predictions(file).truth is None


def test_read_predictions__no_rows(tmp_path: Path) -> None:
    file = tmp_path / "predictions.csv"
    none = Predictions(np.zeros(0, np.str_), ("a", "b"), np.zeros((0, 2), np.float32))
    file.write_text(none.to_csv(), encoding="utf-8")
    assert len(read_predictions(file)) == 0
    assert read_predictions(file).labels.tolist() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no predictions"),
        ("path,label\nx,y\n", "no predictions"),
        ("path,truth,label,error,p:a\nx,a,a,\n", "line 2: 4 fields instead of 5"),
        ("path,truth,label,error,p:a\nx,a,a,,high\n", "not a number"),
    ],
)
def test_read_predictions__says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "predictions.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=says):
        read_predictions(file)


def test_predictions__refuses_columns_of_another_length() -> None:
    with pytest.raises(ValueError, match="truth has 2 rows instead of 1"):
        Predictions(np.array(["x"]), ("a",), np.ones((1, 1), np.float32), np.array(["a", "a"]))
