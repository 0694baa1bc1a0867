"""CIFAR-100-LT with ResNet-32, the common yardstick of long-tailed recognition: train and cache.

    python benchmarks/cifar.py DATA --out FOLDER --recipe FILE [--set k=v]...

DATA/train and DATA/test hold a folder per class; the network learns from all of train, nothing is
held out of it, and its last epoch is judged by the balanced test part. Recipes, which
name their precision: benchmarks/cifar/.
Writes FOLDER/features.npz (features of both parts and the last layer, for `benchmarks/heads.py`)
and FOLDER/result.json. Interrupted, it goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.scan import scan
from springfield.images.store import open_store
from springfield.learning.examples.batches import Examples
from springfield.learning.machine import engine
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.fitting import Fitting, Plan, fresh_network
from springfield.recipe import load_recipe

SIZE = 32  # pixels


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    recipe = load_recipe(asked.recipe, tuple(asked.set))
    train, test = _examples(asked.data / "train"), _examples(asked.data / "test")
    nobody = Examples(train.images, train.rows[:0], train.labels[:0], train.classes)
    engine.start(seed=recipe.training.seed, deterministic=False)
    plan = Plan(recipe.training.precision, 0.0, recipe.training.epochs, save_every=10**9)
    model = fresh_network(recipe, plan, train)
    fitting = Fitting(model, train, nobody, recipe, plan, asked.out / "checkpoint")
    fitting.run(_Teller())
    kept = _answers(model, train, "train") | _answers(model, test, "test")
    kernel, bias = model.get_layer("logits").get_weights()
    np.savez(asked.out / "features.npz", kernel=kernel, bias=bias, **kept)
    logits = kept["test_features"].astype(np.float32) @ kernel + bias
    right = logits.argmax(axis=1) == test.labels
    result = {
        "recipe": asdict(recipe),
        "accuracy": float(right.mean()),
        "seconds": round(fitting.progress.seconds),
    }
    (asked.out / "result.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"accuracy {result['accuracy']:.4f} after {result['seconds']} s")


def _examples(folder: Path) -> Examples:
    catalog: Catalog = scan(folder, progress=False)[0]
    number = {name: c for c, name in enumerate(catalog.classes)}
    labels = np.array([number[label] for label in catalog["label"].tolist()], np.int64)
    images = open_store(catalog, SIZE, "stretch", progress=False)
    return Examples(images, np.arange(len(labels)), labels, catalog.classes)


def _answers(model: keras.Model, examples: Examples, part: str) -> dict[str, np.ndarray]:
    """Labels [n] and features [n, F] of a part."""
    seen = keras.Model(model.input, model.get_layer("features").output)
    found = [
        seen.predict_on_batch(examples.images[start : start + 500])
        for start in range(0, len(examples.rows), 500)
    ]
    features = np.concatenate(found).astype(np.float16)  # what that rounds off decides nothing
    return {f"{part}_labels": examples.labels, f"{part}_features": features}


class _Teller:
    """Prints a line an epoch."""

    def on_step(self, progress: Progress, steps: int) -> None:
        """Nothing to say."""

    def on_epoch(self, progress: Progress) -> None:
        """Say how the epoch went."""
        last: dict[str, Any] = progress.history[-1]
        print(
            f"{time.strftime('%H:%M')} epoch {last['epoch']:.0f} loss {last['loss']:.3f} "
            f"accuracy {last['accuracy']:.3f} {last['images_per_second']:.0f} images/s",
            flush=True,
        )

    def wants_stop(self) -> bool:
        """Never."""
        return False


if __name__ == "__main__":
    main()
