"""Fixtures that many tests share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

TINY_COUNTS = {"barn": 24, "mill": 12, "pier": 6, "tower": 1}
"""Images per class that `tiny` draws, before its oddities."""


def draw_scene(number: int, size: tuple[int, int] = (96, 80)) -> Image.Image:
    """A picture of its own for every number: a coloured ground and a dozen shapes on it."""
    rng = np.random.default_rng([71, number])
    width, height = size
    image = Image.new("RGB", size, tuple(rng.integers(0, 256, 3).tolist()))
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = rng.integers(0, width), rng.integers(0, height)
        w, h = rng.integers(width // 8, width // 2), rng.integers(height // 8, height // 2)
        paint = tuple(rng.integers(0, 256, 3).tolist())
        shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        shape((x - w / 2, y - h / 2, x + w / 2, y + h / 2), fill=paint)
    return image


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder with every kind of oddity. Read only: use `tiny_copy` to change files.

    ==================  ==========================================================
    class               holds
    ==================  ==========================================================
    barn                24 JPEGs, and `torn.jpg`, cut off in the middle
    mill                12 JPEGs, and `twin.jpg`, byte for byte `barn/000.jpg`
    pier                6 JPEGs, of which `002.jpg` is grey, and `clear.png` with alpha
    tower               1 JPEG with a unicode name
    ==================  ==========================================================

    The picture of a class has its number in the colour of a stripe, so that it can be learned.
    """
    root = tmp_path_factory.mktemp("tiny") / "scenes"
    number = 0
    for place, (label, count) in enumerate(TINY_COUNTS.items()):
        (root / label).mkdir(parents=True)
        for index in range(count):
            image = draw_scene(number)
            tint = [(210, 40, 40), (40, 190, 60), (50, 70, 220), (240, 220, 40)][place]
            ImageDraw.Draw(image).rectangle((0, 0, 96, 16), fill=tint)
            image.save(root / label / f"{index:03}.jpg", quality=90)
            number += 1
    (root / "tower" / "000.jpg").rename(root / "tower" / "tårn–塔.jpg")
    whole = (root / "barn" / "001.jpg").read_bytes()
    (root / "barn" / "torn.jpg").write_bytes(whole[: len(whole) // 2])
    shutil.copy(root / "barn" / "000.jpg", root / "mill" / "twin.jpg")
    draw_scene(1000).convert("L").save(root / "pier" / "002.jpg")
    clear = draw_scene(1001).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    clear.save(root / "pier" / "clear.png")
    return root


@pytest.fixture
def tiny_copy(tiny: Path, tmp_path: Path) -> Path:
    """A copy of `tiny` that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "scenes"))


def _film(
    file: Path,
    pictures: Sequence[tuple[float, np.ndarray]],
    *,
    codec: str = "libx264",
    turn: int = 0,
    aspect: int = 1,
    **options: str,
) -> Path:
    """Write (seconds, uint8 [H, W, 3]) as a video, by the file's ending; 25 moments a second."""
    with av.open(str(file), "w", options=options) as container:
        stream = container.add_stream(codec, rate=25)
        if turn:
            stream.set_display_rotation(turn)
        stream.height, stream.width = pictures[0][1].shape[:2]
        stream.pix_fmt, stream.codec_context.sample_aspect_ratio = "yuv420p", aspect
        for seconds, pixels in pictures:
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = round(seconds * 25), Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file


@pytest.fixture(scope="session")
def film() -> Callable[..., Path]:
    """`film(file, pictures, codec=, turn=, aspect=)` writes a video from timed pictures."""
    return _film


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test out of the cache folder of whoever runs it."""
    monkeypatch.setenv("SPRINGFIELD_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
