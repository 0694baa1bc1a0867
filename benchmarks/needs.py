"""How well `springfield needs` predicts a budget it did not see, over data sets and seeds.

    python benchmarks/needs.py DATA... --out FOLDER [--seeds 0 1 2] [--quick] [--set k=v]...

Each seed chooses another split and other first weights. Every answer is the command a user types,
in a process of its own, one after the other; interrupted, the same command goes on. In each of
them the largest budget is hidden and predicted from the smaller ones: for the mean recall, and for
each class with ten or more held-out images. Writes FOLDER/results.json and prints its table in
Markdown.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from calling import springfield

JUDGED = 10  # held-out images


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    answers = [_needs(asked, data, seed) for data in asked.data for seed in asked.seeds]
    result = {"set": asked.set, "quick": asked.quick, **_summed(answers)}
    (asked.out / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    print(_table(result))


def _needs(asked: argparse.Namespace, data: Path, seed: int) -> dict[str, Any]:
    settings = [*asked.set, f"split.seed={seed}", f"training.seed={seed}"]
    folder = asked.out / f"{data.name}-seed{seed}"
    quick = ["--quick"] if asked.quick else []
    answer = springfield("needs", data, "--out", folder, *quick, settings=settings)
    return {"data": data.name, "seed": seed, "seconds": answer["seconds"], **answer["hidden"]}


def _summed(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Errors in points of recall and share of covered cases, of the means and of the classes."""
    classes = [
        each for answer in answers for each in answer["classes"].values() if each["n"] >= JUDGED
    ]
    return {"mean recall": _cases(answers), "class": _cases(classes),
            "all": _cases(answers + classes), "answers": answers}  # fmt: skip


def _cases(cases: list[dict[str, Any]]) -> dict[str, float]:
    return {
        "cases": len(cases),
        "median_error": 100 * statistics.median(case["error"] for case in cases),
        "covered": statistics.fmean(case["covered"] for case in cases),
        "width": 100 * statistics.median(case["high"] - case["low"] for case in cases),
    }


def _table(result: dict[str, Any]) -> str:
    lines = [
        "| hidden budget of | cases | median error, points | covered | width, points |",
        "|---|---|---|---|---|",
    ]
    for name in ("mean recall", "class", "all"):
        of = result[name]
        lines.append(
            f"| {name} | {of['cases']} | {of['median_error']:.1f} | {of['covered']:.0%} "
            f"| {of['width']:.1f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
