"""The tail and the class table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from springfield.results.page.document import figure, section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.said import said
from springfield.results.page.tables import Cell, Column, table
from springfield.results.page.words import Words, pretty
from springfield.results.plots.svg import Scale, dot, drawing, line
from springfield.results.plots.tail import COLOURS, tail_plot
from springfield.results.sections.story import Story

BAR = (128, 16)  # width and height of an interval bar, pixels
UNEVEN = 2  # largest class against the smallest, training images
WEAK = 0.5  # an F1 below is shown in red


def tail(story: Story, say: Words) -> Html | None:
    """F1 against training images, and the table of many, medium and few."""
    scores = story.judged
    if not scores or "groups" not in scores:
        return None
    sizes = [figures.get("train", 0) for figures in scores["classes"].values()]
    if max(sizes) < UNEVEN * max(min(sizes), 1):
        return None  # every class learned from about as many: there is no tail to show
    plot = figure(tail_plot(scores["classes"], say), say("tail.caption"), wide=True)
    limits = story.recipe.scores
    caption = say("tail.table", many=limits.many, few=limits.few)
    return section("tail", say, plot, _groups(scores["groups"], caption, say))


def classes(story: Story, say: Words) -> Html | None:
    """Every class with its n, its scores and its interval."""
    scores = story.judged
    if not scores:
        return None
    columns = [
        Column(say("classes.name")),
        Column(say("classes.train"), "number"),
        Column(say("classes.n"), "number"),
        Column(say("classes.precision"), "number", extra=True),
        Column(say("classes.recall"), "number", extra=True),
        Column(say("classes.f1"), "number"),
        Column(say("classes.interval"), "picture"),
        Column(say("classes.verdict"), extra=True),
    ]
    ordered = sorted(
        scores["classes"].items(), key=lambda item: (-item[1].get("train", 0), item[0])
    )
    rows = [_row(name, figures, say) for name, figures in ordered]
    advice = tag("p", said(scores["advice"], say)) if "advice" in scores else None
    return section("classes", say, advice, table(columns, rows, say("classes.caption")))


def interval_bar(figures: Mapping[str, Any], say: Words) -> Html:
    """F1 as a dot and its interval as a line, between 0 and 1."""
    width, height = BAR
    along, middle = Scale(0, 1, 3, width - 3), height / 2
    marks = [line(along(v), 3, along(v), height - 3, "grid") for v in (0, 0.5, 1)]
    if figures["f1"] is not None:
        colour = COLOURS[figures.get("group", "many")]
        marks += [
            line(
                along(figures["low"]),
                middle,
                along(figures["high"]),
                middle,
                f"line whisker {colour}",
            ),
            dot(along(figures["f1"]), middle, 3.5, f"fill-{colour}"),
        ]
    words = say.interval(figures["low"], figures["high"])
    return drawing(width, height, words, tag("title", words), *marks)


def _row(name: str, figures: Mapping[str, Any], say: Words) -> list[Cell]:
    f1 = figures["f1"]
    colour = tag("span", class_=f"group {figures.get('group', '')}")
    verdict = str(figures.get("verdict", "ok"))
    judged = verdict == "ok"
    return [
        Cell(join([colour, tag("span", pretty(name), title=name)]), name),
        Cell(say.number(figures.get("train", 0)), figures.get("train", 0)),
        Cell(say.number(figures["n"]), figures["n"]),
        _share(figures["precision"], say),
        _share(figures["recall"], say),
        Cell(
            say.fraction(f1),
            "" if f1 is None else f1,
            "weak" if f1 is not None and f1 < WEAK else None,
        ),
        Cell(interval_bar(figures, say), "" if f1 is None else figures["low"]),
        Cell(
            say("verdict.ok") if judged else said(verdict, say),
            verdict,
            "quiet" if judged else None,
        ),
    ]


def _share(value: float | None, say: Words) -> Cell:
    return Cell(say.fraction(value), "" if value is None else value)


def _groups(groups: Mapping[str, Mapping[str, Any]], caption: Html, say: Words) -> Html:
    columns = [
        Column(say("tail.group")),
        Column(say("tail.classes"), "number"),
        Column(say("tail.judged"), "number", extra=True),
        Column(say("tail.n"), "number", extra=True),
        Column(say("tail.accuracy"), "number"),
        Column(say("tail.macro_f1"), "number"),
        Column(say("tail.interval"), "picture"),
    ]
    rows: list[list[Cell]] = []
    for kind, figures in groups.items():
        bar = {"f1": figures["macro_f1"], "low": figures["macro_f1_low"],
               "high": figures["macro_f1_high"], "group": kind}  # fmt: skip
        accuracy = figures["accuracy"]
        rows.append([
            Cell(join([tag("span", class_=f"group {kind}"), say(f"tail.{kind}")]), str(len(rows))),
            Cell(say.number(figures["classes"]), figures["classes"]),
            Cell(say.number(figures["judged_classes"]), figures["judged_classes"]),
            Cell(say.number(figures["n"]), figures["n"]),
            Cell(say.percent(accuracy), "" if accuracy is None else accuracy),
            _share(figures["macro_f1"], say),
            Cell(interval_bar(bar, say), "" if bar["low"] is None else bar["low"]),
        ])  # fmt: skip
    return table(columns, rows, caption)
