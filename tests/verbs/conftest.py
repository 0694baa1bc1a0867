"""A run whose network is the trained kind, though only its last layer is fitted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from springfield.images.catalog import read_catalog
from springfield.learning.answering.classifier import Description
from springfield.learning.answering.freeze import freeze
from springfield.learning.examples.batches import examples_of
from springfield.learning.model.networks import build_network
from springfield.recipe import load_recipe
from springfield.run import Run, create_run
from springfield.verbs.manifest import stored_images

SETTINGS = ("images.fit=stretch", "images.size=32", "network.width=0.25")


@pytest.fixture(scope="session")
def colour_network_run(colour_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run over the images of `colour_run` with weights.npz, as `train` leaves it.

    The convolutions are random and the last layer is solved for: that takes a moment, and is right
    about every colour.
    """
    folder = tmp_path_factory.mktemp("network") / "run"
    recipe = load_recipe("default", SETTINGS)
    facts = {**colour_run.facts, "size": 32}
    run = create_run(folder, recipe, colour_run.catalog_file.read_text(), facts)
    catalog = read_catalog(run.catalog_file, Path(facts["root"]))
    images = stored_images(run, catalog, progress=False)
    training, validation = (examples_of(catalog, images, part) for part in ("train", "val"))
    keras.utils.set_random_seed(1)
    model = build_network(recipe.network, size=32, classes=3)
    features = keras.Model(model.input, model.get_layer("features").output)
    found = np.asarray(features.predict_on_batch(images[training.rows]))
    wanted = 8 * np.eye(3)[training.labels]
    model.get_layer("logits").set_weights([np.linalg.pinv(found) @ wanted, np.zeros(3)])
    description = Description(
        training.classes, 32, recipe.images.fit, (1 / 3,) * 3, facts["digest"], "0.1.0"
    )
    freeze(model, recipe.network, description, validation, run.classifier_folder)
    return run


@pytest.fixture(scope="module")
def pictures(paint: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten pictures of two classes and three of a third; see `paint`."""
    folder = tmp_path_factory.mktemp("verbs") / "pictures"
    for name, n in {"barkeeper": 10, "clown": 10, "mayor": 3}.items():
        for seed in range(n):
            paint(folder / name / f"{seed}.png", name, seed)
    return folder
