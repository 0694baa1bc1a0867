"""What the mean of several runs' probabilities scores, on the held-out images that all share.

    python benchmarks/mean.py RUN RUN...

Prints each run's accuracy and macro-F1, then those of their mean.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from springfield.learning.statistics.intervals import macro_f1_of
from springfield.results.predictions import read_predictions


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+")
    asked = parser.parse_args()
    found = [read_predictions(run / "predictions.csv") for run in asked.runs]
    if any(each.paths.tolist() != found[0].paths.tolist() for each in found):
        raise SystemExit("the runs were not judged by the same images")
    truth = np.array([found[0].classes.index(name) for name in found[0].truth])
    each = [predictions.probabilities for predictions in found]
    for name, given in zip([*map(str, asked.runs), "mean"], [*each, np.mean(each, 0)], strict=True):
        answers = given.argmax(axis=1)
        accuracy = float((answers == truth).mean())
        print(f"| {name} | {accuracy:.3f} | {macro_f1_of(truth, answers):.3f} |")


if __name__ == "__main__":
    main()
