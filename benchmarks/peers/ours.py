"""Springfield as its user runs it: `train` for so many minutes, then `predict`."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

from job import Job, asked

PARTS = ("train", "val", "test")


def main() -> None:
    """Train, predict, hand back."""
    job = asked()
    run = Path(job.out) / "run"
    settings = [
        *(f"training.minutes={job.minutes}", f"training.seed={job.seed}"),
        *(f"split.seed={job.seed}", *job.recipe),
    ]
    words = [word for setting in settings for word in ("--set", setting)]
    if not (run / "scores.json").exists():
        shutil.rmtree(run, ignore_errors=True)  # stopped before: it is timed as a whole
        _springfield("train", job.data, "--out", str(run), *words)
    _check_split(job, run)
    facts = json.loads((run / "run.json").read_text())
    held_out = {str(Path(facts["root"]) / path): path for path, _, _ in job.files("test")}
    answers = Path(job.out) / "answers.csv"
    _springfield("predict", str(run), *held_out, "--csv", str(answers))
    with answers.open(newline="", encoding="utf-8") as handle:
        named = [(held_out[row["path"]], row["label"]) for row in csv.DictReader(handle)]
    job.finish(
        named,
        seconds=facts["seconds"] + facts.get("rebalance_seconds", 0.0),
        epochs=facts["epochs_done"],
        parameters=facts["parameters"],
        settings={
            "network": "the default recipe's",
            "size": facts["size"],
            "precision": facts["plan"]["precision"],
            "settings": " ".join(job.recipe) or "none",
        },
    )


def _springfield(*words: str) -> None:
    command = [sys.executable, "-m", "springfield", *words, "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _check_split(job: Job, run: Path) -> None:
    """Stop when the run learned from other images than its peers."""
    with (run / "catalog.csv").open(newline="", encoding="utf-8") as handle:
        own = {row["path"]: row["part"] for row in csv.DictReader(handle) if row["part"]}
    given = {path: part for part in PARTS for path, _, _ in job.files(part)}
    if own != given:
        raise SystemExit(f"{run} was split otherwise than {job.table}")


if __name__ == "__main__":
    main()
