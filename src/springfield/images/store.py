"""Store: every image decoded once, into one memory-mapped array.

A store is a NumPy file (``.npy``) in the cache folder, named by what went into it: the files'
content, the size, the fit and the decoder. A second run with the same images opens it at once,
and reading it costs no memory of the process: the pages belong to the system's cache. Stores may
be deleted at any time; they are built again when needed.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from tqdm import tqdm

from springfield.errors import DataError, OutputError, UnreadableImageError
from springfield.files import reason_of
from springfield.images.catalog import Catalog
from springfield.images.decode import PAD, VERSION, read_bytes, read_square
from springfield.images.scan import in_threads
from springfield.windows import put

ABANDONED = 24 * 3600  # seconds after which an unfinished store is taken for left behind
PIECE = 2**20  # bytes that are written at once
LARGEST = 96  # pixels of a side that is chosen; a recipe may ask for more

log = logging.getLogger(__name__)


def open_store(
    catalog: Catalog, size: int, fit: str, *, cache: Path | None = None, progress: bool = True
) -> np.memmap:
    """Return all images as uint8 [n, size, size, 3], read-only; row i is the catalog's row i.

    Rows with an ``error`` are plain grey. Built under a name of its own and renamed when whole,
    so two processes may build the same store at once and a killed one leaves nothing that counts.
    Raises `OutputError` when there is no space or no permission, `DataError` when a file is no
    longer what the catalog says.
    """
    if not len(catalog):
        raise DataError("there is no image to store")
    rows = [catalog[name] for name in ("path", "sha256", "error")]

    def squares() -> Iterator[np.ndarray]:
        if not catalog.root.is_dir():
            raise DataError(f"the images are no longer in {catalog.root}; put them back there")
        numbered = zip(*rows, strict=True)
        return in_threads(lambda row: _square(catalog.root, row, size, fit), numbered)

    shape = (len(catalog), size, size, 3)
    name = _key(catalog, size, fit)
    return keep_images(name, shape, squares, says="decoding", cache=cache, progress=progress)


def keep_images(
    name: str,
    shape: tuple[int, ...],
    make: Callable[[], Iterable[np.ndarray]],
    *,
    says: str,
    cache: Path | None = None,
    progress: bool = True,
) -> np.memmap:
    """Return the store of that name, uint8 of that shape; `make` yields its images if it is new.

    `name` is 32 hexadecimal digits that hold for all that decides the pixels; `says` goes before
    the bar. Raises `OutputError` when there is no space or no permission.
    """
    folder = cache or cache_folder()
    file = folder / f"{name}.npy"
    store = _open(file, shape)
    if store is None:
        new = make()  # what is missing for it is said before anything is written
        with _explaining(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            _check_room(folder, shape)
            with tqdm(new, says, shape[0], unit="img", disable=not progress) as images:
                _build(file, shape, images)
        store = _open(file, shape)
    if store is None:
        raise OutputError(f"{file} was removed or damaged while it was built; try again")
    return store


@contextmanager
def scratch(shape: tuple[int, ...], kind: type[np.generic]) -> Iterator[np.memmap]:
    """A writable array in a file beside the stores, for as long as it is entered.

    Its room is taken at once: a full disk is then an error and not a killed process. Raises as
    `keep_images`.
    """
    folder, size = cache_folder(), math.prod(shape) * np.dtype(kind).itemsize
    with ExitStack() as stack:
        with _explaining(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _check_room(folder, (size,))
            file = stack.enter_context(tempfile.TemporaryFile(dir=folder))
            for start in range(0, size, PIECE):
                file.write(bytes(min(PIECE, size - start)))
            file.flush()
        yield np.memmap(file, kind, "r+", shape=shape)


def choose_size(catalog: Catalog) -> int:
    """Side for a store: the median shorter side, a multiple of 16, from 32 to `LARGEST`.

    Enlarging images adds work and no information.
    """
    shorter = np.minimum(catalog["width"], catalog["height"])[catalog["error"] == ""]
    return int(np.clip(np.median(shorter) // 16 * 16, 32, LARGEST))


def cache_folder() -> Path:
    """``$SPRINGFIELD_CACHE``, or the place the system keeps such things."""
    if chosen := os.environ.get("SPRINGFIELD_CACHE"):
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "springfield"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "springfield"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "springfield"


def _key(catalog: Catalog, size: int, fit: str) -> str:
    """Sha256 of all that decides the pixels, and of nothing else: not of names, not of labels."""
    key = hashlib.sha256(f"{VERSION} {size} {fit} {PAD}\n".encode())
    for digest, error in zip(catalog["sha256"], catalog["error"], strict=True):
        key.update(b"-\n" if error else f"{digest}\n".encode())
    return key.hexdigest()[:32]


def _open(file: Path, shape: tuple[int, ...]) -> np.memmap | None:
    """Map a finished store; None when there is none, or something else under its name."""
    try:
        store = np.load(file, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    whole = isinstance(store, np.memmap) and store.shape == shape and store.dtype == np.uint8
    return store if whole else None


def _check_room(folder: Path, shape: tuple[int, ...]) -> None:
    needed = int(np.prod(shape)) + 4096
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutputError(
            f"the image store needs {needed / 1e6:,.0f} MB but {folder} has "
            f"{free / 1e6:,.0f} MB free; free some space or set SPRINGFIELD_CACHE to another folder"
        )


def _build(file: Path, shape: tuple[int, ...], images: Iterable[np.ndarray]) -> None:
    beside = file.with_name(f"{file.stem}.{_owner()}.{secrets.token_hex(4)}.part")
    started = time.monotonic()
    try:
        # Plain writes, not a writable map: a full disk is then an error and not a killed process.
        with beside.open("wb") as handle:
            npy.write_array_header_1_0(
                handle, {"descr": "|u1", "fortran_order": False, "shape": shape}
            )
            for image in images:
                handle.write(image.tobytes())
            handle.flush()
            os.fsync(handle.fileno())
        try:
            put(beside, file)
        except PermissionError:  # Windows, where another process built it and has it open
            if _open(file, shape) is None:
                raise
    finally:
        beside.unlink(missing_ok=True)
    log.info("stored %d images in %.1f s", shape[0], time.monotonic() - started)


def _square(root: Path, row: tuple[str, str, str], size: int, fit: str) -> np.ndarray:
    path, digest, error = row
    if error:
        return np.full((size, size, 3), PAD, np.uint8)
    try:
        content = read_bytes(root / path)
        if hashlib.sha256(content).hexdigest() == digest:
            return read_square(content, size, fit)
        problem = "its content is not what it was"
    except UnreadableImageError as unreadable:
        problem = str(unreadable)
    raise DataError(
        f"{root / path} has changed since it was scanned ({problem}); put it back as it was, or "
        "start again with another --out"
    )


def _owner() -> str:
    return f"{_home()}.{os.getpid()}"


def _home() -> str:
    """Where a process number means something: this machine, or on it this container."""
    try:
        return f"{socket.gethostname()}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:  # there are no such things elsewhere
        return socket.gethostname()


def _sweep(folder: Path) -> None:
    """Remove what killed builds left behind: their process is gone, or they are a day old."""
    for part in folder.glob(f"{'[0-9a-f]' * 32}.*.part"):  # the folder may be anyone's
        try:
            old = time.time() - part.stat().st_mtime > ABANDONED
            if old or _is_orphan(part):
                part.unlink()
        except OSError:
            continue  # another process was quicker, or it is not ours


def _is_orphan(part: Path) -> bool:
    host, _, pid = part.name.split(".", 1)[1].rsplit(".", 2)[0].rpartition(".")
    if host != _home() or not pid.isdigit() or os.name != "posix":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def _explaining(folder: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # of the bar, not of the store
        raise
    except OSError as problem:
        raise OutputError(
            f"cannot keep the image store in {folder}: {reason_of(problem)} "
            "(SPRINGFIELD_CACHE names another folder)"
        ) from problem
