"""Weights of the classes in the loss."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.examples.balance import quotas
from springfield.learning.examples.class_weights import class_weights, epoch_weights
from springfield.recipe import Balance
from springfield.recipe_limits import CHOICES

COUNTS = np.array([4000, 400, 40, 4])


@pytest.mark.parametrize("kind", CHOICES["balance.weights"])
def test_class_weights__are_1_in_the_mean_over_the_images(kind: str) -> None:
    found = class_weights(COUNTS, kind)
    assert found.dtype == np.float32
    assert (found * COUNTS).sum() / COUNTS.sum() == pytest.approx(1)
    np.testing.assert_allclose(class_weights(np.array([7, 7, 7]), kind), 1, rtol=1e-6)
    order = np.array([2, 0, 3, 1])
    np.testing.assert_allclose(class_weights(COUNTS[order], kind), found[order], rtol=1e-6)


def test_class_weights__by_hand() -> None:
    def ratio(kind: str) -> float:
        found = class_weights(COUNTS, kind)
        assert (np.diff(found) >= 0).all()
        return float(found[3] / found[0])

    assert ratio("none") == 1
    assert ratio("inverse") == pytest.approx(1000)
    # 4,000 images are worth 982 where each new one adds a thousandth less
    assert ratio("effective") == pytest.approx((1 - 0.999**4000) / (1 - 0.999**4), rel=1e-5)
    assert 240 < ratio("effective") < 250


def test_epoch_weights__begin_where_they_were_deferred_to() -> None:
    balance = Balance(weights="inverse", deferred=0.8)
    early, late = (epoch_weights(COUNTS, balance, done) for done in (0.79, 0.8))
    assert early is not None
    np.testing.assert_array_equal(early, 1)
    np.testing.assert_array_equal(late, class_weights(COUNTS, "inverse"))
    assert epoch_weights(COUNTS, Balance(deferred=0.8), 0.9) is None


@pytest.mark.parametrize("sampling", CHOICES["balance.sampling"])
@pytest.mark.parametrize("done", [0.0, 0.5, 1.0])
def test_epoch_weights__even_out_what_sampling_leaves(sampling: str, done: float) -> None:
    balance = Balance(weights="inverse", sampling=sampling, threshold=50)
    found = epoch_weights(COUNTS, balance, done)
    np.testing.assert_allclose(quotas(COUNTS, balance, done) * found, 4460 / 4 + 10, rtol=0.02)


def test_class_weights__of_a_beta_near_1_are_inverse() -> None:
    inverse = class_weights(COUNTS, "inverse")
    far, near = (class_weights(COUNTS, "effective", beta) for beta in (0.9, 0.99999))
    np.testing.assert_allclose(near, inverse, rtol=0.05)
    assert far[-1] / far[0] < inverse[-1] / inverse[0] / 2
