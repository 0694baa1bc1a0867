"""The page of `springfield rate`: the range test and the learning rate that follows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from springfield.results.page import english, russian
from springfield.results.page.document import document, figure, masthead, section
from springfield.results.page.html import Html, tag
from springfield.results.page.tables import figures
from springfield.results.page.words import Words
from springfield.results.pages import rate_english, rate_russian
from springfield.results.plots import english as plots_english
from springfield.results.plots import russian as plots_russian
from springfield.results.plots.rates import rate_plot, written
from springfield.results.plots.svg import stand_alone
from springfield.run import Run
from springfield.windows import command_line

TABLES = {
    "en": (english.ENGLISH, plots_english.ENGLISH, rate_english.ENGLISH),
    "ru": (russian.RUSSIAN, plots_russian.RUSSIAN, rate_russian.RUSSIAN),
}


def write_rate_page(run: Run, language: str = "en") -> None:
    """Write page.html and plots/rates.svg into a run folder whose plan has a range test.

    Raises `OutputError` when they cannot be written.
    """
    say = Words(*TABLES[language], language=language)
    found, data = run.facts["plan"]["rate_test"], run.facts["data"]
    command = tag("pre", command_line(["springfield", "resume", str(run.folder)]))
    sections = [
        section("rates", say, rate_figure(found, say)),
        section("use", say, command, tag("p", say("use.words"))),
    ]
    head = _head(found, data, run.recipe.training.batch, say)
    title = say("rates.name", name=Path(data).stem)
    run.write_text(run.page_file.name, document(title, head, sections, say))
    run.write_text("plots/rates.svg", stand_alone(rate_plot(found, say)))


def rate_figure(found: Mapping[str, Any], say: Words) -> Html:
    """The plot of a `RateTest` with its caption."""
    ends = {end: written(found[end], say) for end in ("low", "high")}
    return figure(rate_plot(found, say), say("rates.caption", **ends), wide=True)


def _head(found: Mapping[str, Any], data: str, batch: int, say: Words) -> Html:
    rate, low, high = (written(found[name], say) for name in ("learning_rate", "low", "high"))
    steps = say.number(len(found["rates"]))
    return masthead(
        say("rates.kicker", data=data),
        say("rates.head", rate=rate),
        say("rates.deck", low=low, high=high),
        figures(
            [
                (say("rates.fig.rate"), rate, None),
                (say("rates.fig.low"), low, None),
                (say("rates.fig.high"), high, None),
                (say("rates.fig.steps", n=batch), steps, None),
            ]
        ),
    )
