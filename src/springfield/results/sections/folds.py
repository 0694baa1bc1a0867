"""How a run with folds was judged."""

from __future__ import annotations

from springfield.results.page.document import section
from springfield.results.page.html import Html, tag
from springfield.results.page.tables import Cell, Column, table
from springfield.results.page.words import Words
from springfield.results.sections.story import Story


def folds(story: Story, say: Words) -> Html | None:
    """What the folds are, what each of them scored, and whose classifier lies in the folder."""
    found = story.folds
    if not found:
        return None
    columns = [
        Column(say("folds.fold"), "number"),
        Column(say("folds.n"), "number"),
        Column(say("folds.accuracy"), "number"),
        Column(say("folds.macro_f1"), "number"),
    ]
    rows = [
        [
            Cell(say.number(each["fold"]), each["fold"]),
            Cell(say.number(each["n"]), each["n"]),
            Cell(say.percent(each["accuracy"]), each["accuracy"] or 0),
            Cell(say.fraction(each["macro_f1"]), each["macro_f1"] or 0),
        ]
        for each in found["each"]
    ]
    done = len(rows)
    missing = None if done == found["count"] else tag("p", say("folds.missing", n=done))
    words = tag("p", say("folds.says", n=found["count"]))
    whose = tag("p", say("folds.classifier", fold=rows[0][0].shown))
    return section("folds", say, words, missing, whose, table(columns, rows, say("folds.caption")))
