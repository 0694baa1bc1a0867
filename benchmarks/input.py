"""The way in: files to the store, the store to batches, and the variation of images.

    python benchmarks/input.py DATA --out FOLDER [--sizes 64 128] [--images 20000]

Measures, for each side: building the store (decoding and reducing every file, its bytes checked),
plain batches out of it, training batches as they reach the network (varied, made in one thread
ahead of the reader), and the variation alone, on one core. Beside it the scan, which reads and
decodes every file once. The files are in the system's cache: each is read once before. Writes
FOLDER/input.json and prints a table in Markdown. The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.scan import scan
from springfield.images.store import open_store
from springfield.learning.examples.augment import draw_epoch, vary
from springfield.learning.examples.batches import Examples, epoch_batches
from springfield.recipe import load_recipe

RECIPE = load_recipe("default")


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--images", type=int, default=20_000, help="read from the store, varied")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)  # as in a training
    catalog, _ = scan(asked.data, progress=False)
    scanned = len(catalog) / _seconds(lambda: scan(asked.data, progress=False))
    rows = [{"size": size, **measure(catalog, size, asked.images)} for size in asked.sizes]
    result = {
        "images": len(catalog),
        "cores": len(os.sched_getaffinity(0)),
        "scan": scanned,
        "sizes": rows,
    }
    (asked.out / "input.json").write_text(json.dumps(result, indent=1) + "\n")
    print(tell(result))


def measure(catalog: Catalog, size: int, count: int) -> dict[str, Any]:
    """Images a second through each stage at one side."""
    with tempfile.TemporaryDirectory() as folder:

        def build() -> None:
            open_store(catalog, size, RECIPE.images.fit, cache=Path(folder), progress=False)

        built = len(catalog) / _seconds(build)
        images = open_store(catalog, size, RECIPE.images.fit, cache=Path(folder), progress=False)
        chosen = np.random.default_rng(0).integers(0, len(catalog), count)
        data = Examples(images, chosen, np.zeros(count, np.int64), ("all",))
        draws = draw_epoch(count, RECIPE.augment, seed=0, epoch=0)
        batch = RECIPE.training.batch

        def read() -> None:
            for start in range(0, count, batch):
                np.asarray(images[chosen[start : start + batch]])

        def vary_all() -> None:
            for place, row in enumerate(chosen):
                vary(images[row], draws, place, size)

        def learn_nothing() -> None:
            for _ in epoch_batches(data, RECIPE, epoch=0, epochs=1):
                pass

        read()  # the pages are in the system's cache from here on
        return {
            "store": built,
            "batches": count / _seconds(read),
            "training_batches": count / _seconds(learn_nothing),
            "variation_per_core": count / _seconds(vary_all),
        }


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def tell(result: dict[str, Any]) -> str:
    """A table in Markdown."""
    lines = [
        f"{result['images']} files, {result['cores']} cores; scan {result['scan']:,.0f} images/s",
        "",
        "| images/s at | store built | batches | training batches | variation, one core |",
        "|---|---|---|---|---|",
    ]
    names = ("store", "batches", "training_batches", "variation_per_core")
    for row in result["sizes"]:
        cells = " | ".join(f"{row[name]:,.0f}" for name in names)
        lines.append(f"| {row['size']} px | {cells} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
