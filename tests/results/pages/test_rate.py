from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from springfield.recipe import Recipe
from springfield.results.page.words import Words
from springfield.results.pages import rate as rate_page
from springfield.results.pages.rate import write_rate_page
from springfield.results.plots.rates import rate_plot, written
from springfield.run import create_run


@pytest.mark.parametrize(("language", "shown"), [("en", "0.0027</h1>"), ("ru", "0,0027</h1>")])
def test_write_rate_page__says_the_rate_and_how_to_go_on(
    rate_test: dict[str, Any], tmp_path: Path, language: str, shown: str
) -> None:
    facts = {"plan": {"rate_test": rate_test}, "data": "pictures/<b>town"}
    run = create_run(tmp_path / "run", Recipe(), "", facts)
    write_rate_page(run, language)
    page = run.page_file.read_text()
    assert shown in page
    assert f"springfield resume {run.folder}" in page
    assert "pictures/&lt;b&gt;town" in page
    assert (run.folder / "plots" / "rates.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("rate", "shown"), [(1e-5, "0.00001"), (0.0033, "0.0033"), (0.123, "0.12"), (2.0, "2")]
)
def test_written__has_two_digits(rate: float, shown: str) -> None:
    assert written(rate, Words()) == shown


def test_rate_plot__an_explosion_does_not_flatten_the_curve(rate_test: dict[str, Any]) -> None:
    say, found = Words(*rate_page.TABLES["en"]), dict(rate_test)
    for name, value in (("rates", rate_test["rates"][-1] * 1.1), ("losses", 1e9), ("smooth", 1e8)):
        found[name] = [*rate_test[name], value]
    usual, exploded = rate_plot(rate_test, say), rate_plot(found, say)
    assert exploded.count("<circle") == usual.count("<circle")
    heights = [float(part.split('"')[0]) for part in exploded.split(' cy="')[1:]]
    assert max(heights) - min(heights) > 100
