from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from springfield.errors import SpringfieldError
from springfield.results.measured import Measured
from springfield.results.needed import answer_from, check_target, needed

IMAGES = np.array([1.0, 10, 100, 1000])


def test_needed__is_where_the_draws_reach_the_target() -> None:
    draws = np.array([[0.1, 0.5, 0.9, 0.95], [0.1, 0.5, 0.8, 0.9], [0.1, 0.9, 0.95, 0.99]])
    need = needed(draws, np.full(3, 0.99), 0.9, IMAGES)
    assert (need.low, need.images, need.high, need.more_than) == (10, 100, 1000, None)


def test_needed__beyond_what_was_looked_at_no_number_is_given() -> None:
    draws = np.tile([0.1, 0.2, 0.3, 0.4], (5, 1))
    far = needed(draws, np.full(5, 0.95), 0.9, IMAGES)
    assert (far.images, far.high, far.more_than) == (None, None, 1000)
    out = needed(draws, np.full(5, 0.85), 0.9, IMAGES)
    assert (out.images, out.more_than, out.limit) == (None, None, (0.85, 0.85, 0.85))


@pytest.mark.parametrize("target", [0, 1, -0.1, 90, float("nan")])
def test_check_target__what_is_no_recall_is_refused(target: float) -> None:
    with pytest.raises(SpringfieldError, match="must lie between 0 and 1"):
        check_target(target)


def test_answer_from__holds_the_true_number(fake_curves: Callable[..., Any]) -> None:
    inside = []
    for seed in range(4):
        made = fake_curves(seed)
        answer = answer_from(made.measured, made.measured.train, 0.85)
        truth = made.needed(0.85)
        assert 0.4 < answer["images_per_class"] / truth < 2.5
        inside.append(answer["low"] <= truth <= (answer["high"] or np.inf))
    assert sum(inside) >= 3


def test_answer_from__points_curves_and_classes(fake_curves: Callable[..., Any]) -> None:
    made = fake_curves(0, (256, 256, 40))
    answer = answer_from(made.measured, {**made.measured.train, "untested": 1}, 0.8)
    assert [point["images"] for point in answer["points"]] == [8, 16, 32, 64, 128, 256]
    assert [point["whole"] for point in answer["points"]] == [3, 3, 3, 2, 2, 2]
    assert [point["images"] for point in answer["classes"]["class2"]["points"]] == [8, 16, 32, 40]
    assert answer["curve"][-1]["images"] == 4 * 256
    for step in answer["curve"] + answer["points"]:
        assert 0 <= step["low"] <= step["recall"] <= step["high"] <= 1
    rule, near = answer["rule"], [step for step in answer["curve"] if 400 < step["images"] < 600]
    assert rule["images"] == 500
    assert near[0]["recall"] <= rule["recall"] <= near[-1]["recall"]
    untested = answer["classes"]["untested"]
    assert (untested["n"], untested["needs"], untested["points"]) == (0, None, [])


def test_answer_from__the_mean_of_many_classes_lies_within_its_interval() -> None:
    names = [f"class{c:02}" for c in range(42)]
    labels = np.repeat(names, 5)
    right = np.tile([1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 21).astype(np.float64)
    rows = np.arange(210)
    measured = Measured(dict.fromkeys(names, 8), (8,), rows.astype(str), labels, rows, right[None])
    (point,) = answer_from(measured, measured.train, 0.95)["points"]
    assert point["recall"] == pytest.approx(0.9)
    assert point["low"] < 0.89
    assert point["high"] > 0.91


def test_answer_from__a_target_no_curve_reaches_has_no_number(
    fake_curves: Callable[..., Any],
) -> None:
    made = fake_curves(0, held_out=400)
    answer = answer_from(made.measured, made.measured.train, 0.999)
    assert (answer["images_per_class"], answer["high"]) == (None, None)
    assert answer["limit"]["low"] <= answer["limit"]["recall"] <= answer["limit"]["high"]


def test_answer_from__two_budgets_make_no_curve(fake_curves: Callable[..., Any]) -> None:
    whole = fake_curves(0).measured
    few = replace(whole, budgets=(8, 16), right=whole.right[:2])
    answer = answer_from(few, few.train, 0.9)
    assert (answer["images_per_class"], answer["curve"], answer["hidden"]) == (None, [], None)
    assert len(answer["points"]) == 2
    nothing = answer_from(None, few.train, 0.9)
    assert (nothing["images_per_class"], nothing["points"]) == (None, [])


def test_answer_from__a_class_of_three_images_is_answered_with_caution(
    fake_curves: Callable[..., Any],
) -> None:
    whole = fake_curves(0, (256, 256, 2)).measured
    kept = (whole.truth != "class2") | (np.cumsum(whole.truth == "class2") <= 1)
    rare = replace(whole, paths=whole.paths[kept], truth=whole.truth[kept],
                   groups=whole.groups[kept], right=whole.right[:, kept])  # fmt: skip
    answer = answer_from(rare, rare.train, 0.8)
    class0, class2 = (answer["classes"][name] for name in ("class0", "class2"))
    assert (class2["n"], class2["images"]) == (1, 2)
    assert class2["high"] is None
    widths = [each["curve"][-8]["high"] - each["curve"][-8]["low"] for each in (class0, class2)]
    assert widths[1] > 2 * widths[0]
