"""Which classes are named by their background."""

from __future__ import annotations

from typing import Any

from springfield.errors import RunError
from springfield.results.page.document import section
from springfield.results.page.html import Html, spoken, tag
from springfield.results.page.tables import Cell, Column, table
from springfield.results.page.thumbnails import thumbnail
from springfield.results.page.words import Words, pretty
from springfield.results.plots.svg import Scale, dot, drawing, line
from springfield.results.sections.classes import BAR
from springfield.results.sections.story import Story

WIDE = 720  # pixels of an example: three squares


def background(story: Story, say: Words) -> Html | None:
    """The classes by how far their background alone gives them away, and the worst in pictures."""
    found = read_background(story)
    if not found:
        return None
    judged = by_reliance(found)
    n = sum(each["n"] for each in found["classes"].values())
    if not judged:
        return section("background", say, tag("p", say("background.none", fewest=found["fewest"])))
    alone = sum(each["background_alone"] for each in found["classes"].values()) / n
    figure = sum(each["figure_alone"] for each in found["classes"].values()) / n
    says = say("background.says", n=n, alone=say.percent(alone, 0), figure=say.percent(figure, 0))
    missing = len(found["classes"]) - len(judged)
    rest = say("background.missing", n=missing, fewest=found["fewest"]) if missing else None
    examples = [_example(story, name, each, say) for name, each in judged if "example" in each]
    return section(
        "background",
        say,
        tag("p", says),
        tag("p", say("background.how", each=found["each"]), rest),
        tag("ul", *examples, class_="strips"),
        _table(judged, say),
    )


def read_background(story: Story) -> dict[str, Any] | None:
    """What background.json holds; None when it was never measured."""
    try:
        return dict(story.run.read_json("background.json"))
    except RunError:
        return None


def by_reliance(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The classes that can be judged, those most named by their background first."""
    judged = [(name, each) for name, each in found["classes"].items() if each["share"] is not None]
    return sorted(judged, key=lambda item: (-item[1]["share"], item[0]))


def _table(judged: list[tuple[str, dict[str, Any]]], say: Words) -> Html:
    columns = [
        Column(say("background.class")),
        Column(say("background.n"), "number"),
        Column(say("background.alone"), "number"),
        Column(say("background.elsewhere"), "number", extra=True),
        Column(say("background.bar"), "picture", extra=True),
        Column(say("background.figure"), "number"),
    ]
    rows = []
    for name, each in judged:
        alone, figure = each["share"], each["figure_alone"] / each["n"]
        elsewhere = each["elsewhere"]
        rows.append([
            Cell(pretty(name), name),
            Cell(say.number(each["n"]), each["n"]),
            Cell(say.percent(alone, 0), alone),
            Cell(say.percent(elsewhere, 0), "" if elsewhere is None else elsewhere),
            Cell(_bar(alone, figure, say), alone),
            Cell(say.percent(figure, 0), figure),
        ])  # fmt: skip
    return table(columns, rows, say("background.caption"))


def _bar(alone: float, figure: float, say: Words) -> Html:
    """From no image to all of them: red for the background alone, blue for the figure alone."""
    width, height = BAR
    along, middle = Scale(0, 1, 3, width - 3), height / 2
    words = f"{say.percent(alone, 0)}, {say.percent(figure, 0)}"
    return drawing(
        width,
        height,
        words,
        tag("title", words),
        *(line(along(v), 3, along(v), height - 3, "grid") for v in (0, 0.5, 1)),
        dot(along(figure), middle, 3.5, "fill-blue"),
        dot(along(alone), middle, 3.5, "fill-red"),
    )


def _example(story: Story, name: str, each: dict[str, Any], say: Words) -> Html:
    label = pretty(name)
    words = say("background.example", label=label, k=each["background_alone"], n=each["n"])
    picture = story.run.folder / each["example"]
    return tag("li", thumbnail(picture, spoken(words), side=WIDE), words, class_="card")
