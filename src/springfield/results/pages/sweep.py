"""The page of `springfield sweep`: the best recipe, and the trials it was chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from springfield.recipe import Recipe
from springfield.results.page import english, russian
from springfield.results.page.document import document, figure, masthead, section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.tables import Cell, Column, facts, figures, table
from springfield.results.page.words import Words
from springfield.results.pages import sweep_english, sweep_russian
from springfield.results.plots import english as plots_english
from springfield.results.plots import russian as plots_russian
from springfield.results.plots.svg import stand_alone
from springfield.results.plots.sweep import key_plot, progress_plot, shown
from springfield.run import Run
from springfield.windows import command_line

TABLES = {
    "en": (english.ENGLISH, plots_english.ENGLISH, sweep_english.ENGLISH),
    "ru": (russian.RUSSIAN, plots_russian.RUSSIAN, sweep_russian.RUSSIAN),
}
Answer = Mapping[str, Any]  # as `springfield sweep --json` prints it


def write_sweep_page(home: Run, answer: Answer, recipe: Recipe, language: str = "en") -> None:
    """Write page.html and plot.svg into the folder of the answer; `recipe` is what it began with.

    Raises `OutputError` when they cannot be written.
    """
    say = Words(*TABLES[language], language=language)
    name, plot = Path(answer["data"]).stem, progress_plot(answer["table"], say)
    sections = [section("progress", say, figure(plot, say("progress.caption"), wide=True))]
    if answer["best"]:
        sections.insert(0, _best(answer, recipe, say))
    sections += [_keys(answer, say), _table(answer, say), _method(answer, say)]
    page = document(say("title", name=name), _head(answer, recipe, say), sections, say)
    home.write_text(home.page_file.name, page)
    home.write_text("plot.svg", stand_alone(plot))


def _head(answer: Answer, recipe: Recipe, say: Words) -> Html:
    title = say("head", n=answer["trials"]) if answer["best"] else say("head.none")
    return masthead(
        say("kicker", data=answer["data"]),
        title,
        join(_sentences(answer, recipe, say), " "),
        figures(_figures(answer, say)),
    )


def _sentences(answer: Answer, recipe: Recipe, say: Words) -> list[Html]:
    """The score, where it comes from, and what of the gain may be luck."""
    words = []
    if answer["macro_f1"] is not None:
        words.append(say("deck.judged", macro=say.fraction(answer["macro_f1"]), n=answer["n"],
                         interval=say.interval(answer["low"], answer["high"])))  # fmt: skip
    elif answer["best"]:
        words.append(say("deck.waiting", score=say.fraction(answer["validation"])))
    first = answer["table"][0] if answer["table"] else None
    if first and _is_own(first, recipe) and (first["score"] or 0) < (answer["validation"] or 0):
        scores = {"first": first["score"], "best": answer["validation"]}
        words.append(say("deck.gain", **{name: say.fraction(v) for name, v in scores.items()}))
    if answer["state"] == "interrupted":
        words.append(say("interrupted"))
    return words


def _figures(answer: Answer, say: Words) -> list[tuple[object, object, object | None]]:
    shown_figures: list[tuple[object, object, object | None]] = []
    if answer["macro_f1"] is not None:
        interval = say.interval(answer["low"], answer["high"])
        shown_figures.append((say("fig.test"), say.fraction(answer["macro_f1"]), interval))
    if answer["validation"] is not None:
        shown_figures.append((say("fig.validation"), say.fraction(answer["validation"]), None))
    given_up = say("fig.pruned", n=answer["pruned"]) if answer["pruned"] else None
    seconds = sum(trial["seconds"] for trial in answer["table"])
    return [
        *shown_figures,
        (say("fig.trials"), say.number(answer["trials"]), given_up),
        (say("fig.time"), say.duration(seconds), None),
    ]


def _best(answer: Answer, recipe: Recipe, say: Words) -> Html:
    """Its keys, and how to use it."""
    settings = [
        (tag("code", key), _setting(key, value, recipe, say))
        for key, value in answer["best"].items()
    ]
    words = ["springfield", "train", answer["data"], "--out", "NEW_FOLDER"]
    again = [tag("p", say("best.again")), _command(*words, "--recipe", answer["recipe"])]
    if answer["macro_f1"] is not None:
        again = [tag("p", say("best.run")), _command(answer["run"]), *again]
    return section("best", say, facts(settings), *again)


def _setting(key: str, value: Any, recipe: Recipe, say: Words) -> Html:
    before = _before(key, recipe)
    if before == value:
        return say("best.same", value=shown(value, say))
    return say("best.setting", value=shown(value, say), before=shown(before, say))


def _is_own(trial: Answer, recipe: Recipe) -> bool:
    """Whether a trial ran to its end with the very values of the recipe that was begun with."""
    values = trial["values"].items()
    same = all(_before(key, recipe) == value for key, value in values)
    return same and trial["state"] == "complete"


def _before(key: str, recipe: Recipe) -> Any:
    """The recipe's own value; a factor on a whole section has none, and is 1."""
    part, _, name = key.partition(".")
    return getattr(getattr(recipe, part), name, 1.0)


def _command(*words: str) -> Html:
    return tag("pre", command_line(words))


def _keys(answer: Answer, say: Words) -> Html:
    plots = (key_plot(dimension, answer["table"], say) for dimension in answer["space"])
    return section("keys", say, tag("div", *plots, class_="strips"))


def _table(answer: Answer, say: Words) -> Html:
    keys = [dimension["key"] for dimension in answer["space"]]
    columns = [
        Column(say("table.number"), "number"),
        Column(say("table.score"), "number"),
        Column(say("table.state")),
        Column(say("table.epochs"), "number", extra=True),
        Column(say("table.time"), "number", extra=True),
        *(Column(_short(d["key"]), _kind(d), extra=True) for d in answer["space"]),
    ]
    rows = [_row(trial, keys, say) for trial in answer["table"]]
    return section("table", say, table(columns, rows, say("table.caption")))


def _row(trial: Answer, keys: list[str], say: Words) -> list[Cell]:
    values = (trial["values"].get(key, "") for key in keys)
    score, state = trial["score"], trial["state"]
    return [
        Cell(say.number(trial["number"] + 1), trial["number"]),
        Cell(say.fraction(score), -1 if score is None else score),
        Cell(say(f"state.{state}"), state, "whole" if state == "complete" else "whole quiet"),
        Cell(say.number(trial["epochs"]), trial["epochs"]),
        Cell(say.duration(trial["seconds"]), trial["seconds"], "whole"),
        *(Cell(shown(value, say), str(value) if isinstance(value, bool) else value)
          for value in values),
    ]  # fmt: skip


def _kind(dimension: Mapping[str, Any]) -> str:
    """How a column of its values is sorted: words as words."""
    words = any(isinstance(value, bool | str) for value in dimension["choices"])
    return "text" if words else "number"


def _short(key: str) -> Html:
    """A key that may go on in the next line after its section."""
    section_name, _, name = key.partition(".")
    return join([section_name, ".", Html("<wbr>"), name])


def _method(answer: Answer, say: Words) -> Html:
    split = say("method.split", n=answer["judged_by"])
    return section("method", say, tag("p", split), tag("p", say("method.tpe")))
