"""Private memory of a training as its data grow, and as its images do.

    python benchmarks/memory.py --out FOLDER [--scales 0.25 0.5 1] [--sizes 64 96 128]
        [--set k=v]...

Draws Toonville at each scale, trains on it and watches the process's private memory (RssAnon; the
memory-mapped store belongs to the system's page cache); then trains on the smallest at each
resolution. Beside it: an empty process that has only imported TensorFlow and Keras, and, where
nvidia-smi is, the accelerator's memory. Writes FOLDER/memory.json and prints a table in Markdown.
Interrupted, the same command goes on.
Linux only.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from calling import command, springfield

from springfield.learning.machine.memory import private_bytes

EMPTY = "import keras, time; keras.ops.ones(1); time.sleep(1)"
DEVICE = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scales", type=float, nargs="+", default=[0.25, 0.5, 1.0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[64, 96, 128])
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    file = asked.out / "memory.json"
    result: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    empty = result.setdefault("empty", peaks_of([sys.executable, "-c", EMPTY]))
    rows: list[dict[str, Any]] = result.setdefault("rows", [])
    cases = [(scale, 0) for scale in asked.scales]
    cases += [(min(asked.scales), size) for size in asked.sizes]
    if result.setdefault("set", asked.set) != asked.set:
        raise SystemExit(f"{file} is of other settings, {result['set']}; choose another --out")
    there = {(row["scale"], row["size"]) for row in rows}
    for scale, size in cases:  # told one by one: all take an hour on a slow machine
        if (scale, size) not in there:
            rows.append(_measure(asked, scale, size, empty))
            file.write_text(json.dumps(result, indent=1) + "\n")
    print("| images | side | private MB | above the empty process | device MB |")
    print("|---|---|---|---|---|")
    for row in rows:
        device = "" if row["device"] is None else f"{row['device']:.0f}"
        print(
            f"| {row['images']:,} | {row['size'] or 'chosen'} | {row['private']:.0f} "
            f"| {row['above']:.0f} | {device} |"
        )


def _measure(
    asked: argparse.Namespace, scale: float, size: int, empty: dict[str, Any]
) -> dict[str, Any]:
    data = asked.out / f"toons-{scale}"
    if not data.exists():
        springfield("toons", data, "--scale", scale)
    settings = ["training.epochs=1", f"images.size={size}", *asked.set]
    run = asked.out / f"run-{scale}-{size}"
    shutil.rmtree(run, ignore_errors=True)  # of a training that was stopped
    peaks = peaks_of(command("train", data, "--out", run, settings=settings))
    images = sum(1 for _ in data.rglob("*.*"))
    above = peaks["private"] - empty["private"]
    return {"scale": scale, "size": size, "images": images, "above": above, **peaks}


def peaks_of(words: list[str]) -> dict[str, Any]:
    """Highest RssAnon of a process in MB, sampled ten times a second, and of all device memory."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    status, peak, device = Path(f"/proc/{process.pid}/status"), 0, None
    watched, turn = shutil.which(DEVICE[0]), 0
    while process.poll() is None:
        peak = max(peak, private_bytes(status) or 0)
        if watched and turn % 10 == 0:
            device = max(device or 0.0, device_megabytes())
        turn += 1
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{words} ended with {process.returncode}")
    return {"private": peak / 1024**2, "device": device}


def device_megabytes() -> float:
    """Memory in use on the first accelerator, by whatever process."""
    done = subprocess.run(DEVICE, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[0])


if __name__ == "__main__":
    main()
