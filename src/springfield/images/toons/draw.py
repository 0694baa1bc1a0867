"""Draw: all pictures of Toonville into a folder, by as many processes as there are cores.

The helpers are plain child processes running `worker`, not a pool: that works from any caller (a
script without a main guard, a notebook, a process with TensorFlow's threads in it).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from tqdm import tqdm

from springfield.errors import OutputError
from springfield.images.toons.census import TOWNSFOLK, all_jobs
from springfield.images.toons.picture import draw_one
from springfield.run import reason_of

FEW = 100  # pictures that are not worth starting helpers for


def draw_toonville(
    out: Path, *, scale: float = 1.0, seed: int = 0, defects: bool = False, progress: bool = True
) -> None:
    """Draw the embedded data set into `out`/<class>/pic_0000.jpg.

    `scale` multiplies the 20,933 pictures; `defects` adds spoilt files and the table defects.csv
    (see `defects`). The folder appears only when it is complete. Raises `OutputError` when `out`
    exists and is not empty, when the scale is not positive, or when it cannot be written.
    """
    if not 0 < scale <= 100:
        raise OutputError(f"scale {scale:g}: it must lie above 0 and at most 100")
    beside = _beside(out)
    try:
        jobs = all_jobs(scale)
        for name in TOWNSFOLK:
            (beside / name).mkdir()
        _draw_all(beside, jobs, scale, seed, progress)
        if defects:
            from springfield.images.toons.defects import plant_defects

            plant_defects(beside, scale, seed)
        if out.exists():
            out.rmdir()
        beside.rename(out)
    except OSError as problem:
        raise OutputError(f"cannot write {out}: {reason_of(problem)}") from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _beside(out: Path) -> Path:
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise OutputError(f"{out} is not empty; choose a new folder")
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.absolute().parent))
    except OSError as problem:
        raise OutputError(f"cannot write {out}: {reason_of(problem)}") from problem


def _draw_all(
    folder: Path, jobs: list[tuple[str, int]], scale: float, seed: int, progress: bool
) -> None:
    bar = tqdm(total=len(jobs), desc="drawing", unit="picture", disable=not progress)
    with bar:
        if len(jobs) <= FEW or not sys.executable:
            for name, number in jobs:
                draw_one(folder, name, number, seed)
                bar.update()
            return
        parts = min(
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1,
            16,
        )
        helpers = [_start(folder, scale, seed, part, parts) for part in range(parts)]
        try:
            for helper in helpers:
                _follow(helper, bar)
        finally:
            for helper in helpers:
                helper.kill()
                helper.wait()


def _start(folder: Path, scale: float, seed: int, part: int, parts: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "springfield.images.toons.worker",
        str(folder),
        repr(scale),
        str(seed),
        str(part),
        str(parts),
    ]
    path = os.pathsep.join(place for place in sys.path if place)
    return subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})


def _follow(helper: subprocess.Popen[bytes], bar: tqdm) -> None:
    pipe: IO[bytes] | None = helper.stdout
    while pipe and (said := os.read(pipe.fileno(), 4096)):
        bar.update(len(said))
    if helper.wait():
        raise OutputError("a drawing process stopped; is the disk or the memory full?")
