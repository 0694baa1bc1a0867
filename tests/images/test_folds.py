"""Folds: what can be judged is judged once, and every class is learned from in each of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog
from springfield.images.folds import NEVER
from springfield.images.split import assign_parts, distinct_counts
from springfield.recipe import Split

SEEDS = range(40)


def parts_of_folds(catalog: Catalog, folds: int, seed: int = 0) -> np.ndarray:
    """The parts of every fold, str [folds, n]."""
    shares = [Split(folds=folds, fold=fold, seed=seed) for fold in range(folds)]
    return np.array([assign_parts(catalog, each)["part"] for each in shares])


@pytest.mark.parametrize("folds", [2, 3, 5])
@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__folds_test_every_image_once_and_learn_every_class(
    random_table: Callable[[int], Catalog], seed: int, folds: int
) -> None:
    catalog = random_table(seed)
    dealt = assign_parts(catalog, Split(folds=folds, seed=seed))
    parts = parts_of_folds(catalog, folds, seed)
    used = catalog["reason"] == ""
    tested = (parts == "test").sum(axis=0)
    assert (parts[:, used] != "").all()
    assert set(tested[used].tolist()) <= {0, 1}
    assert ((tested == 1) == (dealt["fold"] != NEVER)).all()
    assert not tested[~used].any()
    for fold, part in enumerate(parts):
        assert ((part == "test") == (dealt["fold"] == fold)).all()
        assert set(catalog["label"][part == "train"].tolist()) == set(
            catalog["label"][used].tolist()
        )
        for group in np.unique(catalog["group"][used]):
            assert len(set(part[used & (catalog["group"] == group)].tolist())) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__in_folds_only_what_must_be_learned_from_is_never_tested(
    random_table: Callable[[int], Catalog], seed: int
) -> None:
    catalog = random_table(seed)
    tested = (parts_of_folds(catalog, 5, seed) == "test").any(axis=0)
    used = catalog["reason"] == ""
    alone = {label for label, n in distinct_counts(catalog).items() if n == 1}
    for group in np.unique(catalog["group"][used & ~tested]):
        assert alone & set(catalog["label"][used & (catalog["group"] == group)].tolist())


@pytest.mark.parametrize("folds", [2, 5, 7])
def test_assign_parts__folds_are_stratified(table: Callable[..., Catalog], folds: int) -> None:
    labels = ["a"] * 1342 + ["b"] * 89 + ["c"] * 11 + ["d"] * 3 + ["e"]
    catalog = table(labels, list(range(len(labels))))
    parts = parts_of_folds(catalog, folds)
    for label in "abcd":
        tested = (parts[:, catalog["label"] == label] == "test").sum(axis=1)
        assert tested.sum() == labels.count(label)
        assert tested.max() - tested.min() <= 1
    sizes = (parts == "test").sum(axis=1)
    assert sizes.max() - sizes.min() <= 1  # the rests of the classes do not all fall to one fold


def test_assign_parts__in_folds_three_images_are_tested_three_times(
    table: Callable[..., Catalog],
) -> None:
    catalog = table(["a"] * 3 + ["b"] * 50, list(range(53)))
    parts = parts_of_folds(catalog, 5)[:, :3]
    assert (parts == "test").sum(axis=0).tolist() == [1, 1, 1]
    assert sorted((parts == "test").sum(axis=1).tolist()) == [0, 0, 1, 1, 1]
    assert not (parts == "val").any()  # all the rest is learned from


def test_assign_parts__in_folds_the_rest_is_watched_by_its_share(
    table: Callable[..., Catalog],
) -> None:
    labels = ["a"] * 100 + ["b"] * 5
    parts = parts_of_folds(table(labels, list(range(105))), 5)
    assert (parts[:, :100] == "val").sum(axis=1).tolist() == [8] * 5
    assert (parts[:, 100:] == "val").sum(axis=1).tolist() == [1] * 5
    assert (parts[:, 100:] == "train").sum(axis=1).tolist() == [3] * 5


def test_assign_parts__in_folds_scenes_stay_whole(table: Callable[..., Catalog]) -> None:
    groups = [0] * 30 + [1] * 3 + [2]  # three scenes, one of them of 30 frames
    catalog = table(["a"] * 34 + ["b"] * 50, groups + list(range(3, 53)))
    tested = parts_of_folds(catalog, 3) == "test"
    assert sorted(tested[:, :34].sum(axis=1).tolist()) == [1, 3, 30]
    assert sorted(tested[:, 34:].sum(axis=1).tolist()) == [16, 17, 17]  # all the same


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__folds_do_not_depend_on_the_order_or_the_numbers(
    random_table: Callable[[int], Catalog], seed: int
) -> None:
    catalog = random_table(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(catalog))
    renamed = rng.permutation(len(catalog))[catalog["group"]]
    shuffled = catalog.with_columns(group=renamed).where(order)
    first, second = (assign_parts(each, Split(folds=4, fold=2)) for each in (catalog, shuffled))
    assert first["part"][order].tolist() == second["part"].tolist()
    assert first["fold"][order].tolist() == second["fold"].tolist()


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (
            Split(folds=8),
            "split.folds = 8: the largest class, b, has 7 distinct pictures; choose 7",
        ),
        (Split(folds=3, fold=3), "split.fold = 3: of split.folds = 3 there is none"),
        (Split(fold=1), "split.fold = 1: of split.folds = 0 there is none"),
    ],
)
def test_assign_parts__folds_that_there_cannot_be(
    table: Callable[..., Catalog], shares: Split, words: str
) -> None:
    with pytest.raises(RecipeError, match=words):
        assign_parts(table(["a"] * 9 + ["b"] * 7, [0] * 9 + list(range(1, 8))), shares)


def test_assign_parts__in_folds_one_vast_group_is_not_all_that_is_learned_from(
    table: Callable[..., Catalog],
) -> None:
    catalog = table(["a"] * 1030 + ["b"] * 50, [0] * 1000 + list(range(1, 81)))
    for part in parts_of_folds(catalog, 5)[:, 1000:1030]:
        assert (part == "train").sum() >= 15
