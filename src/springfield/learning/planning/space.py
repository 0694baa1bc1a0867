"""Space: which keys of a recipe a sweep varies, and how far."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from springfield.errors import RecipeError, did_you_mean
from springfield.learning.examples.augment import VARIED
from springfield.recipe import Recipe, recipe_from
from springfield.recipe_limits import RANGES

STRENGTH = "augment.*"  # a factor on what `VARIED` names (as one strength in Cubuk et al. 2020)
# All trials are judged on the same images, by a network of their own.
SHARED = (
    *("split.", "scores.", "images.classes", "images.min_side", "images.max_side"),
    *("images.max_aspect", "network.members", "network.combine"),
)
DEFAULT = "space.toml"  # beside this file


@dataclass(frozen=True)
class Dimension:
    """A key and what it may be: one of the choices, or without any what lies in the range."""

    key: str
    choices: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False  # whole numbers only

    def holds(self, value: Any) -> bool:
        """Whether the key may be that."""
        return value in self.choices if self.choices else bool(self.low <= value <= self.high)


Space = tuple[Dimension, ...]


def read_space(file: str | Path | None, recipe: Recipe) -> Space:
    """Read the keys that are varied, in the order of the file; None: the one that comes with us.

    Raises:
        RecipeError: the file cannot be read, or a key or a value cannot be varied around `recipe`.
    """
    named = DEFAULT if file is None else str(file)
    try:
        beside = resources.files("springfield.learning.planning") / DEFAULT
        text = (Path(file) if file else beside).read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as problem:
        raise RecipeError(f"cannot read the space {named}: {problem}") from problem
    except tomllib.TOMLDecodeError as problem:
        raise RecipeError(f"{named} is not valid TOML: {problem}") from problem
    if file is None and recipe.network.name != "residual":
        del table["network.width"]  # which no other network reads
    if not table:
        raise RecipeError(f'{named} varies nothing; write for example "network.dropout" = [0, 0.5]')
    try:
        return tuple(_dimension(key, asked, recipe) for key, asked in table.items())
    except RecipeError as problem:
        raise RecipeError(f"{named}: {problem}") from problem


def with_values(recipe: Recipe, values: Mapping[str, Any]) -> Recipe:
    """Return the recipe with these keys as a trial has them. Raises `RecipeError`."""
    table = asdict(recipe)
    for key, value in values.items():
        section, _, name = key.partition(".")
        if key == STRENGTH:
            table["augment"] |= {n: _scaled(n, getattr(recipe.augment, n), value) for n in VARIED}
        elif section in table:
            table[section][name] = value
        else:
            raise RecipeError(f"unknown recipe section '{section}'{did_you_mean(section, table)}")
    return recipe_from(table)


def values_of(recipe: Recipe, space: Space) -> dict[str, Any]:
    """The recipe's own values, of those keys whose space holds them."""
    own = {dimension.key: _value(recipe, dimension.key) for dimension in space}
    return {d.key: own[d.key] for d in space if d.holds(own[d.key])}


def _dimension(key: str, asked: Any, recipe: Recipe) -> Dimension:
    if "." not in key:
        raise RecipeError(f"'{key}' is no key; write \"section.key\" in quotes")
    if key.startswith(SHARED):
        raise RecipeError(f"{key} cannot be varied: all trials share it")
    if isinstance(asked, list):
        found = Dimension(key, choices=tuple(asked))
        if len(set(map(repr, asked))) < max(2, len(asked)):
            raise RecipeError(f"{key} = {asked}: give two or more choices, all different")
    elif isinstance(asked, dict):
        found = _range(key, asked, recipe)
    else:
        raise RecipeError(f"{key} = {asked!r}: give a range {{low, high}} or a list of choices")
    for value in found.choices or (found.low, found.high):
        with_values(recipe, {key: value})
    return found


def _range(key: str, asked: dict[str, Any], recipe: Recipe) -> Dimension:
    known = ("low", "high", "log")
    for name in asked:
        if name not in known:
            raise RecipeError(f"{key}.{name}: a range has no such thing{did_you_mean(name, known)}")
    ends: list[Any] = [asked.get("low"), asked.get("high")]
    log = asked.get("log", False)
    if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
        raise RecipeError(f"{key}: a range needs two numbers, low and high")
    low, high = ends
    if not isinstance(log, bool):
        raise RecipeError(f"{key}: log = {log!r}, but it is true or false")
    if not low < high:
        raise RecipeError(f"{key}: low = {low} is not below high = {high}")
    if log and low <= 0:
        raise RecipeError(f"{key}: low = {low}, but log = true takes only what is above 0")
    with_values(recipe, {key: low})  # tells of an unknown key, before its own value is asked for
    own = _value(recipe, key)
    if isinstance(own, bool):
        raise RecipeError(f"{key} takes no range; give a list of choices")
    return Dimension(key, low=low, high=high, log=log, whole=isinstance(own, int))


def _value(recipe: Recipe, key: str) -> Any:
    section, _, name = key.partition(".")
    return 1.0 if key == STRENGTH else getattr(getattr(recipe, section), name)


def _scaled(name: str, value: float, factor: float) -> float:
    if not 0 <= factor <= 10:
        raise RecipeError(f"{STRENGTH} = {factor}: it must lie between 0 and 10")
    return min(round(value * factor, 6), RANGES[f"augment.{name}"][1])
