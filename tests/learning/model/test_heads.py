"""Last layers on features whose best last layer is known: normal clouds with one variation."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.model.heads import (
    METHODS,
    RADIUS,
    SHRINKAGE,
    Head,
    Lessons,
    fitted,
    nearest_direction,
    nearest_mean,
    nearest_whitened,
    normalised,
    rescaled,
    retrained,
    retrained_in_ball,
)

CENTRES = np.array([[0, 0, 0, 1], [2, 0, 0, 0], [0, 2, 0, 0]], np.float64)
COUNTS = np.array([900, 60, 9])
LOG_PRIOR = np.log(COUNTS / COUNTS.sum())


def clouds(counts: np.ndarray, seed: int, views: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Features float32 [n, V, 4] about the centres, and labels."""
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(counts)), counts)
    noise = random.normal(size=(len(labels), views, 4))
    return (CENTRES[labels][:, None] + noise).astype(np.float32), labels


@pytest.fixture
def lessons() -> Lessons:
    """A skewed training part whose plain head is the best for classes as frequent as there."""
    features, labels = clouds(COUNTS, seed=1)
    bias = LOG_PRIOR - (CENTRES**2).sum(axis=1) / 2
    plain = Head(CENTRES.T.astype(np.float32), bias.astype(np.float32))
    return Lessons(features, labels, plain, LOG_PRIOR)


def recall(head: Head) -> np.ndarray:
    """Of each class, on many fresh features."""
    features, labels = clouds(np.full(3, 2000), seed=2, views=1)
    right = head.logits(features[:, 0]).argmax(axis=1) == labels
    return np.array([right[labels == c].mean() for c in range(3)])


def test_logit_adjusted__is_the_best_for_equally_frequent_classes(lessons: Lessons) -> None:
    features, _ = clouds(np.full(3, 500), seed=3)
    best = ((features[..., None, :] - CENTRES) ** 2).sum(axis=-1).argmin(axis=-1)
    found = METHODS["logit-adjustment"].fit(lessons).logits(features).argmax(axis=-1)
    assert (found == best).all()
    assert (lessons.plain.logits(features).argmax(axis=-1) != best).mean() > 0.2


def test_leaning__brings_the_frequent_classes_back(lessons: Lessons) -> None:
    even = METHODS["logit-adjustment"].fit(lessons)
    back = even.leaning(LOG_PRIOR)
    np.testing.assert_allclose(back.bias, lessons.plain.bias, atol=1e-5)
    assert recall(even)[2] > recall(even.leaning(0.5 * LOG_PRIOR))[2] > recall(back)[2]


@pytest.mark.parametrize("tau", [0.0, 0.5, 1.0])
def test_normalised__evens_out_the_lengths(lessons: Lessons, tau: float) -> None:
    long = Head(lessons.plain.kernel * np.array([8, 4, 1], np.float32), lessons.plain.bias)
    before = np.linalg.norm(long.kernel, axis=0)
    after = np.linalg.norm(
        normalised(Lessons(lessons.features, lessons.labels, long, LOG_PRIOR), tau).kernel, axis=0
    )
    np.testing.assert_allclose(
        np.log(after / after[0]), (1 - tau) * np.log(before / before[0]), atol=1e-5
    )


def test_normalised__a_bias_that_leans_is_left_out(lessons: Lessons) -> None:
    even = Head(np.eye(4, 3, dtype=np.float32), LOG_PRIOR.astype(np.float32))
    found = normalised(Lessons(lessons.features, lessons.labels, even, LOG_PRIOR), 0.5)
    np.testing.assert_allclose(found.kernel, even.kernel)
    assert not found.bias.any()


@pytest.mark.parametrize("fit", [retrained, retrained_in_ball, nearest_whitened, rescaled])
def test_methods__lift_the_recall_of_rare_classes(lessons: Lessons, fit: object) -> None:
    before, after = recall(lessons.plain), recall(fit(lessons))  # type: ignore[operator]
    assert before[2] < 0.3
    assert after[2] > before[2] + 0.15


