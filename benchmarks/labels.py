"""How many planted wrong labels does a run's audit of labels find, and how often is it right?

    python benchmarks/labels.py RUN [--share 0.02] [--trials 30] [--truth CSV]

Takes the images that the run did not learn from, gives a share of them the label of another class
(a common label more often than a rare one, at least one in every class), and judges all labels as
`springfield train` does; again with other images and labels in each trial. Says what share of the
accused were planted, and what share of the planted were accused, by how many training images the
planted label has. RUN's own labels are taken to be right, except those that `--truth`, a table
path,true, corrects: it lists what was planted before the training.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from springfield.learning.explaining.doubt import Heard, doubt_labels
from springfield.run import open_run
from springfield.verbs.labels import hear_run

FEW = 20  # training images below which a class is rare


def main() -> None:
    """Hear once, plant and judge often, print."""
    parser = argparse.ArgumentParser(description="Score the audit of labels on planted ones.")
    parser.add_argument("run", type=Path)
    parser.add_argument("--share", type=float, default=0.02)
    parser.add_argument("--trials", type=int, default=30)
    parser.add_argument("--truth", type=Path)
    asked = parser.parse_args()
    run = open_run(asked.run)
    hearing = hear_run(run, ("val", "test"), progress=False)
    heard, given, names = hearing.heard, hearing.labels, list(hearing.classes)
    right = _corrected(given, hearing.rows["path"].tolist(), names, asked.truth)
    learned = run.facts["train_counts"]
    rare = np.array([learned[name] < FEW for name in names])
    accuracy = float((heard.probabilities.argmax(axis=1) == right).mean())
    answer: dict[str, Any] = {"images": len(right), "accuracy": accuracy}
    if asked.truth:
        answer["as trained"] = _score(heard, given, right, rare)
    answer["nothing planted"] = _score(heard, right, right, rare)
    trials = [_plant(right, len(names), asked.share, seed) for seed in range(asked.trials)]
    scores = [_score(heard, labels, right, rare) for labels in trials]
    answer["planted"] = {key: _mean([score[key] for score in scores]) for key in scores[0]}
    print(json.dumps(answer, indent=1))


def _corrected(
    given: np.ndarray, paths: list[str], names: list[str], truth: Path | None
) -> np.ndarray:
    right = given.copy()
    if truth:
        with truth.open(newline="", encoding="utf-8") as file:
            true = {row["path"]: names.index(row["true"]) for row in csv.DictReader(file)}
        right[:] = [true.get(path, label) for path, label in zip(paths, given, strict=True)]
    return right


def _plant(right: np.ndarray, classes: int, share: float, seed: int) -> np.ndarray:
    """Labels of which a share is wrong, int64 [n]."""
    rng = np.random.default_rng(seed)
    labels = right.copy()
    frequency = np.bincount(right, minlength=classes) / len(right)
    for row in rng.choice(len(right), round(share * len(right)), replace=False):
        others = np.where(np.arange(classes) == right[row], 0, frequency)
        labels[row] = rng.choice(classes, p=others / others.sum())
    for label in range(classes):
        if not ((labels == label) & (right != label)).any():
            labels[rng.choice(np.flatnonzero((labels == right) & (right != label)))] = label
    return labels


def _score(
    heard: Heard, labels: np.ndarray, right: np.ndarray, rare: np.ndarray
) -> dict[str, float]:
    doubts = doubt_labels(heard, labels)
    accused = np.zeros(len(labels), bool)
    accused[[doubt.row for doubt in doubts]] = True
    wrong, of_rare = labels != right, rare[labels]
    named = [doubt.looks_like == right[doubt.row] for doubt in doubts if wrong[doubt.row]]
    return {
        "planted": float(wrong.sum()),
        "accused": float(accused.sum()),
        "precision": _share(wrong, accused),
        "recall": _share(accused, wrong),
        "recall, rare": _share(accused, wrong & of_rare),
        "accused of the right, rare": _share(accused, ~wrong & of_rare),
        "accused of the right, others": _share(accused, ~wrong & ~of_rare),
        "right class named": float(np.mean(named)) if named else float("nan"),
    }


def _share(of: np.ndarray, among: np.ndarray) -> float:
    return float(of[among].mean()) if among.any() else float("nan")


def _mean(values: list[float]) -> float | None:
    return round(float(np.nanmean(values)), 3) if not np.isnan(values).all() else None


if __name__ == "__main__":
    main()
