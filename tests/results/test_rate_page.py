from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from springfield.recipe import Recipe
from springfield.results import rate_page
from springfield.results.page.words import Words
from springfield.results.plots.rates import rate_plot, written
from springfield.results.rate_page import write_rate_page
from springfield.run import create_run

RATES = 1e-5 * 10 ** (np.arange(100) / 25)
LOSSES = 3.5 - 0.6 / (1 + np.exp(-6 * (np.log10(RATES) + 4)))
LOSSES += np.maximum(0, 3 * (np.log10(RATES) + 2))
FOUND: dict[str, Any] = {
    "learning_rate": 0.0027,
    "low": 1e-4,
    "high": 0.011,
    "rates": RATES.tolist(),
    "losses": LOSSES.tolist(),
    "smooth": LOSSES.tolist(),
}


@pytest.mark.parametrize(("language", "shown"), [("en", "0.0027</h1>"), ("ru", "0,0027</h1>")])
def test_write_rate_page__says_the_rate_and_how_to_go_on(
    tmp_path: Path, language: str, shown: str
) -> None:
    facts = {"plan": {"rate_test": FOUND}, "data": "pictures/<b>town"}
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


def test_rate_plot__an_explosion_does_not_flatten_the_curve() -> None:
    rates, losses = [*FOUND["rates"], FOUND["rates"][-1] * 1.1], [*FOUND["losses"], 1e9]
    say = Words(*rate_page.TABLES["en"])
    found = {**FOUND, "rates": rates, "losses": losses, "smooth": [*FOUND["smooth"], 1e8]}
    usual = rate_plot(FOUND, say)
    assert rate_plot(found, say).count("<circle") == usual.count("<circle")
    heights = [float(part.split('"')[0]) for part in usual.split(' cy="')[1:]]
    assert max(heights) - min(heights) > 100
