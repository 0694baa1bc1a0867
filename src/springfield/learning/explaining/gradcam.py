"""Grad-CAM: evidence per place for networks that do not end in mean pooling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from springfield.errors import MissingExtraError
from springfield.learning.machine.quiet import quiet
from springfield.recipe import Network

if TYPE_CHECKING:
    import keras


def load_network(folder: Path, network: Network) -> keras.Model:
    """The Keras model in a classifier's folder, from images to logits, for `grad_cam`.

    Raises:
        MissingExtraError: TensorFlow is not installed.
        RunError: the folder holds no classifier, or a damaged one.
    """
    try:
        with quiet():
            from springfield.learning.answering.freeze import thaw_plain
    except ImportError:
        raise MissingExtraError("TensorFlow", "cpu") from None
    return thaw_plain(folder, network)


def grad_cam(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """What finds the evidence for each class at each place (Selvaraju et al. 2017).

    The places are those of the last convolution, or those that a mean is taken of. Negative
    evidence is kept, and the scale is such that of a network that ends in mean pooling this is the
    class activation map without the constant of each class.

    Args:
        model: from uint8 [B, S, S, 3] to logits.

    Returns:
        A function from uint8 [n, S, S, 3] to float32 [n, h, w, C].
    """
    import keras

    places, head = _places_and_head(model)
    seen = [keras.Model(model.input, each) for each in places]

    def evidence(images: np.ndarray) -> np.ndarray:
        found = [see(images) for see in seen]
        maps = []
        for gradients in _gradients(head, found):
            weights = [np.sum(gradient, axis=(1, 2), keepdims=True) for gradient in gradients]
            each = zip(weights, found, strict=True)
            maps.append(sum((w * np.asarray(p)).sum(3) for w, p in each))
        return np.stack(maps, axis=3).astype(np.float32)

    return evidence


def _gradients(head: keras.Model, places: list[Any]) -> Iterator[list[np.ndarray]]:
    """How each logit in turn changes with each of the places, [n, h, w, F]."""
    from springfield.learning.machine.card import ON_TENSORFLOW

    if ON_TENSORFLOW:
        import tensorflow as tf

        with tf.GradientTape(persistent=True) as tape:
            tape.watch(places)
            each = tf.unstack(head(places), axis=1)
        yield from ([np.asarray(s) for s in tape.gradient(logit, places)] for logit in each)
    else:
        import jax

        logits, back = jax.vjp(lambda places: head(places), places)
        for unit in np.eye(logits.shape[1], dtype=np.float32):
            yield [np.asarray(s) for s in back(np.broadcast_to(unit, logits.shape))[0]]


def _places_and_head(model: keras.Model) -> tuple[list[keras.KerasTensor], keras.Model]:
    """The places that evidence is asked for, of each network side by side; what answers to them."""
    import keras

    from springfield.learning.model.networks import members_of, places_of

    def last(model: keras.Model) -> keras.KerasTensor:
        return [each for each in model.layers if isinstance(each, keras.layers.Conv2D)][-1].output

    members, places = members_of(model), places_of(model)
    if places is not None or not members:
        places = last(model) if places is None else places
        return [places], keras.Model([places], model.output)
    inputs = [keras.Input(last(each).shape[1:]) for each in members]
    vectors = keras.layers.Concatenate()(
        [
            keras.Model(last(each), each.output)(given)
            for each, given in zip(members, inputs, strict=True)
        ]
    )
    logits = model.get_layer("logits")(model.get_layer("features")(vectors))
    seen = [keras.Model(each.input, last(each))(model.input) for each in members]
    return seen, keras.Model(inputs, logits)
