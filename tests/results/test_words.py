from __future__ import annotations

import string

import pytest

from springfield.results.audit_words import ENGLISH as AUDIT
from springfield.results.page.words import Words, duration, fraction, percent
from springfield.results.plots.words import ENGLISH as PLOTS
from springfield.results.sections.words import ENGLISH as REPORT


def test_words__one_of_a_thing() -> None:
    say = Words({"epochs": "{n} epochs", "epochs.one": "1 epoch"})
    assert [say("epochs", n=1), say("epochs", n=20_933)] == ["1 epoch", "20,933 epochs"]


def test_words__escapes_what_comes_from_the_user() -> None:
    assert Words({"k": "<b>{name}</b>"})("k", name="<i>") == "<b>&lt;i&gt;</b>"


@pytest.mark.parametrize("table", [AUDIT, PLOTS, REPORT])
def test_english__every_text_is_a_template(table: dict[str, str]) -> None:
    for text in table.values():
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert all(name.isidentifier() for name in fields), text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(7.4, "7\u00a0s"), (512, "8\u00a0min 32\u00a0s"), (7260, "2\u00a0h 1\u00a0min")],
)
def test_duration__words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_percent__unknown_is_a_dash() -> None:
    assert [percent(0.9721), percent(0.5, 0), percent(None)] == ["97.2%", "50%", "–"]
    assert [fraction(0.12345), fraction(None)] == ["0.123", "–"]
