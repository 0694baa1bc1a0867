"""Draw: all pictures of Toonville into a folder, by as many processes as there are cores.

The helpers are plain child processes running `worker`, not a pool: that works from any caller (a
script without a main guard, a notebook, a process with TensorFlow's threads in it).
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tqdm import tqdm

from springfield.errors import OutputError, SpringfieldError
from springfield.files import reason_of
from springfield.images.toons.census import TOWNSFOLK, all_jobs
from springfield.images.toons.defects import plant_defects
from springfield.images.toons.picture import draw_one
from springfield.windows import put

FEW = 100  # pictures that are not worth starting helpers for
MOST_HELPERS = 16


def draw_toonville(
    out: Path, *, scale: float = 1.0, seed: int = 0, defects: bool = False, progress: bool = True
) -> None:
    """Draw the embedded data set into `out`/<class>/pic_0000.jpg.

    `scale` multiplies the 20,933 pictures; `defects` adds spoilt files and the table defects.csv
    (see `defects`). The class folders appear when all is drawn; a failure leaves nothing behind.
    Raises `OutputError` when `out` is not an empty or a new folder or cannot be written, and
    `SpringfieldError` when the scale is not above 0.
    """
    if not 0 < scale <= 100:
        raise SpringfieldError(f"scale {scale:g}: it must lie above 0 and at most 100")
    with _workshop(out) as folder:
        for name in TOWNSFOLK:
            (folder / name).mkdir()
        _draw_all(folder, scale, seed, progress)
        if defects:
            plant_defects(folder, scale, seed, progress)


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """A hidden folder inside `out` whose contents move up to `out` when all went well."""
    new = not out.exists()
    hidden = out / f".drawing-{secrets.token_hex(4)}"
    try:
        if not new and (not out.is_dir() or any(out.iterdir())):
            raise OutputError(f"{out} is not an empty folder; choose a new one")
        hidden.mkdir(parents=True)
        yield hidden
        for entry in sorted(hidden.iterdir()):
            put(entry, out / entry.name)
    except BrokenPipeError:  # of the bar, not of the folder
        raise
    except OSError as problem:
        raise OutputError(f"cannot write {out}: {reason_of(problem)}") from problem
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        if new:
            with suppress(OSError):  # it stays when there is something in it
                out.rmdir()


def _draw_all(folder: Path, scale: float, seed: int, progress: bool) -> None:
    jobs = all_jobs(scale)
    with tqdm(total=len(jobs), desc="drawing", unit="picture", disable=not progress) as bar:
        if len(jobs) <= FEW or not sys.executable:
            for name, number in jobs:
                draw_one(folder, name, number, seed)
                bar.update()
            return
        parts = min(_cores(), MOST_HELPERS)
        reading, writing = os.pipe()
        parted = (folder, scale, seed)
        helpers = [_start(*parted, (part, parts), writing) for part in range(parts)]
        os.close(writing)  # theirs are open until they end
        try:
            _follow(helpers, reading, bar)
        finally:
            os.close(reading)
            for helper in helpers:
                helper.kill()
                helper.wait()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(
    folder: Path, scale: float, seed: int, part: tuple[int, int], writing: int
) -> subprocess.Popen[bytes]:
    """A helper that draws one of so many parts, and writes a byte for every picture."""
    command = [sys.executable, "-m", "springfield.images.toons.worker", str(folder.absolute())]
    command += [repr(scale), str(seed), *map(str, part)]
    path = os.pathsep.join(place for place in sys.path if place)
    return subprocess.Popen(command, stdout=writing, env={**os.environ, "PYTHONPATH": path})


def _follow(helpers: list[subprocess.Popen[bytes]], reading: int, bar: tqdm) -> None:
    """Count what the helpers draw until all are done; raises what stopped one of them."""
    while said := os.read(reading, 4096):
        bar.update(len(said))
    for helper in helpers:
        code = helper.wait()
        if 1 < code < 256:  # above that Windows says how a process was stopped
            raise OSError(code, os.strerror(code))
        if code:
            raise OutputError("a drawing process was stopped; is the memory full?")
