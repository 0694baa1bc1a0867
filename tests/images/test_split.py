"""The split: nothing leaks, every class that can be tested is tested, and it is the same again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog
from springfield.images.duplicates import group_duplicates
from springfield.images.scan import scan
from springfield.images.select import leave_out
from springfield.images.split import (
    SMALL_CLASS,
    assign_parts,
    distinct_counts,
    part_rule_words,
)
from springfield.recipe import Images, Split

SEEDS = range(40)


def parts_of(catalog: Catalog, label: str) -> dict[str, int]:
    part = catalog["part"][(catalog["label"] == label) & (catalog["reason"] == "")]
    return {name: int((part == name).sum()) for name in ("train", "val", "test")}


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__no_group_crosses(random_table: Callable[[int], Catalog], seed: int) -> None:
    catalog = assign_parts(random_table(seed), Split(seed=seed))
    used = catalog.where(catalog["reason"] == "")
    assert set(used["part"].tolist()) == {"train", "val", "test"}
    for group in np.unique(used["group"]):
        assert len(set(used["part"][used["group"] == group].tolist())) == 1
    assert set(catalog["part"][catalog["reason"] != ""].tolist()) <= {""}


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__what_can_be_tested_is_tested(
    random_table: Callable[[int], Catalog], seed: int
) -> None:
    catalog = assign_parts(random_table(seed), Split(seed=seed))
    used = catalog.where(catalog["reason"] == "")
    for label, n in distinct_counts(catalog).items():
        mine = used.where(used["label"] == label)
        mixed = np.isin(mine["group"], used["group"][used["label"] != label])
        if n >= 2 and not mixed.any():
            assert parts_of(catalog, label)["test"] >= 1
            assert parts_of(catalog, label)["train"] >= 1
        if n == 1:
            assert parts_of(catalog, label)["val"] == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__does_not_depend_on_the_order_or_the_numbers(
    random_table: Callable[[int], Catalog], seed: int
) -> None:
    catalog = random_table(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(catalog))
    renamed = rng.permutation(len(catalog))[catalog["group"]]
    shuffled = catalog.with_columns(group=renamed).where(order)
    first, second = (assign_parts(each, Split()) for each in (catalog, shuffled))
    assert first["part"][order].tolist() == second["part"].tolist()


def test_assign_parts__seed_and_path_decide(table: Callable[..., Catalog]) -> None:
    catalog = table(["a"] * 200 + ["b"] * 50, list(range(250)))
    same, again, other = (assign_parts(catalog, Split(seed=s))["part"] for s in (0, 0, 1))
    assert same.tolist() == again.tolist()
    assert same.tolist() != other.tolist()


@pytest.mark.parametrize("n", SMALL_CLASS)
def test_assign_parts__small_classes_by_the_table(table: Callable[..., Catalog], n: int) -> None:
    catalog = assign_parts(table(["a"] * n + ["b"] * 50, list(range(n + 50))), Split())
    val, test = SMALL_CLASS[n]
    assert parts_of(catalog, "a") == {"train": n - val - test, "val": val, "test": test}


def test_assign_parts__small_classes_count_groups_not_images(table: Callable[..., Catalog]) -> None:
    groups = [0] * 30 + [1] * 3 + [2]  # three scenes, one of them of 30 frames
    catalog = assign_parts(table(["a"] * 34 + ["b"] * 50, groups + list(range(3, 53))), Split())
    assert parts_of(catalog, "a")["train"] >= 30
    assert parts_of(catalog, "a")["test"] in (1, 3)
    assert parts_of(catalog, "a")["val"] == 0


@pytest.mark.parametrize(("val", "test"), [(0.1, 0.2), (0.05, 0.05), (0.3, 0.5)])
def test_assign_parts__shares_are_kept_within_rounding(
    table: Callable[..., Catalog], val: float, test: float
) -> None:
    labels = ["a"] * 1342 + ["b"] * 89 + ["c"] * 11
    catalog = assign_parts(table(labels, list(range(len(labels)))), Split(val=val, test=test))
    for label, n in catalog.counts().items():
        parts = parts_of(catalog, label)
        assert parts["val"] == max(1, round(val * n))
        assert parts["test"] == max(1, round(test * n))


def test_assign_parts__large_groups_do_not_blow_a_part(table: Callable[..., Catalog]) -> None:
    groups = [0] * 200 + [1] * 40 + list(range(2, 262))  # 500 images, 100 of them to test
    for seed in SEEDS:
        catalog = assign_parts(table(["a"] * 500, groups), Split(seed=seed))
        assert parts_of(catalog, "a") == {"train": 350, "val": 50, "test": 100}


def test_assign_parts__only_large_groups(table: Callable[..., Catalog]) -> None:
    groups = [row // 50 for row in range(600)]  # 12 scenes of 50
    catalog = assign_parts(table(["a"] * 600, groups), Split())
    assert parts_of(catalog, "a") == {"train": 450, "val": 50, "test": 100}


def test_assign_parts__nearest_to_the_shares(table: Callable[..., Catalog]) -> None:
    groups = [row // 50 for row in range(700)]  # 14 scenes of 50; a fifth would be 2.8 of them
    catalog = assign_parts(table(["a"] * 700, groups), Split())
    assert parts_of(catalog, "a") == {"train": 500, "val": 50, "test": 150}


def test_assign_parts__groups_larger_than_the_shares(table: Callable[..., Catalog]) -> None:
    groups = [row // 100 for row in range(1100)]
    catalog = assign_parts(table(["a"] * 1100, groups), Split(val=0.01, test=0.01))
    assert parts_of(catalog, "a") == {"train": 900, "val": 100, "test": 100}


def test_assign_parts__one_vast_group_is_not_all_that_is_learned_from(
    table: Callable[..., Catalog],
) -> None:
    groups = [0] * 1000 + list(range(1, 11))
    for seed in SEEDS:
        catalog = assign_parts(table(["a"] * 1010, groups), Split(seed=seed))
        assert parts_of(catalog, "a") == {"train": 1004, "val": 2, "test": 4}


def test_assign_parts__small_class_is_judged_by_its_smaller_groups(
    table: Callable[..., Catalog],
) -> None:
    groups = [0] * 40 + [1] * 30 + [2, 3, 4]
    for seed in SEEDS:
        catalog = assign_parts(table(["a"] * 73, groups), Split(seed=seed))
        assert parts_of(catalog, "a") == {"train": 71, "val": 1, "test": 1}


@pytest.mark.parametrize("frames", [1, 3])
def test_assign_parts__mixed_group_goes_as_a_whole_where_the_rarest_needs_it(
    table: Callable[..., Catalog], frames: int
) -> None:
    # One common picture shows the scene of a rare one; the rare class has one scene besides.
    labels = ["common"] * 100 + ["rare"] * (1 + frames)
    groups = [*range(100), 99, *[101] * frames]
    for seed in SEEDS:
        catalog = assign_parts(table(labels, groups), Split(seed=seed))
        larger = "train" if frames == 1 else "test"
        assert catalog["part"][99] == catalog["part"][100] == larger
        assert parts_of(catalog, "rare") == {"train": frames, "val": 0, "test": 1}
        assert parts_of(catalog, "common") == {"train": 70, "val": 10, "test": 20}


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__no_class_loses_its_last_group_to_a_rarer_one(
    table: Callable[..., Catalog], seed: int
) -> None:
    # Both scenes of "guest" also show "host", which is placed first and needs two to judge by.
    labels = ["host"] * 11 + ["guest"] * 12 + ["other"] * 20
    groups = [0] * 8 + [1, 2, 3] + [1] * 6 + [2] * 6 + [3] * 6 + [*range(4, 18)]
    catalog = assign_parts(table(labels, groups), Split(seed=seed))
    assert "train" in catalog["part"][catalog["label"] == "guest"]


@pytest.mark.parametrize("seed", range(10))
def test_assign_parts__a_class_within_two_groups_of_another_is_tested(
    table: Callable[..., Catalog], seed: int
) -> None:
    """Lesions of kind b on two of the twelve patients who have kind a."""
    groups = [*range(12), 0, 1, 1, *[0] * 12, *[1] * 12]
    found = assign_parts(table(["a"] * 15 + ["b"] * 24, groups), Split(seed=seed))
    assert parts_of(found, "b") == {"train": 12, "val": 0, "test": 12}
    assert min(parts_of(found, "a").values()) >= 1


def test_assign_parts__without_groups_each_image_is_its_own(table: Callable[..., Catalog]) -> None:
    whole = table(["a"] * 40, [0] * 40)
    alone = Catalog(whole.root, {k: v for k, v in whole.columns.items() if k != "group"})
    assert set(assign_parts(whole, Split())["part"].tolist()) == {"train"}
    assert parts_of(assign_parts(alone, Split()), "a") == {"train": 28, "val": 4, "test": 8}


def test_assign_parts__leaves_the_given_table_alone(table: Callable[..., Catalog]) -> None:
    catalog = table(["a"] * 10, list(range(10)))
    assign_parts(catalog, Split())
    assert "part" not in catalog


def test_assign_parts__something_must_be_left_to_learn_from(table: Callable[..., Catalog]) -> None:
    with pytest.raises(RecipeError, match=r"at most 0\.9"):
        assign_parts(table(["a"], [0]), Split(val=0.5, test=0.5))


def test_assign_parts__tiny_folder_from_its_files(tiny: Path) -> None:
    catalog, fingerprints = scan(tiny, progress=False)
    catalog = leave_out(group_duplicates(catalog, fingerprints), Images())
    catalog = assign_parts(catalog, Split())
    assert distinct_counts(catalog) == {"barn": 23, "mill": 12, "pier": 7, "tower": 1}
    assert parts_of(catalog, "barn") == {"train": 16, "val": 2, "test": 5}
    assert parts_of(catalog, "pier") == {"train": 4, "val": 1, "test": 2}
    assert parts_of(catalog, "tower") == {"train": 1, "val": 0, "test": 0}


def test_part_rule_words__every_size() -> None:
    assert "cannot be judged" in part_rule_words(1)
    assert part_rule_words(3) == "3 distinct pictures: 2 train, 0 val, 1 test; provisional"
    assert part_rule_words(11) == "split by the recipe's shares"
    for n, (val, test) in SMALL_CLASS.items():
        assert val + test < n
        assert test >= (1 if n > 1 else 0)
