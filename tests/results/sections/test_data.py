"""What was done to even the classes out, on the page of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from springfield.recipe import Balance, Recipe
from springfield.recipe_limits import CHOICES
from springfield.results.page import english, russian
from springfield.results.page.words import Words
from springfield.results.sections import english as sections_english
from springfield.results.sections import russian as sections_russian
from springfield.results.sections.data import balance
from springfield.results.sections.story import Story
from springfield.run import Run

ENGLISH = Words(english.ENGLISH, sections_english.ENGLISH)
RUSSIAN = Words(russian.RUSSIAN, sections_russian.RUSSIAN, language="ru")


def _told(chosen: Balance, say: Words) -> str:
    return str(balance(Story(Run(Path()), {}, Recipe(balance=chosen), None, {}, None, None), say))


@pytest.mark.parametrize("say", [ENGLISH, RUSSIAN])
@pytest.mark.parametrize("key", ["sampling", "weights", "loss"])
def test_balance__every_choice_of_the_recipe_in_words(say: Words, key: str) -> None:
    told = {_told(Balance(**{key: choice}), say) for choice in CHOICES[f"balance.{key}"]}
    assert len(told) == len(CHOICES[f"balance.{key}"])


def test_balance__says_from_when_on_and_how_strongly() -> None:
    late = Balance(weights="inverse", deferred=0.8, loss="logit-adjusted", tau=1.5)
    assert "begin after 80% of the epochs" in _told(late, ENGLISH)
    assert "logit adjustment by 1.5" in _told(late, ENGLISH)
    assert "с силой 1,5" in _told(late, RUSSIAN)
    assert "of the epochs" not in _told(Balance(deferred=0.8), ENGLISH)  # nothing is deferred
