"""The decoder: every format and mode as a person would see it, and no harm from hostile files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from springfield.images.decode import (
    FORMATS,
    PAD,
    TURNS,
    decode,
    examine,
    look,
    read_square,
    to_square,
)

EXACT = ("PNG", "BMP", "TIFF", "PPM")
TURNED = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")


def scene(size: tuple[int, int] = (120, 90)) -> Image.Image:
    """A smooth picture with no symmetry, so that compression changes it little."""
    width, height = size
    x = Image.linear_gradient("L").rotate(90).resize(size)
    y = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", (x, y, Image.new("L", size, 60)))
    ImageDraw.Draw(image).rectangle((0, 0, width // 3, height // 4), fill=(240, 240, 30))
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def difference(pixels: np.ndarray, image: Image.Image) -> float:
    wanted = np.asarray(image.convert("RGB"), dtype=np.int64)
    assert pixels.shape == wanted.shape
    return float(np.abs(pixels - wanted).mean())


def grey_levels(content: bytes) -> list[int]:
    pixels = decode(content)
    assert (pixels == pixels[..., :1]).all()
    return [int(value) for value in pixels[0, :, 0]]


@pytest.mark.parametrize("kind", FORMATS)
def test_decode__every_format(kind: str) -> None:
    options = {"quality": 95} if kind in ("JPEG", "WEBP", "AVIF") else {}
    content = encoded(scene(), kind, **options)
    pixels = decode(content)
    assert pixels.dtype == np.uint8
    assert difference(pixels, scene()) <= (0 if kind in EXACT else 4)
    assert (look(content).width, look(content).height, look(content).format) == (120, 90, kind)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", TURNED)
def test_decode__turns_as_exif_says(kind: str, orientation: int) -> None:
    stored = scene()
    if orientation in TURNS:
        turn = TURNS[orientation]
        back = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}.get(orientation, turn)
        stored = stored.transpose(back)
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(stored, kind, exif=exif.tobytes())
    seen, pixels = examine(content)
    assert difference(pixels, scene()) < 6
    assert (seen.width, seen.height) == (120, 90)
    assert look(content) == seen


def test_decode__damaged_exif_is_no_damage() -> None:
    content = encoded(scene(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert difference(decode(content), scene()) < 6


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_decode__hidden_colours_under_alpha_are_white(mode: str) -> None:
    image = Image.new(mode, (3, 1), "black")
    for x, alpha in enumerate((0, 128, 255)):
        image.putpixel((x, 0), (*(0,) * (len(mode) - 1), alpha))
    pixels = decode(encoded(image, "PNG"))
    assert pixels[0, :, 0].tolist() == [255, 127, 0]


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_decode__transparent_palette_entry_is_white(kind: str) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 0), 1)
    pixels = decode(encoded(image, kind, transparency=0))
    assert pixels[0].tolist() == [[255, 255, 255], [0, 0, 200]]


def test_decode__transparent_single_colour_is_white() -> None:
    image = Image.new("RGB", (2, 1), (10, 20, 30))
    image.putpixel((1, 0), (50, 60, 70))
    pixels = decode(encoded(image, "PNG", transparency=(10, 20, 30)))
    assert pixels[0].tolist() == [[255, 255, 255], [50, 60, 70]]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_decode__sixteen_bit_grey_is_scaled_not_clipped(kind: str) -> None:
    values = np.array([[0, 257, 32896, 65535]], np.uint16)
    assert grey_levels(encoded(Image.fromarray(values), kind)) == [0, 1, 128, 255]


def test_decode__a_camera_of_twelve_bits_is_not_black() -> None:
    values = np.array([[0, 2048, 4095]], np.uint16)
    assert grey_levels(encoded(Image.fromarray(values), "PNG")) == [0, 128, 255]
    eight = np.array([[0, 100, 255]], np.uint16)  # written as 16 bits
    assert grey_levels(encoded(Image.fromarray(eight), "PNG")) == [0, 100, 255]


def test_decode__other_depths_by_their_own_range() -> None:
    floats = np.array([[-1, 0, 1]], np.float32)
    assert grey_levels(encoded(Image.fromarray(floats), "TIFF")) == [0, 128, 255]
    long = np.array([[0, 1_000_000, 2_000_000]], np.int32)
    assert grey_levels(encoded(Image.fromarray(long), "TIFF")) == [0, 128, 255]


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF"])
def test_decode__one_bit(kind: str) -> None:
    image = Image.new("1", (2, 1))
    image.putpixel((1, 0), 1)
    assert grey_levels(encoded(image, kind)) == [0, 255]


def test_decode__palette_bitmap_is_not_taken_for_grey() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 0), 1)
    assert decode(encoded(image, "BMP"))[0].tolist() == [[200, 0, 0], [0, 0, 200]]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_decode__ink_colours(kind: str) -> None:
    assert difference(decode(encoded(scene().convert("CMYK"), kind)), scene()) < 6


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_decode__first_frame_only(kind: str) -> None:
    black = [Image.new("RGB", (120, 90)) for _ in range(3)]
    content = encoded(scene(), kind, save_all=True, append_images=black)
    assert difference(decode(content), scene()) < 6


@pytest.mark.parametrize("at_least", [20, 45, 46, 90, 91, 500])
def test_decode__reduced_keeps_the_shorter_side(at_least: int) -> None:
    content = encoded(scene((480, 360)), "JPEG", quality=95)
    seen, pixels = examine(content, at_least=at_least)
    assert min(pixels.shape[:2]) >= min(at_least, 360)
    assert (seen.width, seen.height) == (480, 360)
    height, width = pixels.shape[:2]
    assert difference(pixels, scene((480, 360)).resize((width, height))) < 3


def test_decode__reduced_is_smaller() -> None:
    content = encoded(scene((480, 360)), "JPEG")
    assert decode(content, at_least=45).shape == (45, 60, 3)
    assert decode(content, at_least=46).shape == (90, 120, 3)


def test_decode__whole_webp_is_read() -> None:
    # The size check reads the header itself: all three kinds must pass through it.
    for options in ({}, {"lossless": True}, {"exif": Image.Exif().tobytes() or b"Exif\0\0"}):
        assert decode(encoded(scene((33, 77)), "WEBP", **options)).shape == (77, 33, 3)


@pytest.mark.parametrize("shape", [(60, 90), (90, 60), (1, 200), (7, 5)])
@pytest.mark.parametrize("fit", ["letterbox", "crop", "stretch"])
def test_to_square__shape(fit: str, shape: tuple[int, int]) -> None:
    square = to_square(np.full((*shape, 3), 200, np.uint8), 32, fit)
    assert square.shape == (32, 32, 3)
    assert square.dtype == np.uint8
    if fit != "letterbox":
        assert (square == 200).all()


def test_to_square__letterbox_keeps_all_and_pads_with_grey() -> None:
    square = to_square(np.full((20, 80, 3), 200, np.uint8), 40, "letterbox")
    assert (square[15:25] == 200).all()
    assert (square[:15] == PAD).all()
    assert (square[25:] == PAD).all()


def test_to_square__crop_keeps_the_middle() -> None:
    pixels = np.zeros((20, 60, 3), np.uint8)
    pixels[:, 20:40] = 200
    assert (to_square(pixels, 20, "crop") == 200).all()


def test_to_square__shrinking_averages_areas() -> None:
    board = np.indices((64, 64)).sum(0) % 2 * 255
    square = to_square(np.repeat(board[..., None], 3, 2).astype(np.uint8), 16, "stretch")
    assert np.abs(square.astype(int) - 128).max() <= 1


def test_to_square__shrinking_a_little_keeps_steps_even() -> None:
    ramp = np.broadcast_to(np.arange(44)[None, :, None] * 5, (44, 44, 3)).astype(np.uint8)
    steps = np.diff(to_square(ramp, 40, "stretch")[20, 2:-2, 0].astype(int))
    assert steps.max() - steps.min() <= 1


def test_to_square__same_size_is_unchanged() -> None:
    pixels = np.asarray(scene((64, 64)))
    for fit in ("letterbox", "crop", "stretch"):
        assert (to_square(pixels, 64, fit) == pixels).all()


def test_to_square__unknown_fit() -> None:
    with pytest.raises(ValueError, match="squeeze"):
        to_square(np.zeros((4, 4, 3), np.uint8), 2, "squeeze")


def test_read_square__file_and_bytes_agree(tmp_path: Path) -> None:
    content = encoded(scene((480, 360)), "JPEG")
    (tmp_path / "scene.jpg").write_bytes(content)
    from_file = read_square(tmp_path / "scene.jpg", 32, "letterbox")
    assert (from_file == read_square(content, 32, "letterbox")).all()
    full = to_square(decode(content), 32, "letterbox")
    assert np.abs(from_file.astype(int) - full).mean() < 2  # reduced decoding changes little
