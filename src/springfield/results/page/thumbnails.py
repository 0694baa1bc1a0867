"""Thumbnails: pictures of the user's, small enough to travel inside the page."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image

from springfield.errors import UnreadableImageError
from springfield.images.decode import decode
from springfield.results.page.html import Html, tag, void

SIDE = 240  # pixels: sharp at 120 on a dense screen
QUALITY = 80


def thumbnail(file: Path, alt: str, *, side: int = SIDE) -> Html:
    """Return an ``<img>`` with the picture inside, or a frame that says it is not there.

    Its longer side has at most `side` pixels. A file that has moved since must not break the page.
    """
    try:
        pixels = decode(file, at_least=side)
    except UnreadableImageError:
        return tag("span", "×", class_="missing", role="img", aria_label=alt, title=str(file))
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return void(
        "img",
        src=data_uri(image),
        alt=alt,
        width=image.width,
        height=image.height,
        decoding="async",
    )


def data_uri(image: Image.Image) -> str:
    """The picture as a ``data:`` address, JPEG."""
    content = io.BytesIO()
    image.save(content, "JPEG", quality=QUALITY, optimize=True)
    return jpeg_uri(content.getvalue())


def jpeg_uri(content: bytes) -> str:
    """A JPEG as a ``data:`` address."""
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
