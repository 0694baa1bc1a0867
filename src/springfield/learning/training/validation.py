"""Validation: how a network under training does on images that it does not learn from."""

from __future__ import annotations

import math

import keras
import numpy as np

from springfield.learning.examples.batches import Examples
from springfield.learning.statistics.calibration import softmax
from springfield.learning.statistics.intervals import macro_f1_of
from springfield.recipe import AT_A_TIME

NOT_VALIDATED = dict.fromkeys(("val_loss", "val_accuracy", "val_macro_f1"), math.nan)


def validation_scores(
    model: keras.Model, examples: Examples, batch: int = AT_A_TIME
) -> dict[str, float]:
    """Loss, accuracy and macro-F1 on the validation rows; nan when a small folder has none."""
    if not len(examples.rows):
        return NOT_VALIDATED
    probabilities = predict_probabilities(model, examples, batch)
    answers = probabilities.argmax(axis=1)
    own = probabilities[np.arange(len(answers)), examples.labels]
    return {
        "val_loss": float(-np.log(np.maximum(own, 1e-7)).mean()),
        "val_accuracy": float((answers == examples.labels).mean()),
        "val_macro_f1": macro_f1_of(examples.labels, answers),
    }


def predict_probabilities(
    model: keras.Model, examples: Examples, batch: int = AT_A_TIME
) -> np.ndarray:
    """Class probabilities of every example exactly once, float32 [n, C]."""
    found = []
    for start in range(0, len(examples.rows), batch):
        rows = examples.rows[start : start + batch]
        images = examples.images[np.resize(rows, batch)]  # a full batch: one graph for all
        logits = np.asarray(model.predict_on_batch(images))[: len(rows)]
        found.append(softmax(logits))
    return np.concatenate(found)
