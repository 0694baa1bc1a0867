"""Grad-CAM: evidence per place for networks that do not end in mean pooling."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from springfield.errors import MissingExtraError
from springfield.learning.quiet import quiet
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
            from springfield.learning.freeze import thaw_plain
    except ImportError:
        raise MissingExtraError("TensorFlow", "cpu") from None
    return thaw_plain(folder, network)


def grad_cam(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Evidence for each class at each place, float32 [n, h, w, C] (Selvaraju et al. 2017).

    The places are those of the last convolution, or those that a mean is taken of. Negative
    evidence is kept, and the scale is such that of a network that ends in mean pooling this is the
    class activation map without the constant of each class.

    Args:
        model: from uint8 [B, S, S, 3] to logits.
        images: uint8 [n, S, S, 3].
    """
    import keras
    import tensorflow as tf

    inner = keras.Model(model.input, _places_and_logits(model))
    with tf.GradientTape(persistent=True) as tape:
        places, logits = inner(tf.constant(images))
        each = tf.unstack(logits, axis=1)
    maps = []
    for logit in each:
        slopes = tape.gradient(logit, places)
        weights = [tf.reduce_sum(slope, axis=(1, 2), keepdims=True) for slope in slopes]
        maps.append(sum(tf.reduce_sum(w * p, axis=3) for w, p in zip(weights, places, strict=True)))
    return np.asarray(tf.stack(maps, axis=3), np.float32)


def _places_and_logits(
    model: keras.Model,
) -> tuple[list[keras.KerasTensor], keras.KerasTensor]:
    """The places that evidence is asked for, of each network side by side, and the logits."""
    import keras

    from springfield.learning.networks import members_of, places_of

    def last(model: keras.Model) -> keras.KerasTensor:
        return [each for each in model.layers if isinstance(each, keras.layers.Conv2D)][-1].output

    places = places_of(model)
    if places is not None:
        return [places], model.output
    members = members_of(model)
    if not members:
        return [last(model)], model.output
    seen = [keras.Model(each.input, [last(each), each.output])(model.input) for each in members]
    vectors = keras.layers.Concatenate()([vector for _, vector in seen])
    logits = model.get_layer("logits")(model.get_layer("features")(vectors))
    return [places for places, _ in seen], logits
