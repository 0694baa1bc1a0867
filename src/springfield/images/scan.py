"""Scan: read every file once, and write down what it is."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from springfield.errors import UnreadableImageError
from springfield.images.catalog import Catalog
from springfield.images.decode import NO_IMAGE, Look, examine, look, read_bytes
from springfield.images.fingerprint import LENGTH, SAMPLE, fingerprint
from springfield.images.layout import IMAGE_ENDINGS
from springfield.images.sources import Source, find_sources

THREADS = max(2, min(4, os.cpu_count() or 2))  # each holds one decoded image at a time
OTHERS = (b"%PDF", b"PK", b"\x1f\x8b", b"Rar!", b"\x1aE\xdf\xa3")  # how files of other types begin
ROUND = 64  # files that the threads are ahead: as many results may wait in memory

Item = TypeVar("Item")
Result = TypeVar("Result")


def scan(data: Path, *, progress: bool = True) -> tuple[Catalog, np.ndarray]:
    """Return the catalog of a folder or table of images, and fingerprints, uint8 [n, F].

    The columns are path, label, width, height, bytes, format, sha256 and error, and group_name if
    the table has groups; rows are sorted by path. A file that cannot be decoded has its reason in
    ``error`` and a fingerprint of zeros. Nothing is changed in the folder.
    Raises `DataError` when there is nothing to read or the layout is not understood.
    """
    root, sources = find_sources(data)
    rows: list[Row] = []
    fingerprints = np.zeros((len(sources), LENGTH), np.uint8)
    with tqdm(total=len(sources), desc="reading", unit="img", disable=not progress) as bar:
        for row, pixels_print in in_threads(lambda source: _read(root, source), sources):
            fingerprints[len(rows)] = pixels_print
            rows.append(row)
            bar.update()
    columns = zip(*rows, strict=True)
    names = ("width", "height", "bytes", "format", "sha256", "error")
    catalog = Catalog(root, {}).with_columns(
        path=[source.path for source in sources],
        label=[source.label for source in sources],
        **dict(zip(names, columns, strict=True)),
    )
    groups = [source.group for source in sources]
    return catalog.with_columns(group_name=groups) if any(groups) else catalog, fingerprints


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield `work(item)` in order, from a few threads that stay at most a round ahead."""
    pending = iter(items)
    with ThreadPoolExecutor(THREADS) as pool:
        ahead = deque(pool.submit(work, item) for item in islice(pending, ROUND))
        try:
            while ahead:
                done = ahead.popleft().result()
                ahead.extend(pool.submit(work, item) for item in islice(pending, 1))
                yield done
        finally:
            for waiting in ahead:
                waiting.cancel()


BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")  # JPEG, PNG, TIFF
Row = tuple[int, int, int, str, str, str]  # width, height, bytes, format, sha256, error
UNKNOWN = Look(0, 0, "")


def _read(root: Path, source: Source) -> tuple[Row, np.ndarray]:
    blank = np.zeros(LENGTH, np.uint8)
    if source.error:
        return (0, 0, 0, "", "", source.error), blank
    try:
        content = read_bytes(root / source.path)
    except UnreadableImageError as problem:
        return (0, 0, 0, "", "", str(problem)), blank
    size, digest = len(content), hashlib.sha256(content).hexdigest()
    try:
        seen, pixels = examine(content, at_least=2 * SAMPLE)
    except UnreadableImageError as problem:
        seen, error = _look_or_unknown(content), str(problem)
        if error == NO_IMAGE and content.startswith(BEGINNINGS):
            error = "damaged head, or bits or bands that are not read; convert it to 8-bit RGB"
        elif error == NO_IMAGE and _was_an_image(source.path, content[:512]):
            error = "nothing of an image is left in it"
        return (seen.width, seen.height, size, seen.format, digest, error), blank
    row = (seen.width, seen.height, size, seen.format, digest, "")
    return row, fingerprint(pixels)


def _look_or_unknown(content: bytes) -> Look:
    try:
        return look(content)
    except UnreadableImageError:
        return UNKNOWN


def _was_an_image(path: str, start: bytes) -> bool:
    """Whether a file that no decoder knows is named like an image and is nothing else either."""
    if not path.lower().endswith(IMAGE_ENDINGS):
        return False
    if start.startswith(OTHERS) or start[4:8] == b"ftyp":  # the latter: films and HEIC
        return False
    text = start.decode("utf-8", "ignore")  # a character may be cut at the end
    return "\0" in text or len(text.encode()) < len(start) - 3
