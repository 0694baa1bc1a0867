"""What the page says of backgrounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PIL import Image

from springfield.results.report import write_report
from springfield.run import Run

MakeRun = Callable[..., Run]
SMALL = {"classes": 6, "largest": 60, "epochs": 3}


def of_class(n: int, alone: int, figure: int, **more: str) -> dict[str, Any]:
    share = alone / n if n >= 5 else None
    counts = {"n": n, "background_alone": alone, "figure_alone": figure, "share": share}
    return {**counts, "elsewhere": 0.25, **more}


def test_background__most_reliant_first_with_an_example(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    (run.folder / "background").mkdir()
    Image.new("RGB", (96, 32), "green").save(run.folder / "background/0.jpg")
    kinds = {
        "safe": of_class(20, 1, 19),
        "shortcut": of_class(10, 9, 2, example="background/0.jpg"),
        "rare": of_class(2, 2, 0),
    }
    run.write_json("background.json", {"each": 20, "fewest": 5, "classes": kinds})
    page = write_report(run).read_text()
    part = page[page.index('id="background"') :]
    assert "Of 32 held-out images" in part
    assert "38% keep their name" in part
    assert part.index('data-value="shortcut"') < part.index('data-value="safe"')
    assert "enough for 9 of 10" in part
    assert part.count(">25%</td>") == 2
    assert "1 class has fewer than 5" in part
    assert 'data-value="rare"' not in part[: part.index("</section>")]


def test_background__nothing_can_be_said(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    assert 'id="background"' not in write_report(run).read_text()  # an older run
    kinds = {"rare": of_class(2, 2, 0), "none": of_class(0, 0, 0)}
    run.write_json("background.json", {"each": 20, "fewest": 5, "classes": kinds})
    assert "No class has as many as 5" in write_report(run).read_text()
