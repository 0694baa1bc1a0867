"""The page of explanations: for each image what is said of it, where it is seen, and why."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from springfield.files import write_atomically
from springfield.learning.explaining.neighbours import Neighbour
from springfield.results.explanation import Explanation
from springfield.results.heat import ramp_picture
from springfield.results.page import english, russian
from springfield.results.page.document import document, masthead, section
from springfield.results.page.html import Html, breakable, join, tag, void
from springfield.results.page.said import said
from springfield.results.page.tables import figures
from springfield.results.page.thumbnails import data_uri, jpeg_uri
from springfield.results.page.words import Words, pretty
from springfield.results.pages import explain_english, explain_russian

SHOWN = 200  # images on the page; the table has all
CLASSES = 5  # probabilities shown of an image
LISTED = 100  # unreadable files named
TABLES = {
    "en": (english.ENGLISH, explain_english.ENGLISH),
    "ru": (russian.RUSSIAN, explain_russian.RUSSIAN),
}


class ExplainPage:
    """Grows an image at a time, so that pictures do not pile up in memory."""

    def __init__(self, level: float, language: str) -> None:
        self.say = Words(*TABLES[language], language=language)
        self.level = level
        self.cards: list[Html] = []
        self.unreadable: list[tuple[str, str]] = []
        self.n = 0
        self.sure = 0  # sets of one class

    def add(self, explained: Explanation) -> None:
        """Count an explained image; show it, if there is room."""
        self.n += 1
        self.sure += len(explained.members) == 1
        if len(self.cards) < SHOWN:
            self.cards.append(_card(explained, self.level, self.say))

    def add_unreadable(self, path: str, reason: str) -> None:
        """Count a file that cannot be read."""
        self.n += 1
        self.unreadable.append((path, reason))

    def write(self, folder: Path, run: str) -> Path:
        """Write page.html; return its path. Raises `OutputError` when it cannot be written."""
        body = [*self.cards, self._unread()]
        page = document(str(self.say("title")), self._head(run), [x for x in body if x], self.say)
        write_atomically(folder / "page.html", page.encode())
        return folder / "page.html"

    def _head(self, run: str) -> Html:
        say, read = self.say, self.n - len(self.unreadable)
        level = say.percent(self.level, 0)
        shown: list[tuple[object, object, object | None]] = [
            (say("fig.images", n=self.n), say.number(self.n), None)
        ]
        if read:
            alone = say("fig.of", n=read)
            shown.append((say("fig.sure", level=level), say.number(self.sure), alone))
        if self.unreadable:
            lost = len(self.unreadable)
            shown.append((say("fig.unreadable", n=lost), say.number(lost), None))
        more = say("deck.more", shown=SHOWN, n=read) if read > SHOWN else None
        return masthead(
            say("kicker", run=run),
            say("head", n=self.n),
            join([say("deck"), more]),
            _legend(say),
            figures(shown),
        )

    def _unread(self) -> Html | None:
        if not self.unreadable:
            return None
        lines = [
            tag("li", breakable(path), ": ", said(reason, self.say))
            for path, reason in self.unreadable[:LISTED]
        ]
        if len(self.unreadable) > LISTED:
            lines.append(tag("li", self.say("unreadable.more", n=len(self.unreadable) - LISTED)))
        return section("unreadable", self.say, tag("ul", *lines, class_="columns"))


def _legend(say: Words) -> Html:
    ramp = void("img", src=data_uri(ramp_picture()), alt="", class_="ramp")
    return tag("p", say("legend.weak"), ramp, say("legend.strong"), class_="legend")


def _card(explained: Explanation, level: float, say: Words) -> Html:
    label, other = pretty(explained.label), pretty(explained.other)
    heading = tag(
        "div", tag("h2", label), tag("p", breakable(explained.path), class_="path"), class_="margin"
    )
    picture = Image.fromarray(explained.view.pixels)
    pictures = tag(
        "div",
        _picture(picture, explained.path, say("picture")),
        _picture(explained.heat, say("heat.alt", label=label), say("heat", label=label)),
        _picture(explained.versus, say("versus.alt", label=label, other=other),
                 say("versus", label=label, other=other)),
        class_="trio",
    )  # fmt: skip
    matter = tag(
        "div",
        pictures,
        _probabilities(explained, say),
        tag("p", _set(explained.members, level, say)),
        tag("h3", say("neighbours")),
        tag("ul", *(_neighbour(each, say) for each in explained.neighbours), class_="nearest"),
        class_="matter",
    )
    return tag("section", heading, matter)


def _picture(picture: Image.Image, alt: object, caption: object) -> Html:
    image = void("img", src=data_uri(picture), alt=alt, width=picture.width, height=picture.height)
    return tag("figure", image, tag("figcaption", caption))


def _probabilities(explained: Explanation, say: Words) -> Html:
    lines = []
    for c in explained.order[: max(2, min(CLASSES, len(explained.members)))]:
        share = float(explained.probabilities[c])
        bar = tag("span", style=f"width:{100 * share:.1f}%", class_="share")
        name = tag("span", pretty(explained.classes[c]))
        number = tag("b", say.percent(share))
        lines.append(tag("li", name, number, tag("span", bar, class_="shares")))
    return tag("ol", *lines, class_="likely", aria_label=say("likely"))


def _set(members: list[str], level: float, say: Words) -> Html:
    share = say.percent(level, 0)
    if len(members) == 1:
        return say("set.alone", label=pretty(members[0]), level=share)
    names = ", ".join(map(pretty, members[:CLASSES]))
    key = "set.some" if len(members) <= CLASSES else "set.many"
    return say(key, n=len(members), names=names, level=share)


def _neighbour(each: Neighbour, say: Words) -> Html:
    label = pretty(each.label)
    picture = void("img", src=jpeg_uri(each.jpeg), alt=each.path, title=each.path)
    alike = tag("div", say("alike", share=say.fraction(each.similarity, 2)), class_="path")
    return tag("li", picture, tag("div", label), alike, class_="card")
