"""Going on from weights that others trained."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import keras
import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.learning.examples.batches import Examples, epoch_batches
from springfield.learning.machine import engine
from springfield.learning.model.networks import build_network
from springfield.learning.model.optimizers import BlockRates, Layered, build_optimizer
from springfield.learning.training.checkpoint import Progress, is_begun
from springfield.learning.training.finetuning import (
    block_rates,
    blocks_of,
    fit_head,
    freeze_blocks,
    freeze_normalisation,
    normalisations,
    recalibrate,
    recalibration_steps,
)
from springfield.learning.training.fitting import (
    Fitting,
    Plan,
    compile_network,
    fresh_network,
)
from springfield.learning.training.validation import predict_probabilities
from springfield.recipe import Finetune, Network, Recipe, Training

PLAN = Plan("float32", images_per_second=0.0, epochs=3, save_every=2)
Data = tuple[Examples, Examples]


class Stopper:
    """Watches, and asks to stop after a number of steps."""

    def __init__(self, after: int = 10**9) -> None:
        self.after, self.steps = after, 0

    def on_step(self, progress: Progress, steps: int) -> None:
        self.steps += 1

    def on_epoch(self, progress: Progress) -> None:
        pass

    def wants_stop(self) -> bool:
        return self.steps >= self.after


@pytest.fixture
def tuned(small_recipe: Recipe) -> Recipe:
    """A recipe that goes on from weights; the tests bring a small network of their own."""
    network = Network(name="mobilenetv3-small", weights="imagenet", mirrored=False)
    return replace(small_recipe, network=network)


def _network(seed: int = 0) -> keras.Model:
    keras.utils.set_random_seed(seed)
    return build_network(Network(width=0.25), size=32, classes=2)


def _fitting(data: Data, recipe: Recipe, folder: Path, plan: Plan = PLAN) -> Fitting:
    engine.start(seed=0, deterministic=True)
    model = _network()
    if recipe.tuning.batch_norm == "frozen":
        freeze_normalisation(model)
    steps = max(1, plan.epochs * data[0].steps(recipe))
    compile_network(model, recipe, counts=data[0].counts(), steps=steps)
    return Fitting(model, *data, recipe, plan, folder)


def _moved(
    training: Training, rates: BlockRates | None, *, steps: int = 1, still: bool = False
) -> list[np.ndarray]:
    """How far some steps take every variable; `still`: with gradients of 0."""
    model = _network()
    variables = model.trainable_variables
    optimizer = build_optimizer(training, 100, rates)
    optimizer.build(variables)
    before = [variable.numpy() for variable in variables]
    random = np.random.default_rng(0)
    slopes = [0 if still else random.normal(size=v.shape).astype(np.float32) for v in variables]
    for _ in range(steps):
        optimizer.apply(
            [keras.ops.zeros(v.shape) + s for v, s in zip(variables, slopes, strict=True)]
        )
    return [v.numpy() - old for v, old in zip(variables, before, strict=True)]


def test_blocks_of__a_block_for_each_resolution_from_the_last_layer_down() -> None:
    model = _network()
    blocks = dict(zip([v.path for v in model.trainable_variables], blocks_of(model), strict=True))
    assert blocks["logits/kernel"] == blocks["logits/bias"] == 0
    assert sorted(set(blocks.values())) == [0, 1, 2, 3, 4]
    assert list(blocks.values()) == sorted(blocks.values(), reverse=True)


def test_freeze_blocks__the_lowest_stay_as_they_came_and_the_others_learn(tuned: Recipe) -> None:
    model = _network()
    below = [v.path for v, block in zip(model.trainable_variables, blocks_of(model), strict=True)
             if block > 2]  # fmt: skip
    freeze_blocks(model, 2)
    compile_network(model, tuned, counts=np.array([1, 1]), steps=2)
    before = {v.path: v.numpy() for v in model.weights}
    images = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), np.uint8)
    model.train_on_batch(images, np.eye(2, dtype=np.float32)[[0, 1, 0, 1]])
    still = {v.path for v in model.weights if np.array_equal(v.numpy(), before[v.path])}
    assert len(below) > 2
    assert set(below) <= still
    assert not still & {v.path for v in model.trainable_variables}


def test_freeze_blocks__one_is_left_to_learn() -> None:
    with pytest.raises(RecipeError, match="this network has 4 blocks below its last layer"):
        freeze_blocks(_network(), 4)


def test_blocks_of__squeeze_and_excitation_belongs_to_what_surrounds_it() -> None:
    model = build_network(Network(name="mobilenetv3-small"), size=64, classes=2)
    blocks = blocks_of(model)
    assert list(blocks) == sorted(blocks, reverse=True)
    assert len(set(blocks)) == 6


def test_block_rates__none_by_default_and_none_without_weights(
    tuned: Recipe, small_recipe: Recipe
) -> None:
    assert block_rates(_network(), tuned.tuning, 10) is None
    layered = replace(tuned, finetune=Finetune(rate_decay=0.5))
    found = block_rates(_network(), layered.tuning, 10)
    assert found is not None
    assert found.decay == 0.5
    scratch = replace(small_recipe, finetune=Finetune(rate_decay=0.5, thaw=0.3, head=True))
    assert scratch.tuning == Finetune()
    assert not isinstance(build_optimizer(scratch.training, 10, None), Layered)


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
def test_build_optimizer__a_block_moves_by_the_decay_less_than_that_above_it(kind: str) -> None:
    training = Training(optimizer=kind, schedule="constant", learning_rate=0.01, weight_decay=0.1)
    rates = BlockRates(blocks_of(_network()), decay=0.5, thaw=0.0, steps=100)
    plain, layered = _moved(training, None), _moved(training, rates)
    for whole, part, block in zip(plain, layered, rates.blocks, strict=True):
        np.testing.assert_allclose(part, whole * 0.5**block, rtol=1e-2, atol=1e-6)


def test_build_optimizer__weight_decay_goes_with_the_rate() -> None:
    training = Training(schedule="constant", learning_rate=0.01, weight_decay=0.1)
    model = _network()
    rates = BlockRates(blocks_of(model), decay=0.5, thaw=0.0, steps=100)
    moved = _moved(training, rates, still=True)
    for variable, step, block in zip(model.trainable_variables, moved, rates.blocks, strict=True):
        decays = variable.name == "kernel"
        expected = -1e-3 * 0.5**block * variable.numpy() * decays
        np.testing.assert_allclose(step, expected, rtol=1e-3, atol=1e-7)


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
def test_build_optimizer__equal_rates_by_blocks_are_the_plain_optimizer_bit_by_bit(
    kind: str,
) -> None:
    training = Training(optimizer=kind)
    rates = BlockRates(blocks_of(_network()), decay=1.0, thaw=0.0, steps=100)
    for one, two in zip(
        _moved(training, None, steps=3), _moved(training, rates, steps=3), strict=True
    ):
        np.testing.assert_array_equal(one, two)


def test_build_optimizer__blocks_thaw_from_the_last_one_down() -> None:
    rates = BlockRates(blocks_of(_network()), decay=1.0, thaw=0.1, steps=100)
    assert [rates.begin(block) for block in range(5)] == [0, 2, 5, 8, 10]
    training = Training(schedule="constant", weight_decay=0.5)
    for steps, learning in ((1, 1), (3, 2), (9, 4), (11, 5)):
        moved = _moved(training, rates, steps=steps)
        blocks = {b for b, step in zip(rates.blocks, moved, strict=True) if np.any(step)}
        assert blocks == set(range(learning))


def test_freeze_normalisation__nothing_of_it_moves_and_the_weights_keep_their_order(
    stripes: Data, tuned: Recipe, tmp_path: Path
) -> None:
    usual = [(weight.name, weight.shape) for weight in _network().weights]
    frozen = replace(tuned, finetune=Finetune(batch_norm="frozen"))
    fitting = _fitting(stripes, frozen, tmp_path, replace(PLAN, epochs=1))
    assert [(weight.name, weight.shape) for weight in fitting.model.weights] == usual
    before = {w.path: w.numpy() for w in fitting.model.weights}
    assert fitting.run(Stopper())
    for weight in fitting.model.weights:
        still = np.array_equal(before[weight.path], weight.numpy())
        assert still == ("batch_normalization" in weight.path), weight.path


def test_fresh_network__freezes_where_the_recipe_says_so(stripes: Data, tuned: Recipe) -> None:
    frozen = replace(tuned, finetune=Finetune(batch_norm="frozen"))
    model = fresh_network(frozen, PLAN, stripes[0])
    assert normalisations(model)
    assert not any(layer.trainable for layer in normalisations(model))
    assert not any("_bn/" in variable.path for variable in model.trainable_variables)


@pytest.mark.parametrize("parts", [1, 2])
def test_recalibrate__figures_are_the_mean_over_batches_or_their_parts(
    stripes: Data, tuned: Recipe, parts: int
) -> None:
    together = tuned.training.batch // parts
    tuned = replace(tuned, training=replace(tuned.training, micro_batch=together))
    model, data = _network(), stripes[0]
    layers = normalisations(model)
    momenta = [layer.momentum for layer in layers]
    before = {v.path: v.numpy() for v in model.trainable_variables}
    recalibrate(model, data, tuned, epoch=1)
    inner = keras.Model(model.input, layers[0].input)
    batches = epoch_batches(data, tuned, epoch=1, epochs=2)
    steps = recalibration_steps(data, tuned)
    assert steps == 5
    seen = [
        np.asarray(inner(part))
        for images, _ in islice(batches, steps)
        for part in np.array_split(images, parts)
    ]
    mean = np.mean([x.mean(axis=(0, 1, 2)) for x in seen], axis=0)
    variance = np.mean([x.var(axis=(0, 1, 2)) for x in seen], axis=0)
    np.testing.assert_allclose(layers[0].moving_mean.numpy(), mean, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(layers[0].moving_variance.numpy(), variance, rtol=1e-4)
    assert [layer.momentum for layer in layers] == momenta
    assert all(np.array_equal(before[v.path], v.numpy()) for v in model.trainable_variables)
    again = _network()
    recalibrate(again, data, tuned, epoch=1)
    for one, two in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_fit_head__the_last_layer_alone_and_it_knows_the_classes(
    stripes: Data, tuned: Recipe
) -> None:
    model = _network()
    before = {w.path: w.numpy() for w in model.weights}
    fit_head(model, stripes[0], tuned, progress=False)
    changed = {w.path for w in model.weights if not np.array_equal(before[w.path], w.numpy())}
    assert changed == {"logits/kernel", "logits/bias"}
    answers = predict_probabilities(model, stripes[1]).argmax(axis=1)
    assert (answers == stripes[1].labels).mean() > 0.8


def test_begin__a_last_layer_alone_is_a_whole_run(
    stripes: Data, tuned: Recipe, tmp_path: Path
) -> None:
    alone = replace(tuned, finetune=Finetune(whole=False, batch_norm="recalibrated"))
    none = replace(PLAN, epochs=0)
    fitting = _fitting(stripes, alone, tmp_path, none)
    found = fitting.begin(progress=False)
    assert found["val_accuracy"] > 0.8
    assert fitting.run(Stopper())
    assert fitting.progress.history == []
    assert fitting.progress.seconds > 0
    assert is_begun(tmp_path)
    resumed = _fitting(stripes, alone, tmp_path, none)
    assert resumed.run(Stopper())
    for one, two in zip(fitting.model.get_weights(), resumed.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("batch_norm", ["frozen", "recalibrated"])
def test_run__stopped_anywhere_in_a_thaw_ends_at_the_same_weights(
    stripes: Data, tuned: Recipe, tmp_path: Path, batch_norm: str
) -> None:
    recipe = replace(
        tuned,
        finetune=Finetune(head=True, rate_decay=0.5, thaw=0.7, batch_norm=batch_norm),
        augment=replace(tuned.augment, mixup=0.4, cutmix=1.0),
    )
    whole = _fitting(stripes, recipe, tmp_path / "whole")
    whole.begin(progress=False)
    assert whole.run(Stopper())
    for stop in (4, 5, 8):
        first = _fitting(stripes, recipe, tmp_path / str(stop))
        first.begin(progress=False)
        assert not first.run(Stopper(after=stop))
        second = _fitting(stripes, recipe, tmp_path / str(stop))
        assert second.run(Stopper())
        for one, two in zip(second.model.get_weights(), whole.model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)
