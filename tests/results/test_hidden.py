from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from springfield.results.hidden import predict_hidden


def test_predict_hidden__covers_at_the_stated_rate(fake_curves: Callable[..., Any]) -> None:
    found = [predict_hidden(fake_curves(seed).measured) for seed in range(4)]
    covered = [each["covered"] for of in found for each in of["classes"].values()]
    assert len(covered) == 32
    assert np.mean(covered) >= 0.9
    assert all(of["covered"] for of in found)
    assert np.median([of["error"] for of in found]) < 0.02
    assert np.median([of["median_error"] for of in found]) < 0.03


def test_predict_hidden__has_not_seen_what_it_predicts(fake_curves: Callable[..., Any]) -> None:
    measured = fake_curves(0).measured
    spoilt = measured.right.copy()
    spoilt[-1] = 0
    one, other = predict_hidden(measured), predict_hidden(replace(measured, right=spoilt))
    assert one
    assert other
    assert one["predicted"] == other["predicted"]
    assert (other["measured"], other["covered"]) == (0, False)


def test_predict_hidden__not_even_a_class_with_all_its_images_at_every_budget(
    fake_curves: Callable[..., Any],
) -> None:
    measured = fake_curves(0).measured
    name = measured.classes[-1]
    small = replace(measured, train={**measured.train, name: measured.budgets[0]})
    spoilt = small.right.copy()
    spoilt[:, small.truth == name] = 0
    one, other = predict_hidden(small), predict_hidden(replace(small, right=spoilt))
    assert one
    assert other
    assert one["predicted"] == other["predicted"]


def test_predict_hidden__a_nearly_as_large_budget_is_hidden_too(
    fake_curves: Callable[..., Any],
) -> None:
    measured = fake_curves(0, (256, 40)).measured  # the last points of class1: 16, 32, 40
    spoilt = measured.right.copy()
    spoilt[2, measured.truth == "class1"] = 0
    one, other = predict_hidden(measured), predict_hidden(replace(measured, right=spoilt))
    assert one
    assert other
    assert one["classes"]["class1"]["images"] == 40
    assert one["classes"]["class1"]["predicted"] == other["classes"]["class1"]["predicted"]


def test_predict_hidden__classes_of_few_images_do_not_count(
    fake_curves: Callable[..., Any],
) -> None:
    hidden = predict_hidden(fake_curves(0, held_out=9).measured)
    assert hidden
    assert (len(hidden["classes"]), hidden["judged"]) == (8, 1)


def test_predict_hidden__two_budgets_leave_nothing_to_predict_from(
    fake_curves: Callable[..., Any],
) -> None:
    measured = fake_curves(0).measured
    assert predict_hidden(replace(measured, budgets=(8, 16), right=measured.right[:2])) is None


def test_predict_hidden__a_class_is_measured_where_its_curve_ends(
    fake_curves: Callable[..., Any],
) -> None:
    measured = fake_curves(0, (256, 40)).measured
    spoilt = measured.right.copy()
    spoilt[4:, measured.truth == "class1"] = 0  # budgets that gave it no more images
    hidden = predict_hidden(replace(measured, right=spoilt))
    assert hidden
    assert hidden["classes"]["class1"]["measured"] == measured.recall[3, 1]
    assert hidden["measured"] < 0.5  # the mean of what the largest budget gave
