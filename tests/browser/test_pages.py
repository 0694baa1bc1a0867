"""What a reader meets: no network, keys instead of a mouse, a phone, the dark, paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from springfield.results.page.palette import DARK, LIGHT

Pages = dict[tuple[str, str], Path]
EVERY = [(kind, language) for kind in ("run", "audit") for language in ("en", "ru")]
every = pytest.mark.parametrize(("kind", "language"), EVERY)
SMALL = [(kind, language) for kind in ("sweep", "rate") for language in ("en", "ru")]
small_too = pytest.mark.parametrize(("kind", "language"), EVERY + SMALL)


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


@small_too
def test_page__asks_nobody_and_complains_of_nothing(
    pages: Pages, look: Callable[..., Any], kind: str, language: str
) -> None:
    seen = look(pages[kind, language])
    assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data"}
    assert seen.complaints == []
    assert seen.ask("document.documentElement.lang") == language


def test_visit__a_planted_request_and_complaint_are_seen(
    pages: Pages, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = pages["run", "en"].read_text(encoding="utf-8").replace("Content-Security-Policy", "x")
    planted = page.replace("</main>", '<img src="http://127.0.0.1:9/a.png"></main>')
    (tmp_path / "planted.html").write_text(planted, encoding="utf-8")
    seen = visit(tmp_path / "planted.html")
    assert "http://127.0.0.1:9/a.png" in seen.requests
    assert seen.complaints


@small_too
def test_page__brings_its_letters(
    pages: Pages, look: Callable[..., Any], kind: str, language: str
) -> None:
    seen = look(pages[kind, language])
    states = seen.ask("[...document.fonts].map(face => face.status)")
    assert states == ["loaded"] * (2 if language == "ru" else 1)


@small_too
def test_page__fits_a_phone(
    pages: Pages, visit: Callable[..., Any], kind: str, language: str
) -> None:
    seen = visit(pages[kind, language], width=360, is_mobile=True, has_touch=True)
    seen.ask("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert seen.ask("document.documentElement.scrollWidth") == 360


@every
def test_page__dark_when_the_reader_wants_it(
    pages: Pages, look: Callable[..., Any], kind: str, language: str
) -> None:
    seen = look(pages[kind, language], color_scheme="dark")
    style = "getComputedStyle(document.querySelector('{}')).{}"
    assert seen.ask(style.format("body", "backgroundColor")) == rgb(DARK["paper"])
    assert seen.ask(style.format("h1", "color")) == rgb(DARK["ink"])
    assert seen.ask(style.format("svg .fill-blue", "fill")) == rgb(DARK["blue"])


@every
def test_page__on_paper_is_light_and_hides_nothing(
    pages: Pages, visit: Callable[..., Any], kind: str, language: str
) -> None:
    seen = visit(pages[kind, language], color_scheme="dark")
    details = "[...document.querySelectorAll('details > :not(summary)')]"
    shown = f"{details}.map(each => each.checkVisibility() && each.offsetHeight > 0)"
    assert set(seen.ask(shown)) == {False}
    seen.page.emulate_media(media="print", color_scheme="dark")
    assert set(seen.ask(shown)) == {True}
    assert not seen.page.locator("nav").is_visible()
    assert seen.ask("getComputedStyle(document.querySelector('h1')).color") == rgb(LIGHT["ink"])


def tab_to(seen: Any, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        seen.page.keyboard.press("Tab")
        if seen.ask(f'document.activeElement.matches("{selector}")'):
            return
    pytest.fail(f"no key leads to {selector}")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_table__sorts_by_keys_alone(pages: Pages, visit: Callable[..., Any], language: str) -> None:
    seen = visit(pages["run", language])
    head = "#classes th:nth-child(6)"  # F1
    cells = "[...document.querySelectorAll('#classes td:nth-child(6)')]"
    values = f"{cells}.map(each => each.dataset.value).filter(Boolean).map(Number)"
    tab_to(seen, "nav a[href='#classes']")
    seen.page.keyboard.press("Enter")
    tab_to(seen, f"{head} button")
    assert seen.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    seen.page.keyboard.press("Enter")
    assert seen.ask(values) == sorted(seen.ask(values), reverse=True)
    assert seen.page.locator(head).get_attribute("aria-sort") == "descending"
    seen.page.keyboard.press("Space")
    assert seen.ask(values) == sorted(seen.ask(values))
    assert seen.page.locator(head).get_attribute("aria-sort") == "ascending"


def test_scale__changes_by_keys_alone(pages: Pages, visit: Callable[..., Any]) -> None:
    seen = visit(pages["audit", "ru"])
    plots = seen.page.locator(".switched > .scroll")
    assert [plots.nth(i).is_visible() for i in (0, 1)] == [True, False]
    tab_to(seen, ".switch input")
    seen.page.keyboard.press("ArrowRight")
    assert [plots.nth(i).is_visible() for i in (0, 1)] == [False, True]


# Whatever a reader sees or hears, names of classes, files, keys and layers aside.
HEARD = """
(() => {
  const aside = 'script, style, pre, code, .path, .kicker, #making, #network title';
  document.querySelectorAll(aside).forEach(each => each.remove());
  const said = [...document.querySelectorAll('[aria-label], [alt]')]
    .map(each => each.getAttribute('aria-label') || each.alt);
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) said.push(words.currentNode.data);
  return [document.title, ...said].join('\\n');
})()
"""
KEPT = {"Springfield", "JPEG", "PNG", "ReLU", "csv", "sampling", "sqrt", "catalog", "issues"}
KEYS = {
    "training",
    "network",
    "width",
    "augment",
    "balance",
    "natural",
    "progressive",
    "Optuna",
    "town",
}


@pytest.mark.parametrize("kind", ["run", "audit", "sweep", "rate"])
def test_page__russian_has_no_english_left(
    pages: Pages, visit: Callable[..., Any], names: set[str], kind: str
) -> None:
    text = visit(pages[kind, "ru"]).ask(HEARD)
    text = re.sub(r"\S+(/|\.jpg|\.png|_)\S*|(images|balance)\.\w+", "", text)
    assert set(re.findall(r"[A-Za-z]{2,}", text)) - KEPT - KEYS - names == set()
