"""The guide and the README: their commands exist, and both languages say the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from springfield.doors.cli import _understand
from springfield.doors.commands import COMMANDS
from springfield.recipe import load_recipe, recipe_names

ROOT = Path(__file__).parents[1]
PAIRS = [("README.md", "README.ru.md"), ("docs/guide.md", "docs/guide.ru.md")]
PAGES = [page for pair in PAIRS for page in pair]
SPACES = " \u00a0\u202f"  # between Russian thousands


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[tuple[str, list[str]]]:
    """The code blocks: what they are written in, and their lines without comments."""
    found = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text_of(page), re.MULTILINE | re.DOTALL)
    return [
        (kind, [re.sub(r"\s+#.*", "", line.strip()) for line in code.splitlines() if line.strip()])
        for kind, code in found
    ]


def commands(page: str) -> list[str]:
    """What is typed after `springfield`, in every code block."""
    lines = [line for _, block in blocks(page) for line in block]
    return [
        found[1]
        for line in lines
        if (found := re.match(r"(?:!|\.venv/bin/)?springfield(?: (.*))?$", line))
    ]


def tables(page: str) -> list[list[str]]:
    """The rows of every table."""
    found = re.findall(r"(?:^\|.*\n)+", text_of(page), re.MULTILINE)
    return [table.splitlines() for table in found]


def figures(row: str, *, russian: bool) -> list[str]:
    """The numbers in a row outside of code, as English writes them, without thousands."""
    row = re.sub(r"`[^`]*`|\]\([^)]*\)", "", row)
    if russian:
        row = re.sub(rf"(?<=\d)[{SPACES}](?=\d{{3}}\b)", "", row)
        row = re.sub(r"(?<=\d),(?=\d)", ".", row)
    else:
        row = re.sub(r"(?<=\d),(?=\d{3}\b)", "", row)
    return re.findall(r"\d+(?:\.\d+)?", row)


def links(page: str) -> list[str]:
    """Where links and pictures lead, other than to the same page and to its other language."""
    found = re.findall(r"\]\(([^)#]+)\)", text_of(page))
    return sorted(re.sub(r"\.ru\.md$", ".md", link) for link in found)


@pytest.mark.parametrize("page", PAGES)
def test_commands__can_be_understood(page: str) -> None:
    typed = commands(page)
    assert len(typed) > 3
    for line in typed:
        words = shlex.split(line)
        if words == ["--version"]:
            continue
        asked = _understand(words)
        if "recipe" in asked:
            assert asked.recipe in recipe_names()
            load_recipe(asked.recipe, tuple(asked.set))


@pytest.mark.parametrize("page", PAGES)
def test_commands__that_a_table_or_a_sentence_names_exist(page: str) -> None:
    named = re.findall(r"`springfield (\w[\w-]*)", text_of(page))
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_recipes__that_are_named_exist(page: str) -> None:
    named = re.findall(r"--recipe ([a-z][\w-]*)", text_of(page))
    assert set(named) <= set(recipe_names())


@pytest.mark.parametrize("page", PAGES)
def test_links__lead_to_what_is_there(page: str) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
        assert (ROOT / page).parent.joinpath(link).exists(), link


@pytest.mark.parametrize("page", ["docs/guide.md", "docs/guide.ru.md"])
def test_anchors__are_headings_of_the_page(page: str) -> None:
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    named = set(re.findall(r"\]\(#([^)]+)\)", text_of(page)))
    assert named
    assert named <= anchors


@pytest.mark.parametrize(("english", "russian"), PAIRS)
def test_translations__have_the_same_code(english: str, russian: str) -> None:
    assert blocks(russian) == blocks(english)


@pytest.mark.parametrize(("english", "russian"), PAIRS)
def test_translations__have_the_same_figures_in_their_tables(english: str, russian: str) -> None:
    here, there = tables(english), tables(russian)
    assert [len(table) for table in there] == [len(table) for table in here]
    for ours, theirs in zip(here, there, strict=True):
        for row, other in zip(ours, theirs, strict=True):
            assert figures(other, russian=True) == figures(row, russian=False), other
            assert re.findall(r"`[^`]+`", other) == re.findall(r"`[^`]+`", row)


@pytest.mark.parametrize(("english", "russian"), PAIRS)
def test_translations__have_the_same_links_and_headings(english: str, russian: str) -> None:
    levels = [re.findall(r"^(#+) ", text_of(page), re.MULTILINE) for page in (english, russian)]
    assert levels[0] == levels[1]
    other = Path(english).name
    mine = [link for link in links(english) if link != other]
    assert [link for link in links(russian) if link != other] == mine


@pytest.mark.parametrize(("english", "russian"), PAIRS)
def test_translations__have_the_same_figures_in_their_text(english: str, russian: str) -> None:
    def known(page: str, *, russian: bool) -> set[str]:
        lines = [line for line in text_of(page).splitlines() if not line.startswith("|")]
        prose = re.sub(r"^ *```.*?^ *```$", "", "\n".join(lines), flags=re.M | re.S)
        prose = re.sub(r"(?<=\d)\n(?=\d{3}\b)", " ", prose) if russian else prose
        return set(figures(prose, russian=russian))

    assert known(russian, russian=True) == known(english, russian=False)
