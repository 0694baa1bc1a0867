"""Document: one HTML file that needs nothing else, neither a server nor the network."""

from __future__ import annotations

import base64
from importlib import resources

from springfield.results.page.html import Html, join, scrolled, tag, void
from springfield.results.page.palette import variables
from springfield.results.page.words import Words

# The letters that Literata's Cyrillic file is for.
CYRILLIC = "unicode-range:U+0401,U+0410-044F,U+0451,U+2116,U+202F"
# Nothing may be fetched, whatever finds its way into the page.
POLICY = (
    "default-src 'none'; img-src data:; font-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'"
)


def document(title: str, head: Html, sections: list[Html], say: Words) -> str:
    """Return the whole page: `head` across the top, then the sections."""
    style = variables() + typeface(say.language) + asset("plots.css") + asset("style.css")
    heading = join(
        [
            Html('<meta charset="utf-8">'),
            void("meta", http_equiv="Content-Security-Policy", content=POLICY),
            void("meta", name="viewport", content="width=device-width, initial-scale=1"),
            void("meta", name="color-scheme", content="light dark"),
            tag("title", title),
            tag("style", Html(style)),
        ],
        "\n",
    )
    body = tag(
        "body",
        tag("a", say("skip"), href="#content", class_="skip"),
        tag("header", head),
        tag("main", join(sections, "\n"), id="content"),
        tag("footer", tag("p", say("footer"))),
        tag("script", Html(asset("sort.js"))),
    )
    page = tag("html", tag("head", heading), body, lang=say.language)
    return f"<!doctype html>\n{page}\n"


def masthead(kicker: object, headline: object, deck: object, *below: object) -> Html:
    """The head of a page: what it is of, what was found in a line and in a few, what follows."""
    above = (
        tag("p", kicker, class_="kicker"),
        tag("h1", headline),
        tag("p", deck, class_="deck"),
    )
    return join((*above, *below), "\n")


def section(name: str, say: Words, *content: object) -> Html:
    """A section with its heading in the margin and, where `say` has one, a line below it."""
    note = say(f"{name}.note") if f"{name}.note" in say.table else None
    heading = tag(
        "div",
        tag("h2", say(f"{name}.title")),
        tag("p", note) if note else None,
        class_="margin",
    )
    return tag("section", heading, tag("div", *content, class_="matter"), id=name)


def figure(picture: object, caption: object, *, wide: bool = False) -> Html:
    """A picture with its caption; a wide one scrolls sideways on a small screen."""
    if wide:
        picture = scrolled(picture, caption)
    return tag("figure", picture, tag("figcaption", caption))


def typeface(language: str) -> str:
    """CSS that carries the page's own letters: Literata, cut down to two axes and its alphabets.

    With them the page looks the same everywhere; its licence lies beside it.
    """
    alphabets = ("latin", "cyrillic") if language == "ru" else ("latin",)
    return "".join(map(_letters, alphabets))


def _letters(alphabet: str) -> str:
    folder = resources.files("springfield.results.page")
    letters = base64.b64encode((folder / f"literata-{alphabet}.woff2").read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{letters}) format('woff2')"
    rules = f"src:{source};font-weight:400 600;font-display:block"
    if alphabet == "cyrillic":
        rules += f";{CYRILLIC}"
    return f"@font-face{{font-family:Literata;{rules}}}\n"


def asset(name: str) -> str:
    """Text of one of the page's own files."""
    return (resources.files("springfield.results.page") / name).read_text(encoding="utf-8")
