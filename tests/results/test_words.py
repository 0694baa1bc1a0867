from __future__ import annotations

import pytest

from springfield.results.page.english import ENGLISH
from springfield.results.page.russian import RUSSIAN
from springfield.results.page.words import Words

ENGLISH_WORDS, RUSSIAN_WORDS = Words(ENGLISH), Words(RUSSIAN, language="ru")


def test_words__one_of_a_thing() -> None:
    say = Words({"epochs": "{n} epochs", "epochs.one": "1 epoch"})
    assert [say("epochs", n=1), say("epochs", n=20_933)] == ["1 epoch", "20,933 epochs"]


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "0&nbsp;эпох"),
        (1, "1&nbsp;эпоха"),
        (2, "2&nbsp;эпохи"),
        (11, "11&nbsp;эпох"),
        (24, "24&nbsp;эпохи"),
        (112, "112&nbsp;эпох"),
        (121, "121&nbsp;эпоха"),
    ],
)
def test_words__russian_forms(n: int, words: str) -> None:
    assert RUSSIAN_WORDS("count.epochs", n=n) == words


def test_words__escapes_what_comes_from_the_user() -> None:
    assert Words({"k": "<b>{name}</b>"})("k", name="<i>") == "<b>&lt;i&gt;</b>"


def test_words__the_last_table_counts() -> None:
    assert Words({"k": "first"}, {"k": "last"})("k") == "last"


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (7.4, "7&nbsp;s", "7&nbsp;с"),
        (512, "8&nbsp;min 32&nbsp;s", "8&nbsp;мин 32&nbsp;с"),
        (7260, "2&nbsp;h 1&nbsp;min", "2&nbsp;ч 1&nbsp;мин"),
    ],
)
def test_duration__words(seconds: float, english: str, russian: str) -> None:
    assert ENGLISH_WORDS.duration(seconds) == english
    assert RUSSIAN_WORDS.duration(seconds) == russian


def test_percent__unknown_is_a_dash() -> None:
    say = ENGLISH_WORDS
    assert [say.percent(0.9721), say.percent(0.5, 0), say.percent(None)] == ["97.2%", "50%", "–"]
    assert [say.fraction(0.12345), say.fraction(None)] == ["0.123", "–"]
    assert [say.interval(0.5, 0.75), say.interval(None, None)] == ["0.500–0.750", "–"]


def test_numbers__as_russians_write_them() -> None:
    say = RUSSIAN_WORDS
    assert [say.number(20_933), say.number(1234.5, 1)] == ["20\u202f933", "1\u202f234,5"]
    assert [say.percent(0.9721), say.fraction(0.12345)] == ["97,2\u202f%", "0,123"]


def test_tick__as_many_digits_as_it_needs() -> None:
    assert [ENGLISH_WORDS.tick(v) for v in (0, 0.25, 0.2, 1500)] == ["0", "0.25", "0.2", "1,500"]
    assert [RUSSIAN_WORDS.tick(v) for v in (0.25, 1500)] == ["0,25", "1\u202f500"]
