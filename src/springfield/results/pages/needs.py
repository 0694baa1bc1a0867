"""The page of `springfield needs`: the curve, the number, and how far to believe them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from springfield.results.page import english, russian
from springfield.results.page.document import document, figure, masthead, section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.tables import Cell, Column, figures, table
from springfield.results.page.words import UNKNOWN, Words, pretty
from springfield.results.pages import needs_english, needs_russian
from springfield.results.plots import english as plots_english
from springfield.results.plots import russian as plots_russian
from springfield.results.plots.needs import class_curve, needs_plot, rounded, target_share
from springfield.results.plots.svg import stand_alone
from springfield.run import Run

TABLES = {
    "en": (english.ENGLISH, plots_english.ENGLISH, needs_english.ENGLISH),
    "ru": (russian.RUSSIAN, plots_russian.RUSSIAN, needs_russian.RUSSIAN),
}
NAMED = 3  # classes with too few images that a sentence names
Answer = Mapping[str, Any]  # as `springfield needs --json` prints it


def write_needs_page(home: Run, answer: Answer, language: str = "en") -> None:
    """Write page.html and plot.svg into the folder of the answer.

    Raises `OutputError` when they cannot be written.
    """
    say = Words(*TABLES[language], language=language)
    parts = [_curve(answer, say), _classes(answer, say), _hidden(answer, say), _method(answer, say)]
    name = Path(answer["data"]).stem
    sections = [part for part in parts if part is not None]
    page = document(say("title", name=name), _head(answer, say), sections, say)
    home.write_text(home.page_file.name, page)
    if answer["points"]:
        home.write_text("plot.svg", stand_alone(needs_plot(answer, say)))


def sentence_of(answer: Answer) -> str:
    """The answer in English words, as plain text."""
    words = join(_sentences(answer, Words(*TABLES["en"])), " ")
    return html.unescape(re.sub(r"<[^>]+>", "", words)).replace("\xa0", " ")


def _head(answer: Answer, say: Words) -> Html:
    return masthead(
        say("kicker", data=answer["data"]),
        _headline(answer, say),
        join(_sentences(answer, say), " "),
        figures(_figures(answer, say)),
    )


def _headline(answer: Answer, say: Words) -> Html:
    target = target_share(answer["target"], say)
    if answer["images_per_class"] is not None:
        return say("head", n=rounded(answer["images_per_class"]), target=target)
    if answer["more_than"] is not None:
        return say("head.more", n=rounded(answer["more_than"]), target=target)
    if answer["limit"]:
        return say(_short(answer, "head"), target=target)
    return say("head.interrupted" if answer["state"] == "interrupted" else "head.unknown")


def _sentences(answer: Answer, say: Words) -> list[Html]:
    """The answer in words: the number with its interval, who has fewer, and what it is worth."""
    words = [_needed(answer, say)]
    needed = answer["images_per_class"]
    if needed is not None:
        words += [_fewer(answer, rounded(needed), say)]
        whole = rounded(needed / answer["learned_share"])
        share = say.percent(answer["learned_share"], 0)
        words += [say("folder", n=whole, share=share)]
    if rule := answer["rule"]:
        recall, low, high = (say.percent(rule[end]) for end in ("recall", "low", "high"))
        words += [say("rule", n=rule["images"], recall=recall, low=low, high=high)]
    if answer["quick"] and (needed or answer["more_than"]):
        words += [say("lower")]
    if answer["state"] == "interrupted":
        words += [say("interrupted")]
    return words


def _needed(answer: Answer, say: Words) -> Html:
    target = target_share(answer["target"], say)
    if answer["images_per_class"] is not None:
        low, high = _ends(answer, say)
        return say("needed", n=rounded(answer["images_per_class"]), target=target, low=low,
                   high=high)  # fmt: skip
    if answer["more_than"] is not None:
        return say("more", n=rounded(answer["more_than"]), target=target)
    if answer["limit"] is None:
        return say("unknown")
    limit, low, high = (say.percent(answer["limit"][end]) for end in ("recall", "low", "high"))
    return say(_short(answer, "words"), target=target, limit=limit, low=low, high=high)


def _short(answer: Answer, what: str) -> str:
    """Key of the words for a curve that ends below the target."""
    return f"frozen.{what}" if answer["quick"] else f"out.{what}"


def _ends(need: Answer, say: Words) -> tuple[object, object]:
    """Both ends of a number's interval; the upper one may lie beyond all that was looked at."""
    low, high = need["low"], need["high"]
    shown = say.number(rounded(low)) if low is not None else UNKNOWN
    if high is not None:
        return shown, say.number(rounded(high))
    return shown, say("above", n=rounded(need["curve"][-1]["images"]))


