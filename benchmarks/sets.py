"""Whether the sets of classes hold what they promise where classes are rare.

    python benchmarks/sets.py RUN... [--draws 20]

Of a finished run its validation images fit the sets and its held-out ones judge them, as in the
run itself. Of a folder of `benchmarks/cifar.py` it is the balanced test part, which no weight was
fitted on: of each class as many images as a long-tailed validation part has, 50 down to 1, fit the
sets, and all others judge them, in several draws. Prints a table in Markdown, over all of these.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from springfield.learning.answering.freeze import head_of, thaw_plain, view_features
from springfield.learning.examples.batches import examples_of
from springfield.learning.statistics.calibration import LEVEL, calibrate, probabilities_of
from springfield.run import open_run
from springfield.verbs.manifest import kept_rows, stored_images

MOST, IMBALANCE = 50, 100
BANDS = ((0, 3), (4, 8), (9, 20), (21, math.inf), (0, math.inf))  # scenes of a class that fit it
SHORT, ENOUGH = 0.1, 20  # that far under the promise, judged by so many images


@dataclass(frozen=True, eq=False)
class Rows:
    """Images that sets are fitted on or judged by."""

    logits: np.ndarray  # [n, V, C]
    labels: np.ndarray  # [n]
    groups: np.ndarray  # [n]


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--draws", type=int, default=20)
    asked = parser.parse_args()
    pairs = (
        pair
        for folder in asked.folders
        for pair in ([_parts(folder)] if _is_run(folder) else _draws(folder, asked.draws))
    )
    each = np.array([figures for fit, judge in pairs for figures in _by_class(fit, judge)])
    fitted, judged, covered, inside = each.T
    print("| scenes that fit it | classes | coverage | fall short | classes in a set |")
    print("|---|---|---|---|---|")
    for low, high in BANDS:
        here = (fitted >= low) & (fitted <= high) & (judged > 0)
        sure = here & (judged >= ENOUGH)
        short = (covered[sure] / judged[sure] < LEVEL - SHORT).sum()
        coverage, size = (part[here].sum() / judged[here].sum() for part in (covered, inside))
        print(
            f"| {low} to {high} | {here.sum()} | {100 * coverage:.1f} % "
            f"| {short} of {sure.sum()} | {size:.1f} |"
        )


def _is_run(folder: Path) -> bool:
    return (folder / "run.json").exists()


def _parts(folder: Path) -> tuple[Rows, Rows]:
    """Validation and held-out images of a finished run."""
    run = open_run(folder)
    plain, kept = thaw_plain(run.classifier_folder, run.recipe.network), kept_rows(run)
    images = stored_images(run, kept, progress=False)
    found = []
    for part in ("val", "test"):
        examples = examples_of(kept, images, part)
        features = view_features(plain, run.recipe.network, examples)
        groups = kept["group"][examples.rows]
        found.append(Rows(head_of(plain).logits(features), examples.labels, groups))
    return found[0], found[1]


def _draws(folder: Path, count: int) -> Iterator[tuple[Rows, Rows]]:
    """Long-tailed draws of a balanced test part, and what is left of it."""
    kept = np.load(folder / "features.npz")
    features, labels = kept["test_features"].astype(np.float32), kept["test_labels"]
    logits, classes = (features @ kept["kernel"] + kept["bias"])[:, None], len(kept["bias"])
    tail = np.round(MOST * IMBALANCE ** (-np.arange(classes) / (classes - 1)))
    for seed in range(count):
        random = np.random.default_rng(seed)
        wanted, order = random.permutation(np.maximum(1, tail)), random.permutation(len(labels))
        place = np.empty_like(order)  # of each image among those of its class
        for c in range(classes):
            own = order[labels[order] == c]
            place[own] = np.arange(len(own))
        fits = place < wanted[labels]
        yield tuple(Rows(logits[own], labels[own], np.flatnonzero(own)) for own in (fits, ~fits))


def _by_class(fit: Rows, judge: Rows) -> Iterator[tuple[float, ...]]:
    """Of each class: scenes that fit it, images that judge it, how many are held, sizes in all."""
    calibration = calibrate(fit.logits, fit.labels, fit.groups)
    sets = calibration.sets(probabilities_of(judge.logits, calibration.temperature))
    for c in range(sets.shape[1]):
        own = sets[judge.labels == c]
        scenes = len(np.unique(fit.groups[fit.labels == c]))
        yield scenes, len(own), own[:, c].sum(), own.sum()


if __name__ == "__main__":
    main()
