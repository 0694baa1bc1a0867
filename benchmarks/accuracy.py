"""Accuracy over seeds: train a recipe several times and print one row of a table.

    python benchmarks/accuracy.py DATA --out FOLDER [--seeds 0 1 2] [--recipe NAME] [--set k=v]...

Each seed chooses another split and other first weights. Every run is the command a user types, in
a process of its own, one after the other; the machine should have nothing else to do. Writes
FOLDER/results.json and prints its table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from calling import springfield


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--recipe", default="default")
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    runs = [_train(asked, seed) for seed in asked.seeds]
    result = {"recipe": asked.recipe, "set": asked.set, "runs": runs, **_spread(runs)}
    (asked.out / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    print(_row(result))


def _train(asked: argparse.Namespace, seed: int) -> dict[str, Any]:
    out = asked.out / f"seed{seed}"
    settings = [*asked.set, f"split.seed={seed}", f"training.seed={seed}"]
    words = ("train", asked.data, "--out", out, "--recipe", asked.recipe)
    scores = springfield(*words, settings=settings)
    facts = json.loads((out / "run.json").read_text())
    return {
        "seed": seed,
        **{key: scores[key] for key in ("accuracy", "macro_f1", "n", "seconds")},
        "epochs": facts["epochs_done"],
        "precision": facts["plan"]["precision"],
        "images_per_second": facts["plan"]["images_per_second"],
        "training_images": sum(facts["train_counts"].values()),
    }


def _spread(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation over the seeds."""
    found = {}
    for key in ("accuracy", "macro_f1", "seconds"):
        values = [run[key] for run in runs]
        spread = statistics.stdev(values) if len(values) > 1 else None
        found[key] = {"mean": statistics.fmean(values), "sd": spread}
    return found


def _row(result: dict[str, Any]) -> str:
    accuracy, macro_f1 = (
        f"{result[key]['mean']:.3f} ± {result[key]['sd'] or 0:.3f}"
        for key in ("accuracy", "macro_f1")
    )
    runs = result["runs"]
    return (
        f"| {result['recipe']} {' '.join(result['set'])} | {runs[0]['training_images']} "
        f"| {runs[0]['n']} | {accuracy} | {macro_f1} | {result['seconds']['mean']:.0f} s |"
    )


if __name__ == "__main__":
    main()
