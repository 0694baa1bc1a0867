"""Mixed images and labels."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.examples.mixing import Mixes, draw_mixes, mix_batch
from springfield.recipe import Augment

BOTH = Augment(mixup=0.4, cutmix=1.0)


def _draw(augment: Augment, n: int = 400, seed: int = 0) -> Mixes:
    return draw_mixes(n, augment, np.random.default_rng(seed))


def _mixes(share: list[float], box: list[list[float]] | None = None) -> Mixes:
    boxes = np.zeros((len(share), 4)) if box is None else np.array(box)
    return Mixes(np.array(share, np.float32), boxes.astype(np.float32))


def _flat(*levels: int, side: int = 8) -> np.ndarray:
    return np.stack([np.full((side, side, 3), level, np.uint8) for level in levels])


def test_draw_mixes__each_image_is_mixed_in_one_way_at_most() -> None:
    drawn = _draw(BOTH)
    cut = (drawn.box != 0).any(axis=1)
    blended = drawn.share < 1
    assert not (cut & blended).any()
    assert 150 < cut.sum() < 250
    assert (cut | blended).mean() > 0.98
    assert (drawn.share >= 0.5).all()


@pytest.mark.parametrize("augment", [Augment(), Augment(mixup=0.4), Augment(cutmix=1.0), BOTH])
def test_draw_mixes__only_what_the_recipe_asks_for(augment: Augment) -> None:
    drawn, again, other = _draw(augment), _draw(augment), _draw(augment, seed=1)
    assert (drawn.share < 1).any() == bool(augment.mixup)
    assert drawn.box.any() == bool(augment.cutmix)
    assert drawn.box.min() >= 0
    assert drawn.box.max() <= 1
    np.testing.assert_array_equal(drawn.box, again.box)
    np.testing.assert_array_equal(drawn.share, again.share)
    mixes = augment.mixup or augment.cutmix
    same = np.array_equal(drawn.box, other.box) and np.array_equal(drawn.share, other.share)
    assert same != bool(mixes)


def test_draw_mixes__cutmix_takes_any_share() -> None:
    sides = _draw(Augment(cutmix=1.0)).box[:, 2:] - _draw(Augment(cutmix=1.0)).box[:, :2]
    areas = sides.prod(axis=1)
    assert areas.min() < 0.05
    assert areas.max() > 0.7


def test_of__places_in_the_epoch() -> None:
    drawn = _draw(BOTH, n=10)
    some = drawn.of(range(4, 7))
    np.testing.assert_array_equal(some.share, drawn.share[4:7])
    np.testing.assert_array_equal(some.box, drawn.box[4:7])


def test_mix_batch__mixup_mixes_images_and_targets_alike() -> None:
    images, targets = _flat(200, 100), np.eye(2, dtype=np.float32)
    images, targets = mix_batch(images, targets, _mixes([0.75, 1.0]))
    assert images[0, 0, 0].tolist() == [175] * 3
    assert images[1, 0, 0].tolist() == [100] * 3
    np.testing.assert_allclose(targets, [[0.75, 0.25], [0.0, 1.0]])


def test_mix_batch__cutmix_pastes_a_box_and_the_label_follows_its_area() -> None:
    images, targets = _flat(200, 100, 50), np.eye(3, dtype=np.float32)
    # 0.3 and 0.7 of 8 pixels are 2 and 6: a quarter of the image, not 0.16 of it
    images, targets = mix_batch(
        images, targets, _mixes([1, 1, 1], [[0] * 4, [0.3, 0.3, 0.7, 0.7], [0, 0, 1, 0.5]])
    )
    assert (images[0] == 200).all()
    assert (images[1, 2:6, 2:6] == 200).all()
    assert (images[1] == 200).sum() == 16 * 3
    assert (images[2, :4] == 100).all()  # of the neighbour as it was, without what was pasted there
    assert (images[2, 4:] == 50).all()
    np.testing.assert_allclose(targets, [[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.0, 0.5, 0.5]])


def test_mix_batch__both_kinds_in_one_batch_and_targets_add_up_to_1() -> None:
    random = np.random.default_rng(2)
    images = random.integers(0, 256, (64, 16, 16, 3), dtype=np.uint8)
    for counts in (None, np.array([500, 100, 3])):
        targets = np.eye(3, dtype=np.float32)[np.arange(64) % 3]
        before = images.copy()
        _, targets = mix_batch(images, targets, _draw(BOTH, n=64), counts)
        np.testing.assert_array_equal(images, before)
        np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
        assert ((targets >= 0) & (targets <= 1)).all()


@pytest.mark.parametrize(
    ("share", "counts", "expected"),
    [
        (0.75, [1, 3], 1.0),  # three times as rare, and more than half of the image
        (0.75, [1, 2], 0.75),  # not as rare as that
        (0.75, [3, 1], 0.75),  # the rare one has only a quarter
        (0.25, [3, 1], 0.0),
        (0.25, [1, 3], 0.25),
    ],
)
def test_mix_batch__remix_gives_the_label_to_the_rarer_class(
    share: float, counts: list[int], expected: float
) -> None:
    images, targets = _flat(200, 100), np.eye(2, dtype=np.float32)
    images, targets = mix_batch(
        images, targets, _mixes([1, 1], [[0, 0, 1, 1 - share], [0] * 4]), np.array(counts)
    )
    np.testing.assert_allclose(targets[0], [expected, 1 - expected])
    np.testing.assert_allclose(targets[1], [0, 1])
