"""Temperatures and sets of classes."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.statistics.calibration import (
    FEWEST,
    Calibration,
    calibrate,
    fit_temperature,
    probabilities_of,
)


def _drawn(n: int, classes: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose softmax is the true distribution of the labels, float32 [n, 1, C]."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (n, 1, classes)).astype(np.float32)
    chances = probabilities_of(logits, 1.0)
    labels = (random.random((n, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(0, classes - 1)
    return logits, labels


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_fit_temperature__undoes_a_factor(factor: float) -> None:
    logits, labels = _drawn(4000)
    assert fit_temperature(logits * factor, labels, np.arange(4000)) == pytest.approx(
        factor, rel=0.1
    )


def test_fit_temperature__too_few_rows_change_nothing() -> None:
    logits, labels = _drawn(FEWEST - 1)
    assert fit_temperature(logits, labels, np.arange(FEWEST - 1)) == 1.0


def test_fit_temperature__frames_of_a_scene_are_one_row() -> None:
    logits, labels = _drawn(400)
    often = np.repeat(np.arange(400), np.where(np.arange(400) < 40, 50, 1))
    once = fit_temperature(3 * logits, labels, np.arange(400))
    assert fit_temperature(3 * logits[often], labels[often], often) == pytest.approx(once, rel=1e-3)
    assert fit_temperature(logits, labels, np.arange(400) % (FEWEST - 1)) == 1.0


def test_fit_temperature__all_right_is_no_proof_of_certainty() -> None:
    labels = np.arange(30) % 3
    logits = 3.3 * np.eye(3, dtype=np.float32)[labels][:, None]  # 0.93 for the true class
    given = probabilities_of(logits, fit_temperature(logits, labels, np.arange(30))).max(axis=1)
    assert given == pytest.approx(31 / 32, abs=0.003)  # as Platt's targets have it


def test_probabilities_of__views_are_averaged() -> None:
    logits = np.array([[[0, 50], [50, 0]]], np.float32)
    np.testing.assert_allclose(probabilities_of(logits, 1.0), [[0.5, 0.5]], atol=1e-6)


def test_sets__hold_the_true_class_as_often_as_promised() -> None:
    logits, labels = _drawn(4000)
    calibration = calibrate(logits[:2000], labels[:2000], level=0.9)
    assert calibration.own == (True,) * 4
    sets = calibration.sets(probabilities_of(logits[2000:], calibration.temperature))
    covered = sets[np.arange(2000), labels[2000:]]
    assert covered.mean() == pytest.approx(0.9, abs=0.03)
    for c in range(4):
        assert covered[labels[2000:] == c].mean() == pytest.approx(0.9, abs=0.06)


def test_calibrate__rare_classes_share_a_threshold() -> None:
    logits, labels = _drawn(400)
    few = np.flatnonzero(labels == 3)[5:]
    keep = np.setdiff1d(np.arange(400), few)
    calibration = calibrate(logits[keep], labels[keep])
    assert calibration.own == (True, True, True, False)
    assert calibration.lowest[3] == 0  # five images promise nothing: it may always be that class
    few = np.flatnonzero(labels >= 2)
    few = np.concatenate([few[labels[few] == c][5:] for c in (2, 3)])
    keep = np.setdiff1d(np.arange(400), few)
    calibration = calibrate(logits[keep], labels[keep])
    assert calibration.own == (True, True, False, False)
    assert 0 < calibration.lowest[2] == calibration.lowest[3] < 1  # ten together do


def test_calibrate__a_rare_class_that_is_hard_is_held_as_often_as_its_images_can_say() -> None:
    random, labels = np.random.default_rng(0), np.repeat(np.arange(6), [8, 8, 8, 8, 8, 3])
    probabilities = np.full((43, 6), 0.02)
    probabilities[np.arange(43), labels] = 0.9
    hard = labels == 5
    probabilities[hard] = [0.9, 0.02, 0.02, 0.02, 0.02, 0.02]
    probabilities[hard, 5] = random.uniform(0.01, 0.05, 3)
    calibration = calibrate(np.log(probabilities)[:, None], labels, level=0.9)
    given = probabilities_of(np.log(probabilities)[:, None], calibration.temperature)
    assert calibration.own == (False,) * 6
    assert calibration.lowest[0] > 0.1  # what all of them together have
    assert calibration.lowest[5] == pytest.approx(given[hard, 5].min(), abs=1e-6)


def test_calibrate__the_frames_of_a_scene_are_one_draw() -> None:
    logits, labels = _drawn(400)
    scenes = np.arange(400)
    scenes[labels == 2] = 1000 + np.arange((labels == 2).sum()) % 3  # a hundred frames of three
    calibration = calibrate(logits, labels, scenes)
    assert calibration.own == (True, True, False, True)
    firsts = [np.flatnonzero(scenes == scene)[0] for scene in np.unique(scenes)]
    once = calibrate(logits[firsts], labels[firsts])
    assert calibration.own == once.own
    assert (calibration.lowest[2], once.lowest[2]) == (0, 0)


def test_sets__hold_what_was_named_under_another_prior() -> None:
    calibration = Calibration(lowest=(0.9, 0.3), own=(True, True))
    sets = calibration.sets(np.array([[0.93, 0.07]], np.float32), np.array([1]))
    assert sets.tolist() == [[True, True]]


def test_calibrate__without_rows_every_class_stays_possible() -> None:
    calibration = calibrate(np.empty((0, 1, 3), np.float32), np.empty(0, np.int64))
    assert calibration.sets(np.array([[0.98, 0.01, 0.01]])).all()


def test_sets__are_never_empty() -> None:
    calibration = Calibration(lowest=(0.9, 0.9), own=(True, True))
    np.testing.assert_array_equal(
        calibration.sets(np.array([[0.6, 0.4]], np.float32)), [[True, False]]
    )
    assert calibration.sets(np.empty((0, 2), np.float32)).shape == (0, 2)
