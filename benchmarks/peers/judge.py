"""Judge: one scorer for every peer. It sees a table of answers and the truth, and no network."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def judge(answers: Path, truth: Mapping[str, str]) -> dict[str, Any]:
    """Score a table path,label against the label of every held-out path.

    Each held-out image counts exactly once; one without an answer counts as wrong.

    Raises:
        ValueError: a path is answered twice, or is not held out.
    """
    with answers.open(newline="", encoding="utf-8") as handle:
        rows = [(row["path"], row["label"]) for row in csv.DictReader(handle)]
    said = dict(rows)
    if len(said) != len(rows):
        raise ValueError(f"{answers} answers a path twice")
    if strange := said.keys() - truth.keys():
        raise ValueError(f"{answers} answers for what is not held out: {min(strange)}")
    right = Counter(label for path, label in truth.items() if said.get(path) == label)
    held_out, named = Counter(truth.values()), Counter(said.values())
    f1 = {label: 2 * right[label] / (n + named[label]) for label, n in held_out.items()}
    return {
        "accuracy": right.total() / len(truth),
        "macro_f1": sum(f1.values()) / len(f1),
        "n": len(truth),
        "unanswered": len(truth) - len(said),
    }
