"""Top: the last block of a network, trained on what the blocks below made of each image once.

Features that others trained fit new images better the less has to follow from them alone: a last
layer cannot undo what the last block says of other things. To train that block needs no more than
the places below it, which are kept meanwhile, so that an epoch costs a fraction of a real one.
"""

from __future__ import annotations

import math
from dataclasses import replace

import keras
import numpy as np
from tqdm import tqdm

from springfield.images.store import scratch
from springfield.learning.answering.freeze import fill_outputs, outputs_shape
from springfield.learning.examples.balance import deal_epoch, share_done
from springfield.learning.examples.batches import Examples
from springfield.learning.examples.class_weights import epoch_weights
from springfield.learning.machine.engine import compile_with
from springfield.learning.model.losses import training_loss
from springfield.learning.model.optimizers import build_optimizer
from springfield.learning.training.accumulation import train_step
from springfield.learning.training.finetuning import layer_blocks, normalisations
from springfield.learning.training.step import Step
from springfield.recipe import Recipe

WIDE = 2  # times the narrowest tensor that a waist may be


def train_top(model: keras.Model, data: Examples, recipe: Recipe, *, progress: bool) -> None:
    """Train the last block and the last layer for `finetune.top_epochs`.

    Batch normalisation keeps its figures; images are not varied, mirrored at most.

    Args:
        model: its weights change.
        data: rows to learn from.
        recipe: of the run.
        progress: show bars on stderr.
    """
    layers = normalisations(model)
    before = [layer.trainable for layer in layers]
    for layer in layers:
        layer.trainable = False
    low, top = part(model)
    epochs = recipe.tuning.top_epochs
    optimizer = build_optimizer(replace(recipe.training, ema=0.0), epochs * data.steps(recipe))
    compile_with(top, optimizer, training_loss(recipe, data.counts()))
    step = train_step(top, recipe.training)
    with scratch(outputs_shape(low, recipe.network, data), np.float16) as places:
        fill_outputs(low, data, places, batch=recipe.training.at_a_time, progress=progress)
        for epoch in tqdm(range(epochs), "last block", unit="epoch", disable=not progress):
            _train_epoch(step, places, data, recipe, epoch)
    step.hand_back()
    for layer, trainable in zip(layers, before, strict=True):
        layer.trainable = trainable


def _train_epoch(
    train_on: Step, places: np.ndarray, data: Examples, recipe: Recipe, epoch: int
) -> None:
    seed, size, epochs = recipe.training.seed, recipe.training.batch, recipe.tuning.top_epochs
    order = deal_epoch(data.labels, recipe.balance, seed=seed, epoch=epoch, epochs=epochs)
    views = np.random.default_rng([seed, epoch, 4]).integers(0, places.shape[1], len(order))
    weights = epoch_weights(data.counts(), recipe.balance, share_done(epoch, epochs))
    for step in range(data.steps(recipe)):
        chosen = slice(step * size, (step + 1) * size)
        rows = order[chosen]
        targets = np.eye(len(data.classes), dtype=np.float32)[data.labels[rows]]
        own = None if weights is None else targets @ weights
        train_on(places[rows, views[chosen]].astype(np.float32), targets, own)


def part(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """A network in two, before and behind its waist; both have its own layers."""
    waist = waist_of(model).output
    return keras.Model(model.input, waist), keras.Model(waist, model.output)


def waist_of(model: keras.Model) -> keras.Operation:
    """The operation whose output the last block starts from.

    Everything passes through it, and it is one of the narrow ones of the block below; of those the
    nearest.
    """
    blocks = {layer.name: block for layer, block in layer_blocks(model)}
    steps = model.operations
    number = {step.name: i for i, step in enumerate(steps)}
    last_use = [0] * len(steps)
    for i, step in enumerate(steps):
        for tensor in step._inbound_nodes[0].input_tensors:  # Keras has no public word for it
            last_use[number[tensor._keras_history.operation.name]] = i
    end = next(i for i, step in enumerate(steps) if blocks.get(step.name, 2) < 2)
    begin = max(i for i, step in enumerate(steps[:end]) if i < 1 or blocks.get(step.name, 0) > 2)
    passed = np.maximum.accumulate([0, *last_use])[:-1]  # the last use of all that comes before
    through = [step for i, step in enumerate(steps[:end]) if begin < i and passed[i] <= i]
    values = [math.prod(step.output.shape[1:]) for step in through]
    return next(
        step
        for step, size in zip(reversed(through), reversed(values), strict=True)
        if size <= WIDE * min(values)
    )
