from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path

import pytest

from springfield.errors import RecipeError
from springfield.recipe import Network, Recipe, load_recipe, recipe_from, recipe_names
from springfield.recipe_limits import CHOICES, RANGES, bytes_of


def keys() -> dict[str, object]:
    """Every ``section.key`` with its default."""
    table = dataclasses.asdict(Recipe())
    return {f"{s}.{key}": value for s, values in table.items() for key, value in values.items()}


def test_load_recipe__default_changes_nothing() -> None:
    assert load_recipe() == Recipe()


@pytest.mark.parametrize("name", recipe_names())
def test_load_recipe__every_recipe_that_comes_along_is_valid(name: str) -> None:
    assert isinstance(load_recipe(name), Recipe)


@pytest.mark.parametrize("name", recipe_names())
def test_to_toml__reads_back_to_an_equal_recipe(name: str, tmp_path: Path) -> None:
    recipe = load_recipe(name, ("balance.cap=155", "images.fit=crop", "augment.flip=false"))
    file = tmp_path / "recipe.toml"
    file.write_text(recipe.to_toml(), encoding="utf-8")
    assert load_recipe(str(file)) == recipe
    assert recipe.balance.cap == 155
    assert recipe.images.fit == "crop"
    assert recipe.augment.flip is False


def test_to_toml__keeps_a_file_name_of_any_kind(tmp_path: Path) -> None:
    name = 'C:\\Users\\new "вес".h5'
    recipe = replace(Recipe(), network=Network(name="mobilenetv2", weights=name))
    file = tmp_path / "recipe.toml"
    file.write_text(recipe.to_toml(), encoding="utf-8")
    assert load_recipe(str(file)).network.weights == name


def test_load_recipe__a_whole_number_serves_where_a_number_is_asked() -> None:
    zoom = load_recipe(settings=("training.minutes=2",)).training.minutes
    assert (zoom, type(zoom)) == (2.0, float)


