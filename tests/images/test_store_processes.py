"""The store with several processes: never half, whoever else builds it and whatever kills it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import Catalog
from springfield.images.decode import read_square
from springfield.images.scan import scan
from springfield.images.store import open_store

# A process of its own that builds a store slowly, counts what it decodes, and says so.
BUILDER = """
import sys, time
from pathlib import Path
from springfield.images import store
from springfield.images.scan import scan

data, cache, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
decoded = 0
read_square = store.read_square

def slowly(*arguments):
    global decoded
    decoded += 1
    time.sleep(seconds)
    return read_square(*arguments)

store.read_square = slowly
catalog, _ = scan(data, progress=False)
print("ready", flush=True)
sys.stdin.readline()
images = store.open_store(catalog, 32, "crop", cache=cache, progress=False)
print(decoded, images.sum(), flush=True)
"""


@pytest.fixture(scope="module")
def catalog(tiny: Path) -> Catalog:
    return scan(tiny, progress=False)[0]


def build(catalog: Catalog, cache: Path) -> np.memmap:
    return open_store(catalog, 32, "crop", cache=cache, progress=False)


def builder(data: Path, cache: Path, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(data), str(cache), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_open_store__two_processes_at_once(catalog: Catalog, tmp_path: Path) -> None:
    pair = [builder(catalog.root, tmp_path, seconds=0.05) for _ in range(2)]
    for process in pair:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].split() for process in pair]
    assert [process.returncode for process in pair] == [0, 0]
    readable = str(int((catalog["error"] == "").sum()))
    assert [answer[0] for answer in answers] == [readable, readable]  # they did overlap
    total = str(build(catalog, tmp_path).sum())
    assert [answer[1] for answer in answers] == [total, total]
    assert [file.suffix for file in tmp_path.iterdir()] == [".npy"]


def test_open_store__killed_while_building(catalog: Catalog, tmp_path: Path) -> None:
    process = builder(catalog.root, tmp_path, seconds=0.2)
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("*.part")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    left = list(tmp_path.iterdir())
    assert [file.suffix for file in left] == [".part"]

    images = build(catalog, tmp_path)
    assert (images[0] == read_square(catalog.files()[0], 32, "crop")).all()
    assert [file.suffix for file in tmp_path.iterdir()] == [".npy"]


def test_open_store__sweeps_only_what_is_abandoned(catalog: Catalog, tmp_path: Path) -> None:
    here, gone, key = socket.gethostname(), _pid_of_nobody(), "0123456789abcdef" * 2
    if sys.platform == "linux":  # a container may have the name of another one
        here += f".{Path('/proc/self/ns/pid').stat().st_ino}"
    fresh = {
        "of the living": f"{key}.{here}.{os.getpid()}.00.part",
        "of another machine": f"{key}.elsewhere.example.{gone}.00.part",
        "of another container": f"{key}.{socket.gethostname()}.1.{gone}.00.part",
        "of nobody": f"{key}.{here}.{gone}.00.part",
        "a day old": f"{key}.elsewhere.example.{os.getpid()}.01.part",
        "somebody else's, a day old": "film.mkv.part",
    }
    for name in fresh.values():
        (tmp_path / name).touch()
    yesterday = time.time() - 25 * 3600
    for old in ("a day old", "somebody else's, a day old"):
        os.utime(tmp_path / fresh[old], (yesterday, yesterday))
    build(catalog.where(np.arange(2)), tmp_path)
    remaining = {file.name for file in tmp_path.glob("*.part")}
    kept = (
        "of the living",
        "of another machine",
        "of another container",
        "somebody else's, a day old",
    )
    assert remaining == {fresh[name] for name in kept}


def _pid_of_nobody() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_open_store__no_space_left_while_building(catalog: Catalog, tmp_path: Path) -> None:
    limited = """
import resource, sys
from pathlib import Path
from springfield.errors import OutputError
from springfield.images.scan import scan
from springfield.images.store import open_store

catalog, _ = scan(Path(sys.argv[1]), progress=False)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    open_store(catalog, 64, "crop", cache=Path(sys.argv[2]), progress=False)
except OutputError as problem:
    print(problem)
"""
    command = [sys.executable, "-c", limited, str(catalog.root), str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith(f"cannot keep the image store in {tmp_path}: File too large")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc elsewhere")
def test_open_store__memory_does_not_grow_with_the_images(catalog: Catalog, tmp_path: Path) -> None:
    measure = r"""
import re, sys
from pathlib import Path
import numpy as np
from springfield.images.scan import scan
from springfield.images.store import open_store

catalog, _ = scan(Path(sys.argv[1]), progress=False)
rows = np.arange(int(sys.argv[3])) % len(catalog)
open_store(catalog.where(rows), 128, "crop", cache=Path(sys.argv[2]), progress=False)
# ru_maxrss would begin with the peak of whoever started this process.
print(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
"""
    few, many = (
        int(
            subprocess.run(
                [sys.executable, "-c", measure, str(catalog.root), str(tmp_path), n],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for n in ("300", "1300")
    )
    assert len(list(tmp_path.glob("*.npy"))) == 2
    assert many - few < 12_000  # kB, for 49 MB more in the store
