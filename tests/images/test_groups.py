"""What belongs together because somebody says so: a patient, a specimen, a batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog
from springfield.images.groups import join_named
from springfield.images.split import assign_parts
from springfield.recipe import Recipe, Split, load_recipe

PATHS = ["a/p1-x.png", "a/p2-x.png", "b/p1-y.png", "b/p3-x.png", "b/loose.png"]


def _catalog(groups: list[int], **columns: list[str]) -> Catalog:
    labels = [path[0] for path in PATHS]
    known = {"path": PATHS, "label": labels, "group": np.array(groups), **columns}
    return Catalog(Path("here"), {}).with_columns(**known)


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [
        (r"/(p\d)-", [0, 1, 0, 3, 4]),
        (r"p\d", [0, 1, 0, 3, 4]),  # without a bracket all that is found
        (r"-(x)?", [0, 0, 2, 0, 4]),  # a bracket that found nothing names nothing
    ],
)
def test_join_named__what_the_pattern_finds_in_the_path(pattern: str, groups: list[int]) -> None:
    assert join_named(_catalog([0, 1, 2, 3, 4]), pattern)["group"].tolist() == groups


def test_join_named__joins_whole_groups_of_near_duplicates() -> None:
    catalog = _catalog([0, 1, 2, 1, 4])  # p2 and p3 share a scene
    assert join_named(catalog, r"/(p[13])")["group"].tolist() == [0, 1, 0, 1, 4]
    assert join_named(catalog, r"/p[12]")["group"].tolist() == [0, 1, 0, 1, 4]
    assert join_named(catalog, r"/(p)")["group"].tolist() == [0, 0, 0, 0, 4]


def test_join_named__a_tables_names_and_a_pattern() -> None:
    catalog = _catalog([0, 1, 2, 3, 4], group_name=["anna", "", "anna", "", "bo"])
    assert join_named(catalog, "")["group"].tolist() == [0, 1, 0, 3, 4]
    assert join_named(catalog, "p3|loose")["group"].tolist() == [0, 1, 0, 3, 4]
    assert join_named(catalog, r"/(p2|p3-x|loose)")["group"].tolist() == [0, 1, 0, 3, 4]
    assert join_named(catalog, r"-(.)")["group"].tolist() == [0, 0, 0, 0, 4]
    assert join_named(_catalog([0, 0, 2, 3, 4]), "")["group"].tolist() == [0, 0, 2, 3, 4]


def test_join_named__a_pattern_that_is_nowhere_is_told() -> None:
    with pytest.raises(RecipeError, match=r"group_by = 'q': it is found in no path, such as a/p1"):
        join_named(_catalog([0, 1, 2, 3, 4]), "q")


def test_recipe__a_pattern_must_be_one() -> None:
    with pytest.raises(RecipeError, match=r"split.group_by = '\(': it is no regular expression"):
        load_recipe("default", ("split.group_by=(",))
    recipe = load_recipe("default", (r"split.group_by=patient-(\d+)",))
    assert recipe.split == Split(group_by=r"patient-(\d+)")
    assert recipe != Recipe()
    assert r"patient-(\\d+)" in recipe.to_toml()


def test_join_named__no_name_is_on_two_sides(random_table: Callable[[int], Catalog]) -> None:
    table = random_table(1)
    n = len(table)
    named = [f"p{k}" for k in np.random.default_rng(0).integers(0, n // 4, n)]
    catalog = join_named(table.with_columns(group=np.arange(n), group_name=named), "")
    parts = assign_parts(catalog, Split())["part"]
    where: dict[str, set[str]] = {}
    for name, part in zip(named, parts.tolist(), strict=True):
        where.setdefault(name, set()).add(part)
    assert max(len(sides - {""}) for sides in where.values()) == 1
    assert {"train", "val", "test"} <= set(parts.tolist())
