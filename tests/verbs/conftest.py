"""A run whose classifier is real and can be foreseen: it tells a picture by its colour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from springfield.images.scan import scan
from springfield.images.select import leave_out
from springfield.images.split import assign_parts
from springfield.learning.calibration import Calibration
from springfield.learning.classifier import Description
from springfield.recipe import Recipe, load_recipe
from springfield.run import Run, create_run

PAINTS = {"barkeeper": (200, 30, 30), "clown": (30, 200, 30), "mayor": (30, 30, 200)}


def _paint(file: Path, name: str, seed: int = 0) -> None:
    noise = np.random.default_rng([seed, len(name)]).integers(-30, 30, (24, 30, 3))
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((np.array(PAINTS[name]) + noise).clip(0, 255).astype(np.uint8)).save(file)


@pytest.fixture(scope="session")
def paint() -> Callable[..., None]:
    """`paint(file, name, seed)` saves a picture that the colour run calls by that name."""
    return _paint


@pytest.fixture(scope="session")
def colour_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run over ten pictures of each class; its data lie beside it in ``data``."""
    folder = tmp_path_factory.mktemp("colours")
    for name in PAINTS:
        for seed in range(10):
            _paint(folder / "data" / name / f"{seed}.png", name, seed)
    catalog, _ = scan(folder / "data", progress=False)
    catalog = catalog.with_columns(group=np.arange(len(catalog)))
    recipe = load_recipe("default", ("images.fit=stretch",))
    catalog = assign_parts(leave_out(catalog, recipe.images), recipe.split)
    facts = {
        "state": "finished",
        "root": str(folder / "data"),
        "data": str(folder / "data"),
        "digest": catalog.digest(),
        "size": 8,
        "seconds": 1.5,
        "train_counts": catalog.where(catalog["part"] == "train").counts(),
    }
    run = create_run(folder / "run", recipe, catalog.to_csv(), facts)
    _freeze_colours(run, recipe)
    return run


def _freeze_colours(run: Run, recipe: Recipe) -> None:
    images = keras.Input((8, 8, 3), dtype="uint8")
    colours = keras.layers.Rescaling(1 / 25)(images)
    means = keras.layers.GlobalAveragePooling2D()(colours)
    run.classifier_folder.mkdir()
    answers = {"probabilities": keras.layers.Softmax()(means), "features": means}
    model = keras.Model(images, {**answers, "activation": keras.layers.Identity()(colours)})
    model.export(run.classifier_folder / "model.tflite", format="litert", verbose=False)
    calibration = Calibration(lowest=(0.5, 0.5, 0.5), own=(False, False, False))
    description = Description(
        tuple(PAINTS), size=8, fit=recipe.images.fit, prior=(1 / 3,) * 3, calibration=calibration
    )
    (run.classifier_folder / "classifier.json").write_text(description.to_json())
