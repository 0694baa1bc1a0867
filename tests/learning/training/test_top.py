"""The last block, trained on what the blocks below saw once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from springfield.learning.examples.batches import Examples
from springfield.learning.machine import engine
from springfield.learning.model.networks import NETWORKS, build_network
from springfield.learning.training.finetuning import blocks_of, normalisations
from springfield.learning.training.fitting import Fitting, Plan, compile_network
from springfield.learning.training.step import Whole
from springfield.learning.training.top import part, train_top
from springfield.learning.training.validation import predict_probabilities
from springfield.recipe import Balance, Finetune, Network, Recipe

Data = tuple[Examples, Examples]


@pytest.fixture
def tuned(small_recipe: Recipe) -> Recipe:
    """A recipe that goes on from weights; the tests bring a small network of their own."""
    return replace(
        small_recipe,
        network=Network(name="mobilenetv3-small", weights="imagenet", mirrored=False),
        finetune=Finetune(top_epochs=4, whole=False),
    )


def _network(dropout: float = Network.dropout) -> keras.Model:
    engine.start(seed=0, deterministic=True)
    return build_network(Network(width=0.25, dropout=dropout), size=32, classes=2)


def _few_of_the_second(data: Examples) -> Examples:
    some = np.flatnonzero((data.labels == 0) | (np.arange(len(data.rows)) % 3 == 0))
    return replace(data, rows=data.rows[some], labels=data.labels[some])


@pytest.mark.parametrize("name", NETWORKS)
def test_part__both_parts_together_are_the_network(name: str) -> None:
    model = build_network(Network(name=name, width=0.25), size=64, classes=3)
    low, top = part(model)
    images = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
    found = top.predict_on_batch(low.predict_on_batch(images))
    np.testing.assert_allclose(found, model.predict_on_batch(images), atol=1e-4)
    above = {weight.path for weight in top.trainable_variables}
    blocks = zip(model.trainable_variables, blocks_of(model), strict=True)
    assert all(variable.path in above for variable, block in blocks if block < 2)
    assert 0 < low.count_params() < model.count_params()


def test_train_top__learns_and_leaves_what_is_below(stripes: Data, tuned: Recipe) -> None:
    model = _network()
    low, _ = part(model)
    below = {weight.path for weight in low.weights}
    figures = {w.path for x in normalisations(model) for w in x.weights}
    before = {weight.path: weight.numpy() for weight in model.weights}
    train_top(model, stripes[0], tuned, progress=False)
    for weight in model.weights:
        still = np.array_equal(before[weight.path], weight.numpy())
        assert still == (weight.path in below | figures), weight.path
    assert all(layer.trainable for layer in normalisations(model))
    answers = predict_probabilities(model, stripes[1]).argmax(axis=1)
    assert (answers == stripes[1].labels).mean() > 0.8


def test_train_top__part_by_part_takes_the_same_steps(
    stripes: Data, tuned: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    together: list[int] = []
    step, answer = Whole.__call__, keras.Model.predict_on_batch
    monkeypatch.setattr(
        Whole, "__call__", lambda w, x, *rest: together.append(len(x)) or step(w, x, *rest)
    )
    monkeypatch.setattr(
        keras.Model, "predict_on_batch", lambda m, x: together.append(len(x)) or answer(m, x)
    )
    tuned = replace(tuned, network=replace(tuned.network, dropout=0.0))
    found = []
    for micro_batch in (0, 3):
        training = replace(tuned.training, micro_batch=micro_batch, batch=8)
        model = _network(dropout=0.0)
        together.clear()
        train_top(model, stripes[0], replace(tuned, training=training), progress=False)
        assert set(together) == ({8} if micro_batch == 0 else {2, 3})
        found.append(predict_probabilities(model, stripes[1]))
    np.testing.assert_allclose(found[1], found[0], atol=1e-3)


def test_train_top__weights_begin_as_late_as_the_recipe_says(stripes: Data, tuned: Recipe) -> None:
    uneven = _few_of_the_second(stripes[0])
    found = []
    for deferred in (0.0, 0.5, 1.0):
        balance = Balance(weights="inverse", deferred=deferred)
        model = _network()
        train_top(model, uneven, replace(tuned, balance=balance), progress=False)
        found.append(model.get_layer("logits").get_weights()[1])
    assert not np.allclose(found[0], found[1])
    assert not np.allclose(found[1], found[2])


def test_begin__trains_the_last_block_where_the_recipe_says_so(
    stripes: Data, tuned: Recipe, tmp_path: Path
) -> None:
    plan = Plan("float32", images_per_second=0.0, epochs=0, save_every=1)

    def fitted() -> tuple[list[np.ndarray], dict[str, float]]:
        model = _network()
        compile_network(model, tuned, counts=stripes[0].counts(), steps=1)
        fitting = Fitting(model, *stripes, tuned, plan, tmp_path)
        return model.get_weights(), fitting.begin(progress=False)

    (one, scores), (two, again) = fitted(), fitted()
    assert scores["val_macro_f1"] == again["val_macro_f1"] > 0.8
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)
