"""Every export of a run: agreement with the original, size, and the time to answer.

    python benchmarks/exports.py RUN --out FOLDER [--starts 5] [--answers 300] [--batches 20]

Exports the run in every format, into FOLDER, and asks each from processes of its own, one image at
a time: the time from starting the process to its first answer (the median of the starts), and the
median and the 99th percentile of the answers after; then batches of 32, the median of which gives
the images a second. Writes FOLDER/exports.json and prints a table in Markdown. The first row is the
run's own classifier. Files are in the system's cache; the machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from calling import springfield

from springfield.learning.answering.exports import FORMATS

ORIGINAL = "the run's own"
HEAD = (
    *("format", "equal answers", "largest difference", "accuracy", "macro-F1", "MB"),
    *("first answer", "p50", "p99", "images/s in batches of 32"),
)
ASKING = """
import json, sys, time
from pathlib import Path
import numpy as np
from springfield.learning.answering.exports import FORMATS
format, file, size, answers, batches = sys.argv[1:]
size = int(size)
asked = FORMATS[format].load(Path(file))
asked(np.zeros((1, size, size, 3), np.uint8))
print("first", flush=True)

def seconds_of(count, batch):
    random, times = np.random.default_rng(0), []
    for _ in range(count):
        images = random.integers(0, 256, (batch, size, size, 3), np.uint8)
        begun = time.perf_counter()
        asked(images)
        times.append(time.perf_counter() - begun)
    return times

alone = seconds_of(int(answers), 1)
seconds_of(1, 32)  # makes room for a batch
print(json.dumps([alone, seconds_of(int(batches), 32)]))
"""


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--answers", type=int, default=300)
    parser.add_argument("--batches", type=int, default=20)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    parities = {name: _export(asked, name) for name in FORMATS}
    rows = [_measure(asked, ORIGINAL, _original(asked.run, parities["litert"]))]
    rows += [_measure(asked, name, parity) for name, parity in parities.items()]
    (asked.out / "exports.json").write_text(json.dumps(rows, indent=1) + "\n")
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for row in rows:
        print(f"| {' | '.join(_cells(row))} |")


def _export(asked: argparse.Namespace, name: str) -> dict[str, Any]:
    out = asked.out / name
    if not out.exists():
        springfield("export", asked.run, "--to", name, "--out", out, "--force")
    return dict(json.loads((out / "parity.json").read_text()))


def _original(run: Path, parity: dict[str, Any]) -> dict[str, Any]:
    """What parity.json would say of the run's own classifier."""
    return {
        "agreement": 1.0,
        "max_difference": 0.0,
        "accuracy": parity["original_accuracy"],
        "macro_f1": parity["original_macro_f1"],
        "bytes": (run / "classifier" / "model.tflite").stat().st_size,
    }


def _measure(asked: argparse.Namespace, name: str, parity: dict[str, Any]) -> dict[str, Any]:
    form = "litert" if name == ORIGINAL else name
    folder = asked.run / "classifier" if name == ORIGINAL else asked.out / name
    size = json.loads((asked.run / "run.json").read_text())["size"]
    words = [form, str(folder / FORMATS[form].file), str(size)]
    starts, times, together = [], [], []
    for _ in range(asked.starts):
        first, alone, many = _ask([*words, str(asked.answers), str(asked.batches)])
        starts.append(first)
        times += alone
        together += many
    cuts = statistics.quantiles(times, n=100)
    kept = ("agreement", "max_difference", "accuracy", "macro_f1", "bytes")
    return {
        "format": name,
        **{key: parity[key] for key in kept},
        "first_answer": statistics.median(starts),
        "p50": cuts[49],
        "p99": cuts[98],
        "images_per_second": 32 / statistics.median(together),
    }


def _cells(row: dict[str, Any]) -> list[str]:
    return [
        row["format"],
        f"{row['agreement']:.2%}",
        f"{row['max_difference']:.1e}",
        f"{row['accuracy']:.4f}",
        f"{row['macro_f1']:.4f}",
        f"{row['bytes'] / 1e6:.2f}",
        f"{row['first_answer']:.2f} s",
        f"{1000 * row['p50']:.1f} ms",
        f"{1000 * row['p99']:.1f} ms",
        f"{row['images_per_second']:.0f}",
    ]


def _ask(words: list[str]) -> tuple[float, list[float], list[float]]:
    """Seconds from the start of a process to its first answer, of each later one, of each batch."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", ASKING, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = time.perf_counter() - begun
        rest = process.stdout.read()
    if process.returncode:
        raise SystemExit(f"asking {words} ended with {process.returncode}")
    alone, together = json.loads(rest)
    return first, alone, together


if __name__ == "__main__":
    main()
