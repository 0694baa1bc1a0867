"""Said: sentences that other parts of Springfield say in English, in the language of the page.

The keys ``said.*`` of the English table are those sentences with gaps: whoever says something new
on a page adds it to both tables. What no table knows, such as a decoder's complaint, stays as it
is.
"""

from __future__ import annotations

import re

from springfield.results.page.english import ENGLISH
from springfield.results.page.html import Html, escape
from springfield.results.page.words import Words

# gaps that hold a whole number
NUMBERS = (
    "n",
    "distinct",
    "classes",
    "width",
    "height",
    "total",
    "need",
    "by_sampling",
    "by_weights",
    "by_loss",
)


def _sentence(text: str) -> re.Pattern[str]:
    def gap(found: re.Match[str]) -> str:
        return rf"(?P<{found[1]}>{'[0-9]+' if found[1] in NUMBERS else '.+'})"

    return re.compile(re.sub(r"\\{(\w+)\\}", gap, re.escape(text)))


SENTENCES = {key: _sentence(text) for key, text in ENGLISH.items() if key.startswith("said.")}


def said(text: str, say: Words) -> Html:
    """The sentence as the page says it; its numbers as its language writes them."""
    for key, sentence in SENTENCES.items():
        if found := sentence.fullmatch(text):
            return say(key, **{name: _value(name, v, say) for name, v in found.groupdict().items()})
    return escape(text)


def _value(name: str, text: str, say: Words) -> object:
    if name == "reason":
        return said(text, say)
    if name == "share":
        return say.fraction(float(text), 2)
    return int(text) if name in NUMBERS else text
