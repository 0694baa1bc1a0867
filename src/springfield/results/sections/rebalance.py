"""Which last layers were tried, and why one was kept."""

from __future__ import annotations

from typing import Any

from springfield.errors import RunError
from springfield.results.page.document import section
from springfield.results.page.html import Html, tag
from springfield.results.page.tables import Cell, Column, table
from springfield.results.page.words import Words
from springfield.results.sections.story import Story

Found = dict[str, Any]
SPAN = "\N{NO-BREAK SPACE}…\N{NO-BREAK SPACE}"  # between bounds


def read_rebalance(story: Story) -> Found | None:
    """What rebalance.json says; None when it is not there or damaged."""
    try:
        found = story.run.read_json("rebalance.json")
    except RunError:
        return None
    return found if isinstance(found, dict) and "tries" in found else None


def rebalance(story: Story, say: Words) -> Html | None:
    """What was kept and what that changed on the held-out images; each method at its best."""
    found = read_rebalance(story)
    if not found:
        return None
    if not found["tries"]:
        return section("rebalance", say, tag("p", say("rebalance.none")))
    kept = next(each for each in found["tries"] if each["kept"])
    known = {"n": found["rows"], "tried": len(found["tries"]) - 1}
    sure = say.percent(found["sure"], 0)
    if kept["method"] == "plain":
        words = say("rebalance.plain", sure=sure, **known)
    else:
        words = say(
            "rebalance.kept",
            name=say(f"method.{kept['method']}"),
            gain=say.number(100 * kept["difference"], 1),
            chance=say.number(100 * (kept["difference"] - kept["low"]), 1),
            sure=sure,
            **known,
        )
    of_all = story.exchanged and tag(
        "p", say("rebalance.folds", k=story.exchanged[0], total=story.exchanged[1])
    )
    told = (tag("p", words), of_all, _held_out(story, say), _table(found, say))
    return section("rebalance", say, *told)


def _held_out(story: Story, say: Words) -> Html | None:
    scores = story.judged or {}
    before = scores.get("plain")
    if not before or before["accuracy"] is None:
        return None
    words = say(
        "rebalance.held_out",
        accuracy_before=say.percent(before["accuracy"]),
        accuracy=say.percent(scores["accuracy"]),
        before=say.fraction(before["macro_f1"]),
        after=say.fraction(scores["macro_f1"]),
    )
    return tag("p", words)


def _table(found: Found, say: Words) -> Html:
    columns = [
        Column(say("rebalance.method")),
        Column(say("rebalance.parameter"), "number", extra=True),
        Column(say("rebalance.macro_f1"), "number"),
        Column(say("rebalance.difference"), "number"),
        Column(say("rebalance.bounds"), "number", extra=True),
        Column(say("rebalance.accuracy"), "number"),
        Column(say("rebalance.verdict")),
    ]
    best: dict[str, Found] = {}
    for each in found["tries"]:
        held = best.setdefault(each["method"], each)
        if _order(each) > _order(held):
            best[each["method"]] = each
    rows = [_row(each, say) for each in best.values()]
    return table(columns, rows, say("rebalance.caption"))


def _order(each: Found) -> tuple[bool, bool, float]:
    return bool(each["kept"]), bool(each["allowed"]), float(each["difference"])


def _row(each: Found, say: Words) -> list[Cell]:
    strength, name = each["parameter"], say(f"method.{each['method']}")
    plain = each["method"] == "plain"
    bounds = SPAN.join(_points(each[key], say) for key in ("low", "high"))
    return [
        Cell(tag("b", name) if each["kept"] else name, str(name)),
        Cell("" if strength is None else say.number(strength, 2), strength or 0),
        Cell(say.fraction(each["macro_f1"]), each["macro_f1"]),
        Cell("" if plain else _points(each["difference"], say), each["difference"]),
        Cell("" if plain else bounds, each["low"]),
        Cell(say.percent(each["accuracy"]), each["accuracy"]),
        Cell(say(f"rebalance.is.{_verdict(each)}")),
    ]


def _verdict(each: Found) -> str:
    if each["kept"]:
        return "kept"
    if each["method"] == "plain":
        return "trained"
    if not each["allowed"]:
        return "costly"
    return "beyond" if each["low"] > 0 else "chance"


def _points(share: float, say: Words) -> str:
    """0.0712 -> "+7.1", in percentage points."""
    sign = "+" if share >= 0 else "\N{MINUS SIGN}"
    return sign + say.number(abs(100 * share), 1)