def _range(need: Answer, say: Words) -> Html:
    """The same for a table."""
    if need["high"] is None:
        return say("or_more", low=say.number(rounded(need["low"])))
    return join(_ends(need, say), "–")


def _fewer(answer: Answer, needed: int, say: Words) -> Html:
    """Which classes have fewer images than that, the smallest first."""
    there = {name: each["images"] for name, each in answer["classes"].items()}
    short = sorted((n, name) for name, n in there.items() if n < needed)
    if not short:
        return say("frozen.fewer" if answer["quick"] else "fewer.none")
    names = [f"{pretty(name)} ({say.number(n)})" for n, name in short[:NAMED]]
    if len(short) > NAMED:
        names.append(str(say("and_more", n=len(short) - NAMED)))
    return say("fewer", n=len(short), names=", ".join(names))


def _figures(answer: Answer, say: Words) -> list[tuple[object, object, object | None]]:
    shown: list[tuple[object, object, object | None]] = []
    needed, classes = answer["images_per_class"], answer["classes"]
    if answer["points"]:
        last = answer["points"][-1]
        now = say("frozen.now" if answer["quick"] else "fig.now")
        shown.append((now, say.fraction(last["recall"]),
                      say.interval(last["low"], last["high"])))  # fmt: skip
    if needed is not None:
        words = say("fig.needed", target=target_share(answer["target"], say))
        shown.append((words, say.number(rounded(needed)), _range(answer, say)))
        have = sum(each["images"] >= rounded(needed) for each in classes.values())
        shown.append((say("fig.classes"), say.number(have), say("fig.of", n=len(classes))))
    if answer["hidden"]:
        error = say.number(100 * answer["hidden"]["median_error"], 1)
        shown.append((say("fig.hidden"), error, say("fig.hidden.below")))
    return shown


def _curve(answer: Answer, say: Words) -> Html | None:
    if not answer["points"]:
        return None
    columns = [
        Column(say("curve.budget"), "number"),
        Column(say("curve.whole"), "number"),
        Column(say("curve.recall"), "number"),
        Column(say("curve.interval"), "number", extra=True),
    ]
    rows = [
        [
            Cell(say.number(step["images"]), step["images"]),
            Cell(say.number(step["whole"]), step["whole"]),
            Cell(say.fraction(step["recall"]), step["recall"]),
            Cell(say.interval(step["low"], step["high"]), step["low"], "quiet"),
        ]
        for step in answer["points"]
    ]
    plot = figure(needs_plot(answer, say), say("curve.caption"), wide=True)
    return section("curve", say, plot, table(columns, rows, say("curve.table")))


def _classes(answer: Answer, say: Words) -> Html:
    columns = [
        Column(say("classes.name")),
        Column(say("classes.images"), "number"),
        Column(say("classes.recall"), "number"),
        Column(say("classes.curve"), "picture"),
        Column(say("classes.needs"), "number"),
        Column(say("classes.interval"), "number", extra=True),
        Column(say("classes.verdict"), extra=True),
    ]
    ordered = sorted(answer["classes"].items(), key=lambda item: (-item[1]["images"], item[0]))
    rows = [_row(name, answer, say) for name, _ in ordered]
    words = "frozen.caption" if answer["quick"] else "classes.caption"
    caption = say(words, target=target_share(answer["target"], say))
    return section("classes", say, table(columns, rows, caption))