def test_load_recipe__the_last_setting_wins() -> None:
    recipe = load_recipe(settings=("balance.cap=10", "balance.cap=20"))
    assert recipe.balance.cap == 20


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("balance.capp=3", "unknown recipe key 'balance.capp'; did you mean 'balance.cap'?"),
        ("balanse.cap=3", "unknown recipe section 'balanse'; did you mean 'balance'?"),
        ("cap=3", "--set takes section.key=value, not 'cap=3'"),
        ("balance.cap", "--set takes section.key=value, not 'balance.cap'"),
        ("balance.cap=many", "balance.cap = 'many': it takes a whole number"),
        ("balance.cap=1.5", "balance.cap = 1.5: it takes a whole number"),
        ("balance.cap=true", "balance.cap = True: it takes a whole number"),
        ("balance.cap=-1", "balance.cap = -1: it must lie between 0 and 1000000000"),
        ("images.size=16", "images.size = 16: it must be at least 32, or 0 to be chosen"),
        ("split.folds=1", "split.folds = 1: it must be at least 2, or 0 for none"),
        ("images.classes=1", "images.classes = 1: it must be at least 2, or 0 for all"),
        ("balance.copies=none", "balance.copies = 'none'; did you mean 'offline'?"),
        ("augment.flip=1", "augment.flip = 1: it takes true or false"),
        ("images.fit=croop", "images.fit = 'croop'; did you mean 'crop'?"),
        ("images.fit=3", "images.fit = 3: it takes a word"),
        ("training.memory=4", "training.memory = 4: it takes a word"),
        (
            "training.memory=4TB",
            "training.memory = '4TB': write a number and MB or GB, such as 4GB",
        ),
        ("training.memory=8MB", "training.memory = '8MB': it must be at least 256MB"),
        ("training.learning_rate=nan", "training.learning_rate = nan: it must lie between"),
    ],
)
def test_load_recipe__a_bad_setting_is_named_with_the_way_out(setting: str, line: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_recipe(settings=(setting,))
    assert str(caught.value).startswith(line)


def test_load_recipe__an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(RecipeError, match="no recipe 'defualt'; did you mean 'default'"):
        load_recipe("defualt")


def test_load_recipe__may_be_based_on_another(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('based_on = "original"\n[balance]\ncap = 9\n[split]\nseed = 3')
    mine, settings = load_recipe(str(file)), ("balance.cap=9", "split.seed=3")
    assert mine == load_recipe("original", settings)


@pytest.mark.parametrize("base", ['"orignal"', "3", "[]"])
def test_load_recipe__an_unknown_base_is_named(base: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"based_on = {base}")
    with pytest.raises(
        RecipeError, match=r"based_on = .*(; did you mean 'original'|known: default)"
    ):
        load_recipe(str(file))


def test_load_recipe__the_originals_experiments_differ_as_published() -> None:
    base, few, small, deep = (
        load_recipe(name)
        for name in ("original", "original-20x300", "original-batch10", "original-conv512")
    )
    evened = [(r.balance.cap, r.balance.threshold, r.images.classes) for r in (base, few)]
    assert evened == [(155, 155, 0), (300, 300, 20)]
    assert [r.training.batch for r in (base, few, small, deep)] == [25, 20, 10, 25]
    assert [r.network.conv512 for r in (base, few, small, deep)] == [False, False, False, True]
    assert {r.balance.copies for r in (base, few, small, deep)} == {"offline"}


def test_load_recipe__a_file_as_windows_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes("\ufeff[balance]\r\ncap = 7\r\n".encode())
    assert load_recipe(str(file)).balance.cap == 7


def test_load_recipe__a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"cannot read the recipe .*mine\.toml"):
        load_recipe(str(tmp_path / "mine.toml"))


def test_load_recipe__a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[balance\ncap = 3", encoding="utf-8")
    with pytest.raises(RecipeError, match=r"mine\.toml is not valid TOML"):
        load_recipe(str(file))


def test_load_recipe__a_setting_in_a_section_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("balance = 3", encoding="utf-8")
    with pytest.raises(RecipeError, match="'balance' is a section"):
        load_recipe(str(file), ("balance.cap=3",))


def test_recipe_from__a_section_must_be_a_table() -> None:
    with pytest.raises(RecipeError, match="'balance' is a section"):
        recipe_from({"balance": 3})


def test_choices__start_with_the_default() -> None:
    defaults = keys()
    assert set(CHOICES) | set(RANGES) <= set(defaults)
    assert all(defaults[key] in choices for key, choices in CHOICES.items())


def test_ranges__hold_every_number_but_no_word() -> None:
    numbers = {
        key for key, value in keys().items() if isinstance(value, int | float) and value is not True
    }
    unchecked = numbers - set(RANGES)
    assert unchecked <= {key for key in numbers if keys()[key] is False} | {"split.seed"}


def test_scores__leave_no_class_both_few_and_many() -> None:
    with pytest.raises(RecipeError, match=r"scores.few = 30.*scores.many = 10"):
        load_recipe("default", ("scores.many=10", "scores.few=30"))


@pytest.mark.parametrize(
    ("memory", "amount"),
    [("4GB", 4 * 1024**3), ("1.5 gb", 3 * 1024**3 // 2), ("800MB", 800 * 1024**2), ("all", 0)],
)
def test_bytes_of__an_amount_of_memory(memory: str, amount: int) -> None:
    assert bytes_of(load_recipe(settings=(f"training.memory={memory}",)).training.memory) == amount


def test_parts__of_a_batch() -> None:
    whole, parted = (load_recipe(settings=(f"training.micro_batch={n}",)) for n in (0, 12))
    assert [whole.training.parts(n) for n in (1, 32)] == [1, 1]
    assert [parted.training.parts(n) for n in (5, 12, 13, 32)] == [1, 1, 2, 3]
