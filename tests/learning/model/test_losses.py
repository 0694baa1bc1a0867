"""One contract for every loss: what holds for all, and what each is for."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from springfield.learning.examples.balance import share_done
from springfield.learning.examples.batches import Examples, epoch_batches
from springfield.learning.examples.class_weights import epoch_weights
from springfield.learning.model.losses import (
    LOSSES,
    balanced_softmax,
    cross_entropy,
    focal,
    ldam,
    logit_adjusted,
    training_loss,
)
from springfield.recipe import Augment, Balance, Network, Recipe, Training
from springfield.recipe_limits import CHOICES

COUNTS = np.array([500, 60, 9, 2])
EVEN = np.full(4, 50)
AWARE = {"ldam", "balanced-softmax", "logit-adjusted"}  # of the counts
RANDOM = np.random.default_rng(1)
LOGITS = RANDOM.normal(0, 3, (12, 4)).astype(np.float32)
HARD = np.eye(4, dtype=np.float32)[np.arange(12) % 4]
SOFT = RANDOM.dirichlet(np.ones(4), 12).astype(np.float32)


def _values(name: str, logits: np.ndarray, targets: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return ops.convert_to_numpy(LOSSES[name](ops.convert_to_tensor(logits), targets, counts))


def _loss_of(
    balance: Balance, counts: np.ndarray = COUNTS, *, smoothing: float = 0.0, cosine: float = 0.0
) -> Callable[[Any, Any], Any]:
    training, network = Training(label_smoothing=smoothing), Network(cosine=cosine)
    return training_loss(Recipe(balance=balance, training=training, network=network), counts)


def _gradients(
    balance: Balance, logits: np.ndarray, targets: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """Gradient of each image's loss by its logits, float32 [B, C], on any backend.

    The logits are the weights of a layer that looks them up: a step of rate 1 takes the gradient
    off them.
    """
    lookup = keras.layers.Embedding(len(logits), logits.shape[1])
    model = keras.Sequential([keras.Input(()), lookup])
    lookup.set_weights([logits])
    loss = _loss_of(balance, counts)
    model.compile(keras.optimizers.SGD(1.0), loss, jit_compile=False)
    model.train_on_batch(np.arange(len(logits)), targets)
    (after,) = lookup.get_weights()
    return (logits - after) * len(logits)


def test_losses__are_those_that_a_recipe_may_name() -> None:
    assert set(LOSSES) == set(CHOICES["balance.loss"])


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("targets", [HARD, SOFT])
def test_losses__one_finite_number_an_image(name: str, targets: np.ndarray) -> None:
    for size in (1, 1e3, 1e30):
        found = _values(name, (LOGITS * size).astype(np.float32), targets, COUNTS)
        assert found.shape == (12,)
        assert np.isfinite(found).all()
        assert (found >= 0).all()


@pytest.mark.parametrize("name", LOSSES)
def test_losses__the_gradient_is_finite_and_adds_up_to_nothing(name: str) -> None:
    logits = np.concatenate([LOGITS, LOGITS * 1e4, np.zeros((12, 4), np.float32)])
    targets = np.concatenate([HARD, SOFT, SOFT])
    found = _gradients(Balance(loss=name), logits, targets, COUNTS)
    assert np.isfinite(found).all()
    moderate = np.abs(logits).max(axis=1) < 100
    assert np.abs(found[moderate]).max() > 0.1
    # a shift of all logits changes no probability
    np.testing.assert_allclose(found[moderate].sum(axis=1), 0, atol=2e-4)


@pytest.mark.parametrize("name", LOSSES)
def test_losses__do_not_care_for_the_order_of_the_classes(name: str) -> None:
    order = np.array([2, 0, 3, 1])
    for targets in (HARD, SOFT):
        np.testing.assert_allclose(
            _values(name, LOGITS[:, order], targets[:, order], COUNTS[order]),
            _values(name, LOGITS, targets, COUNTS),
            rtol=1e-5,
        )


@pytest.mark.parametrize("name", sorted(set(LOSSES) - {"focal", "ldam"}))
def test_losses__equal_counts_leave_cross_entropy(name: str) -> None:
    np.testing.assert_allclose(
        _values(name, LOGITS, SOFT, EVEN), _values("cross-entropy", LOGITS, SOFT, EVEN), rtol=1e-5
    )


@pytest.mark.parametrize("name", LOSSES)
def test_losses__a_rare_class_gets_the_larger_gradient(name: str) -> None:
    level = np.zeros((4, 4), np.float32)
    found = _gradients(Balance(loss=name), level, np.eye(4, dtype=np.float32), COUNTS)
    own = -np.diag(found)  # how strongly each class is pulled up by an image of its own
    if name in AWARE:
        assert (np.diff(own) > 0).all()
    else:
        np.testing.assert_allclose(own, own[0], rtol=1e-4)


def test_losses__balanced_softmax_is_logit_adjustment_at_tau_1() -> None:
    one = ops.convert_to_numpy(balanced_softmax(LOGITS, SOFT, COUNTS))
    np.testing.assert_array_equal(one, logit_adjusted(LOGITS, SOFT, COUNTS, tau=1.0))
    np.testing.assert_allclose(
        logit_adjusted(LOGITS, SOFT, COUNTS, tau=0.0), cross_entropy(LOGITS, SOFT, COUNTS)
    )
    assert not np.allclose(one, logit_adjusted(LOGITS, SOFT, COUNTS, tau=1.5))


def test_balanced_softmax__by_hand() -> None:
    logits, target = np.array([[1.0, 2.0]], np.float32), np.array([[1.0, 0.0]], np.float32)
    share = 3 * np.exp(1) / (3 * np.exp(1) + 7 * np.exp(2))
    found = balanced_softmax(logits, target, np.array([3, 7]))
    np.testing.assert_allclose(found, [-np.log(share)], rtol=1e-6)


def test_focal__by_hand_and_without_focus() -> None:
    logits, target = np.array([[1.0, 2.0]], np.float32), np.array([[1.0, 0.0]], np.float32)
    p = 1 / (1 + np.exp(1))
    np.testing.assert_allclose(
        focal(logits, target, COUNTS), [-((1 - p) ** 2) * np.log(p)], rtol=1e-5
    )
    np.testing.assert_allclose(
        focal(LOGITS, SOFT, COUNTS, gamma=0.0), cross_entropy(LOGITS, SOFT, COUNTS), rtol=1e-5
    )


def test_ldam__margins_fall_as_the_fourth_root_of_the_count() -> None:
    """A margin is how much higher the true logit must be for the loss of cross-entropy."""
    counts = np.array([1600, 100, 100 / 16])
    margins = np.array([0.125, 0.25, 0.5], np.float32)
    raised = LOGITS[:3, :3] + np.diag(margins)
    targets = np.eye(3, dtype=np.float32)
    np.testing.assert_allclose(
        ldam(raised, targets, counts), cross_entropy(LOGITS[:3, :3], targets, counts), rtol=1e-5
    )


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_training_loss__of_the_default_recipe_is_keras_own_to_the_bit(smoothing: float) -> None:
    ours = _loss_of(Balance(), smoothing=smoothing)
    keras_own = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=smoothing, reduction=None
    )
    np.testing.assert_array_equal(
        ours(SOFT, ops.convert_to_tensor(LOGITS)), keras_own(SOFT, LOGITS)
    )


@pytest.mark.parametrize("sampling", CHOICES["balance.sampling"])
def test_training_loss__takes_off_the_prior_that_sampling_leaves(sampling: str) -> None:
    balance = Balance(loss="balanced-softmax", sampling=sampling, deferred=0.5)
    found = _loss_of(balance)(SOFT, ops.convert_to_tensor(LOGITS))
    left = {"natural": COUNTS, "sqrt": np.sqrt(COUNTS)}.get(sampling, EVEN)
    np.testing.assert_allclose(found, balanced_softmax(LOGITS, SOFT, left), atol=0.05)


def test_training_loss__adjusts_as_strongly_as_the_recipe_says() -> None:
    balance = Balance(loss="logit-adjusted", tau=1.5)
    found = _loss_of(balance)(SOFT, ops.convert_to_tensor(LOGITS))
    np.testing.assert_array_equal(found, logit_adjusted(LOGITS, SOFT, COUNTS, tau=1.5))


def test_training_loss__margins_depend_on_what_is_known_of_a_class() -> None:
    balance = Balance(loss="ldam", sampling="uniform")
    found = _loss_of(balance)(SOFT, ops.convert_to_tensor(LOGITS))
    np.testing.assert_array_equal(found, ldam(LOGITS, SOFT, COUNTS))


def test_training_loss__margins_of_cosines_grow_with_their_scale() -> None:
    found = _loss_of(Balance(loss="ldam"), cosine=30.0)(SOFT, ops.convert_to_tensor(LOGITS))
    np.testing.assert_array_equal(found, ldam(LOGITS, SOFT, COUNTS, scale=30.0))


MIXES = (
    Augment(),
    Augment(mixup=1.0),
    Augment(cutmix=1.0),
    Augment(mixup=1.0, cutmix=1.0),
    Augment(cutmix=1.0, remix=True),
)
IMAGES = RANDOM.integers(0, 256, (36, 8, 8, 3), dtype=np.uint8)
ROWS = Examples(IMAGES, np.arange(36), np.repeat(np.arange(3), [24, 9, 3]), ("a", "b", "c"))


@pytest.mark.parametrize("sampling", CHOICES["balance.sampling"])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses__a_step_lowers_the_loss_of_its_batch_in_every_combination(
    loss: str, sampling: str
) -> None:
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Rescaling(1 / 255),
                              keras.layers.Flatten(), keras.layers.Dense(3)])  # fmt: skip
    balance = Balance(loss=loss, sampling=sampling, deferred=0.5)
    model.compile(
        keras.optimizers.SGD(0.004),
        _loss_of(balance, ROWS.counts(), smoothing=0.1),
        jit_compile=False,
    )
    fresh = model.get_weights()

    def step(images: np.ndarray, targets: np.ndarray, weights: np.ndarray | None) -> float:
        model.reset_metrics()
        return float(model.train_on_batch(images, targets, weights))

    for weights, augment in itertools.product(CHOICES["balance.weights"], MIXES):
        chosen = replace(balance, weights=weights)
        recipe = Recipe(balance=chosen, augment=augment, training=Training(batch=12))
        for epoch in (1, 3):  # before and after the deferral
            images, targets = next(iter(epoch_batches(ROWS, recipe, epoch=epoch, epochs=4)))
            np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
            of_class = epoch_weights(ROWS.counts(), chosen, share_done(epoch, 4))
            own = None if of_class is None else targets @ of_class
            model.set_weights(fresh)
            assert step(images, targets, own) > step(images, targets, own), (weights, augment)