@pytest.mark.parametrize("fit", [retrained, retrained_in_ball])
def test_retrained__comes_close_to_the_best(lessons: Lessons, fit: object) -> None:
    best = recall(METHODS["logit-adjustment"].fit(lessons)).mean()
    assert recall(fit(lessons)).mean() > best - 0.05  # type: ignore[operator]


def test_retrained_in_ball__keeps_weights_inside(lessons: Lessons) -> None:
    size = np.sqrt(lessons.views()[0].var(axis=0).mean())
    inside = np.linalg.norm(retrained_in_ball(lessons).kernel, axis=0) * size
    assert inside.max() <= RADIUS + 1e-5
    assert np.linalg.norm(retrained(lessons).kernel, axis=0).max() * size > RADIUS


def test_rescaled__changes_nothing_but_the_scale_of_a_class(lessons: Lessons) -> None:
    found, plain = rescaled(lessons), lessons.plain
    scale = np.linalg.norm(found.kernel, axis=0) / np.linalg.norm(plain.kernel, axis=0)
    np.testing.assert_allclose(found.kernel, plain.kernel * scale, atol=1e-5)
    np.testing.assert_allclose(found.bias, plain.bias * scale, atol=1e-5)


def test_nearest_mean__is_what_brute_force_finds(lessons: Lessons) -> None:
    features, _ = clouds(np.full(3, 200), seed=4, views=1)
    distance = ((features[:, 0, None] - lessons.means()) ** 2).sum(axis=2)
    assert (nearest_mean(lessons).logits(features[:, 0]).argmax(1) == distance.argmin(1)).all()


def test_nearest_direction__is_what_brute_force_finds(lessons: Lessons) -> None:
    features, _ = clouds(np.full(3, 200), seed=4, views=1)
    means = lessons.means()
    cosine = features[:, 0] @ means.T / np.linalg.norm(means, axis=1)
    assert (nearest_direction(lessons).logits(features[:, 0]).argmax(1) == cosine.argmax(1)).all()


def test_nearest_whitened__is_what_brute_force_finds(lessons: Lessons) -> None:
    features, _ = clouds(np.full(3, 200), seed=4, views=1)
    one, means = lessons.features.mean(axis=1), lessons.means()
    spread = np.cov((one - means[lessons.labels]).T, bias=True)
    spread = (1 - SHRINKAGE) * spread + SHRINKAGE * np.eye(4) * np.trace(spread) / 4
    apart = features[:, 0, None] - means
    distance = np.einsum("ncf,fg,ncg->nc", apart, np.linalg.inv(spread), apart)
    found = nearest_whitened(lessons).logits(features[:, 0]).argmax(1)
    assert (found == distance.argmin(1)).mean() > 0.995


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("dead", [False, True])
def test_methods__give_a_finite_head_and_the_same_again(name: str, dead: bool) -> None:
    features, labels = clouds(np.array([20, 3, 1]), seed=5, views=1)
    features *= not dead  # as where no unit of a layer is ever active
    plain = Head(np.ones((4, 3), np.float32), np.zeros(3, np.float32))
    small = Lessons(features, labels, plain, LOG_PRIOR)
    head, again = METHODS[name].fit(small), METHODS[name].fit(small)
    assert (head.kernel.shape, head.bias.shape) == ((4, 3), (3,))
    assert np.isfinite(head.kernel).all()
    assert np.isfinite(head.bias).all()
    assert (head.kernel == again.kernel).all()


def test_fitted__is_nearly_the_best_for_the_shares_that_it_is_told() -> None:
    features, labels = clouds(COUNTS, seed=1)
    for shares in (np.full(3, 1 / 3), COUNTS / COUNTS.sum()):
        best = Head(CENTRES.T, np.log(shares) - (CENTRES**2).sum(axis=1) / 2)
        difference = recall(fitted(features, labels, shares)) - recall(best)
        assert abs(difference @ shares) < 0.03
        assert abs(difference).max() < 0.2
