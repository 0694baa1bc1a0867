from __future__ import annotations

from pathlib import Path

import pytest

from springfield.errors import RecipeError
from springfield.learning.planning.space import STRENGTH, VARIED, read_space, values_of, with_values
from springfield.recipe import Recipe, load_recipe


def test_read_space__the_one_that_comes_with_us_holds_the_default_recipe() -> None:
    space = read_space(None, Recipe())
    assert len(values_of(Recipe(), space)) == len(space) == 9
    assert with_values(Recipe(), values_of(Recipe(), space)) == Recipe()
    scales = {dimension.key for dimension in space if dimension.log}
    assert scales == {"training.learning_rate", "training.weight_decay"}
    other = read_space(None, load_recipe("full-marks-cpu", ()))
    assert {each.key for each in space} - {each.key for each in other} == {"network.width"}


def test_values_of__leaves_out_what_the_space_does_not_hold() -> None:
    recipe = load_recipe("default", ("network.dropout=0.8", "balance.sampling=uniform"))
    known = values_of(recipe, read_space(None, recipe))
    assert {"network.dropout", "balance.sampling"}.isdisjoint(known)
    assert known["training.learning_rate"] == 5.6e-3


def test_with_values__one_strength_scales_every_variation() -> None:
    recipe = load_recipe("default", ("augment.rotate=120", "augment.mixup=0.2"))
    changed = with_values(recipe, {STRENGTH: 2.0, "network.width": 0.5})
    assert changed.augment.rotate == 180  # as far as it goes
    doubled = [n for n in VARIED if n != "rotate"]
    assert all(
        getattr(changed.augment, n) == pytest.approx(2 * getattr(recipe.augment, n))
        for n in doubled
    )
    assert (changed.augment.mixup, changed.network.width) == (0.2, 0.5)


def test_read_space__whole_numbers_are_those_of_the_recipe(tmp_path: Path) -> None:
    file = tmp_path / "space.toml"
    file.write_text(
        '"training.batch" = {low = 8, high = 64, log = true}\n'
        '"network.dropout" = {low = 0, high = 0.5}'
    )
    batch, dropout = read_space(file, Recipe())
    assert (batch.whole, dropout.whole) == (True, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "varies nothing"),
        ("= 3", "is not valid TOML"),
        ('"network.dropuot" = [0, 0.5]', "did you mean 'network.dropout'"),
        ('"netwrok.dropout" = [0, 0.5]', "did you mean 'network'"),
        ('network.dropout = [0, 0.5]', "'network' is no key; write \"section.key\" in quotes"),
        ('"network.dropout" = 0.5', "give a range {low, high} or a list of choices"),
        ('"network.dropout" = [0.5]', "give two or more choices"),
        ('"network.dropout" = [0.1, 0.1]', "all different"),
        ('"network.dropout" = [0.1, 1.5]', "network.dropout = 1.5: it must lie between 0 and 0.9"),
        ('"network.dropout" = {low = 0.1}', "needs two numbers, low and high"),
        ('"network.dropout" = {low = 0.5, high = 0.1}', "low = 0.5 is not below high = 0.1"),
        ('"network.dropout" = {low = 0.0, high = 0.1, log = true}', "above 0"),
        ('"network.dropout" = {low = 0.0, high = 0.1, log = 3}', "log = 3, but it is true or"),
        ('"network.dropout" = {low = 0.0, hihg = 0.1}', "did you mean 'high'"),
        ('"balance.sampling" = {low = 0, high = 1}', "balance.sampling = 0: it takes a word"),
        ('"augment.flip" = {low = 0, high = 1}', "augment.flip = 0: it takes true or false"),
        ('"balance.sampling" = ["natural", "even"]', "balance.sampling = 'even'"),
        ('"training.batch" = {low = 8.5, high = 9}', "training.batch = 8.5: it takes a whole"),
        ('"augment.*" = {low = -1.0, high = 2.0}', "augment.* = -1.0: it must lie between"),
        ('"split.seed" = [0, 1]', "split.seed cannot be varied: all trials share it"),
        ('"images.min_side" = [8, 16]', "images.min_side cannot be varied"),
    ],
)  # fmt: skip
def test_read_space__a_slip_is_one_line_that_names_the_file_and_the_key(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text)
    with pytest.raises(RecipeError, match="own") as told:
        read_space(file, Recipe())
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_read_space__a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="cannot read the space"):
        read_space(tmp_path / "none.toml", Recipe())
