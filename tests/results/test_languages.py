"""Both languages say the same: equal keys, equal gaps, and nothing that no page asks for."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import springfield
from springfield.errors import OutputError
from springfield.results.page import english, russian
from springfield.results.page.languages import check_language, plural, spoken
from springfield.results.pages import (
    audit_english,
    audit_russian,
    explain_english,
    explain_russian,
    labels_english,
    labels_russian,
    needs_english,
    needs_russian,
    rate_english,
    rate_russian,
    reproduce_english,
    reproduce_russian,
    sweep_english,
    sweep_russian,
)
from springfield.results.plots import english as plots_english
from springfield.results.plots import russian as plots_russian
from springfield.results.sections import english as sections_english
from springfield.results.sections import (
    members_english,
    members_russian,
    rebalance_english,
    rebalance_russian,
)
from springfield.results.sections import russian as sections_russian

Table = Mapping[str, str]
PAIRS = {
    "page": (english.ENGLISH, russian.RUSSIAN),
    "plots": (plots_english.ENGLISH, plots_russian.RUSSIAN),
    "sections": (sections_english.ENGLISH, sections_russian.RUSSIAN),
    "audit": (audit_english.ENGLISH, audit_russian.RUSSIAN),
    "explain": (explain_english.ENGLISH, explain_russian.RUSSIAN),
    "reproduce": (reproduce_english.ENGLISH, reproduce_russian.RUSSIAN),
    "rate": (rate_english.ENGLISH, rate_russian.RUSSIAN),
    "rebalance": (rebalance_english.ENGLISH, rebalance_russian.RUSSIAN),
    "members": (members_english.ENGLISH, members_russian.RUSSIAN),
    "labels": (labels_english.ENGLISH, labels_russian.RUSSIAN),
    "sweep": (sweep_english.ENGLISH, sweep_russian.RUSSIAN),
    "needs": (needs_english.ENGLISH, needs_russian.RUSSIAN),
}
FORMS = {".one", ".few"}  # of a number, beside the key itself


def base(key: str, table: Table) -> str:
    """The key without the form of a number."""
    stem, dot, form = key.rpartition(".")
    return stem if dot + form in FORMS and stem in table else key


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", PAIRS)
def test_tables__have_the_same_keys(name: str) -> None:
    one, other = ({base(key, table) for key in table} for table in PAIRS[name])
    assert one ^ other == set()


@pytest.mark.parametrize("name", PAIRS)
def test_tables__have_the_same_gaps(name: str) -> None:
    english, russian = PAIRS[name]
    for key, text in russian.items():
        assert gaps(text) == gaps(english[base(key, russian)]), key
    for key, text in english.items():
        assert gaps(text) | {"n"} >= gaps(english[base(key, english)]), key  # "1 image" has none


@pytest.mark.parametrize("name", PAIRS)
def test_tables__counted_things_have_their_russian_forms(name: str) -> None:
    english, russian = PAIRS[name]
    counted = {key for key in english if base(key, english) != key}
    assert counted <= set(russian)


@pytest.mark.parametrize("name", PAIRS)
def test_russian__has_no_english_left(name: str) -> None:
    english, russian = PAIRS[name]
    bare = re.compile(r"<[^>]+>|\{\w+\}|&\S+;|\W|\d")
    same = {key for key in set(english) & set(russian) if english[key] == russian[key]}
    words = {key for key in same if bare.sub("", english[key])}
    assert words <= {"classes.f1", "making.version"}


def asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every string of the package that could be a key, and every pattern that could make one."""
    known: set[str] = set()
    made: list[re.Pattern[str]] = []
    for file in Path(springfield.__file__).parent.rglob("*.py"):
        if not file.stem.endswith(("english", "russian")):
            for node in strings(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant):
                    known.add(str(node.value))
                else:
                    made.append(pattern(node))
    return known, made


def strings(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield node


def pattern(node: ast.JoinedStr) -> re.Pattern[str]:
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"([\w-]+)"
             for part in node.values)  # fmt: skip
    return re.compile("".join(parts))


@pytest.mark.parametrize("name", PAIRS)
def test_tables__have_no_key_that_nobody_asks_for(name: str) -> None:
    known, made = asked_for()

    def used(key: str) -> bool:
        if key in known or key.startswith(("said.", "layer.")):
            return True  # what others say, and the names that Keras has for its layers
        found = (each.fullmatch(key) for each in made)
        return any(match and match.groups() and set(match.groups()) <= known for match in found)

    table = PAIRS[name][0]
    assert {key for key in table if not used(base(key, table))} == set()


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ru_RU.UTF-8", "LC_ALL": ""}, "ru"),
    ],
)
def test_spoken__follows_the_locale(environment: dict[str, str], language: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("locale.getlocale", lambda: (None, None))
        assert spoken(environment) == language
        patch.setattr("locale.getlocale", lambda: ("Russian_Russia", "1251"))  # on Windows
        assert spoken(environment) == (language if environment else "ru")


def test_check_language__names_those_there_are() -> None:
    check_language("ru")
    with pytest.raises(OutputError, match="'tlh'; there are en and ru"):
        check_language("tlh")


def test_plural__of_english_and_russian() -> None:
    assert [plural(n, "en") for n in (0, 1, 2)] == ["other", "one", "other"]
    assert [plural(n, "ru") for n in (1, 3, 5, 12, 21)] == ["one", "few", "many", "many", "one"]
