"""Defects: spoilt files planted among the pictures, so that an audit can be scored.

All are additional: the regular pictures stay as they are. The table defects.csv beside the class
folders has one line per planted file; of a pair it names the copy, not its source. Every kind
occurs `PER_KIND` times at scale 1 (4 % of the pictures in all), proportionally at other scales.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from PIL import Image, ImageEnhance
from tqdm import tqdm

from springfield.images.toons.census import TOWNSFOLK
from springfield.images.toons.picture import draw_picture, picture_of

PER_KIND = 100
FIRST_NEW = 1_000_000  # number of the first picture that no regular one has


@dataclass
class Planter:
    """Where the next spoilt file goes, and what may be copied."""

    folder: Path
    seed: int
    rnd: Random
    sources: list[Path]  # regular pictures, shuffled; each is copied at most once
    fresh: int = FIRST_NEW
    planted: list[tuple[str, str]] = field(default_factory=list)

    def any_class(self, other_than: str = "") -> str:
        """A class, as often as it has pictures, so that rare ones are not swamped."""
        names = [name for name in TOWNSFOLK if name != other_than]
        return self.rnd.choices(names, [TOWNSFOLK[name] for name in names])[0]

    def new_picture(self, name: str) -> bytes:
        """A picture that nothing else in the data set equals."""
        self.fresh += 3  # never two of one scene
        return picture_of(name, self.fresh, self.seed)[1]

    def new_drawing(self, name: str, size: tuple[int, int]) -> Image.Image:
        """Likewise, not yet encoded and of the given width and height."""
        self.fresh += 3
        return draw_picture(name, self.fresh, self.seed, size)

    def plant(self, kind: str, name: str, content: bytes, suffix: str = ".jpg") -> None:
        """Write a file into a class folder under the next free number and note it."""
        number = len(list((self.folder / name).iterdir()))
        file = self.folder / name / f"pic_{number:04d}{suffix}"
        while file.exists():
            number += 1
            file = file.with_name(f"pic_{number:04d}{suffix}")
        file.write_bytes(content)
        self.planted.append((f"{name}/{file.name}", kind))


def plant_defects(folder: Path, scale: float, seed: int, progress: bool = True) -> None:
    """Plant every kind among the finished pictures in `folder`, at least 2 of each."""
    rnd = Random(f"{seed}/defects")
    sources = sorted(folder.glob("*/pic_*"))
    rnd.shuffle(sources)
    planter = Planter(folder, seed, rnd, sources)
    times = max(2, round(PER_KIND * scale))
    plants = [plant for plant in KINDS.values() for _ in range(times)]
    for plant in tqdm(plants, desc="spoiling", unit="file", disable=not progress):
        plant(planter)
    with (folder / "defects.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("path", "kind"))
        writer.writerows(sorted(planter.planted))


def _jpeg(image: Image.Image, quality: int = 88) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _corrupt(planter: Planter) -> None:
    name, rnd = planter.any_class(), planter.rnd
    whole = _jpeg(planter.new_drawing(name, (400, 320)))
    way = rnd.random()
    if way < 0.5:
        content = whole[: round(len(whole) * rnd.uniform(0.1, 0.85))]
    elif way < 0.8:
        content = whole[:4] + rnd.randbytes(rnd.randint(500, 20_000))
    else:
        content = b""
    planter.plant("corrupt", name, content)


def _wrong_type(planter: Planter) -> None:
    name, rnd = planter.any_class(), planter.rnd
    way = rnd.choice(("png as jpg", "gif as png", "text as jpg", "page as jpg", "text"))
    if way in ("png as jpg", "gif as png"):
        file = io.BytesIO()
        planter.new_drawing(name, (360, 300)).save(file, "PNG" if way == "png as jpg" else "GIF")
        planter.plant(
            "wrong_type", name, file.getvalue(), ".jpg" if way == "png as jpg" else ".png"
        )
    elif way == "page as jpg":
        planter.plant("wrong_type", name, b"<!doctype html><title>404</title><h1>Not found</h1>\n")
    else:
        text = f"{rnd.randint(2, 90)} more pictures of {name} to follow.\n".encode()
        planter.plant("wrong_type", name, text, ".jpg" if way == "text as jpg" else ".txt")


def _duplicate(planter: Planter) -> None:
    source = planter.sources.pop()
    planter.plant("duplicate", source.parent.name, source.read_bytes(), source.suffix)


def _near_duplicate(planter: Planter) -> None:
    source = planter.sources.pop()
    planter.plant("near_duplicate", source.parent.name, _nearly(source, planter.rnd))


def _cross_class_duplicate(planter: Planter) -> None:
    source, rnd = planter.sources.pop(), planter.rnd
    name = planter.any_class(other_than=source.parent.name)
    if rnd.random() < 0.5:
        planter.plant("cross_class_duplicate", name, source.read_bytes(), source.suffix)
    else:
        planter.plant("cross_class_duplicate", name, _nearly(source, rnd))


def _nearly(source: Path, rnd: Random) -> bytes:
    """The picture once more: encoded anew, and resized, brightened, cropped, or all of it."""
    with Image.open(source) as opened:
        image = opened.copy()
    ways = rnd.choice(
        (("encode",), ("resize",), ("brighten",), ("crop",), ("resize", "brighten", "crop"))
    )
    width, height = image.size
    if "crop" in ways:
        left, top, right, bottom = (rnd.randint(0, 5) for _ in range(4))
        image = image.crop((left, top, width - right - 1, height - bottom - 1))
    if "resize" in ways:
        factor = rnd.choice((rnd.uniform(0.8, 0.95), rnd.uniform(1.05, 1.25)))
        image = image.resize((round(width * factor), round(height * factor)))
    if "brighten" in ways:
        image = ImageEnhance.Brightness(image).enhance(
            rnd.choice((rnd.uniform(0.86, 0.95), rnd.uniform(1.05, 1.14)))
        )
    return _jpeg(image, rnd.randint(60, 90))


def _too_small(planter: Planter) -> None:
    name, rnd = planter.any_class(), planter.rnd
    short = rnd.randint(8, 23)
    size = (short, rnd.randint(short, 2 * short))
    image = planter.new_drawing(name, (300, 300))
    planter.plant(
        "too_small", name, _jpeg(image.resize(size if rnd.random() < 0.5 else size[::-1]))
    )


def _too_large(planter: Planter) -> None:
    name, rnd = planter.any_class(), planter.rnd
    long = rnd.randint(8001, 8800)
    size = (long, round(long * rnd.uniform(0.18, 0.22)))
    size = size if rnd.random() < 0.6 else size[::-1]
    image = planter.new_drawing(name, (size[0] // 10, size[1] // 10))
    planter.plant("too_large", name, _jpeg(image.resize(size, Image.Resampling.BILINEAR), 40))


def _odd_aspect(planter: Planter) -> None:
    name, rnd = planter.any_class(), planter.rnd
    short = rnd.randint(40, 130)
    size = (round(short * rnd.uniform(6.2, 9)), short)
    planter.plant(
        "odd_aspect",
        name,
        _jpeg(planter.new_drawing(name, size if rnd.random() < 0.6 else size[::-1])),
    )


def _suspicious_label(planter: Planter) -> None:
    shown = planter.any_class()
    planter.plant(
        "suspicious_label", planter.any_class(other_than=shown), planter.new_picture(shown)
    )


KINDS: dict[str, Callable[[Planter], None]] = {
    "corrupt": _corrupt,
    "wrong_type": _wrong_type,
    "duplicate": _duplicate,
    "near_duplicate": _near_duplicate,
    "cross_class_duplicate": _cross_class_duplicate,
    "too_small": _too_small,
    "too_large": _too_large,
    "odd_aspect": _odd_aspect,
    "suspicious_label": _suspicious_label,
}
