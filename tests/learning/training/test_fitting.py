"""The training loop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.learning.examples.batches import Examples
from springfield.learning.machine import engine
from springfield.learning.statistics.intervals import macro_f1_of
from springfield.learning.training import checkpoint
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.fitting import (
    Fitting,
    Plan,
    compile_network,
    fresh_network,
)
from springfield.learning.training.validation import predict_probabilities
from springfield.recipe import Balance, Recipe

PLAN = Plan("float32", images_per_second=0.0, epochs=4, save_every=2)


class Stopper:
    """Watches, and asks to stop after a number of steps."""

    def __init__(self, after: int = 10**9) -> None:
        self.after, self.steps, self.epochs = after, 0, 0

    def on_step(self, progress: Progress, steps: int) -> None:
        self.steps += 1
        assert 1 <= progress.step <= steps

    def on_epoch(self, progress: Progress) -> None:
        self.epochs += 1
        assert len(progress.history) == progress.epoch

    def wants_stop(self) -> bool:
        return self.steps >= self.after


def _fitting(
    stripes: tuple[Examples, Examples], recipe: Recipe, folder: Path, plan: Plan = PLAN
) -> Fitting:
    engine.start(seed=recipe.training.seed, deterministic=True)
    model = fresh_network(recipe, plan, stripes[0])
    return Fitting(model, *stripes, recipe, plan, folder)


def _same(one: list[np.ndarray], two: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.fixture(scope="module")
def undisturbed(
    stripes: tuple[Examples, Examples],
    small_recipe: Recipe,
    tmp_path_factory: pytest.TempPathFactory,
) -> Fitting:
    fitting = _fitting(stripes, small_recipe, tmp_path_factory.mktemp("undisturbed"))
    assert fitting.run(Stopper())
    return fitting


def test_run__learns_and_keeps_the_best_epoch(undisturbed: Fitting) -> None:
    scores = [record["val_macro_f1"] for record in undisturbed.progress.history]
    assert len(scores) == PLAN.epochs
    assert undisturbed.progress.best == max(scores)
    probabilities = predict_probabilities(undisturbed.model, undisturbed.val)
    again = macro_f1_of(undisturbed.val.labels, probabilities.argmax(axis=1))
    assert again == undisturbed.progress.best
    assert undisturbed.progress.history[-1]["loss"] < undisturbed.progress.history[0]["loss"]


@pytest.mark.parametrize("stop", [1, 5, 7, 12])
def test_run__stopped_anywhere_ends_at_the_same_weights(
    undisturbed: Fitting, small_recipe: Recipe, tmp_path: Path, stop: int
) -> None:
    stripes = (undisturbed.train, undisturbed.val)
    first = _fitting(stripes, small_recipe, tmp_path)
    assert not first.run(Stopper(after=stop))
    second = _fitting(stripes, small_recipe, tmp_path)
    assert second.run(Stopper())
    assert _same(second.model.get_weights(), undisturbed.model.get_weights())
    for one, two in zip(second.progress.history, undisturbed.progress.history, strict=True):
        for name in ("side", "loss", "accuracy", "val_loss", "val_macro_f1", "learning_rate"):
            assert one[name] == two[name]


def test_run__the_average_of_cosines_is_one_of_cosines(
    stripes: tuple[Examples, Examples], small_recipe: Recipe, tmp_path: Path
) -> None:
    training = replace(small_recipe.training, ema=0.9)
    network = replace(small_recipe.network, cosine=10.0)
    recipe = replace(small_recipe, training=training, network=network)
    fitting = _fitting(stripes, recipe, tmp_path, replace(PLAN, epochs=1))  # which is averaged
    assert fitting.run(Stopper())
    kernel, bias = fitting.best[-2:]
    np.testing.assert_allclose(np.linalg.norm(kernel, axis=0), 1, rtol=1e-5)
    np.testing.assert_array_equal(bias, 0)


def _tiny(stripes: tuple[Examples, Examples], recipe: Recipe, folder: Path) -> Fitting:
    """A fitting that takes a moment: a third as many images on the right, one dense layer."""
    train, val = stripes
    some = np.flatnonzero((train.labels == 0) | (np.arange(len(train.rows)) % 6 == 1))
    uneven = replace(train, rows=train.rows[some], labels=train.labels[some])
    engine.start(seed=3, deterministic=True)
    model = keras.Sequential([
        keras.Input((32, 32, 3), dtype="uint8"), keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(), keras.layers.Dropout(0.2), keras.layers.Dense(2),
    ])  # fmt: skip
    compile_network(model, recipe, counts=uneven.counts(), steps=PLAN.epochs * uneven.steps(recipe))
    return Fitting(model, uneven, val, recipe, PLAN, folder)


def test_run__stopped_where_weights_and_sampling_begin_ends_at_the_same_weights(
    stripes: tuple[Examples, Examples], small_recipe: Recipe, tmp_path: Path
) -> None:
    late = replace(
        small_recipe,
        balance=Balance(sampling="sqrt", weights="inverse", loss="balanced-softmax", deferred=0.5),
        augment=replace(small_recipe.augment, mixup=0.4, cutmix=1.0, remix=True),
    )
    whole = _tiny(stripes, late, tmp_path / "whole")
    assert whole.run(Stopper())
    boundary = 2 * whole.train.steps(late)  # they begin in the third of four epochs
    for stop in (boundary, boundary + 1):
        folder = tmp_path / str(stop)
        assert not _tiny(stripes, late, folder).run(Stopper(after=stop))
        resumed = _tiny(stripes, late, folder)
        assert resumed.run(Stopper())
        assert _same(resumed.model.get_weights(), whole.model.get_weights())
    never = replace(late, balance=replace(late.balance, weights="none"))
    plain = _tiny(stripes, never, tmp_path / "plain")
    plain.run(Stopper())
    weighed, same = (
        np.array([record["loss"] for record in run.progress.history]) for run in (whole, plain)
    )
    np.testing.assert_allclose(weighed[:2], same[:2], rtol=1e-5)
    assert (np.abs(weighed[2:] - same[2:]) > 1e-3).all()


def test_run__in_parts_and_stopped_ends_at_the_same_weights(
    stripes: tuple[Examples, Examples], small_recipe: Recipe, tmp_path: Path
) -> None:
    parted = replace(small_recipe, training=replace(small_recipe.training, micro_batch=3))
    whole = _tiny(stripes, parted, tmp_path / "whole")
    assert whole.run(Stopper())
    assert not _tiny(stripes, parted, tmp_path / "stopped").run(Stopper(after=5))
    resumed = _tiny(stripes, parted, tmp_path / "stopped")
    assert resumed.run(Stopper())
    assert _same(resumed.model.get_weights(), whole.model.get_weights())
    assert resumed.progress.history[-1]["loss"] == whole.progress.history[-1]["loss"]


def test_run__another_seed_ends_elsewhere(
    undisturbed: Fitting, small_recipe: Recipe, tmp_path: Path
) -> None:
    other = replace(small_recipe, training=replace(small_recipe.training, seed=9))
    fitting = _fitting((undisturbed.train, undisturbed.val), other, tmp_path)
    fitting.run(Stopper())
    assert not _same(fitting.model.get_weights(), undisturbed.model.get_weights())


def test_fresh_network__begins_within_its_bounds(
    stripes: tuple[Examples, Examples], small_recipe: Recipe
) -> None:
    """Else a batch in parts would look at other weights from its second part on."""
    cosines = replace(small_recipe, network=replace(small_recipe.network, cosine=16.0))
    kernel = fresh_network(cosines, PLAN, stripes[0]).get_layer("logits").kernel
    np.testing.assert_allclose(np.linalg.norm(kernel, axis=0), 1, rtol=1e-6)


def _score(monkeypatch: pytest.MonkeyPatch, *macro_f1: float) -> None:
    """Let the validation after each epoch say so."""
    scores = iter(macro_f1)
    monkeypatch.setattr(
        "springfield.learning.training.fitting.validation_scores",
        lambda *_: {"val_loss": 1.0, "val_accuracy": 0.5, "val_macro_f1": next(scores)},
    )


def test_run__patience_stops_early(
    stripes: tuple[Examples, Examples],
    small_recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    impatient = replace(small_recipe, training=replace(small_recipe.training, patience=1))
    _score(monkeypatch, 0.5, 0.6, 0.6, 0.4, 0.9)  # as good as the best is no reason to stop
    fitting = _fitting(stripes, impatient, tmp_path, replace(PLAN, epochs=30))
    watcher = Stopper()
    assert fitting.run(watcher)
    assert (watcher.epochs, fitting.progress.best_epoch) == (4, 2)


def test_run__patience_waits_for_a_late_balance(
    stripes: tuple[Examples, Examples],
    small_recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = replace(
        small_recipe,
        training=replace(small_recipe.training, patience=1),
        balance=replace(small_recipe.balance, sampling="uniform", deferred=0.5),
    )
    _score(monkeypatch, 0.6, *[0.5] * 29)
    fitting = _fitting(stripes, late, tmp_path, replace(PLAN, epochs=9))
    watcher = Stopper()
    assert fitting.run(watcher)
    assert watcher.epochs == 6  # it begins in the fifth, and the sixth was no better


def test_run__a_loss_that_is_no_number_is_said(
    stripes: tuple[Examples, Examples], small_recipe: Recipe, tmp_path: Path
) -> None:
    wild = replace(small_recipe, training=replace(small_recipe.training, learning_rate=10.0))
    fitting = _fitting(stripes, wild, tmp_path)
    fitting.model.get_layer("logits").kernel.assign(np.full((64, 2), np.nan))
    with pytest.raises(RecipeError, match=r"training\.learning_rate = 10\.0: the loss"):
        fitting.run(Stopper())


def test_run__validates_every_third_epoch_the_first_and_the_last(
    stripes: tuple[Examples, Examples],
    small_recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _score(monkeypatch, 0.5, 0.9, 0.6, 0.6)
    plan = replace(PLAN, epochs=7, validate_every=3)
    fitting = _fitting(stripes, small_recipe, tmp_path, plan)
    assert fitting.run(Stopper())
    scores = [record["val_macro_f1"] for record in fitting.progress.history]
    np.testing.assert_array_equal(scores, [0.5, np.nan, 0.9, np.nan, np.nan, 0.6, 0.6])
    assert fitting.progress.best_epoch == 2  # counted from 0


def test_run__stopped_after_an_epoch_that_was_not_validated_answers_by_what_it_learned(
    stripes: tuple[Examples, Examples],
    small_recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = replace(PLAN, epochs=7, validate_every=4)
    fitting = _fitting(stripes, small_recipe, tmp_path, plan)
    _score(monkeypatch, 0.5, 0.9)
    assert not fitting.run(Stopper(after=2 * fitting.train.steps(small_recipe) + 1))
    assert fitting.progress.best == 0.9
    _, kept = checkpoint.restore(tmp_path, fitting.model)
    assert (kept.best, kept.best_epoch) == (0.5, 0)  # what goes on knows nothing of it


def test_run__without_validation_rows_keeps_the_newest_weights(
    stripes: tuple[Examples, Examples], small_recipe: Recipe, tmp_path: Path
) -> None:
    nobody = replace(stripes[1], rows=stripes[1].rows[:0], labels=stripes[1].labels[:0])
    fitting = _fitting((stripes[0], nobody), small_recipe, tmp_path, replace(PLAN, epochs=2))
    assert fitting.run(Stopper())
    assert fitting.progress.best_epoch == 1
    assert np.isnan(fitting.progress.history[-1]["val_macro_f1"])


def test_predict_probabilities__every_row_once_whatever_the_batch(
    undisturbed: Fitting,
) -> None:
    whole = predict_probabilities(undisturbed.model, undisturbed.val, batch=16)
    pieces = predict_probabilities(undisturbed.model, undisturbed.val, batch=5)
    assert whole.shape == (16, 2)
    np.testing.assert_allclose(whole, pieces, atol=1e-6)
    np.testing.assert_allclose(whole.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize(("rest", "saved"), [(0, [1, 2, 3, 4]), (10**9, [1, 4])])
def test_run__short_epochs_are_not_all_saved_but_the_last_is(
    stripes: tuple[Examples, Examples],
    small_recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rest: int,
    saved: list[int],
) -> None:
    found: list[int] = []
    monkeypatch.setattr("springfield.learning.training.fitting.REST", rest)
    monkeypatch.setattr(
        "springfield.learning.training.checkpoint.save",
        lambda *given: found.append(given[-1].epoch),
    )
    plan = replace(PLAN, save_every=10**9)
    assert _fitting(stripes, small_recipe, tmp_path, plan).run(Stopper())
    assert found == saved
