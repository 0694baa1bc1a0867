"""Whether the sets of classes hold what they promise."""

from __future__ import annotations

from typing import Any

from springfield.results.page.document import section
from springfield.results.page.html import Html, tag
from springfield.results.page.tables import Cell, Column, table
from springfield.results.page.words import Words, pretty
from springfield.results.sections.confidence import read_classifier
from springfield.results.sections.story import Story


def sets(story: Story, say: Words) -> Html | None:
    """Coverage and size of the sets, overall and class by class."""
    found = (story.judged or {}).get("sets")
    if not found or not found["n"]:
        return None
    level, coverage = say.percent(found["level"], 0), say.percent(found["coverage"])
    size = say.number(found["size"], 1)
    words = say("sets.says", level=level, coverage=coverage, size=size, n=found["n"])
    return section("sets", say, tag("p", words), _table(found, _source(story), say))


def _source(story: Story) -> dict[str, str]:
    """Where a class's threshold comes from: its key in the table of words."""
    known = None if story.folds else read_classifier(story)  # each fold has its own
    if not known:
        return {}
    each = zip(known.classes, known.calibration.own, known.calibration.lowest, strict=False)
    return {
        name: "sets.own" if own else "sets.shared" if lowest else "sets.always"
        for name, own, lowest in each
    }


def _table(found: dict[str, Any], source: dict[str, str], say: Words) -> Html:
    columns = [
        Column(say("sets.class")),
        Column(say("sets.n"), "number"),
        Column(say("sets.coverage"), "number"),
        Column(say("sets.size"), "number"),
        Column(say("sets.from"), extra=True),
    ]
    judged = [(name, each) for name, each in found["classes"].items() if each["n"]]
    judged.sort(key=lambda item: (-item[1]["n"], item[0]))
    rows = [
        [
            Cell(pretty(name), name),
            Cell(say.number(each["n"]), each["n"]),
            Cell(say.percent(each["coverage"], 0), each["coverage"]),
            Cell(say.number(each["size"], 1), each["size"]),
            Cell(say(source.get(name, "sets.shared")), class_="quiet"),
        ]
        for name, each in judged
    ]
    told = slice(None if source else -1)  # folds have nothing to say in the last column
    return table(columns[told], [row[told] for row in rows], say("sets.caption"))
