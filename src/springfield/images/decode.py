"""The one decoder: a file's bytes to the pixels a person would see.

Audit, training, prediction and serving all come through here, so that no two of them can differ
in what they make of orientation, transparency, palettes, ink colours or 16-bit grey.
"""

from __future__ import annotations

import io
import math
import re
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, UnidentifiedImageError

from springfield.errors import MemoryShortError, UnreadableImageError
from springfield.images.silence import Silence

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "AVIF")
MAX_PIXELS = 64_000_000  # a 50-megapixel phone fits; on the way to 192 MB it takes about 1 GB
LARGE = 16_000_000  # pixels above which one picture is decoded at a time
MAX_BYTES = 256_000_000
MAX_SCANS = 100  # of a JPEG; progressive ones have some ten for each picture inside
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")  # brands of its files
NO_IMAGE = "not an image"  # what is said of a file of another type
# The head of a scan: marker, length and number of components, or it would also be met by chance in
# a video that a phone puts behind the picture.
SCAN = re.compile(rb"\xff\xda\x00(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
ROWS = 256  # that are brought to eight bits at a time
PAD = 128  # mid grey: the least contrast to whatever the picture's edge is
VERSION = f"3-pillow{PIL.__version__}"  # part of every store's key: raise it when pixels change

# EXIF orientation -> how to turn the stored pixels into the displayed ones
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)
_SILENCE, _TURN = Silence(), threading.Lock()


@dataclass(frozen=True)
class Look:
    """What an image is, as displayed."""

    width: int  # pixels
    height: int
    format: str  # one of FORMATS: of the content, whatever the file's name says


def decode(source: Path | bytes, *, at_least: int = 0) -> np.ndarray:
    """Return the first frame as displayed, uint8 [H, W, 3] RGB.

    With `at_least`, a JPEG may come reduced by 2, 4 or 8 as long as its shorter side keeps that
    many pixels; all of its data is still read, so damage is still noticed.
    Raises `UnreadableImageError` when the file is damaged, truncated, too large or no image.
    """
    return examine(source, at_least=at_least)[1]


def look(source: Path | bytes) -> Look:
    """Return size and format from the header alone, without decoding.

    Raises `UnreadableImageError` when there is no header to read.
    """
    with _refusing(), _open(source) as image:
        # Pillow has turned a TIFF's size already, and would decode a whole PNG to find its EXIF.
        late = image.format == "TIFF" or (image.format == "PNG" and "exif" not in image.info)
        return _look(image, image.size, 1 if late else _orientation(image))


def examine(source: Path | bytes, *, at_least: int = 0) -> tuple[Look, np.ndarray]:
    """`look` and `decode` in one reading; the `Look` has the full size, reduced or not."""
    with _refusing(), _open(source) as image:
        full = image.size
        check_pixels(*full)
        if at_least:
            image.draft(None, (at_least, at_least))
        # a progressive JPEG is held whole, however far it comes reduced
        held = full if "progressive" in image.info else image.size
        with _TURN if math.prod(held) > LARGE else nullcontext():
            image.load()
            orientation = _orientation(image)
            shown = _eight_bits(image)
            if orientation in TURNS:
                shown = shown.transpose(TURNS[orientation])
            return _look(image, full, orientation), np.array(shown)


def to_square(pixels: np.ndarray, size: int, fit: str) -> np.ndarray:
    """Bring uint8 [H, W, 3] to uint8 [size, size, 3].

    ``letterbox`` keeps everything and pads with grey, ``crop`` keeps the middle square,
    ``stretch`` changes the aspect ratio.
    """
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels)
    if fit == "stretch":
        return _resize(image, (size, size), (0, 0, width, height))
    if fit == "crop":
        side = min(height, width)
        left, top = (width - side) // 2, (height - side) // 2
        return _resize(image, (size, size), (left, top, left + side, top + side))
    if fit != "letterbox":
        raise ValueError(f"unknown fit '{fit}'")
    scale = size / max(height, width)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    square = np.full((size, size, 3), PAD, np.uint8)
    left, top = (size - inner[0]) // 2, (size - inner[1]) // 2
    square[top : top + inner[1], left : left + inner[0]] = _resize(
        image, inner, (0, 0, width, height)
    )
    return square


