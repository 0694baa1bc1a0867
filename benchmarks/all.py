"""Every benchmark in one command: a file of JSON for each, and all their tables on one page.

    make -C benchmarks/peers
    python benchmarks/all.py --colour FOLDER --grey FOLDER --out FOLDER [--only PART...] [--list]

The two folders are images to learn from, a folder per class; the parts run one after the other, and
one that has ended is not run again. Writes FOLDER/<part>/ with what the part writes, and
FOLDER/benchmarks.md. The machine should have nothing else to do; the two parts with peers take
about two hours each, all others together about one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from calling import springfield

HERE = Path(__file__).parent
PARTS = {  # title, and the command with COLOUR, GREY and OUT (of the part) to be filled in
    "input": ("The way in", "input.py COLOUR --out OUT"),
    "throughput": ("Training throughput", "throughput.py COLOUR --out OUT"),
    "growth": ("The audit's tables", "growth.py --out OUT"),
    "memory": ("Memory", "memory.py --out OUT"),
    "exports": ("Exports", "exports.py RUN --out OUT"),
    "audit": ("The audit", "audit.py OUT"),
    "peers-colour": ("Peers, in colour", "peers/run.py COLOUR --out OUT"),
    "peers-grey": ("Peers, in grey", "peers/run.py GREY --out OUT"),
}


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--colour", type=Path)
    parser.add_argument("--grey", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--list", action="store_true", help="print the commands, run nothing")
    asked = parser.parse_args()
    for part in asked.only:
        command = command_of(part, asked)
        if asked.list:
            print(" ".join(command))
        elif not (asked.out / part / "table.txt").exists():
            _run(part, command, asked.out / part)
            _gather(asked.out)


def command_of(part: str, asked: argparse.Namespace) -> list[str]:
    """The words of one part's command."""
    run = asked.out / "run"  # a short training, for what needs a classifier
    places = {"COLOUR": asked.colour, "GREY": asked.grey, "OUT": asked.out / part, "RUN": run}
    script, *words = PARTS[part][1].split()
    for word in words:
        if word in places and places[word] is None:
            raise SystemExit(f"{part} needs --{word.lower()}")
        if word == "RUN" and not asked.list and not (run / "scores.json").exists():
            _train(asked, run)
    return [sys.executable, str(HERE / script), *(str(places.get(word, word)) for word in words)]


def _train(asked: argparse.Namespace, run: Path) -> None:
    if asked.colour is None:
        raise SystemExit("exports needs --colour")
    shutil.rmtree(run, ignore_errors=True)  # of a training that was stopped
    springfield("train", asked.colour, "--out", run, settings=["training.epochs=4"])


def _run(part: str, command: list[str], out: Path) -> None:
    """Run one part, its table into a file that says by being there that the part has ended."""
    out.mkdir(parents=True, exist_ok=True)
    busy, began = os.getloadavg()[0], time.perf_counter()
    print(f"{time.strftime('%H:%M')} {part}, load {busy:.1f}", file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{part} ended with {done.returncode}")
    took = f"{time.perf_counter() - began:.0f} s, load before it {busy:.1f}"
    (out / "table.txt").write_text(f"{done.stdout.strip()}\n\n{took}\n")


def _gather(out: Path) -> None:
    """All tables that are there, on one page."""
    pages = ["# Benchmarks"]
    for part, (title, _) in PARTS.items():
        if (table := out / part / "table.txt").exists():
            pages += [f"## {title}", table.read_text().strip()]
    (out / "benchmarks.md").write_text("\n\n".join(pages) + "\n")


if __name__ == "__main__":
    main()
