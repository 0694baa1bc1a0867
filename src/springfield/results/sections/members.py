"""The networks that a classifier was combined of."""

from __future__ import annotations

from typing import Any

from springfield.errors import RunError
from springfield.results.page.document import section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.tables import Cell, Column, table
from springfield.results.page.words import Words
from springfield.results.sections.story import Story

Found = dict[str, Any]


def read_members(story: Story) -> Found | None:
    """What members.json says; None when it is not there or damaged."""
    try:
        found = story.run.read_json("members.json")
    except RunError:
        return None
    return found if isinstance(found, dict) and found.get("each") else None


def members(story: Story, say: Words) -> Html | None:
    """How many there are, how they were made one, and what each is worth beside all together."""
    found = read_members(story)
    if not found:
        return None
    words = [say("members.dealt"), say(f"members.{story.recipe.network.combine}", n=found["count"])]
    if len(found["each"]) < found["count"]:
        words.append(say("members.missing", n=len(found["each"]), count=found["count"]))
    return section(
        "members", say, tag("p", join(words, " ")), _alone(found, say), _table(found, say)
    )


def _alone(found: Found, say: Words) -> Html | None:
    """What combining them changed, on images that none of them saw."""
    if found["macro_f1"] is None:
        return None
    scores = [each["macro_f1"] for each in found["each"]]
    words = say(
        "members.scores",
        n=found["n"],
        low=say.fraction(min(scores)),
        high=say.fraction(max(scores)),
        together=say.fraction(found["macro_f1"]),
    )
    return tag("p", words)


def _table(found: Found, say: Words) -> Html:
    columns = [
        Column(say(f"members.{name}"), "number")
        for name in ("member", "train", "watched", "epochs", "watched_macro_f1", "macro_f1")
    ]
    rows = [
        [
            *(Cell(say.number(each[name]), each[name])
              for name in ("member", "train", "watched", "epochs")),
            *(Cell(say.fraction(each[name]), each[name] or 0)
              for name in ("watched_macro_f1", "macro_f1")),
        ]
        for each in found["each"]
    ]  # fmt: skip
    last = [Cell(say("members.together"), found["count"] + 1), *[Cell("")] * 4]
    rows.append([*last, Cell(say.fraction(found["macro_f1"]), found["macro_f1"] or 0)])
    return table(columns, rows, say("members.caption"))