def picture_box(width: int, height: int, fit: str) -> tuple[float, float, float, float]:
    """Where a picture lies in its square: left, top, right and bottom, as shares of the side.

    Only ``letterbox`` leaves something around it.
    """
    if fit != "letterbox":
        return 0.0, 0.0, 1.0, 1.0
    across, down = width / max(width, height), height / max(width, height)
    return (1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2


def read_square(source: Path | bytes, size: int, fit: str) -> np.ndarray:
    """Decode and resize to uint8 [size, size, 3]: the only way into a network.

    Raises `UnreadableImageError`.
    """
    # Twice the size: averaging down from there hides what the reduced decoding does to edges.
    return to_square(decode(source, at_least=2 * size), size, fit)


def read_bytes(file: Path) -> bytes:
    """Return a file's content. Raises `UnreadableImageError`, also for pipes and devices."""
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableImageError("not a regular file")
        if status.st_size > MAX_BYTES:
            raise UnreadableImageError(f"file of more than {MAX_BYTES // 1_000_000} MB")
        return file.read_bytes()
    except OSError as problem:
        raise UnreadableImageError(f"cannot be read: {problem.strerror}") from problem
    except ValueError as problem:  # a name with a zero byte, from a table
        raise UnreadableImageError(f"cannot be read: {problem}") from problem


def _open(source: Path | bytes) -> Image.Image:
    content = source if isinstance(source, bytes) else read_bytes(source)
    if not content:
        raise UnreadableImageError("empty file")
    if content[4:8] == b"ftyp" and content[8:12] in HEIC and b"avif" not in content[:64]:
        raise UnreadableImageError("HEIC, as phones write it, is not read; convert it to JPEG")
    if content.startswith(b"\xff\xd8"):
        _check_jpeg(content)
    # Pillow's WebP reader reserves the whole canvas on opening, before its size can be checked.
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        check_pixels(*_webp_size(content))
    return Image.open(io.BytesIO(content), formats=FORMATS)


def check_pixels(width: int, height: int) -> None:
    """Raise `UnreadableImageError` for a picture whose pixels would fill the memory."""
    if width * height > MAX_PIXELS:
        million = MAX_PIXELS // 1_000_000
        raise UnreadableImageError(f"{width}x{height} is more than {million} megapixels")


def _check_jpeg(content: bytes) -> None:
    """Raise `UnreadableImageError` for what its decoder would take without a complaint."""
    if _ends_in_void(content):
        raise UnreadableImageError("truncated: the end of the file is filled with zeros")
    # Each scan goes over the whole picture, and may take a few bytes only.
    if len(SCAN.findall(content)) > MAX_SCANS:
        raise UnreadableImageError(f"more than {MAX_SCANS} scans in a JPEG")


def _ends_in_void(content: bytes) -> bool:
    """Whether a JPEG stops short of its end marker, as after a download that was cut off.

    Its decoder takes zeros for flat blocks and complains of nothing.
    """
    return content.endswith(bytes(512)) and not content.rstrip(b"\0").endswith(b"\xff\xd9")


def _webp_size(content: bytes) -> tuple[int, int]:
    """Canvas size of a WebP (RFC 9649, sections 2.5 to 2.7)."""
    chunk, body = content[12:16], content[20:30]
    if chunk == b"VP8X":
        return (
            1 + int.from_bytes(body[4:7], "little"),
            1 + int.from_bytes(body[7:10], "little"),
        )
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return (
            int.from_bytes(body[6:8], "little") & 0x3FFF,
            int.from_bytes(body[8:10], "little") & 0x3FFF,
        )
    raise UnreadableImageError(NO_IMAGE)


def _look(image: Image.Image, size: tuple[int, int], orientation: int) -> Look:
    width, height = size[::-1] if orientation in SIDEWAYS else size
    # Pillow calls a JPEG with a second picture inside (many phones) MPO.
    return Look(width, height, "JPEG" if image.format == "MPO" else str(image.format))


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # damaged EXIF does not damage the picture
        return 1
    return value if isinstance(value, int) else 1


def _eight_bits(image: Image.Image) -> Image.Image:
    """Any mode Pillow knows to "RGB"."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return Image.fromarray(_scaled(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        # White, as paper and most pages are: what lies under full transparency is not meant to
        # be seen, and cut-out drawings with dark outlines would vanish on black.
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _scaled(values: np.ndarray) -> np.ndarray:
    """Grey [H, W] to uint8: whole numbers by the range of 12 or 16 bits, all others by their own.

    Cameras of 12 bits write files of 16, of which the upper sixteenths stay empty, and some
    programs write 8 bits as 16; so a picture of 16 bits that is as dark as that is brightened.
    """
    sixteen = values.dtype.kind != "f" and values.min() >= 0 and values.max() <= 65535
    low = 0.0
    if not sixteen:
        low = min(float(part.min()) for _, part in _strips(values))
        high = max(float(part.max()) for _, part in _strips(values))
    else:
        high = next(most for most in (255.0, 4095.0, 65535.0) if values.max() <= most)
    grey = np.empty(values.shape, np.uint8)
    for rows, part in _strips(values):
        grey[rows] = np.rint((part - low) * (255 / max(high - low, 1e-12)))
    return grey


def _strips(values: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Some rows at a time, as finite float64: of a whole picture that would be half a gigabyte."""
    for start in range(0, len(values), ROWS):
        rows = slice(start, start + ROWS)
        yield rows, np.nan_to_num(values[rows].astype(np.float64), posinf=0, neginf=0)


def _resize(
    image: Image.Image, size: tuple[int, int], box: tuple[int, int, int, int]
) -> np.ndarray:
    across, down = (box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]
    # Area averaging from 2:1 on; nearer to 1:1 it would double some pixels and not others.
    area = min(across, down) >= 2
    kernel = Image.Resampling.BOX if area else Image.Resampling.BILINEAR
    return np.array(image.resize(size, kernel, box))


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn whatever Pillow raises on a damaged file into `UnreadableImageError`."""
    try:
        with _SILENCE:
            yield
    except UnreadableImageError:
        raise
    except MemoryError:
        raise MemoryShortError("an image does not fit into memory; close other programs") from None
    except UnidentifiedImageError:
        raise UnreadableImageError(NO_IMAGE) from None
    except Image.DecompressionBombError:
        raise UnreadableImageError(f"more than {MAX_PIXELS // 1_000_000} megapixels") from None
    except Exception as problem:  # its plugins raise nearly every kind there is
        words = (str(problem).strip().splitlines() or [type(problem).__name__])[0][:200]
        spoken = isinstance(problem, OSError)  # the rest is meant for programmers
        raise UnreadableImageError(words if spoken else f"damaged: {words}") from problem
