from __future__ import annotations

from pathlib import Path

import numpy as np

from springfield.images.catalog import Catalog
from springfield.learning.examples.halves import HEAD, halve, head_rows


def catalog_of(labels: list[str], groups: list[int]) -> Catalog:
    n = len(labels)
    return Catalog(
        Path(),
        {
            "path": np.array([f"{i}.png" for i in range(n)]),
            "label": np.array(labels),
            "group": np.array(groups),
            "reason": np.full(n, ""),
            "part": np.array(["test" if i == 0 else "train" for i in range(n)]),
        },
    )


def test_halve__near_duplicates_stay_on_one_side() -> None:
    rows = halve(catalog_of(["a"] * 41, [i // 4 for i in range(41)]), seed=3)
    for number in range(1, 11):
        assert len(set(rows["part"][rows["group"] == number].tolist())) == 1
    assert abs(int((rows["part"] == HEAD).sum()) - 20) <= 4
    assert rows["part"][0] == "test"


def test_halve__another_seed_halves_otherwise() -> None:
    rows = catalog_of(["a"] * 41, list(range(41)))
    parts = [halve(rows, seed)["part"].tolist() for seed in (0, 0, 1)]
    assert parts[0] == parts[1] != parts[2]


def test_halve__the_network_knows_every_class_of_a_mixed_group() -> None:
    mixed = catalog_of([*"bbbabb"], [0, 1, 1, 1, 2, 3])
    for seed in range(20):
        rows = halve(mixed, seed)
        assert set(rows["label"][rows["part"] == "train"].tolist()) == {"a", "b"}


def test_head_rows__a_class_of_one_picture_lends_it() -> None:
    rows = halve(catalog_of(["b", "a", "a", "a", "b"], [0, 1, 2, 3, 4]), seed=0)
    assert rows["part"][4] == "train"  # or the network would not know the class
    heads = head_rows(rows)
    assert heads["part"][4] == "train"
    assert (heads["part"][1:4] == "train").tolist() == (rows["part"][1:4] == HEAD).tolist()
    assert set(heads["part"].tolist()) == {"", "train"}
