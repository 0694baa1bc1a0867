"""The pictures as they are drawn: every word inside its frame and clear of its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Pages = dict[tuple[str, str], Path]
EVERY = [
    (kind, language) for kind in ("run", "audit", "sweep", "rate") for language in ("en", "ru")
]
every = pytest.mark.parametrize(("kind", "language"), EVERY)

# Words of the visible plots that leave their drawing, by more than a pixel.
CUT = """
[...document.querySelectorAll('svg.plot')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return frame.width && box.width && (box.left < frame.left - 1 || box.top < frame.top - 1
      || box.right > frame.right + 1 || box.bottom > frame.bottom + 1);
  }).map(text => `${svg.getAttribute('aria-label')}: ${text.textContent}`);
})
"""
# Pairs of words in one plot that lie on each other.
TOUCHING = """
selector => [...document.querySelectorAll(selector + ' svg.plot')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')].map(each => [each, each.getBoundingClientRect()]);
  return texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4
  ).map(([other]) => `${one.textContent} | ${other.textContent}`));
})
"""


@every
def test_plots__no_word_is_cut_off(
    pages: Pages, look: Callable[..., Any], kind: str, language: str
) -> None:
    seen = look(pages[kind, language])
    assert seen.page.locator("main svg.plot").count()
    assert seen.ask(CUT) == []


@every
def test_plots__no_word_lies_on_another(
    pages: Pages, look: Callable[..., Any], kind: str, language: str
) -> None:
    assert look(pages[kind, language]).page.evaluate(TOUCHING, "main") == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_confusion__forty_two_names_can_be_read(
    pages: Pages, look: Callable[..., Any], width: int, language: str
) -> None:
    seen = look(pages["run", language], width=width)
    plot = seen.page.locator("#confusion svg.plot")
    box = plot.bounding_box()
    assert box
    assert box["width"] == pytest.approx(float(plot.get_attribute("width") or 0), abs=1)  # scrolls
    sizes = (
        "[...document.querySelectorAll('#confusion text')].map(e => getComputedStyle(e).fontSize)"
    )
    assert min(float(size.removesuffix("px")) for size in seen.ask(sizes)) >= 9
    names = seen.page.locator("#confusion text.small.end").all_text_contents()
    assert len(names) == 42
