"""Offline: small classes raised to the threshold by copies that are made once, before training.

So did the project this one starts from, with the layers that Keras has for it; only here are they
used. Everywhere else an image is varied anew each time it is shown (`augment`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
from keras import layers

from springfield.images.store import keep_images
from springfield.learning.examples.batches import Examples

AT_ONCE = 64  # images given to the layers together; another number draws other variations


def add_copies(data: Examples, threshold: int, *, seed: int, progress: bool = True) -> Examples:
    """Return the examples and, of each class with fewer than `threshold`, as many varied copies.

    Each source of a class is copied equally often, or once more. Originals and copies go into a
    memory-mapped array of their own beside the store, uint8 [n + copies, S, S, 3]: originals first,
    as they are. Copies come last, class by class; the same seed makes the same ones.
    Raises `OutputError` when there is no space or no permission for it.
    """
    sources = _sources(data.labels, threshold, seed)
    labels = np.concatenate([data.labels, data.labels[sources]])

    def images() -> Iterator[np.ndarray]:
        yield from (data.images[row] for row in data.rows)
        yield from _varied(data, sources, seed)

    images_kept = keep_images(
        _key(data, threshold, seed),
        (len(labels), *data.images.shape[1:]),
        images,
        says="copying",
        progress=progress,
    )
    return Examples(images_kept, np.arange(len(labels)), labels, data.classes)


def _sources(labels: np.ndarray, threshold: int, seed: int) -> np.ndarray:
    """Which example each copy is made of, int64 [copies]."""
    random = np.random.default_rng([seed, 4])
    chosen = []
    for c in np.unique(labels):
        own = random.permutation(np.flatnonzero(labels == c))
        chosen.append(np.resize(own, max(0, threshold - len(own))))  # over and over from the first
    return np.concatenate(chosen)


def _varied(data: Examples, sources: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    """Yield a varied copy of each source, uint8 [S, S, 3]."""
    flip, turn, zoom, contrast = np.random.default_rng([seed, 5]).integers(2**31, size=4).tolist()
    vary = [  # in float32, whatever the network's precision
        layers.RandomFlip("horizontal", seed=flip, dtype="float32"),
        layers.RandomRotation(0.1, seed=turn, dtype="float32"),  # of a whole turn
        layers.RandomZoom(0.1, seed=zoom, dtype="float32"),
        layers.RandomContrast(0.1, seed=contrast, dtype="float32"),
    ]
    for start in range(0, len(sources), AT_ONCE):
        images = data.images[data.rows[sources[start : start + AT_ONCE]]].astype(np.float32)
        for layer in vary:
            images = layer(images, training=True)
        yield from np.asarray(images).clip(0, 255).round().astype(np.uint8)


def _key(data: Examples, threshold: int, seed: int) -> str:
    """What decides the pixels: those of the sources, image by image, and how they are copied."""
    key = hashlib.sha256(f"offline 1 {threshold} {seed}\n".encode())
    for row, label in zip(data.rows, data.labels, strict=True):
        key.update(f"{label}\n".encode())
        key.update(data.images[row].tobytes())
    return key.hexdigest()[:32]
