from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from springfield.results.curve_posterior import Points
from springfield.results.learning_curve import DRAWS, around, fit_curves

FLAT = np.full((4, 3), 0.7)
IMAGES = np.repeat(np.array([[8.0], [16.0], [32.0], [64.0]]), 3, axis=1)


def points_of(recall: np.ndarray, images: np.ndarray = IMAGES, judged: float = 200) -> Points:
    size = recall.shape[1]
    return Points(images, recall, np.full(size, judged), np.ones(recall.shape, bool))


def test_fit_curves__holds_the_true_recall_near_and_far(fake_curves: Callable[..., Any]) -> None:
    inside = []
    for seed in range(4):
        made = fake_curves(seed)
        curves = fit_curves(made.measured.points(), made.measured.resampled())
        for images in (64, 256, 1024):
            each, centre = curves.at(np.full(8, images))
            mean = around(each.mean(axis=1), centre.mean())
            for draws, truth in [*zip(each.T, made.recall(np.full(8, images)), strict=True),
                                 (mean, made.recall(np.full(8, images)).mean())]:  # fmt: skip
                low, high = np.quantile(draws, (0.025, 0.975))
                inside.append(low <= truth <= high)
    assert np.mean(inside) > 0.9


def test_fit_curves__extrapolation_widens(fake_curves: Callable[..., Any]) -> None:
    _, mean = fit_curves(fake_curves(1).measured.points()).along(np.array([256.0, 512, 1024]))
    widths = np.diff(np.quantile(mean, (0.025, 0.975), axis=0), axis=0)[0]
    assert (np.diff(widths) > 0).all()


def test_along__rises_and_never_passes_one(fake_curves: Callable[..., Any]) -> None:
    random = np.random.default_rng(0)
    steep = np.clip(np.array([[0.5], [0.8], [0.95], [0.99]]) + random.normal(0, 0.02, (4, 3)), 0, 1)
    for points in (points_of(steep), points_of(1 - steep), fake_curves(2).measured.points()):
        each, mean = fit_curves(points).along(np.append(np.geomspace(1, 1e5, 50), np.inf))
        for draws in (each, mean):
            assert (np.diff(draws, axis=-1) >= 0).all()
            assert draws.min() >= 0
            assert draws.max() <= 1
        assert mean.shape == (DRAWS, 51)


def test_fit_curves__is_the_same_for_the_same_seed() -> None:
    one, same, other = (fit_curves(points_of(FLAT), seed=seed).level for seed in (0, 0, 1))
    assert (one == same).all()
    assert (one != other).any()


def test_fit_curves__flat_points_stay_flat() -> None:
    _, mean = fit_curves(points_of(FLAT, judged=2000)).along(np.array([64.0, 256.0]))
    assert abs(np.median(mean, axis=0) - 0.7).max() < 0.02


def test_fit_curves__a_class_with_one_point_borrows_the_shape() -> None:
    recall = 0.98 - 2.0 * IMAGES**-0.5
    used = np.ones(recall.shape, bool)
    used[1:, 2] = False
    images = IMAGES.copy()
    images[1:, 2] = 8
    lone = Points(images, recall, np.full(3, 400.0), used)
    each, _ = fit_curves(lone).along(np.array([8.0, 64.0]))
    gained = np.median(each[2, :, 1] - each[2, :, 0])
    assert 0.2 < gained < 0.7  # 0.46 for the others
    lone_width, width = (np.ptp(np.quantile(each[c, :, 1], (0.025, 0.975))) for c in (2, 0))
    assert lone_width > 1.3 * width


def test_around__the_mean_of_cut_off_draws_keeps_its_centre() -> None:
    random = np.random.default_rng(0)
    cut = (0.95 + random.normal(0, 0.2, (4000, 20))).clip(0, 1)
    assert cut.mean() < 0.9
    assert abs(around(cut.mean(axis=1), 0.95).mean() - 0.95) < 0.005
