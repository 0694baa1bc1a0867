"""What the page of a reproduction shows, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from springfield.results.pages.reproduce import write_reproduce_page
from springfield.results.reproduction import plan_experiments, row_of
from springfield.run import Run

COUNTS = {"owl": 120, "hen": 40, "cat": 7}
ACCURACIES = {"original": 0.612, "ours-155": 0.934}


def answer(counts: dict[str, int] = COUNTS, *settings: str, seeds: int = 1) -> dict[str, Any]:
    rows = []
    for planned in plan_experiments(settings, counts):
        found = ACCURACIES.get(planned.name)
        kept = (planned.taken or (len(counts), 0))[0]
        runs = [{"run": f"{planned.name}-seed{seed}", "seed": seed, "classes": kept,
                 "learned": 167, "copies": 193, "n": 1045, "judged_classes": 3, "seconds": 75.0,
                 "accuracy": found, "accuracy_low": found - 0.03, "accuracy_high": found + 0.03,
                 "macro_f1": 0.5, "macro_f1_low": 0.4, "macro_f1_high": 0.6}
                for seed in range(seeds)] if found else []  # fmt: skip
        rows.append(row_of(planned, runs))
    return {"state": "finished", "data": "/pets", "scale": None, "size": 96, "counts": counts,
            "rows": rows}  # fmt: skip


def written(folder: Path, content: dict[str, Any], language: str = "en") -> str:
    write_reproduce_page(Run(folder), content, language)
    return (folder / "page.html").read_text(encoding="utf-8")


def test_page__sets_the_originals_best_against_ours(tmp_path: Path) -> None:
    page = written(tmp_path, answer())
    assert "On the same images: 61.2% then, 93.4% now" in page
    assert "0.582–0.642" in page
    assert "/pets" in page
    assert 'href="ours-155-seed0/page.html"' in page
    assert "not trained yet" in page
    assert "before it split the images" in page
    assert "original, 3 × 120, batch 25" in (tmp_path / "plot.svg").read_text()


def test_page__the_autopilot_is_no_training_of_its_own(tmp_path: Path) -> None:
    content = answer(seeds=2)
    rows = {row["row"]: row for row in content["rows"]}
    rows["autopilot"] |= {**rows["ours-155"], "row": "autopilot"}
    alone = written(tmp_path / "alone", answer(seeds=2))
    page = written(tmp_path / "both", content)
    assert _figures(alone) == _figures(page)


def _figures(page: str) -> str:
    """How many trainings there were, and how long they took."""
    return page[page.index('<dl class="figures"') :].partition("</dl>")[0]


def test_page__says_what_was_fitted_and_why(tmp_path: Path) -> None:
    page = written(tmp_path, answer())
    assert "original, 20 × 300, batch 20 → original, 3 × 120, batch 20" in page
    assert "there are 3 classes; the largest class has 120 training images" in page
    full = {f"class {i}": 400 for i in range(42)}
    assert "every row is as the original" in written(tmp_path, answer(full))
    assert "the command&#x27;s settings say so" not in page
    capped = written(tmp_path, answer(full, "balance.cap=50"))
    assert "ours, everything → ours, 42 × 50" in capped
    assert "the command's settings say so" in capped


def test_page__names_the_classes_that_rows_leave_out(tmp_path: Path) -> None:
    counts = {f"class {i}": 400 - i for i in range(42)}
    content = answer(counts)
    content["rows"][0] = {**content["rows"][2], "row": "original-20x300", "classes": 20}
    page = written(tmp_path, content)
    assert "Rows with 20 classes leave out: class 20 (380), class 21 (379)" in page
    assert "class 19 (381)" not in page


def test_page__several_seeds_show_their_spread(tmp_path: Path) -> None:
    page = written(tmp_path, answer(seeds=2))
    assert "± 0.000" in page
    assert "standard deviation over the seeds" in page


def test_page__beside_a_spread_no_interval_of_another_kind_is_shown(tmp_path: Path) -> None:
    content = answer(seeds=2)
    row = next(row for row in content["rows"] if row["row"] == "ours-155")
    one = {"accuracy_sd": None, "accuracy_low": 0.904, "accuracy_high": 0.964}
    row |= {"runs": row["runs"][:1], **one}  # its second seed is still to come
    page = written(tmp_path, content)
    assert "± 0.000" in page
    assert "0.904" not in page


@pytest.mark.parametrize("state", ["finished", "interrupted"])
def test_page__in_russian(state: str, tmp_path: Path) -> None:
    content = {**answer(), "state": state, "scale": 0.5}
    page = written(tmp_path, content, "ru")
    assert "было 61,2" in page
    assert "Toonville в масштабе 0,5" in page
    assert ("та же команда продолжит" in page) == (state == "interrupted")
