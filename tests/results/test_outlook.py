from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.answering.priors import estimate
from springfield.learning.statistics.intervals import Evidence
from springfield.results import outlook
from springfield.results.outlook import compare_mixes, expected_score

COMMON = np.array([0.5, 0.25, 0.15, 0.07, 0.03])  # among the images learned from
OTHER = np.array([0.05, 0.3, 0.0, 0.4, 0.25])  # among those to be named


def evidence_of(truth: list[int], answers: list[int], classes: int = 3) -> Evidence:
    return Evidence(np.array(truth), np.array(answers), np.arange(len(truth)), classes)


def test_expected_score__is_the_mean_recall_in_the_new_mix() -> None:
    judged = evidence_of([0, 0, 0, 0, 1, 1, 2], [0, 0, 0, 1, 1, 0, 2])  # recalls 3/4, 1/2, 1
    found = expected_score(judged, np.array([0.2, 0.7, 0.1]), images=100)
    assert found is not None
    assert found.score == pytest.approx(0.2 * 0.75 + 0.7 * 0.5 + 0.1)
    assert 0 <= found.low < found.score < found.high <= 1


def test_expected_score__a_class_that_was_never_judged_may_be_anything() -> None:
    judged = evidence_of([0] * 200 + [1] * 200, [0] * 200 + [1] * 200)
    known = expected_score(judged, np.array([0.5, 0.5, 0.0]), images=1000)
    partly = expected_score(judged, np.array([0.35, 0.35, 0.3]), images=1000)
    assert known is not None
    assert partly is not None
    assert known.score == partly.score == 1
    assert known.low > 0.97
    assert partly.low < 0.72  # none of those 30 %
    half = evidence_of([0] * 200 + [1] * 200, [0] * 100 + [1] * 100 + [0] * 100 + [1] * 100)
    most = expected_score(half, np.array([0.35, 0.35, 0.3]), images=1000)
    assert most is not None
    assert most.high > 0.6  # all of them, and half of the others
    assert expected_score(judged, np.array([0.0, 0.0, 1.0]), images=10) is None


def test_expected_score__caution_about_each_class_does_not_add_up() -> None:
    truth = np.repeat(np.arange(40), 3)  # two of three right, in each class
    answers = np.where(np.arange(120) % 3, truth, (truth + 1) % 40)
    judged = Evidence(truth, answers, np.arange(120), 40)
    found = expected_score(judged, np.full(40, 1 / 40), images=100_000)
    assert found is not None
    assert found.score == pytest.approx(2 / 3)
    assert (found.low + found.high) / 2 == pytest.approx(2 / 3, abs=0.01)


def test_expected_score__few_images_leave_more_to_luck() -> None:
    judged = evidence_of([0] * 90 + [1] * 10, [0] * 80 + [1] * 20)
    few, many = (expected_score(judged, np.array([0.9, 0.1, 0]), images=n) for n in (20, 20000))
    assert few is not None
    assert many is not None
    assert few.score == many.score
    assert few.high - few.low > 1.5 * (many.high - many.low)


def _answered(random: np.random.Generator, centres: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Probabilities that hold under `COMMON`, of points around the centre of their class."""
    points = centres[labels] + random.normal(size=(len(labels), centres.shape[1]))
    logits = points @ centres.T - (centres**2).sum(axis=1) / 2 + np.log(COMMON)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("copies", [1, 3])
def test_expected_score__its_interval_holds_the_score_that_comes(
    copies: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In about 95 of 100 cases, where the mix is another and scenes come in several frames."""
    monkeypatch.setattr(outlook, "DRAWS", 200)
    random = np.random.default_rng(copies)
    inside, errors = [], []
    for _ in range(200):
        centres = random.normal(size=(5, 4)) * 1.5
        scenes = random.choice(5, 300, p=COMMON)
        held_out = _answered(random, centres, scenes).argmax(axis=1)
        judged = Evidence(*(np.repeat(a, copies) for a in (scenes, held_out, np.arange(300))), 5)
        truth = random.choice(5, 250, p=OTHER)
        given = _answered(random, centres, truth)
        found = expected_score(judged, estimate(given, COMMON, caution=0), images=250)
        assert found is not None
        came = (given.argmax(axis=1) == truth).mean()
        inside.append(found.low <= came <= found.high)
        errors.append(found.score - came)
    assert 0.92 <= np.mean(inside) <= 0.99
    assert abs(np.mean(errors)) < 0.015


def test_compare_mixes__equal_mixes_are_seldom_told_apart() -> None:
    random = np.random.default_rng(0)
    chances = [compare_mixes(*random.multinomial([300, 120], COMMON)).p for _ in range(200)]
    assert np.mean(np.array(chances) < 0.05) < 0.1
    assert 0.4 < np.mean(chances) < 0.6


def test_compare_mixes__says_how_far_and_how_surely() -> None:
    shift = compare_mixes(np.array([60, 30, 10]), np.array([20, 30, 0]))
    assert shift.moved == pytest.approx(0.3)  # 60 to 40 %, 30 to 60 %, 10 to 0 %
    by_hand = 2 * sum(
        seen * np.log(seen / expected)
        for seen, expected in [(60, 160 / 3), (30, 40), (10, 20 / 3), (20, 80 / 3), (30, 20)]
    )
    assert shift.g == pytest.approx(by_hand)
    assert shift.p < 0.002


def test_compare_mixes__the_same_answers_differ_by_nothing() -> None:
    shift = compare_mixes(np.array([6, 3, 0]), np.array([60, 30, 0]))
    assert (shift.moved, shift.p) == (0, 1)
    assert shift.g == pytest.approx(0, abs=1e-9)
