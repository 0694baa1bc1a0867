"""How much of what `springfield toons --defects` plants does the audit find, and how fast?

    python benchmarks/audit.py OUT [--scale 1] [--seed 0]

Draws Toonville into OUT/toonville unless it is there, audits it into OUT/audit-1 (-2, ...), and
writes OUT/audit.json. A planted file counts as found when it, or the picture it copies, is
reported with the planted kind. A false alarm is a file reported with anything though it was
neither planted nor grouped with the planted copy of it; the share is of all files.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from springfield.images.issues import KINDS, Audit
from springfield.images.toons import draw_toonville
from springfield.verbs.audit import audit

PAIRED = ("duplicate", "near_duplicate", "cross_class_duplicate")


def main() -> None:
    """Draw, audit, score, print."""
    parser = argparse.ArgumentParser(description="Score the audit on planted defects.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    town = asked.out / "toonville"
    if not town.exists():
        draw_toonville(town, scale=asked.scale, seed=asked.seed, defects=True)
    started = time.perf_counter()
    found = audit(town, _new_folder(asked.out / "audit"))
    seconds = time.perf_counter() - started
    scores = score_audit(found, read_planted(town))
    scores["images_per_second"] = round(scores["files"] / seconds, 1)
    scores |= {"seconds": round(seconds, 1), "cores": len(os.sched_getaffinity(0))}
    scores |= {"scale": asked.scale, "seed": asked.seed}
    (asked.out / "audit.json").write_text(json.dumps(scores, indent=1) + "\n")
    _print(scores)


def read_planted(town: Path) -> dict[str, str]:
    """Kind by path, from defects.csv."""
    with (town / "defects.csv").open(newline="", encoding="utf-8") as file:
        return {row["path"]: row["kind"] for row in csv.DictReader(file)}


def score_audit(found: Audit, planted: dict[str, str]) -> dict[str, Any]:
    """Planted and found per kind, and the false alarms."""
    reported: dict[str, set[str]] = defaultdict(set)
    for issue in found.issues:
        reported[issue.path].add(issue.kind)
    group_of = dict(
        zip(found.catalog["path"].tolist(), found.catalog["group"].tolist(), strict=True)
    )
    members: dict[int, list[str]] = defaultdict(list)
    for path, group in group_of.items():
        members[group].append(path)
    kinds = {kind: {"planted": 0, "found": 0} for kind in KINDS}
    excused, missed = set(planted), []
    for path, kind in sorted(planted.items()):
        pair = members[group_of[path]] if kind in PAIRED else [path]
        excused.update(pair)
        kinds[kind]["planted"] += 1
        if any(kind in reported[member] for member in pair):
            kinds[kind]["found"] += 1
        else:
            missed.append(f"{path} {kind}")
    alarms = sorted(
        f"{path} {' '.join(sorted(kinds_of))}"
        for path, kinds_of in reported.items()
        if kinds_of and path not in excused
    )
    certain = [n for kind, n in kinds.items() if kind != "suspicious_label"]
    return {
        "files": len(group_of),
        "kinds": kinds,
        "recall": sum(n["found"] for n in certain) / max(1, sum(n["planted"] for n in certain)),
        "false_alarms": len(alarms),
        "false_alarm_share": len(alarms) / len(group_of),
        "missed": [name for name in missed if not name.endswith("suspicious_label")],
        "alarms": alarms,
    }


def _new_folder(wanted: Path) -> Path:
    number = 1
    while (folder := wanted.with_name(f"{wanted.name}-{number}")).exists():
        number += 1
    return folder


def _print(scores: dict[str, Any]) -> None:
    print("| kind | planted | found |\n|---|---|---|")
    for kind, n in scores["kinds"].items():
        print(f"| {kind} | {n['planted']} | {n['found']} |")
    print(
        f"\nFound of all but suspicious_label: {scores['recall']:.2%}. False alarms: "
        f"{scores['false_alarms']} of {scores['files']} files "
        f"({scores['false_alarm_share']:.2%}). {scores['seconds']} s on {scores['cores']} cores, "
        f"{scores['images_per_second']} images/s."
    )


if __name__ == "__main__":
    main()
