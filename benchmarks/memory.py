"""Private memory of a training as its data grow.

    python benchmarks/memory.py --out FOLDER [--scales 0.25 1.0] [--set k=v]...

Draws Toonville at each scale, trains on it and watches the process's private memory (RssAnon; the
memory-mapped store belongs to the system's page cache). Beside it: an empty process that has only
imported TensorFlow and Keras. Linux only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from springfield.learning.memory import private_bytes

EMPTY = "import keras, time; keras.ops.ones(1); time.sleep(1)"


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scales", type=float, nargs="+", default=[0.25, 1.0])
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    empty = peak_private_megabytes([sys.executable, "-c", EMPTY])
    rows = [_measure(asked, scale, empty) for scale in asked.scales]
    (asked.out / "memory.json").write_text(json.dumps(rows, indent=1) + "\n")
    for row in rows:
        print(f"| {row['scale']} | {row['images']} | {row['peak']:.0f} | {row['above']:.0f} |")


def _measure(asked: argparse.Namespace, scale: float, empty: float) -> dict[str, Any]:
    data = asked.out / f"toons-{scale}"
    springfield = [sys.executable, "-m", "springfield"]
    if not data.exists():
        subprocess.run([*springfield, "toons", str(data), "--scale", str(scale)], check=True)
    words = [word for setting in ["training.epochs=1", *asked.set] for word in ("--set", setting)]
    run = asked.out / f"run-{scale}"
    peak = peak_private_megabytes([*springfield, "train", str(data), "--out", str(run), *words])
    images = sum(1 for _ in data.rglob("*.*"))
    return {"scale": scale, "images": images, "peak": peak, "above": peak - empty}


def peak_private_megabytes(command: list[str]) -> float:
    """Highest RssAnon of a process over its life, sampled ten times a second."""
    process = subprocess.Popen(command)
    status, peak = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        peak = max(peak, private_bytes(status) or 0)
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return peak / 1024**2


if __name__ == "__main__":
    main()
