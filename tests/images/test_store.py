"""The store: decoded once, never half, whoever else builds it and whatever kills it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError, OutputError
from springfield.images import store as storing
from springfield.images.catalog import Catalog
from springfield.images.decode import PAD, read_square
from springfield.images.scan import scan
from springfield.images.store import cache_folder, choose_size, open_store

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


@pytest.fixture(scope="module")
def catalog(tiny: Path) -> Catalog:
    return scan(tiny, progress=False)[0]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one entry for every image that the store decodes."""
    sizes: list[int] = []

    def counting(source: bytes, size: int, fit: str) -> np.ndarray:
        sizes.append(size)
        return read_square(source, size, fit)

    monkeypatch.setattr(storing, "read_square", counting)
    return sizes


def build(catalog: Catalog, cache: Path, size: int = 32, fit: str = "crop") -> np.memmap:
    return open_store(catalog, size, fit, cache=cache, progress=False)


def test_open_store__rows_are_the_catalogs_rows(catalog: Catalog, tmp_path: Path) -> None:
    images = build(catalog, tmp_path, 40, "letterbox")
    assert isinstance(images, np.memmap)
    assert images.shape == (len(catalog), 40, 40, 3)
    assert images.dtype == np.uint8
    assert not images.flags.writeable
    for image, file, error in zip(images, catalog.files(), catalog["error"], strict=True):
        if error:
            assert (image == PAD).all()
        else:
            assert (image == read_square(file, 40, "letterbox")).all()


def test_open_store__everything_is_decoded_once(
    catalog: Catalog, tmp_path: Path, decoded: list[int]
) -> None:
    readable = int((catalog["error"] == "").sum())
    first = build(catalog, tmp_path)
    assert len(decoded) == readable
    second = build(catalog, tmp_path)
    assert len(decoded) == readable
    assert (first == second).all()
    assert [file.suffix for file in tmp_path.iterdir()] == [".npy"]


def test_open_store__key_is_the_content(
    catalog: Catalog, tmp_path: Path, decoded: list[int]
) -> None:
    few = catalog.where(np.arange(5))
    build(few, tmp_path)
    moved = Path(shutil.copytree(catalog.root, tmp_path / "moved"))
    relabelled = few.with_columns(label=["other"] * 5)
    build(Catalog(moved, relabelled.columns), tmp_path)
    assert len(decoded) == 5
    build(few.where(np.arange(5)[::-1]), tmp_path)
    build(few, tmp_path, size=33)
    build(few, tmp_path, fit="stretch")
    assert len(decoded) == 20
    assert len(list(tmp_path.glob("*.npy"))) == 4


def test_open_store__decoder_is_part_of_the_key(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[int]
) -> None:
    few = catalog.where(np.arange(3))
    build(few, tmp_path)
    monkeypatch.setattr(storing, "VERSION", "another")
    build(few, tmp_path)
    assert len(decoded) == 6


@pytest.mark.parametrize("damage", ["cut", "other shape", "garbage", "empty"])
def test_open_store__damaged_store_is_built_again(
    catalog: Catalog, tmp_path: Path, damage: str
) -> None:
    wanted = np.array(build(catalog, tmp_path))
    file = next(tmp_path.glob("*.npy"))
    content = file.read_bytes()
    if damage == "other shape":
        np.save(file, np.zeros((3, 32, 32, 3), np.uint8))
    else:
        damaged = {"cut": content[: len(content) // 2], "garbage": b"no array" * 99, "empty": b""}
        file.write_bytes(damaged[damage])
    assert (build(catalog, tmp_path) == wanted).all()


def test_open_store__two_processes_at_once(catalog: Catalog, tmp_path: Path) -> None:
    pair = [builder(catalog.root, tmp_path, seconds=0.01) for _ in range(2)]
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


def test_open_store__killed_while_building(
    catalog: Catalog, tmp_path: Path, decoded: list[int]
) -> None:
    process = builder(catalog.root, tmp_path, seconds=0.2)
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
    assert len(decoded) == int((catalog["error"] == "").sum())
    assert (images[0] == read_square(catalog.files()[0], 32, "crop")).all()
    assert [file.suffix for file in tmp_path.iterdir()] == [".npy"]


def test_open_store__sweeps_only_what_is_abandoned(catalog: Catalog, tmp_path: Path) -> None:
    here, gone = socket.gethostname(), _pid_of_nobody()
    fresh = {
        "of the living": f"k.{here}.{os.getpid()}.00.part",
        "of another machine": f"k.elsewhere.example.{gone}.00.part",
        "of nobody": f"k.{here}.{gone}.00.part",
        "a day old": f"k.elsewhere.example.{os.getpid()}.01.part",
        "named by somebody else": "other.part",
    }
    for name in fresh.values():
        (tmp_path / name).touch()
    yesterday = time.time() - 25 * 3600
    os.utime(tmp_path / fresh["a day old"], (yesterday, yesterday))
    build(catalog.where(np.arange(2)), tmp_path)
    remaining = {file.name for file in tmp_path.glob("*.part")}
    kept = ("of the living", "of another machine", "named by somebody else")
    assert remaining == {fresh[name] for name in kept}


def _pid_of_nobody() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_open_store__too_little_space_is_said_beforehand(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[int]
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(OutputError, match=r"needs 37 MB but .* has 1 MB free"):
        build(catalog, tmp_path, size=520)
    assert decoded == []
    assert list(tmp_path.iterdir()) == []


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


def test_open_store__cache_that_is_no_folder(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(OutputError, match="SPRINGFIELD_CACHE names another folder"):
        build(catalog, tmp_path / "cache")


def test_open_store__file_changed_since_the_scan(tiny_copy: Path, tmp_path: Path) -> None:
    catalog, _ = scan(tiny_copy, progress=False)
    shutil.copy(tiny_copy / "barn" / "003.jpg", tiny_copy / "barn" / "002.jpg")
    with pytest.raises(DataError, match=r"002\.jpg has changed since it was scanned"):
        build(catalog, tmp_path / "cache")
    (tiny_copy / "barn" / "002.jpg").unlink()
    with pytest.raises(DataError, match=r"002\.jpg has changed .*No such file"):
        build(catalog, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_open_store__no_rows(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no image to store"):
        build(catalog.where(np.zeros(len(catalog), dtype=bool)), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
def test_open_store__memory_does_not_grow_with_the_images(catalog: Catalog, tmp_path: Path) -> None:
    measure = """
import resource, sys
from pathlib import Path
import numpy as np
from springfield.images.scan import scan
from springfield.images.store import open_store

catalog, _ = scan(Path(sys.argv[1]), progress=False)
rows = np.arange(int(sys.argv[3])) % len(catalog)
open_store(catalog.where(rows), 128, "crop", cache=Path(sys.argv[2]), progress=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
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


def test_cache_folder__follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPRINGFIELD_CACHE", "/somewhere")
    assert cache_folder() == Path("/somewhere")
    monkeypatch.delenv("SPRINGFIELD_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == Path("/xdg/springfield")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "springfield"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == Path.home() / "Library" / "Caches" / "springfield"


@pytest.mark.parametrize(("sides", "size"), [((320, 240), 96), ((28, 28), 32), ((90, 64), 64)])
def test_choose_size__half_of_the_images_fill_it(sides: tuple[int, int], size: int) -> None:
    catalog = Catalog(Path("here"), {}).with_columns(
        width=[sides[0]] * 3 + [0], height=[sides[1]] * 3 + [0], error=["", "", "", "corrupt"]
    )
    assert choose_size(catalog) == size
