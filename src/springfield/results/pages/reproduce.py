"""The page of a reproduction: the original's rows and ours in one table and one picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from springfield.results.page import english, russian
from springfield.results.page.document import document, figure, masthead, section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.tables import Cell, Column, facts, figures, table
from springfield.results.page.words import Words, pretty
from springfield.results.pages import reproduce_english, reproduce_russian
from springfield.results.plots import english as plots_english
from springfield.results.plots import russian as plots_russian
from springfield.results.plots.reproduction import Mark, reproduction_plot
from springfield.results.plots.svg import stand_alone
from springfield.results.reproduction import AUTOPILOT
from springfield.run import Run

TABLES = {
    "en": (english.ENGLISH, plots_english.ENGLISH, reproduce_english.ENGLISH),
    "ru": (russian.RUSSIAN, plots_russian.RUSSIAN, reproduce_russian.RUSSIAN),
}
Row = Mapping[str, Any]  # as `row_of` makes it


def write_reproduce_page(home: Run, answer: Mapping[str, Any], language: str = "en") -> None:
    """Write page.html and plot.svg of what `springfield reproduce` returns into its folder.

    Raises `OutputError` when they cannot be written.
    """
    say = Words(*TABLES[language], language=language)
    several = any(len(row["runs"]) > 1 for row in answer["rows"])
    marks = [_mark(row, say, several=several) for row in answer["rows"]]
    picture = reproduction_plot(marks, say)
    parts = [
        _side_by_side(answer, picture, say),
        _reading(answer, say),
        _adapted(answer, say),
        _left_out(answer, say),
        _trainings(answer, say),
    ]
    sections = [part for part in parts if part is not None]
    page = document(str(say("title")), _head(answer, say), sections, say)
    home.write_text(home.page_file.name, page)
    home.write_text("plot.svg", stand_alone(picture))


def _head(answer: Mapping[str, Any], say: Words) -> Html:
    size, counts = say.number(answer["size"]), answer["counts"]
    deck = [say("deck", size=size)]
    if answer["state"] != "finished":
        deck.append(say("deck.unfinished"))
    trained = [row for row in answer["rows"] if row["row"] != AUTOPILOT]  # it takes one over
    runs = [run for row in trained for run in row["runs"]]
    seeds = len({run["seed"] for run in runs})
    measured = sum(bool(row["runs"]) for row in trained)
    images = sum(counts.values())
    shown: list[tuple[object, object, object | None]] = [
        (say("fig.runs", n=len(runs)), say.number(len(runs)), say("fig.of", rows=measured)),
        (say("fig.seeds", n=seeds), say.number(seeds), say("fig.splits")),
        (say("fig.images", n=images), say.number(images), say("fig.classes", n=len(counts))),
        (say("fig.time"), say.duration(sum(run["seconds"] for run in runs)), None),
    ]
    return masthead(
        say("kicker", data=_data(answer, say)),
        _headline(answer["rows"], say),
        join(deck, " "),
        figures(shown),
    )


def _data(answer: Mapping[str, Any], say: Words) -> Html | str:
    scale = answer["scale"]
    return answer["data"] if scale is None else say("toons", scale=say.tick(scale))


def _headline(rows: list[Row], say: Words) -> Html:
    """The best of the original and ours on the same number of images, where both are there."""
    found = {row["row"]: row["accuracy"] for row in rows if row["accuracy"] is not None}
    names = ("original-batch10", "original", "original-conv512")
    original = max((found[name] for name in names if name in found), default=None)
    if original is None or "ours-155" not in found:
        return say("head.plain")
    ours = say.percent(found["ours-155"])
    return say("head", original=say.percent(original), ours=ours)


def _side_by_side(answer: Mapping[str, Any], picture: Html, say: Words) -> Html:
    several = any(len(row["runs"]) > 1 for row in answer["rows"])
    bounds = say("bounds.spread" if several else "bounds.interval")
    columns = [
        Column(say("table.row")),
        Column(say("table.classes"), "number", extra=True),
        Column(say("table.learned"), "number", extra=True),
        Column(say("table.copies"), "number", extra=True),
        Column(say("table.n"), "number", extra=True),
        Column(say("table.accuracy"), "number"),
        Column(say("table.spread" if several else "table.interval"), "number", extra=True),
        Column(say("table.macro_f1"), "number"),
        Column(say("table.seconds"), "number", extra=True),
        Column(say("table.published"), "number"),
    ]
    cells = [_cells(row, say, several=several) for row in answer["rows"] if row["runs"]]
    return section(
        "table",
        say,
        figure(picture, say("table.plot", bounds=bounds), wide=True),
        table(columns, cells, say("table.caption", bounds=bounds)),
    )


def _cells(row: Row, say: Words, *, several: bool) -> list[Cell]:
    return [
        Cell(_title(row, say)),
        Cell(say.number(row["classes"]), row["classes"]),
        Cell(say.number(row["learned"]), row["learned"]),
        Cell(say.number(row["copies"]), row["copies"]),
        Cell(say.number(row["n"]), row["n"]),
        Cell(say.fraction(row["accuracy"]), row["accuracy"]),
        Cell(_bounds(row, say, several=several), _spread(row, several=several), "quiet whole"),
        Cell(say.fraction(row["macro_f1"]), row["macro_f1"]),
        Cell(say.duration(row["seconds"]), row["seconds"], "whole"),
        Cell(say.fraction(row["published"], 2), row["published"] or 0),
    ]


def _bounds(row: Row, say: Words, *, several: bool) -> str:
    """The spread over the seeds where there are any, so that all rows say the same thing."""
    if row["accuracy_sd"] is not None:
        return f"± {say.fraction(row['accuracy_sd'])}"
    if several:
        return ""
    return say.interval(row["accuracy_low"], row["accuracy_high"])


def _spread(row: Row, *, several: bool) -> float | str:
    """What the column of the bounds is sorted by."""
    spread = row["accuracy_sd"] if several else row["accuracy_low"]
    return "" if spread is None else float(spread)


def _mark(row: Row, say: Words, *, several: bool) -> Mark:
    accuracy, low, high = (row[f"accuracy{end}"] for end in ("", "_low", "_high"))
    if row["accuracy_sd"] is not None:
        low, high = accuracy - row["accuracy_sd"], min(accuracy + row["accuracy_sd"], 1.0)
    elif several:
        low = high = accuracy
    ours = row["network"] != "original"
    return Mark(str(_title(row, say)), ours, accuracy, low, high, row["published"])


def _title(row: Row, say: Words) -> Html:
    """What a row is, in a few words: "original, 42 × 155, batch 10"."""
    return _named(row, row["taken"], say)


def _named(row: Row, budget: list[int] | None, say: Words) -> Html:
    if budget is None:
        return say("row.autopilot" if row["row"] == AUTOPILOT else "row.everything")
    classes, images = map(say.number, budget)
    if row["network"] != "original":
        return say("row.ours", classes=classes, images=images)
    key = "row.conv512" if row["conv512"] else "row.original"
    return say(key, classes=classes, images=images, batch=row["batch"])


def _reading(answer: Mapping[str, Any], say: Words) -> Html:
    size = say.number(answer["size"])
    names = ("leak", "same", "original", "few", "ours")
    return section("reading", say, *(tag("p", say(f"reading.{name}", size=size)) for name in names))


def _adapted(answer: Mapping[str, Any], say: Words) -> Html:
    counts = answer["counts"]
    changed = []
    for row in answer["rows"]:
        if row["taken"] == row["asked"]:
            continue
        old, new = (_named(row, row[key], say) for key in ("asked", "taken"))
        changed.append((say("adapted.row", old=old, new=new), _why(row, counts, say)))
    words = facts(changed, "rules") if changed else tag("p", say("adapted.none"))
    return section("adapted", say, words)


def _why(row: Row, counts: Mapping[str, int], say: Words) -> Html:
    """Why a row has other classes, or another number of images of each, than it was to have."""
    if row["asked"] is None or row["taken"] is None:
        return say("adapted.settings")
    there = {"classes": len(counts), "images": max(counts.values())}
    words = []
    for (kind, most), old, new in zip(there.items(), row["asked"], row["taken"], strict=True):
        if new != old:
            words.append(say(f"adapted.{kind}", n=most) if new == most else say("adapted.settings"))
    return join(dict.fromkeys(words), "; ")


def _left_out(answer: Mapping[str, Any], say: Words) -> Html | None:
    """The classes that rows of the largest ones do not have, by training images."""
    counts = answer["counts"]
    taken = {row["classes"] for row in answer["rows"] if row["runs"]}
    fewer = sorted(n for n in taken if n < len(counts))
    if not fewer:
        return None
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    lines = (
        say("small.words", kept=kept,
            names=", ".join(f"{pretty(name)} ({say.number(counts[name])})"
                            for name in ordered[kept:]))
        for kept in fewer
    )  # fmt: skip
    return section("small", say, *(tag("p", words) for words in lines))


def _trainings(answer: Mapping[str, Any], say: Words) -> Html:
    pairs = []
    for row in answer["rows"]:
        links = [
            tag("a", say("runs.seed", seed=run["seed"]),
                href=f"{run['run']}/page.html")
            for run in row["runs"]
        ]  # fmt: skip
        pairs.append((_title(row, say), join(links, ", ") if links else say("runs.none")))
    return section("runs", say, facts(pairs))