def _row(name: str, answer: Answer, say: Words) -> list[Cell]:
    each, target, quick = answer["classes"][name], answer["target"], answer["quick"]
    last = each["points"][-1]["recall"] if each["points"] else None
    needs = each["needs"]
    bounds = _range(each, say) if needs is not None else ""
    kind, words = _verdict(each, say, quick=quick)
    return [
        Cell(tag("span", pretty(name), title=name), name),
        Cell(say.number(each["images"]), each["images"]),
        Cell(say.fraction(last), "" if last is None else last),
        Cell(class_curve(name, each, target, say) if each["points"] else None, last or 0),
        Cell(UNKNOWN if needs is None else say.number(rounded(needs)), needs or 10**9),
        Cell(bounds, "" if each["low"] is None else each["low"], "quiet whole"),
        Cell(words, kind, "quiet" if kind == "enough" else None),
    ]


def _verdict(each: Answer, say: Words, *, quick: bool) -> tuple[str, Html]:
    """What the number means for a class; a quick one is a bound."""
    if each["n"] == 0:
        return "unjudged", say("verdict.unjudged")
    if each["limit"] is None:
        return "unknown", say("verdict.unknown")
    if each["more_than"] is not None:
        return "far", say("verdict.far", n=rounded(each["more_than"]))
    if each["needs"] is None:
        return "out", say("verdict.out", limit=say.percent(each["limit"]["recall"]))
    missing = rounded(each["needs"]) - each["images"]  # by the number that stands beside it
    if missing <= 0:
        return ("lower", say("frozen.lower")) if quick else ("enough", say("verdict.enough"))
    return "missing", say("frozen.upper" if quick else "verdict.missing", n=rounded(missing))


def _hidden(answer: Answer, say: Words) -> Html:
    hidden, hurried = answer["hidden"], answer["hurried"]
    more = hurried and tag(
        "p", say("hidden.hurried", n=hurried["epochs"], minutes=str(hurried["minutes"]))
    )
    if hidden is None:
        return section("hidden", say, tag("p", say("hidden.none")), more)
    shares = {key: say.percent(hidden[key]) for key in ("predicted", "low", "high", "measured")}
    error = say.number(100 * hidden["median_error"], 1)
    covered = round(hidden["coverage"] * hidden["judged"])
    columns = [
        Column(say("classes.name")),
        Column(say("hidden.images"), "number", extra=True),
        Column(say("hidden.predicted"), "number"),
        Column(say("hidden.interval"), "number", extra=True),
        Column(say("hidden.measured"), "number"),
        Column(say("hidden.error"), "number"),
        Column(say("hidden.inside"), extra=True),
    ]
    rows = [_hidden_row(name, each, say) for name, each in hidden["classes"].items()]
    return section(
        "hidden",
        say,
        tag("p", say("hidden.words", n=hidden["images"], **shares)),
        tag("p", say("hidden.classes", n=hidden["judged"], covered=covered, error=error)),
        more,
        table(columns, rows, say("hidden.caption")),
    )


def _hidden_row(name: str, each: Answer, say: Words) -> list[Cell]:
    return [
        Cell(tag("span", pretty(name), title=name), name),
        Cell(say.number(each["images"]), each["images"]),
        Cell(say.fraction(each["predicted"]), each["predicted"]),
        Cell(say.interval(each["low"], each["high"]), each["low"], "quiet"),
        Cell(say.fraction(each["measured"]), each["measured"]),
        Cell(say.number(100 * each["error"], 1), each["error"]),
        Cell(say("hidden.yes" if each["covered"] else "hidden.no"),
             class_="quiet" if each["covered"] else "weak"),
    ]  # fmt: skip


def _method(answer: Answer, say: Words) -> Html:
    how = "quick" if answer["quick"] else "budgets"
    held_out = sum(each["n"] or 0 for each in answer["classes"].values())
    words = (
        say("method.split", n=held_out) if held_out else "",
        say("method.recall"),
        say(f"method.{how}"),
        say("method.fit"),
    )
    return section("method", say, *(tag("p", line) for line in words if line))
