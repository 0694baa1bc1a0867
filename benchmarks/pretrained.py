"""What weights that others trained are worth, at several numbers of images per class.

    python benchmarks/pretrained.py DATA --out FOLDER --weights FILE [--budgets 5 20 50 155]
        [--seeds 0] [--minutes 2]

Three ways learn from the same rows and are judged by the same held-out images: the default recipe
from scratch, `full-marks-cpu` with the end of the network alone, and all of `full-marks-cpu`. The
first and the last are given the same minutes; the table says what each took, since few images are
soon learned and validating them takes its own time. Runs that are there already are not trained
again. Writes FOLDER/results.json and FOLDER/gain.svg, and prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from calling import springfield

from springfield.results.plots.lines import lines_plot

WAYS = ("from scratch", "fine-tuned", "last block")


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--budgets", type=int, nargs="+", default=[5, 20, 50, 155])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--minutes", type=float, default=2)
    asked = parser.parse_args()
    found = [
        {"way": way, "images": budget, "seed": seed, **_train(asked, way, budget, seed)}
        for seed in asked.seeds
        for budget in asked.budgets
        for way in WAYS
    ]
    (asked.out / "results.json").write_text(json.dumps(found, indent=1) + "\n")
    curves = {way: [*_means(found, way, "macro_f1").items()] for way in WAYS}
    plot = lines_plot(curves, "training images per class", "macro-F1 on held-out images")
    (asked.out / "gain.svg").write_text(plot, encoding="utf-8")
    print(_table(found))


def _train(asked: argparse.Namespace, way: str, budget: int, seed: int) -> dict[str, Any]:
    out = asked.out / f"{way.replace(' ', '-')}-{budget}-seed{seed}"
    settings = [f"balance.cap={budget}", f"split.seed={seed}", f"training.seed={seed}"]
    if way == "last block":
        settings += [f"network.weights={asked.weights}", "finetune.whole=false"]
    else:
        settings += ["training.epochs=0", f"training.minutes={asked.minutes}"]
    if way == "fine-tuned":
        settings += [f"network.weights={asked.weights}"]
    recipe = "default" if way == "from scratch" else "full-marks-cpu"
    if not (out / "scores.json").exists():
        springfield("train", asked.data, "--out", out, "--recipe", recipe, settings=settings)
    scores = json.loads((out / "scores.json").read_text())
    return {key: scores[key] for key in ("accuracy", "macro_f1", "n", "seconds")}


def _means(found: list[dict[str, Any]], way: str, key: str) -> dict[int, float]:
    """Mean over the seeds by images per class."""
    budgets = sorted({row["images"] for row in found})
    return {
        budget: statistics.fmean(
            row[key] for row in found if row["way"] == way and row["images"] == budget
        )
        for budget in budgets
    }


def _table(found: list[dict[str, Any]]) -> str:
    lines = ["| images a class | " + " | ".join(WAYS) + " |", "|---|" + "---|" * len(WAYS)]
    accuracy, macro, seconds = (
        {w: _means(found, w, key) for w in WAYS} for key in ("accuracy", "macro_f1", "seconds")
    )
    for budget in sorted({row["images"] for row in found}):
        cells = [
            f"{accuracy[way][budget]:.3f}, {macro[way][budget]:.3f} ({seconds[way][budget]:.0f} s)"
            for way in WAYS
        ]
        lines.append(f"| {budget} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
