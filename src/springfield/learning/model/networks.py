"""Networks: small ones to train from scratch, and the backbones that others have trained.

Each takes uint8 images [B, S, S, 3] and ends in a layer named "features" [B, F] and
one named "logits" [B, C], in float32: the long-tail methods and the heat maps start from these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras
from keras import layers, ops

from springfield.learning.machine.convolution import Conv2D
from springfield.learning.machine.normalisation import BatchNormalization
from springfield.learning.model.backbones import BACKBONES, backbone
from springfield.recipe import Network


def residual(images: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Return places of a small residual network, chosen for accuracy per second on two cores.

    Each stage halves the side before it normalises, so that the memory-bound layers work on a
    quarter of the pixels (as in K. Jordan, "94% on CIFAR-10 in 3.29 seconds", 2024).
    """

    def conv(x: keras.KerasTensor, channels: int, *, halve: bool = False) -> keras.KerasTensor:
        x = Conv2D(channels, 3, padding="same", use_bias=False)(x)
        if halve:
            x = layers.MaxPooling2D()(x)
        x = BatchNormalization(momentum=0.95)(x)
        return layers.ReLU()(x)

    x = scaled(images)
    first, *stages = (8 * max(1, round(network.width * c / 8)) for c in (32, 64, 128, 256))
    x = Conv2D(first, 4, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(BatchNormalization(momentum=0.95)(x))
    for channels in stages:
        x = conv(x, channels, halve=True)
        x = layers.Add()([x, conv(conv(x, channels), channels)])
    return x


def original(images: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Return vectors of the network this project started from: plain convolutions and pooling."""
    x = scaled(images)
    for channels in (32, 64, 128, 256) + ((512,) if network.conv512 else ()):
        x = Conv2D(channels, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    return layers.Dense(512)(layers.Flatten()(x))


def resnet32(images: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Return places of the 32-layer residual network for small images of He et al. 2016.

    The yardstick of the long-tail papers: its shortcuts have no weights, new channels begin at 0.
    """

    def normed(x: keras.KerasTensor, channels: int, strides: int = 1) -> keras.KerasTensor:
        x = Conv2D(channels, 3, strides, padding="same", use_bias=False)(x)
        return BatchNormalization(momentum=0.9, epsilon=1e-5)(x)

    x = layers.ReLU()(normed(scaled(images), 16))
    for channels in (16, 32, 64):
        for _ in range(5):
            halves = x.shape[-1] != channels
            inner = layers.ReLU()(normed(x, channels, 2 if halves else 1))
            if halves:
                x = layers.AveragePooling2D(1, 2)(x)
                x = layers.Concatenate()([x, ops.zeros_like(x)])
            x = layers.ReLU()(layers.Add()([x, normed(inner, channels)]))
    return x


def scaled(images: keras.KerasTensor) -> keras.KerasTensor:
    """Pixels from -1 to 1."""
    return layers.Rescaling(1 / 127.5, offset=-1)(images)


# From bytes [B, S, S, 3] to places [B, h, w, F], or to vectors [B, F] that no mean is taken of.
NETWORKS: dict[str, Callable[[keras.KerasTensor, Network], keras.KerasTensor]] = {
    "residual": residual,
    "original": original,
    "resnet32": resnet32,
    **dict.fromkeys(BACKBONES, backbone),
}


def build_network(network: Network, *, size: int, classes: int) -> keras.Model:
    """Build a network with fresh weights under the current precision policy.

    Args:
        network: its name and dimensions.
        size: side S of the images in pixels.
        classes: number of classes C.

    Returns:
        A model from uint8 [B, size, size, 3] to float32 logits [B, C].
    """
    images = keras.Input((size, size, 3), dtype="uint8", name="images")
    found = _found(images, network)
    summed = layers.GlobalAveragePooling2D if len(found.shape) == 4 else layers.ReLU
    features = summed(name="features")(found)
    dropped = layers.Dropout(network.dropout)(features)
    bounds = _of_length_one() if network.cosine else {}
    logits = layers.Dense(classes, dtype="float32", name="logits", **bounds)(dropped)
    return keras.Model(images, logits, name=network.name)


def _found(images: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """What the network finds in images; of several, what they find side by side.

    Each of several is a model of its own, since Keras gives the layers of all the same names.
    """
    if network.side_by_side == 1:
        return _found_by_one(images, network)
    each = []
    for number in range(1, network.side_by_side + 1):
        own = keras.Input(images.shape[1:], dtype="uint8", name="images")
        member = keras.Model(own, _found_by_one(own, network), name=f"member{number}")
        each.append(member(images))
    return layers.Concatenate()(each)


def _found_by_one(images: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    found = NETWORKS[network.name](images, network)
    return of_length(found, network.cosine) if network.cosine else found


def of_length(found: keras.KerasTensor, length: float) -> keras.KerasTensor:
    """Places or vectors, so scaled that the features taken of them are `length` long.

    With weights of length 1 and no bias a logit is then `length` times the cosine of the angle
    between the two ("NormFace", Wang et al. 2017): a margin means the same in every class.
    """
    many = len(found.shape) == 4
    features = ops.mean(found, axis=(1, 2), keepdims=True) if many else ops.relu(found)
    squares = ops.sum(ops.square(ops.cast(features, "float32")), axis=-1, keepdims=True)
    return found * ops.cast(length * ops.rsqrt(squares + 1e-12), found.dtype)


def _of_length_one() -> dict[str, Any]:
    """Arguments for a last layer of directions alone, held by the optimizer after every step."""
    kept = keras.constraints
    return {"kernel_constraint": kept.UnitNorm(axis=0), "bias_constraint": kept.MaxNorm(0.0)}


def keep_bounds(model: keras.Model) -> None:
    """Bring weights that are a mean of others back to the bounds that every step keeps."""
    for variable in model.trainable_variables:
        if variable.constraint is not None:
            variable.assign(variable.constraint(variable))


def members_of(model: keras.Model) -> list[keras.Model]:
    """The networks that stand side by side in one; none in a network that stands alone."""
    return [layer for layer in model.layers if isinstance(layer, keras.Model)]


def places_of(model: keras.Model) -> keras.KerasTensor | None:
    """What the mean over an image's places is taken of, [B, h, w, F]; None: no mean is taken."""
    features = model.get_layer("features")
    return features.input if isinstance(features, layers.GlobalAveragePooling2D) else None


def layers_of(model: keras.Model) -> list[dict[str, Any]]:
    """Describe the layers, from input to output: name, kind, shape (without the batch), weights.

    Of networks side by side, which are all alike, the first one's layers are told.
    """
    return [
        {
            "name": layer.name,
            "kind": type(layer).__name__,
            "shape": list(layer.output.shape[1:]),
            "parameters": layer.count_params(),
        }
        for layer in _once(model)
    ]


def _once(model: keras.Model) -> list[keras.layers.Layer]:
    members = members_of(model)
    alone = [layer for layer in model.layers if layer not in members]
    return [*alone[:1], *(members[0].layers[1:] if members else ()), *alone[1:]]


def flops_of(model: keras.Model) -> int:
    """Floating-point operations of one image's way forward, counted over the layers with weights.

    A multiplication and an addition count as two; a training step takes about three times as many.
    """
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            total += flops_of(layer)
        elif isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D | layers.Dense):
            places = math.prod(layer.output.shape[1:-1])
            total += 2 * places * math.prod(layer.kernel.shape)
    return total
