"""Job: what a peer is asked for, and what it hands back. No peer knows more than this.

A peer is a script that is started with the name of a file, a job as JSON. It learns from the
images of part "train", may watch by "val", and writes two files into the job's folder:
predictions.csv with the columns path,label, a row per image of part "test", and facts.json.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Job:
    """What a peer is asked for."""

    images: str  # folder with train/<class>/<file>, val/... and test/..., the same for all peers
    table: str  # CSV file with path,label,part,file: which image is which file below `images`
    out: str  # new folder
    minutes: float  # of training, from the first step's batch to the last step
    seed: int
    size: int  # side in pixels that the images are learned at
    data: str  # the folder of images as its user has it
    recipe: tuple[str, ...] = ()  # Springfield's settings

    def write(self) -> Path:
        """Write the job into its own folder and return the file."""
        Path(self.out).mkdir(parents=True, exist_ok=True)
        file = Path(self.out) / "job.json"
        file.write_text(json.dumps(asdict(self), indent=1) + "\n")
        return file

    def files(self, part: str) -> list[tuple[str, str, Path]]:
        """Path, label and file of every image of a part; the path names it, the file shows it."""
        with Path(self.table).open(newline="", encoding="utf-8") as handle:
            rows = [row for row in csv.DictReader(handle) if row["part"] == part]
        return [(row["path"], row["label"], Path(self.images) / row["file"]) for row in rows]

    def classes(self) -> list[str]:
        """Sorted names of the classes that are learned."""
        return sorted({label for _, label, _ in self.files("train")})

    def finish(self, answers: Iterable[tuple[str, str]], **facts: Any) -> None:
        """Write what was answered, pairs of path and label, and the facts.

        The facts are `seconds` of training, `epochs`, `parameters`, `settings` (a dict of what the
        peer was told) and whatever else is worth keeping.
        """
        out = Path(self.out)
        with (out / "predictions.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(("path", "label"))
            writer.writerows(answers)
        (out / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")


def asked() -> Job:
    """The job that this process was started with."""
    return Job(**json.loads(Path(sys.argv[1]).read_text()))
