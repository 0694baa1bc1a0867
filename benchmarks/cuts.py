"""What rebalancing gains where classes are made rare: long-tailed cuts of one folder, side by side.

    python benchmarks/cuts.py DATA --out FOLDER [--cuts 0 1 2 3 4] [--most 500] [--set k=v]...

Each cut splits DATA without leaks, keeps the test part whole, shuffles the classes and cuts the
rest to `most` * 100^(-rank / (classes - 1)) images, as CIFAR-LT is cut. A plain run learns from the
cut; the autopilot then rebalances it. Both are judged by the whole test part, which is as balanced
as DATA is. Runs that are there already are not trained again. Writes FOLDER/results.json and prints
its table in Markdown.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from calling import springfield

IMBALANCE = 100


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cuts", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--most", type=int, default=500)
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    cuts = [_judge(asked, cut) for cut in asked.cuts]
    (asked.out / "results.json").write_text(json.dumps(cuts, indent=1) + "\n")
    print(_table(cuts))


def _judge(asked: argparse.Namespace, cut: int) -> dict[str, Any]:
    """Scores of the plain and of the rebalanced classifier of one cut."""
    folder = asked.out / f"cut{cut}"
    plain, pilot = folder / "plain", folder / "autopilot"
    if not (folder / "learn.csv").exists():
        _cut(asked.data, folder, cut, asked.most)
    if not (plain / "scores.json").exists():
        settings = [*asked.set, f"training.seed={cut}", "balance.rebalance=false"]
        springfield("train", folder / "learn.csv", "--out", plain, settings=settings)
    shutil.rmtree(pilot, ignore_errors=True)
    shutil.copytree(plain, pilot)
    chosen = springfield("rebalance", pilot)["rebalance"]
    found: dict[str, Any] = {"cut": cut, "autopilot": chosen}
    for name, run in (("plain", plain), ("rebalanced", pilot)):
        scores = springfield("evaluate", run, folder / "judge.csv")
        keys = ("n", "accuracy", "accuracy_low", "accuracy_high", "macro_f1", "groups")
        found[name] = {key: scores[key] for key in keys}
    return found


def _cut(data: Path, folder: Path, cut: int, most: int) -> None:
    """Write learn.csv and judge.csv, beside a link to the images."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in ("images", "split.csv", "judge.csv"):  # by an interrupted run
        (folder / left).unlink(missing_ok=True)
    (folder / "images").symlink_to(data.resolve())
    springfield("split", data, "--out", folder / "split.csv", settings=[f"split.seed={cut}"])
    with (folder / "split.csv").open(newline="") as file:
        rows = [
            (f"images/{row['path']}", row["label"], row["part"]) for row in csv.DictReader(file)
        ]
    learn: defaultdict[str, list[str]] = defaultdict(list)
    for path, label, part in rows:
        if part in ("train", "val"):
            learn[label].append(path)
    random = np.random.default_rng(cut)
    kept = []
    for rank, label in enumerate(random.permutation(sorted(learn)).tolist()):
        wanted = round(most * IMBALANCE ** (-rank / (len(learn) - 1)))
        kept += [(path, label) for path in random.permutation(learn[label])[:wanted].tolist()]
    judge = [(path, label) for path, label, part in rows if part == "test"]
    tables = {"judge.csv": judge, "learn.csv": kept}  # where the last one is, all is there
    for name, table in tables.items():
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows([("path", "label"), *table])


def _table(cuts: list[dict[str, Any]]) -> str:
    lines = [
        "| cut | plain: accuracy, macro-F1 | rebalanced | gain in macro-F1 |",
        "|---|---|---|---|",
    ]
    for found in cuts:
        a, b = found["plain"], found["rebalanced"]
        lines.append(
            f"| {found['cut']} | {a['accuracy']:.3f}, {a['macro_f1']:.3f} | {b['accuracy']:.3f}, "
            f"{b['macro_f1']:.3f} | {b['macro_f1'] - a['macro_f1']:+.3f} |"
        )
    gains = [found["rebalanced"]["macro_f1"] - found["plain"]["macro_f1"] for found in cuts]
    spread = statistics.stdev(gains) if len(gains) > 1 else 0.0
    return "\n".join([*lines, f"| mean | | | {statistics.fmean(gains):+.3f} ± {spread:.3f} |"])


if __name__ == "__main__":
    main()
