"""Material: the same images, split and held-out images for every peer."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from springfield.images.catalog import Catalog
from springfield.images.decode import decode
from springfield.images.scan import in_threads
from springfield.images.store import choose_size
from springfield.recipe import load_recipe
from springfield.verbs.split import split

ROOM = 1.5  # shorter side of a prepared image over the side learned at: enough to crop from


@dataclass(frozen=True)
class Material:
    """What all peers of one seed learn from and are judged by."""

    folder: Path
    size: int  # side in pixels that the images are learned at
    parts: dict[str, str]  # "train", "val", "test" by path
    truth: dict[str, str]  # label of each held-out path

    @property
    def images(self) -> Path:
        """Folder with train/<class>/<file>, val/... and test/..."""
        return self.folder / "images"

    @property
    def table(self) -> Path:
        """CSV file with path,label,part,file."""
        return self.folder / "images.csv"


def prepare(data: Path, folder: Path, seed: int) -> Material:
    """Split as `springfield split` does, and write each image once as a PNG file, by its part.

    The files are decoded and reduced before any clock runs, so that no peer loses its time on
    large, odd or damaged ones. Those whose shorter side is small enough keep their size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest, table = folder / "manifest.csv", folder / "images.csv"
    recipe = load_recipe("default", (f"split.seed={seed}",))
    manifest.unlink(missing_ok=True)
    catalog = split(data, manifest, recipe=recipe, progress=False)
    catalog = catalog.where(catalog["part"] != "")
    size, columns = choose_size(catalog), ("path", "label", "part")
    rows = list(zip(*(catalog[name].tolist() for name in columns), strict=True))
    names = [f"{part}/{label}/{row:06}.png" for row, (_, label, part) in enumerate(rows)]
    if not table.exists():
        _write_images(catalog, [folder / "images" / name for name in names], round(ROOM * size))
    with table.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow((*columns, "file"))
        writer.writerows((*row, name) for row, name in zip(rows, names, strict=True))
    parts = {path: part for path, _, part in rows}
    truth = {path: label for path, label, part in rows if part == "test"}
    return Material(folder, size, parts, truth)


def _write_images(catalog: Catalog, files: list[Path], shorter: int) -> None:
    for parent in {file.parent for file in files}:
        parent.mkdir(parents=True, exist_ok=True)

    def write(pair: tuple[Path, Path]) -> None:
        source, file = pair
        picture = Image.fromarray(np.ascontiguousarray(decode(source, at_least=2 * shorter)))
        share = shorter / min(picture.size)
        if share < 1:
            width, height = (max(1, round(share * side)) for side in picture.size)
            picture = picture.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)
        picture.save(file, compress_level=1)

    for _ in in_threads(write, list(zip(catalog.files(), files, strict=True))):
        pass
