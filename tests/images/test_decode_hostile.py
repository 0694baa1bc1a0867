"""The decoder against damaged, cut off, greedy and foreign files: an error, and no harm."""

from __future__ import annotations

import io
import os
import random
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest
from PIL import Image

from springfield.errors import MemoryShortError, UnreadableImageError
from springfield.images.decode import FORMATS, MAX_BYTES, decode, look


def scene(size: tuple[int, int] = (120, 90)) -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert("RGB")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


@pytest.mark.parametrize("at_least", [0, 32])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("GIF", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("PPM", {}),
        ("AVIF", {}),
    ],
)
def test_decode__truncated_is_an_error(
    kind: str, options: dict[str, object], at_least: int
) -> None:
    content = encoded(scene((640, 480)), kind, **options)
    for share in (0.001, 0.02, 0.3, 0.5, 0.9, 0.97, 0.99):
        with pytest.raises(UnreadableImageError):
            decode(content[: int(len(content) * share)], at_least=at_least)


def test_decode__zeros_in_place_of_the_end_are_an_error() -> None:
    content = encoded(scene((640, 480)), "JPEG")
    half = content[: len(content) // 2]
    with pytest.raises(UnreadableImageError, match="zeros"):
        decode(half + bytes(len(content) - len(half)))
    decode(content + bytes(4096))  # padding behind a whole picture is harmless


def repeating(content: bytes, times: int) -> bytes:
    """A progressive JPEG with its last scan, a refinement that changes nothing, once more."""
    start, end = content.rindex(b"\xff\xda"), content.rindex(b"\xff\xd9")
    return content[:end] + times * content[start:end] + content[end:]


def test_decode__a_jpeg_of_endless_scans_is_an_error() -> None:
    content = encoded(scene(), "JPEG", progressive=True)
    assert decode(repeating(content, 20)).shape == (90, 120, 3)
    for read in (decode, look):
        with pytest.raises(UnreadableImageError, match="more than 100 scans in a JPEG"):
            read(repeating(content, 100))


def test_decode__several_pictures_or_a_video_in_a_jpeg_are_no_scans() -> None:
    frames = [scene((64 + i, 48)) for i in range(5)]
    several = encoded(frames[0], "MPO", save_all=True, append_images=frames[1:], progressive=True)
    assert decode(several).shape == (48, 64, 3)
    assert decode(several + 999 * b"\xff\xda").shape == (48, 64, 3)


def png_claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


def webp_claiming(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 9) + b"\x2f" + struct.pack("<I", bits) + bytes(5)
    return b"RIFF" + struct.pack("<I", len(body)) + body


GREEDY = {
    "webp": webp_claiming(16384, 16384),
    "webp extended": b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\xff\x3f\xff\xff\x3f\0\0\0\0",
    "png": png_claiming(20_000, 20_000),
    "png of over 64 but under 90 megapixels": png_claiming(9_000, 9_000),
    "gif": b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x01",
    "ppm": b"P6 30000 30000 255\n" + bytes(64),
    "bmp": b"BM" + struct.pack("<IIIIiiHHIIiiII", 70, 0, 54, 40, 30000, 30000, 1, 24, *(0,) * 6),
}


@pytest.mark.parametrize("name", GREEDY)
def test_decode__huge_claims_are_refused_before_decoding(name: str) -> None:
    with pytest.raises(UnreadableImageError, match="megapixels"):
        decode(GREEDY[name])


@pytest.mark.parametrize("name", ["webp", "webp extended"])
def test_decode__huge_webp_never_reaches_pillow(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("its canvas was reserved"))
    with pytest.raises(UnreadableImageError, match="megapixels"):
        decode(GREEDY[name])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty file"),
        (b"just some text", "not an image"),
        (b"%PDF-1.4 nothing to see", "not an image"),
        (b"\xff\xd8\xff", "not an image"),
        (b"RIFF\x04\x00\x00\x00WEBP", "not an image"),
    ],
)
def test_decode__what_is_no_image(content: bytes, words: str) -> None:
    for read in (decode, look):
        with pytest.raises(UnreadableImageError, match=f"^{words}$"):
            read(content)


def test_decode__what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")  # opening it would wait for ever
    (tmp_path / "folder.jpg").mkdir()
    with (tmp_path / "vast.jpg").open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)
    for name, words in (
        ("pipe.jpg", "not a regular file"),
        ("folder.jpg", "not a regular file"),
        ("vast.jpg", "more than 256 MB"),
        ("absent.jpg", "No such file"),
    ):
        with pytest.raises(UnreadableImageError, match=words):
            decode(tmp_path / name)


def test_decode__only_known_formats() -> None:
    with pytest.raises(UnreadableImageError, match="not an image"):
        decode(encoded(scene(), "TGA"))


def test_decode__damaged_at_random_is_read_or_refused() -> None:
    chance = random.Random(5)
    seeds = [encoded(scene((48, 36)), kind) for kind in FORMATS if kind != "TIFF"]  # libtiff talks
    refusals = []
    for _ in range(1500):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 4, 16))):
            content[chance.randrange(min(len(content), 300))] = chance.randrange(256)
        try:
            assert decode(bytes(content)).ndim == 3
        except UnreadableImageError as problem:
            refusals.append(str(problem))
    assert 100 < len(refusals) < 1500
    assert all(words and "\n" not in words for words in refusals)


def test_decode__warnings_stay_inside_in_threads() -> None:
    loud = png_claiming(9_000, 11_000)  # Pillow warns of a decompression bomb
    long = encoded(scene((800, 600)), "JPEG")  # decoded without Python's lock, so threads overlap

    def attempt(number: int) -> None:
        if number % 2:
            decode(long)
        else:
            with pytest.raises(UnreadableImageError):
                decode(loud)

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(attempt, range(100)))
        assert warnings.filters == before
    assert heard == []


def test_decode__a_name_with_a_zero_byte_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImageError, match="null byte"):
        decode(tmp_path / "a\0b.jpg")


def test_decode__a_memory_that_is_full_is_no_damaged_image(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: Any, **__: Any) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(Image, "open", full)
    with pytest.raises(MemoryShortError, match="does not fit into memory"):
        decode(b"GIF89a")


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_decode__a_phones_heic_says_what_it_is(brand: bytes) -> None:
    content = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + bytes(100)
    with pytest.raises(UnreadableImageError, match="HEIC, as phones write it, is not read"):
        decode(content)
