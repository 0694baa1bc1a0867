"""A little training that every test of learning can afford."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.batches import Examples
from springfield.recipe import Recipe, load_recipe


@pytest.fixture(scope="session")
def stripes() -> tuple[Examples, Examples]:
    """Training and validation rows of two classes: dark on the left, dark on the right."""
    random = np.random.default_rng(0)
    images = random.integers(100, 256, (60, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(60) % 2
    images[labels == 0, :, :12] //= 4
    images[labels == 1, :, 20:] //= 4
    rows = np.arange(60)
    return (
        Examples(images, rows[:44], labels[:44], ("left", "right")),
        Examples(images, rows[44:], labels[44:], ("left", "right")),
    )


@pytest.fixture(scope="session")
def small_recipe() -> Recipe:
    """A quarter of the network's width, batches of 8, no mirror images."""
    return load_recipe(
        "default",
        (
            "network.width=0.25",
            "network.mirrored=false",
            "training.batch=8",
            "augment.flip=false",
            "training.precision=float32",
        ),
    )
