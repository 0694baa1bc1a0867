"""Classes added from a few images."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.explaining.neighbours import unit
from springfield.learning.explaining.prototypes import STAY, Contest, Prototypes

CENTRES = np.eye(6, 12)  # classes 0 to 3 are trained, 4 and 5 are strangers


def draw(number: int, n: int, seed: int = 0) -> np.ndarray:
    """Features of n images of a class: all classes share two directions of strong variation."""
    rng = np.random.default_rng([seed, number])
    features = 3 + 2 * CENTRES[number] + rng.normal(0, 0.15, (n, 12))
    features[:, 10:] += rng.normal(0, 2, (n, 2))
    return features.astype(np.float32)


@pytest.fixture(scope="module")
def contest() -> Contest:
    features = np.concatenate([draw(c, 60) for c in range(4)])
    return Contest.of(features, np.repeat(["a", "b", "c", "d"], 60))


@pytest.fixture(scope="module")
def prototypes(contest: Contest) -> Prototypes:
    return contest.add({"e": draw(4, 5), "f": draw(5, 5)})


def answers(prototypes: Prototypes, number: int, head: np.ndarray) -> np.ndarray:
    joined = [prototypes.join(head, features) for features in draw(number, 40, seed=1)]
    return np.array(joined)


def test_join__added_classes_take_their_own_images(prototypes: Prototypes) -> None:
    unsure = np.array([0.4, 0.3, 0.2, 0.1], np.float32)
    for number in (4, 5):
        found = answers(prototypes, number, unsure)
        assert (found.argmax(axis=1) == number).mean() > 0.9
        assert found.dtype == np.float32
        assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_join__trained_classes_keep_theirs(prototypes: Prototypes) -> None:
    for number in range(4):
        head = np.full(4, 0.02, np.float32)
        head[number] = 0.94
        found = answers(prototypes, number, head)
        assert (found.argmax(axis=1) == number).mean() > 0.8
        shares = found[:, :4] / found[:, :4].sum(axis=1, keepdims=True)
        assert shares == pytest.approx(np.tile(head, (40, 1)), abs=1e-5)  # their order stays


def test_add__the_promised_share_of_training_images_stays(
    contest: Contest, prototypes: Prototypes
) -> None:
    taken = contest.ahead(prototypes.means, contest.images) > prototypes.even
    assert (taken.mean(axis=0) <= 1 - STAY).all()


def test_add__variation_that_all_classes_share_does_not_count(contest: Contest) -> None:
    features = draw(4, 30, seed=2)
    alike = contest.directions(features)
    plain = unit(unit(features) - contest.centre)
    assert (alike @ alike.T).mean() > 0.7 > 0.6 > (plain @ plain.T).mean()


def test_of__features_without_variation_are_no_fault() -> None:
    contest = Contest.of(np.eye(2, 3, dtype=np.float32).repeat(5, axis=0), np.repeat(["a", "b"], 5))
    added = contest.add({"c": np.array([[0, 0, 1]], np.float32)})
    joined = added.join(np.array([0.5, 0.5], np.float32), np.array([0, 0, 1], np.float32))
    assert np.isfinite(joined).all()
    assert joined.argmax() == 2
