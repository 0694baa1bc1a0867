"""Springfield and its peers side by side: accuracy at a fixed time, and time to accuracy.

    make -C benchmarks/peers
    python benchmarks/peers/run.py DATA --out FOLDER [--minutes 2 5 10] [--ours 0.5 1 3]
        [--seeds 0] [--only NAME...] [--set key=value]... [--torch PYTHON]

All learn from scratch from the same images of the same split, are given the same minutes of
training, each in a process of its own and one after the other, and are judged by the same held-out
images and one scorer. `--ours` adds minutes for Springfield alone, whose curve then says when it
reaches what a peer reaches. What is there already is not run again. Writes FOLDER/results.json,
table.md and accuracy.svg, of this call and of all before it. The machine should have nothing else
to do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from job import Job
from judge import judge
from material import Material, prepare
from telling import picture, table

HERE = Path(__file__).parent
OURS = "springfield"
Found = dict[tuple[str, int, float], dict[str, Any]]  # by peer, seed and minutes
PEERS = {  # script, and whether it runs in the peers' own environment
    OURS: ("ours.py", False),
    "keras": ("keras_stock.py", False),
    "fastai": ("fastai_imagenette.py", True),
    "timm": ("timm_recipe.py", True),
    "ultralytics": ("ultralytics_cls.py", True),
}


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, nargs="+", default=[2, 5, 10])
    parser.add_argument("--ours", type=float, nargs="*", default=[0.5, 1, 3])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--torch", type=Path, default=HERE / ".venv" / "bin" / "python")
    asked = parser.parse_args()
    found = _before(asked.out)
    for seed in asked.seeds:
        material = prepare(asked.data.resolve(), asked.out.resolve() / f"seed{seed}", seed)
        for name in asked.only:
            for minutes in sorted({*asked.minutes, *(asked.ours if name == OURS else ())}):
                found[name, seed, minutes] = _measure(asked, material, name, minutes, seed)
                _write(asked.out, found)
    print((asked.out / "table.md").read_text(), end="")


def _measure(
    asked: argparse.Namespace, material: Material, name: str, minutes: float, seed: int
) -> dict[str, Any]:
    """One peer, for so many minutes: its scores, and its own facts."""
    script, in_torch = PEERS[name]
    folder = material.folder / f"{name}-{minutes:g}"
    job = Job(
        images=str(material.images),
        table=str(material.table),
        out=str(folder),
        minutes=minutes,
        seed=seed,
        size=material.size,
        data=str(asked.data.resolve()),
        recipe=tuple(asked.set),
    )
    if not (folder / "facts.json").exists():
        busy, began = os.getloadavg()[0], time.perf_counter()
        python = asked.torch if in_torch else sys.executable
        command = [str(python), str(HERE / script), str(job.write())]
        with (folder / "log.txt").open("w") as log:
            done = subprocess.run(command, stdout=log, stderr=log, cwd=folder, check=False)
        if done.returncode:
            raise SystemExit(f"{name} ended with {done.returncode}: see {folder}/log.txt")
        wall = {"wall_seconds": time.perf_counter() - began, "load_before": busy}
        facts = json.loads((folder / "facts.json").read_text())
        (folder / "facts.json").write_text(json.dumps({**facts, **wall}, indent=1) + "\n")
    facts = json.loads((folder / "facts.json").read_text())
    scores = judge(folder / "predictions.csv", material.truth)
    return {"peer": name, "minutes": minutes, "seed": seed, **scores, **facts}


def _before(out: Path) -> Found:
    """What earlier calls have measured."""
    file = out / "results.json"
    rows = json.loads(file.read_text()) if file.exists() else []
    return {(row["peer"], row["seed"], row["minutes"]): row for row in rows}


def _write(out: Path, found: Found) -> None:
    peers = list(PEERS)
    rows = [found[key] for key in sorted(found, key=lambda key: (peers.index(key[0]), *key[1:]))]
    (out / "results.json").write_text(json.dumps(rows, indent=1) + "\n")
    (out / "table.md").write_text(table(rows, OURS))
    (out / "accuracy.svg").write_text(picture(rows, OURS), encoding="utf-8")


if __name__ == "__main__":
    main()
