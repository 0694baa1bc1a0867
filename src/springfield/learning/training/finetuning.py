"""Fine-tuning: how a network goes on from weights that others trained.

A last layer for the new classes is fitted first, on the features of the network as it came, so
that the first steps do not tear down what it knows; then all of it learns, lower blocks slower.
"""

from __future__ import annotations

from itertools import islice

import keras
import numpy as np

from springfield.errors import RecipeError
from springfield.images.store import scratch
from springfield.learning.answering.freeze import fill_outputs, outputs_shape
from springfield.learning.answering.priors import learned_prior
from springfield.learning.examples.batches import Examples, epoch_batches
from springfield.learning.model.heads import fitted
from springfield.learning.model.optimizers import BlockRates
from springfield.recipe import Finetune, Recipe

RECALIBRATED = 2048  # images that the figures of batch normalisation are taken from, at most


def block_rates(model: keras.Model, tuning: Finetune, steps: int) -> BlockRates | None:
    """The learning rates of a network's blocks in a run of `steps` steps; None: all are alike."""
    if tuning.rate_decay == 1 and not tuning.thaw:
        return None
    return BlockRates(blocks_of(model), tuning.rate_decay, tuning.thaw, steps)


def blocks_of(model: keras.Model) -> tuple[int, ...]:
    """The block of each of `model.trainable_variables`, see `layer_blocks`."""
    found = {
        variable.path: block
        for layer, block in layer_blocks(model)
        for variable in layer.trainable_variables
    }
    return tuple(found[variable.path] for variable in model.trainable_variables)


def layer_blocks(model: keras.Model) -> list[tuple[keras.layers.Layer, int]]:
    """The layers that have weights and the block of each, from the last layer down: 0, 1, 2, ...

    A block is what works at one resolution; the last layer is one by itself. What looks at single
    numbers within a block, as squeeze and excitation does, belongs to it.
    """
    layers = [layer for layer in model.layers if layer.weights]
    shapes = [layer.output.shape for layer in layers]
    sides = [shape[1] if len(shape) == 4 else 1 for shape in shapes]
    sides[-1] = 0
    reach = np.maximum.accumulate(sides[::-1])[::-1]  # the largest side from here on
    blocks = np.searchsorted(np.unique(reach), reach).tolist()
    return list(zip(layers, blocks, strict=True))


def normalisations(model: keras.Model) -> list[keras.layers.BatchNormalization]:
    """The layers of batch normalisation, from input to output."""
    return [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]


def freeze_normalisation(model: keras.Model) -> None:
    """Keep batch normalisation as it came, figures and all; the order of the weights stays."""
    for layer in normalisations(model):
        layer.trainable = False


def freeze_blocks(model: keras.Model, count: int) -> None:
    """Keep the lowest blocks as they came: what they see serves any picture.

    They are the dearest to train, since their images are the largest, and no gradient is taken
    through them. Raises `RecipeError` when that leaves only the last layer.
    """
    blocks = layer_blocks(model)
    lowest = blocks[0][1]
    if count >= lowest:
        raise RecipeError(
            f"finetune.frozen_blocks = {count}: this network has {lowest} blocks below its last "
            "layer, and one must be left to learn; set finetune.whole = false to train its end only"
        )
    for layer, block in blocks:
        if block > lowest - count:
            layer.trainable = False


def recalibrate(model: keras.Model, data: Examples, recipe: Recipe, *, epoch: int) -> None:
    """Take the figures of batch normalisation anew, for the weights as they are now.

    They become the mean over batches of varied training images, as Izmailov et al. 2018 do for
    averaged weights, which no batch has passed through.

    Args:
        model: gets the figures.
        data: rows to learn from; the first `RECALIBRATED` images of an epoch are looked at.
        recipe: how they are sampled and varied.
        epoch: from 0.
    """
    layers = normalisations(model)
    momenta = [layer.momentum for layer in layers]
    batches = epoch_batches(data, recipe, epoch=epoch, epochs=epoch + 1)
    for done, (images, _) in enumerate(islice(batches, recalibration_steps(data, recipe))):
        parts = recipe.training.parts(len(images))
        for number, part in enumerate(np.array_split(images, parts), done * parts):
            for layer in layers:
                layer.momentum = number / (number + 1)
            model(part, training=True)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum


def recalibration_steps(data: Examples, recipe: Recipe) -> int:
    """Batches that the figures are taken from."""
    return min(data.steps(recipe), max(1, RECALIBRATED // recipe.training.batch))


def fit_head(model: keras.Model, data: Examples, recipe: Recipe, *, progress: bool) -> None:
    """Fit the last layer to the features that a network makes of images as they are.

    By multinomial logistic regression, on classes as frequent as the whole training would make
    them, so that it assumes the prior that the network will.

    Args:
        model: gets the layer.
        data: rows to learn from.
        recipe: of the run.
        progress: show a bar on stderr.
    """
    inner = keras.Model(model.input, model.get_layer("features").output)
    shares = learned_prior(data.counts(), recipe.balance)
    with scratch(outputs_shape(inner, recipe.network, data), np.float32) as features:
        fill_outputs(inner, data, features, batch=recipe.training.at_a_time, progress=progress)
        head = fitted(features, data.labels, shares)
    model.get_layer("logits").set_weights([head.kernel, head.bias])
