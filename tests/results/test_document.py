from __future__ import annotations

import re

import pytest

from springfield.results.page.document import document, figure, section
from springfield.results.page.html import Html, tag
from springfield.results.page.tables import Cell, Column, facts, table
from springfield.results.page.words import Words

SAY = Words({"skip": "skip", "footer": "end", "a.title": "A", "b.title": "B", "b.note": "why"})


def outside_references(page: str) -> list[str]:
    """Whatever a page would fetch from anywhere but itself."""
    patterns = (
        r"(?:src|srcset|poster|action)=[\"']?(?!data:)[^\"'\s>]+",
        r"href=[\"']?(?!#)[^\"'\s>]+",
        r"url\((?!data:)[^)]*\)",
        r"@import[^;]+",
        r"<(?:link|iframe|object|embed|base)\b[^>]*",
        r"https?://[^\s\"'<]+",
        r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b",
    )
    return [found for pattern in patterns for found in re.findall(pattern, page)]


@pytest.fixture
def page() -> str:
    return document("<T>", tag("h1", "head"), [section("a", SAY, "text")], SAY)


def test_document__asks_nobody_for_anything(page: str) -> None:
    assert outside_references(page) == []
    assert "default-src &#x27;none&#x27;" in page  # and the browser would refuse


@pytest.mark.parametrize(
    "planted",
    [
        '<img src="https://x.org/a.png">',
        "<img src=a.png>",
        '<a href="page2.html">',
        "<style>a{background:url(a.png)}</style>",
        "<style>@import 'a.css';</style>",
        '<link rel="stylesheet">',
        "<script>fetch('x')</script>",
    ],
)
def test_outside_references__finds_a_planted_one(page: str, planted: str) -> None:
    assert outside_references(page.replace("</main>", f"{planted}</main>"))


def test_document__is_readable_by_everyone(page: str) -> None:
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>&lt;T&gt;</title>" in page
    assert 'name="viewport"' in page
    assert 'href="#content"' in page
    assert 'id="content"' in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_section__note_only_where_there_is_one() -> None:
    assert "<p>" not in section("a", SAY)
    assert "<p>why</p>" in section("b", SAY)


def test_figure__wide_one_scrolls_and_can_be_reached_by_key() -> None:
    assert 'tabindex="0"' in figure(tag("svg"), "c", wide=True)
    assert "tabindex" not in figure(tag("svg"), "c")


def test_table__sorts_by_value_not_by_words() -> None:
    columns = [Column("name"), Column("n", "number", extra=True)]
    made = table(columns, [[Cell("<x>"), Cell("1,000", 1000)]], "caption")
    assert '<td class="number extra" data-value="1000">1,000</td>' in made
    assert "&lt;x&gt;" in made
    assert made.count('<button type="button">') == 2


def test_table__refuses_a_short_row() -> None:
    with pytest.raises(ValueError, match="zip"):
        table([Column("a"), Column("b")], [[Cell("x")]], "caption")


def test_facts__escapes() -> None:
    assert facts([("<a>", Html("<b></b>"))]) == (
        "<dl><div><dt>&lt;a&gt;</dt><dd><b></b></dd></div></dl>"
    )
