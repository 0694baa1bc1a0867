"""Every export of a run: agreement with the original, size, and the time to answer.

    python benchmarks/exports.py RUN --out FOLDER [--starts 5] [--answers 300]

Exports the run in every format, into FOLDER, and asks each from processes of its own, one image at
a time: the time from starting the process to its first answer (the median of the starts), and the
median and the 99th percentile of the answers after. Prints a table in Markdown. The first row is
the run's own classifier. Files are in the system's cache; the machine should have nothing else to
do.
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

from springfield.learning.exports import FORMATS

ORIGINAL = "the run's own"
ASKING = """
import json, sys, time
from pathlib import Path
import numpy as np
from springfield.learning.exports import FORMATS
format, file, size, answers = sys.argv[1:]
images = np.random.default_rng(0).integers(0, 256, (int(answers) + 1, 1, int(size), int(size), 3))
asked = FORMATS[format].load(Path(file))
times = []
for image in images.astype(np.uint8):
    begun = time.perf_counter()
    asked(image)
    if not times:
        print("first", flush=True)
    times.append(time.perf_counter() - begun)
print(json.dumps(times[1:]))
"""


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--answers", type=int, default=300)
    asked = parser.parse_args()
    parities = {name: _export(asked, name) for name in FORMATS}
    rows = [_row(asked, ORIGINAL, _original(asked.run, parities["litert"]))]
    rows += [_row(asked, name, parity) for name, parity in parities.items()]
    head = "format|equal answers|largest difference|accuracy|macro-F1|MB|first answer|p50|p99"
    print(f"| {' | '.join(head.split('|'))} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _export(asked: argparse.Namespace, name: str) -> dict[str, Any]:
    out = asked.out / name
    if not out.exists():
        words = ["export", str(asked.run), "--to", name, "--out", str(out), "--force"]
        subprocess.run(
            [sys.executable, "-m", "springfield", *words], check=True, stdout=subprocess.DEVNULL
        )
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


def _row(asked: argparse.Namespace, name: str, parity: dict[str, Any]) -> list[str]:
    form = "litert" if name == ORIGINAL else name
    folder = asked.run / "classifier" if name == ORIGINAL else asked.out / name
    size = json.loads((asked.run / "run.json").read_text())["size"]
    words = [form, str(folder / FORMATS[form].file), str(size), str(asked.answers)]
    starts, times = [], []
    for _ in range(asked.starts):
        first, after = _ask(words)
        starts.append(first)
        times += after
    cuts = statistics.quantiles(times, n=100)
    return [
        name,
        f"{parity['agreement']:.2%}",
        f"{parity['max_difference']:.1e}",
        f"{parity['accuracy']:.4f}",
        f"{parity['macro_f1']:.4f}",
        f"{parity['bytes'] / 1e6:.2f}",
        f"{statistics.median(starts):.2f} s",
        f"{1000 * cuts[49]:.1f} ms",
        f"{1000 * cuts[98]:.1f} ms",
    ]


def _ask(words: list[str]) -> tuple[float, list[float]]:
    """Seconds from the start of a process to its first answer, and those of every later answer."""
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
    return first, list(json.loads(rest))


if __name__ == "__main__":
    main()
