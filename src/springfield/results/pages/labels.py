"""The page of labels in doubt: each image with the evidence, to be kept or excluded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from springfield.files import csv_lines, csv_text
from springfield.images.exclude import EXCLUDED
from springfield.images.labels import COLUMNS
from springfield.learning.explaining.doubt import FEWEST
from springfield.learning.explaining.neighbours import Neighbour
from springfield.results.page import english, russian
from springfield.results.page.document import asset, document, masthead, section
from springfield.results.page.html import Html, breakable, join, tag, void
from springfield.results.page.thumbnails import jpeg_uri, thumbnail
from springfield.results.page.words import Words, pretty
from springfield.results.pages import labels_english, labels_russian
from springfield.results.sections.making import again, shown_command
from springfield.results.sections.story import Story, read_story
from springfield.results.suspects import Suspect
from springfield.run import Run

LABELS = "labels.html"
SHOWN = 200  # images on the page; the table has all
TABLES = {
    "en": (english.ENGLISH, labels_english.ENGLISH),
    "ru": (russian.RUSSIAN, labels_russian.RUSSIAN),
}


def write_labels_page(run: Run, suspects: Sequence[Suspect], judged: int) -> Path:
    """Write labels.html into the run folder, in the run's language; return its path.

    `judged` is how many images were looked at. Raises `OutputError` when it cannot be written.
    """
    story = read_story(run)
    say = Words(*TABLES[story.language], language=story.language)
    shown = suspects[:SHOWN]
    sections = [_trust(story, judged, say)]
    sections += [_suspect(story, each, say) for each in shown]
    if shown:
        sections += [_next(story, say), _bar(story, len(shown), say)]
    page = document(str(say("title")), _head(story, suspects, judged, say), sections, say)
    run.write_text(LABELS, page)
    return run.folder / LABELS


def _head(story: Story, suspects: Sequence[Suspect], judged: int, say: Words) -> Html:
    n = len(suspects)
    kind = "unheard" if judged < FEWEST else "none"
    deck = say("deck" if n else f"deck.{kind}", judged=judged)
    more = tag("p", say("more", shown=min(n, SHOWN), n=n), class_="deck") if n > SHOWN else None
    kicker = say("kicker", name=story.name, data=str(story.data))
    return masthead(kicker, say("head", n=n) if n else say(f"head.{kind}"), deck, more)


def _trust(story: Story, judged: int, say: Words) -> Html:
    trials = ("trust.often", "trust.rare") if judged >= FEWEST else ()
    whom = "trust.folds" if len(story.run.learned_folds) > 1 else "trust.training"
    return section("trust", say, *(tag("p", say(key, judged=judged)) for key in (*trials, whom)))


def _suspect(story: Story, each: Suspect, say: Words) -> Html:
    label, other = pretty(each.label), pretty(each.looks_like)
    heading = tag(
        "div",
        tag("h2", label),
        tag("p", say("looks", other=other)),
        tag("p", breakable(each.path), class_="path"),
        _choice(each, say),
        class_="margin",
    )
    alt = f"{each.path}: {label}"
    evidence = tag(
        "div",
        tag("p", _evidence(each, say)),
        _nearest(other, each.of_other, say),
        _nearest(label, each.of_label, say),
    )
    picture = tag("figure", thumbnail(story.root / each.path, alt))
    return tag("section", heading, tag("div", picture, evidence, class_="matter doubt"))


def _evidence(each: Suspect, say: Words) -> Html:
    own, share, usual, k_own, k_other, near = each.numbers
    return say(
        "says",
        label=pretty(each.label),
        other=pretty(each.looks_like),
        own=say.percent(own, 0),
        share=say.percent(share, 0),
        usual=say.percent(usual, 0),
        near=near,
        k_own=k_own,
        k_other=k_other,
    )


def _nearest(label: str, found: Sequence[Neighbour], say: Words) -> Html | None:
    if not found:
        return None
    pictures = (
        tag("li", void("img", src=jpeg_uri(each.jpeg), alt=each.path, title=each.path),
            class_="card")
        for each in found
    )  # fmt: skip
    heading = tag("h3", say("nearest", label=label))
    return join([heading, tag("ul", *pictures, class_="nearest")])


def _choice(each: Suspect, say: Words) -> Html:
    _, line = csv_lines(COLUMNS, [each.row()])
    one = {"type": "radio", "name": f"choice of {each.path}"}
    keep = void("input", **one, value="keep", checked=True)
    exclude = void("input", **one, value="exclude", data_line=json.dumps(line))
    return tag(
        "fieldset",
        tag("legend", say("choice", path=each.path)),
        tag("label", keep, say("keep")),
        tag("label", exclude, say("exclude")),
        class_="choice",
    )


def _carried(story: Story) -> list[tuple[str, str]]:
    """Path and label of the images that this run was trained without."""
    catalog = story.catalog
    if catalog is None or "reason" not in catalog:
        return []
    columns = (catalog[name].tolist() for name in ("path", "label", "reason"))
    rows = zip(*columns, strict=True)
    return [(path, label) for path, label, reason in rows if reason.startswith(EXCLUDED)]


def _next(story: Story, say: Words) -> Html:
    carried = len(_carried(story))
    return section(
        "next",
        say,
        tag("p", say("next.command")),
        tag("pre", shown_command(again(story, exclude="manifest.csv"))),
        tag("p", say("next.scores")),
        tag("p", say("next.carried", n=carried)) if carried else None,
    )


def _bar(story: Story, n: int, say: Words) -> Html:
    begins = csv_text(COLUMNS, ((path, label, "", "") for path, label in _carried(story)))
    buttons = (
        tag("button", say(f"bar.{name}"), type="button", name=name)
        for name in ("save", "all", "nothing")
    )
    words = tag("span", say("bar", k=tag("output", "0"), n=n))
    bar = tag("div", words, *buttons, class_="bar", data_begins=json.dumps(begins))
    return join([bar, tag("script", Html(asset("labels.js")))])
