"""Backbones: networks of `keras.applications`, and the weights that others trained for them.

Each expects its pixels in a range of its own; `Backbone.scale` and `Backbone.offset` bring bytes
to it here and nowhere else. What a family's networks do about it by themselves is left out, since
Keras' layer for it cannot be exported to ONNX; it has no weights, so a file of them fits anyway.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import keras
from keras import applications, layers

from springfield.errors import RecipeError
from springfield.recipe import Network, Recipe


@dataclass(frozen=True)
class Backbone:
    """How one is built, and how bytes become what it expects: byte * scale + offset."""

    build: Callable[..., keras.Model]
    scale: float | list[float] = 1 / 127.5  # or one for each of red, green and blue
    offset: float | list[float] = -1.0
    prepares: bool = True  # Keras' own network would do that by itself


# by the mean and the deviation of ImageNet's pixels, of 0 to 1
MEANS, DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
STANDARDISED = (
    [1 / (255 * deviation) for deviation in DEVIATIONS],
    [-mean / deviation for mean, deviation in zip(MEANS, DEVIATIONS, strict=True)],
)

BACKBONES = {
    "mobilenetv2": Backbone(applications.MobileNetV2, prepares=False),
    "mobilenetv3-small": Backbone(applications.MobileNetV3Small),
    "mobilenetv3-large": Backbone(applications.MobileNetV3Large),
    "efficientnetv2-b0": Backbone(applications.EfficientNetV2B0, *STANDARDISED),
    "efficientnetv2-b2": Backbone(applications.EfficientNetV2B2, *STANDARDISED),
    "efficientnetv2-s": Backbone(applications.EfficientNetV2S, 1 / 128),
    "convnext-tiny": Backbone(applications.ConvNeXtTiny, *STANDARDISED),
    "resnet50v2": Backbone(applications.ResNet50V2, prepares=False),
}


def backbone(images: keras.KerasTensor, network: Network) -> keras.KerasTensor:
    """Return the places of a backbone with fresh weights, [B, h, w, F], from uint8 [B, S, S, 3]."""
    made = BACKBONES[network.name]
    scaled = layers.Rescaling(made.scale, offset=made.offset)(images)
    bare = {"include_preprocessing": False} if made.prepares else {}
    return made.build(include_top=False, weights=None, input_tensor=scaled, **bare).output


def load_pretrained(model: keras.Model, network: Network) -> None:
    """Give a network that `build_network` made the weights that `network.weights` names.

    Keras downloads those of ImageNet once and keeps them in its cache. The last layer stays.

    Raises:
        RecipeError: there is no such file, it is of another network, or nothing can be downloaded.
    """
    if network.weights == "none":
        return
    check_weights(network)
    build = BACKBONES[network.name].build
    try:
        # Keras tells of a download on stdout, and only warns of layers that the file lacks.
        with redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            source = build(include_top=False, weights=network.weights, input_shape=(224, 224, 3))
    except Exception as problem:  # Keras and h5py raise whatever they meet
        raise RecipeError(_way_out(network, " ".join(str(problem).split()))) from problem
    inner = keras.Model(model.input, model.get_layer("features").input)
    inner.set_weights(source.get_weights())


def find_weights(recipe: Recipe) -> Recipe:
    """The recipe with the whole path of its file of weights, good for every working folder.

    Raises `RecipeError` when that is not there.
    """
    check_weights(recipe.network)
    if recipe.network.weights in ("none", "imagenet"):
        return recipe
    whole = str(Path(recipe.network.weights).absolute())
    return replace(recipe, network=replace(recipe.network, weights=whole))


def check_weights(network: Network) -> None:
    """Raise `RecipeError` when the file of weights that a recipe names is not there."""
    if network.weights not in ("none", "imagenet") and not Path(network.weights).is_file():
        raise RecipeError(
            f"network.weights = '{network.weights}': there is no such file; "
            'give "imagenet", "none" or a weights file of keras.applications'
        )


def _way_out(network: Network, reason: str) -> str:
    if network.weights != "imagenet":
        return (
            f"{network.weights} does not fit {network.name} without its top ({reason[:200]}); "
            f"give a notop weights file of {network.name}"
        )
    address = re.search(r"https?://\S+/(\S+?)(?=:|\s|$)", reason)
    file = address[1] if address else f"the notop weights of {network.name}"
    folder = Path(os.environ.get("KERAS_HOME", "~/.keras")) / "models"
    return (
        f"cannot download the ImageNet weights of {network.name} ({reason[:200]}); "
        f"put {file} into {folder}, or name it: --set network.weights=FILE"
    )
