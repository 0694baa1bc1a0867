"""The split: nothing leaks, every class that can be tested is tested, and it is the same again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog
from springfield.images.duplicates import group_duplicates
from springfield.images.folds import NEVER
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


def table(labels: list[str], groups: list[int], left_out: list[bool] | None = None) -> Catalog:
    columns = {
        "path": [f"{label}/{row:05}.jpg" for row, label in enumerate(labels)],
        "label": labels,
        "group": np.array(groups),
        "reason": ["corrupt: x" if out else "" for out in left_out or [False] * len(labels)],
    }
    return Catalog(Path("here"), {}).with_columns(**columns)


def random_table(seed: int) -> Catalog:
    """A skewed table with groups of many sizes, some over two labels, some rows left out."""
    rng = np.random.default_rng(seed)
    counts = np.maximum(1, (300 * rng.random(8) ** 3).astype(int))
    labels = np.repeat([f"c{i}" for i in range(8)], counts)
    groups = np.arange(len(labels))
    at = 0
    while at < len(labels):
        size = int(rng.choice([1, 1, 1, 2, 3, 8, 60], p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.08, 0.02]))
        groups[at : at + size] = at  # runs over the border of a class now and then
        at += size
    strays = rng.integers(0, len(labels), len(labels) // 20)
    groups[strays] = groups[rng.permutation(strays)]
    order = rng.permutation(len(labels))
    left_out = (rng.random(len(labels)) < 0.05).tolist()
    return table(labels[order].tolist(), groups[order].tolist(), left_out)


def parts_of(catalog: Catalog, label: str) -> dict[str, int]:
    part = catalog["part"][(catalog["label"] == label) & (catalog["reason"] == "")]
    return {name: int((part == name).sum()) for name in ("train", "val", "test")}


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__no_group_crosses(seed: int) -> None:
    catalog = assign_parts(random_table(seed), Split(seed=seed))
    used = catalog.where(catalog["reason"] == "")
    assert set(used["part"].tolist()) == {"train", "val", "test"}
    for group in np.unique(used["group"]):
        assert len(set(used["part"][used["group"] == group].tolist())) == 1
    assert set(catalog["part"][catalog["reason"] != ""].tolist()) <= {""}


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__what_can_be_tested_is_tested(seed: int) -> None:
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
def test_assign_parts__does_not_depend_on_the_order_or_the_numbers(seed: int) -> None:
    catalog = random_table(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(catalog))
    renamed = rng.permutation(len(catalog))[catalog["group"]]
    shuffled = catalog.with_columns(group=renamed).where(order)
    first, second = (assign_parts(table, Split()) for table in (catalog, shuffled))
    assert first["part"][order].tolist() == second["part"].tolist()


def test_assign_parts__seed_and_path_decide() -> None:
    catalog = table(["a"] * 200 + ["b"] * 50, list(range(250)))
    same, again, other = (assign_parts(catalog, Split(seed=s))["part"] for s in (0, 0, 1))
    assert same.tolist() == again.tolist()
    assert same.tolist() != other.tolist()


@pytest.mark.parametrize("n", SMALL_CLASS)
def test_assign_parts__small_classes_by_the_table(n: int) -> None:
    catalog = assign_parts(table(["a"] * n + ["b"] * 50, list(range(n + 50))), Split())
    val, test = SMALL_CLASS[n]
    assert parts_of(catalog, "a") == {"train": n - val - test, "val": val, "test": test}


def test_assign_parts__small_classes_count_groups_not_images() -> None:
    groups = [0] * 30 + [1] * 3 + [2]  # three scenes, one of them of 30 frames
    catalog = assign_parts(table(["a"] * 34 + ["b"] * 50, groups + list(range(3, 53))), Split())
    assert parts_of(catalog, "a")["train"] >= 30
    assert parts_of(catalog, "a")["test"] in (1, 3)
    assert parts_of(catalog, "a")["val"] == 0


@pytest.mark.parametrize(("val", "test"), [(0.1, 0.2), (0.05, 0.05), (0.3, 0.5)])
def test_assign_parts__shares_are_kept_within_rounding(val: float, test: float) -> None:
    labels = ["a"] * 1342 + ["b"] * 89 + ["c"] * 11
    catalog = assign_parts(table(labels, list(range(len(labels)))), Split(val=val, test=test))
    for label, n in catalog.counts().items():
        parts = parts_of(catalog, label)
        assert parts["val"] == max(1, round(val * n))
        assert parts["test"] == max(1, round(test * n))


def test_assign_parts__large_groups_do_not_blow_a_part() -> None:
    groups = [0] * 200 + [1] * 40 + list(range(2, 262))  # 500 images, 100 of them to test
    for seed in SEEDS:
        catalog = assign_parts(table(["a"] * 500, groups), Split(seed=seed))
        assert parts_of(catalog, "a") == {"train": 350, "val": 50, "test": 100}


def test_assign_parts__only_large_groups() -> None:
    groups = [row // 50 for row in range(600)]  # 12 scenes of 50
    catalog = assign_parts(table(["a"] * 600, groups), Split())
    assert parts_of(catalog, "a") == {"train": 450, "val": 50, "test": 100}


def test_assign_parts__nearest_to_the_shares() -> None:
    groups = [row // 50 for row in range(700)]  # 14 scenes of 50; a fifth would be 2.8 of them
    catalog = assign_parts(table(["a"] * 700, groups), Split())
    assert parts_of(catalog, "a") == {"train": 500, "val": 50, "test": 150}


def test_assign_parts__groups_larger_than_the_shares() -> None:
    groups = [row // 100 for row in range(1100)]
    catalog = assign_parts(table(["a"] * 1100, groups), Split(val=0.01, test=0.01))
    assert parts_of(catalog, "a") == {"train": 900, "val": 100, "test": 100}


def test_assign_parts__one_vast_group_is_learned_from() -> None:
    groups = [0] * 1000 + list(range(1, 11))
    for seed in SEEDS:
        catalog = assign_parts(table(["a"] * 1010, groups), Split(seed=seed))
        assert parts_of(catalog, "a") == {"train": 1000, "val": 1, "test": 9}


def test_assign_parts__small_class_is_judged_by_its_smaller_groups() -> None:
    groups = [0] * 40 + [1] * 30 + [2, 3, 4]
    for seed in SEEDS:
        catalog = assign_parts(table(["a"] * 73, groups), Split(seed=seed))
        assert parts_of(catalog, "a") == {"train": 71, "val": 1, "test": 1}


@pytest.mark.parametrize("frames", [1, 3])
def test_assign_parts__mixed_group_goes_as_a_whole_where_the_rarest_needs_it(frames: int) -> None:
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
def test_assign_parts__no_class_loses_its_last_group_to_a_rarer_one(seed: int) -> None:
    # Both scenes of "guest" also show "host", which is placed first and needs two to judge by.
    labels = ["host"] * 11 + ["guest"] * 12 + ["other"] * 20
    groups = [0] * 8 + [1, 2, 3] + [1] * 6 + [2] * 6 + [3] * 6 + [*range(4, 18)]
    catalog = assign_parts(table(labels, groups), Split(seed=seed))
    assert "train" in catalog["part"][catalog["label"] == "guest"]


def test_assign_parts__without_groups_each_image_is_its_own() -> None:
    whole = table(["a"] * 40, [0] * 40)
    alone = Catalog(whole.root, {k: v for k, v in whole.columns.items() if k != "group"})
    assert set(assign_parts(whole, Split())["part"].tolist()) == {"train"}
    assert parts_of(assign_parts(alone, Split()), "a") == {"train": 28, "val": 4, "test": 8}


def test_assign_parts__leaves_the_given_table_alone() -> None:
    catalog = table(["a"] * 10, list(range(10)))
    assign_parts(catalog, Split())
    assert "part" not in catalog


def test_assign_parts__something_must_be_left_to_learn_from() -> None:
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


def parts_of_folds(catalog: Catalog, folds: int, seed: int = 0) -> np.ndarray:
    """The parts of every fold, str [folds, n]."""
    shares = [Split(folds=folds, fold=fold, seed=seed) for fold in range(folds)]
    return np.array([assign_parts(catalog, each)["part"] for each in shares])


@pytest.mark.parametrize("folds", [2, 3, 5])
@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__folds_test_every_image_once_and_learn_every_class(
    seed: int, folds: int
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
def test_assign_parts__in_folds_only_what_must_be_learned_from_is_never_tested(seed: int) -> None:
    catalog = random_table(seed)
    tested = (parts_of_folds(catalog, 5, seed) == "test").any(axis=0)
    used = catalog["reason"] == ""
    alone = {label for label, n in distinct_counts(catalog).items() if n == 1}
    for group in np.unique(catalog["group"][used & ~tested]):
        assert alone & set(catalog["label"][used & (catalog["group"] == group)].tolist())


@pytest.mark.parametrize("folds", [2, 5, 7])
def test_assign_parts__folds_are_stratified(folds: int) -> None:
    labels = ["a"] * 1342 + ["b"] * 89 + ["c"] * 11 + ["d"] * 3 + ["e"]
    catalog = table(labels, list(range(len(labels))))
    parts = parts_of_folds(catalog, folds)
    for label in "abcd":
        tested = (parts[:, catalog["label"] == label] == "test").sum(axis=1)
        assert tested.sum() == labels.count(label)
        assert tested.max() - tested.min() <= 1
    sizes = (parts == "test").sum(axis=1)
    assert sizes.max() - sizes.min() <= 1  # the rests of the classes do not all fall to one fold


def test_assign_parts__in_folds_three_images_are_tested_three_times() -> None:
    catalog = table(["a"] * 3 + ["b"] * 50, list(range(53)))
    parts = parts_of_folds(catalog, 5)[:, :3]
    assert (parts == "test").sum(axis=0).tolist() == [1, 1, 1]
    assert sorted((parts == "test").sum(axis=1).tolist()) == [0, 0, 1, 1, 1]
    assert not (parts == "val").any()  # all the rest is learned from


def test_assign_parts__in_folds_the_rest_is_watched_by_its_share() -> None:
    labels = ["a"] * 100 + ["b"] * 5
    parts = parts_of_folds(table(labels, list(range(105))), 5)
    assert (parts[:, :100] == "val").sum(axis=1).tolist() == [8] * 5
    assert (parts[:, 100:] == "val").sum(axis=1).tolist() == [1] * 5
    assert (parts[:, 100:] == "train").sum(axis=1).tolist() == [3] * 5


def test_assign_parts__in_folds_scenes_stay_whole() -> None:
    groups = [0] * 30 + [1] * 3 + [2]  # three scenes, one of them of 30 frames
    catalog = table(["a"] * 34 + ["b"] * 50, groups + list(range(3, 53)))
    tested = parts_of_folds(catalog, 3) == "test"
    assert sorted(tested[:, :34].sum(axis=1).tolist()) == [1, 3, 30]
    assert sorted(tested[:, 34:].sum(axis=1).tolist()) == [16, 17, 17]  # all the same


@pytest.mark.parametrize("seed", SEEDS)
def test_assign_parts__folds_do_not_depend_on_the_order_or_the_numbers(seed: int) -> None:
    catalog = random_table(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(catalog))
    renamed = rng.permutation(len(catalog))[catalog["group"]]
    shuffled = catalog.with_columns(group=renamed).where(order)
    first, second = (assign_parts(table, Split(folds=4, fold=2)) for table in (catalog, shuffled))
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
def test_assign_parts__folds_that_there_cannot_be(shares: Split, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        assign_parts(table(["a"] * 9 + ["b"] * 7, [0] * 9 + list(range(1, 8))), shares)


def test_part_rule_words__every_size() -> None:
    assert "cannot be judged" in part_rule_words(1)
    assert part_rule_words(3) == "3 distinct pictures: 2 train, 0 val, 1 test; provisional"
    assert part_rule_words(11) == "split by the recipe's shares"
    for n, (val, test) in SMALL_CLASS.items():
        assert val + test < n
        assert test >= (1 if n > 1 else 0)
