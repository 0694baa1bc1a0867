from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from springfield.errors import SpringfieldError
from springfield.learning.answering.classifier import Description
from springfield.learning.answering.priors import (
    adjust,
    check_prior,
    estimate,
    learned_prior,
    under_prior,
)
from springfield.recipe import Balance

ASSUMED = np.array([0.7, 0.2, 0.1])
COUNTS = np.array([700, 200, 100])
DESCRIPTION = Description(("a", "b", "c"), 32, "crop", prior=tuple(ASSUMED), shares=(0.8, 0.1, 0.1))


def answered(prior: np.ndarray, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors under `ASSUMED` of images drawn by `prior`, and the likelihood of each class."""
    random = np.random.default_rng(seed)
    labels = random.choice(3, n, p=prior)
    seen = np.eye(3)[labels] * 2.5 + random.normal(size=(n, 3))
    likelihood = np.exp(2.5 * seen)
    given = likelihood * ASSUMED
    return (given / given.sum(axis=1, keepdims=True)).astype(np.float32), likelihood


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        (Balance(), ASSUMED),
        (Balance(loss="focal"), ASSUMED),
        (Balance(sampling="uniform"), np.full(3, 1 / 3)),
        (Balance(sampling="progressive"), np.full(3, 1 / 3)),
        (Balance(weights="inverse"), np.full(3, 1 / 3)),
        (Balance(weights="inverse", deferred=0.8), np.full(3, 1 / 3)),
        (Balance(loss="balanced-softmax"), np.full(3, 1 / 3)),
        (Balance(loss="logit-adjusted", tau=0.5), ASSUMED**0.5 / (ASSUMED**0.5).sum()),
        (Balance(sampling="sqrt"), ASSUMED**0.5 / (ASSUMED**0.5).sum()),
    ],
)
def test_learned_prior__is_what_training_leaves_uneven(
    balance: Balance, expected: np.ndarray
) -> None:
    np.testing.assert_allclose(learned_prior(COUNTS, balance), expected, atol=2e-3)


def test_learned_prior__of_weights_from_before_the_balance_began_is_the_folders() -> None:
    late = Balance(weights="inverse", sampling="sqrt", deferred=0.8)
    np.testing.assert_allclose(learned_prior(COUNTS, late, 0.5), COUNTS / COUNTS.sum())
    lately = learned_prior(COUNTS, Balance(sampling="progressive"), 0.5)
    assert lately[0] == pytest.approx((COUNTS[0] / COUNTS.sum() + 1 / 3) / 2, abs=2e-3)
    taken_off = Balance(loss="balanced-softmax", sampling="uniform", deferred=0.8)
    found = learned_prior(COUNTS, taken_off, 0.5)
    np.testing.assert_allclose(found, COUNTS / COUNTS.sum(), atol=2e-3)


def test_adjust__is_bayes_rule() -> None:
    wanted = np.array([0.2, 0.3, 0.5])
    given, likelihood = answered(ASSUMED, 50)
    expected = likelihood * wanted
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(adjust(given, ASSUMED, wanted), expected, atol=1e-4)
    np.testing.assert_allclose(adjust(given, ASSUMED, ASSUMED), given, atol=1e-6)


def test_adjust__a_row_without_an_answer_stays_one() -> None:
    given = np.array([[0.5, 0.3, 0.2], [np.nan] * 3], np.float32)
    assert np.isnan(adjust(given, ASSUMED, COUNTS / 1000)).all(axis=1).tolist() == [False, True]


def test_estimate__finds_the_prior_of_unlabelled_images() -> None:
    truth = np.array([0.1, 0.3, 0.6])
    found = estimate(answered(truth, 4000)[0], ASSUMED)
    np.testing.assert_allclose(found, truth, atol=0.03)
    assert found.sum() == pytest.approx(1)


def test_estimate__few_images_do_not_carry_it_away() -> None:
    sure = np.array([[0.001, 0.001, 0.998]], np.float32)
    one, many = estimate(sure, ASSUMED), estimate(np.repeat(sure, 500, axis=0), ASSUMED)
    assert 0.1 < one[2] < 0.25
    assert many[2] > 0.9
    np.testing.assert_allclose(estimate(np.empty((0, 3), np.float32), ASSUMED), ASSUMED)


def test_under_prior__each_kind() -> None:
    given, likelihood = answered(np.array([0.1, 0.1, 0.8]), 600)
    assert under_prior(given, DESCRIPTION, None) is given
    even = likelihood / likelihood.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(under_prior(given, DESCRIPTION, "uniform"), even, atol=1e-4)
    natural = under_prior(given, DESCRIPTION, "natural")
    np.testing.assert_allclose(natural, adjust(given, ASSUMED, np.array([0.8, 0.1, 0.1])))
    with_gap = np.concatenate([given, np.full((1, 3), np.nan, np.float32)])
    found = under_prior(with_gap, DESCRIPTION, "estimated")
    assert found[:-1].mean(axis=0)[2] > given.mean(axis=0)[2]
    assert np.isnan(found[-1]).all()


def test_under_prior__older_classifiers_know_the_shares_as_their_prior() -> None:
    given, _ = answered(ASSUMED, 5)
    old = replace(DESCRIPTION, shares=())
    np.testing.assert_allclose(under_prior(given, old, "natural"), given, atol=1e-6)


def test_under_prior__what_cannot_be_is_said() -> None:
    with pytest.raises(SpringfieldError, match="unknown prior 'unifrom'; did you mean 'uniform'"):
        check_prior("unifrom", DESCRIPTION)
    with pytest.raises(SpringfieldError, match="what mix of classes the last layer, plain,"):
        check_prior("uniform", replace(DESCRIPTION, prior=()))
    check_prior(None, replace(DESCRIPTION, prior=()))
