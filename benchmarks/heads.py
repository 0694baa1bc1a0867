"""Last layers for the network that `benchmarks/cifar.py` trained: every method, and the autopilot.

    python benchmarks/heads.py FOLDER

Methods are fitted on the training features and judged by the whole test part, none chosen by it.
The autopilot needs rows that no weight was fitted on, and that training kept none of, so it chooses
on one half of the test part, is judged by the other, and then the other way round.
Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from springfield.learning.answering.rebalance import Seen, choose_head
from springfield.learning.model.heads import EXPONENTS, METHODS, Head, Lessons, normalised


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    kept = dict(np.load(parser.parse_args().folder / "features.npz"))
    plain = Head(kept["kernel"], kept["bias"])
    training = _seen(kept, "train")
    prior = np.bincount(training.labels) / len(training.labels)
    test = _seen(kept, "test")
    lessons = Lessons(training.features, training.labels, plain, np.log(prior))
    print("| last layer | accuracy | many | medium | few |\n|---|---|---|---|---|")
    print(_row("as trained", plain, test, training))
    for tau in EXPONENTS:
        print(_row(f"tau-norm {tau:g}", normalised(lessons, tau), test, training))
    for name, method in METHODS.items():
        print(_row(name, method.fit(lessons), test, training))
    halves = np.random.default_rng(0).permutation(len(test.labels)) % 2
    right = 0
    for half in (0, 1):
        chosen = choose_head(
            training, _some(test, halves == half), plain, learned=prior, natural=prior
        ).kept
        judge = _some(test, halves != half)
        right += int((_answers(chosen.head, judge) == judge.labels).sum())
        print(f"autopilot, half {half}: {chosen.name}")
    print(f"autopilot: {right / len(test.labels):.4f}")


def _seen(kept: dict[str, np.ndarray], part: str) -> Seen:
    labels = kept[f"{part}_labels"]
    features = kept[f"{part}_features"].astype(np.float32)
    return Seen(features[:, None], labels, np.arange(len(labels)))


def _some(seen: Seen, chosen: np.ndarray) -> Seen:
    return Seen(seen.features[chosen], seen.labels[chosen], seen.groups[chosen])


def _answers(head: Head, seen: Seen) -> np.ndarray:
    return np.asarray(head.logits(seen.features[:, 0]).argmax(axis=1))


def _row(name: str, head: Head, test: Seen, training: Seen) -> str:
    right = _answers(head, test) == test.labels
    size = np.bincount(training.labels)[test.labels]
    parts = (size > 0, size > 100, (size >= 20) & (size <= 100), size < 20)
    return f"| {name} | " + " | ".join(f"{100 * right[part].mean():.1f}" for part in parts) + " |"


if __name__ == "__main__":
    main()
