"""Whether the sets of classes hold what they promise where classes are rare.

    python benchmarks/sets.py FOLDER [--draws 20]

FOLDER/features.npz is of `benchmarks/cifar.py`. Of the balanced test part, which no weight was
fitted on, as many images of each class as a long-tailed validation part has, 50 down to 1, fit the
sets; all others judge them. Prints a table in Markdown, over several such draws.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from springfield.learning.calibration import LEVEL, calibrate, probabilities_of

MOST, IMBALANCE = 50, 100
BANDS = ((1, 3), (4, 8), (9, 20), (21, MOST))  # images of a class that fit the sets
SHORT = 0.1  # under the promise


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=20)
    asked = parser.parse_args()
    kept = np.load(asked.folder / "features.npz")
    features, labels = kept["test_features"].astype(np.float32), kept["test_labels"]
    logits = (features @ kept["kernel"] + kept["bias"])[:, None]  # [n, 1, C]
    draws = [_draw(logits, labels, np.random.default_rng(seed)) for seed in range(asked.draws)]
    fitted, coverage, size = (np.concatenate(each) for each in zip(*draws, strict=True))
    print("| images that fit it | coverage | classes that fall short | classes in a set |")
    print("|---|---|---|---|")
    for low, high in (*BANDS, (1, MOST)):
        here = (fitted >= low) & (fitted <= high)
        short = (coverage[here] < LEVEL - SHORT).mean()
        print(
            f"| {low} to {high} | {100 * coverage[here].mean():.1f} % | {100 * short:.1f} % "
            f"| {size[here].mean():.1f} |"
        )


def _draw(
    logits: np.ndarray, labels: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each class: the images that fitted its set, its coverage, and classes in its sets."""
    classes = logits.shape[2]
    wanted = np.round(MOST * IMBALANCE ** (-np.arange(classes) / (classes - 1))).astype(np.int64)
    wanted = random.permutation(np.maximum(1, wanted))
    order = random.permutation(len(labels))
    chosen = np.concatenate([order[labels[order] == c][:n] for c, n in enumerate(wanted)])
    rest = np.setdiff1d(order, chosen)
    calibration = calibrate(logits[chosen], labels[chosen])
    sets = calibration.sets(probabilities_of(logits[rest], calibration.temperature))
    judged = [sets[labels[rest] == c] for c in range(classes)]
    coverage = [own[:, c].mean() for c, own in enumerate(judged)]
    size = [own.sum(axis=1).mean() for own in judged]
    return wanted, np.array(coverage), np.array(size)


if __name__ == "__main__":
    main()
