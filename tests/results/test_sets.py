"""Coverage of sets of classes."""

from __future__ import annotations

import numpy as np

from springfield.results.predictions import Predictions
from springfield.results.sets import score_sets


def test_score_sets__counts_by_true_class_and_passes_over_unreadable() -> None:
    predictions = Predictions(
        np.array(["1", "2", "3", "4"]),
        ("a", "b", "c"),
        np.full((4, 3), 1 / 3, np.float32),
        truth=np.array(["a", "a", "b", "b"]),
        errors=np.array(["", "", "", "corrupt"]),
    )
    sets = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 0], [0, 0, 0]], bool)
    found = score_sets(predictions, sets, 0.9)
    assert found["level"] == 0.9
    assert found["n"] == 3
    assert found["coverage"] == 2 / 3
    assert found["size"] == 5 / 3
    assert found["classes"]["a"] == {"n": 2, "coverage": 0.5, "size": 1.5}
    assert found["classes"]["b"] == {"n": 1, "coverage": 1.0, "size": 2.0}
    assert found["classes"]["c"] == {"n": 0, "coverage": None, "size": None}
