"""The table of CIFAR-100-LT: every row of it over several seeds, some runs at a time.

    python benchmarks/cifar_table.py DATA --out FOLDER [--rows cross-entropy best ...]
        [--seeds 0 1 2] [--at-once 1] [--minutes 600] [--set k=v]...

Each run is `benchmarks/cifar.py` in a process of its own; on an accelerator several share it, since
a network this small leaves most of it idle. Runs that are there already are not made again, and
when the minutes are over those that are not done are left. Prints a table in Markdown; the last
layers are then tried by `benchmarks/heads.py FOLDER/ROW-seedN`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PLAIN, BEST = HERE / "cifar" / "plain.toml", HERE / "cifar" / "best.toml"
UNMIXED = ("augment.mixup=0", "augment.cutmix=0")
ROWS = {
    "cross-entropy": (PLAIN, ()),
    "balanced-softmax": (PLAIN, ("balance.loss=balanced-softmax",)),
    "ldam-drw": (
        PLAIN,
        (
            *("network.cosine=30", "balance.loss=ldam"),
            *("balance.weights=effective", "balance.beta=0.9999", "balance.deferred=0.8"),
        ),
    ),
    "best": (BEST, ()),
    # what was tried for it
    "best-batch128": (BEST, ("training.batch=128",)),
    "best-unmixed": (BEST, ("training.batch=128", *UNMIXED)),
    "best-mixup": (BEST, ("training.batch=128", "augment.cutmix=0")),
    "best-lighter-decay": (BEST, ("training.batch=128", "training.weight_decay=2e-3")),
    "best-unmixed-strong": (
        BEST,
        (
            *("training.batch=128", *UNMIXED, "augment.cutout=0.5", "augment.light=0.4"),
            *("augment.colour=0.4", "augment.rotate=20", "augment.zoom=0.25"),
        ),
    ),
    "best-cross-entropy": (BEST, ("training.batch=128", "balance.loss=cross-entropy")),
    "best-400": (BEST, ("training.batch=128", "training.epochs=400")),
}


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", nargs="+", default=[*ROWS][:4], choices=ROWS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    runs = [(row, seed) for seed in asked.seeds for row in asked.rows]
    waiting = [run for run in runs if not (_folder(asked, *run) / "result.json").exists()]
    _run(asked, waiting, until=time.monotonic() + 60 * asked.minutes)
    print("| row | accuracy over the seeds | seeds | seconds of a run |\n|---|---|---|---|")
    for row in asked.rows:
        print(_line(asked, row))


def _folder(asked: argparse.Namespace, row: str, seed: int) -> Path:
    return asked.out / f"{row}-seed{seed}"


def _run(asked: argparse.Namespace, waiting: list[tuple[str, int]], *, until: float) -> None:
    """So many at once, the first ones first; what still runs at the end is stopped."""
    running: list[subprocess.Popen[bytes]] = []
    while (waiting or running) and time.monotonic() < until:
        running = [process for process in running if process.poll() is None]
        while waiting and len(running) < asked.at_once:
            running.append(_start(asked, *waiting.pop(0)))
        time.sleep(0.2)
    for process in running:
        process.kill()


def _start(asked: argparse.Namespace, row: str, seed: int) -> subprocess.Popen[bytes]:
    recipe, settings = ROWS[row]
    out = _folder(asked, row, seed)
    words = [w for s in (*settings, f"training.seed={seed}", *asked.set) for w in ("--set", s)]
    command = [HERE / "cifar.py", asked.data, "--out", out, "--recipe", recipe, *words]
    with out.with_suffix(".log").open("ab") as log:
        return subprocess.Popen([sys.executable, *map(str, command)], stdout=log, stderr=log)


def _line(asked: argparse.Namespace, row: str) -> str:
    files = [_folder(asked, row, seed) / "result.json" for seed in asked.seeds]
    results = [json.loads(file.read_text()) for file in files if file.exists()]
    if not results:
        return f"| {row} | | 0 | |"
    scores = [100 * result["accuracy"] for result in results]
    spread = f" ± {statistics.stdev(scores):.1f}" if len(scores) > 1 else ""
    seconds = statistics.fmean(result["seconds"] for result in results)
    return f"| {row} | {statistics.fmean(scores):.1f}{spread} | {len(scores)} | {seconds:.0f} |"


if __name__ == "__main__":
    main()
