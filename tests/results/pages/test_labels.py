from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.images.catalog import read_catalog
from springfield.learning.explaining.neighbours import Neighbour
from springfield.results.pages.labels import SHOWN, write_labels_page
from springfield.results.report import write_report
from springfield.results.suspects import Suspect, suspects_csv
from springfield.run import Run


def neighbour(path: str, label: str) -> Neighbour:
    content = io.BytesIO()
    Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(content, "JPEG")
    return Neighbour(path, label, 0.9, content.getvalue())


def suspect(path: str = "cat/<eel>.png") -> Suspect:
    return Suspect(
        path,
        "tess_baker",
        "ada_fisher",
        0.97,
        (0.002, 0.913, 0.64, 1, 8, 10),
        [neighbour(f"tess/{i}.png", "tess_baker") for i in range(3)],
        [neighbour(f"ada/{i}.png", "ada_fisher") for i in range(3)],
    )


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_write_labels_page__shows_each_with_its_evidence(make_run: Callable[..., Run]) -> None:
    page = text_of(write_labels_page(make_run(classes=6), [suspect()], 321))
    assert "1 label to look at" in page
    assert "Of 321 images that the network did not learn from" in page
    assert (
        "gives <b>tess baker</b> 0%, where images of that class usually get 64%; it gives"
        " <b>ada fisher</b> 91%. Of the 10 training images most like it, 8 are ada fisher and 1"
        " tess baker." in page
    )
    assert page.count('src="data:image/jpeg') == 6  # the picture itself is gone


def test_write_labels_page__asks_nobody_and_escapes_names(make_run: Callable[..., Run]) -> None:
    page = text_of(write_labels_page(make_run(classes=6), [suspect()], 321))
    assert not re.findall(r"https?://|url\((?!data:)|src=\"(?!data:)|href=\"(?!#)|<link", page)
    assert "<eel>" not in page
    assert "&lt;eel&gt;" in page


def test_write_labels_page__in_russian(make_run: Callable[..., Run]) -> None:
    run = make_run(classes=6)
    run.note(language="ru")
    page = text_of(write_labels_page(run, [suspect(), suspect("cat/2.png")], 1321))
    assert "2&nbsp;метки, на которые стоит взглянуть" in page
    assert "ada fisher — 8, tess baker — 1." in page


def test_write_labels_page__nothing_to_choose(make_run: Callable[..., Run]) -> None:
    page = text_of(write_labels_page(make_run(classes=6), [], 321))
    assert "No label is in doubt" in page
    assert 'class="bar"' not in page
    assert "--exclude manifest.csv" not in page


def test_write_labels_page__what_was_excluded_before_stays_so(make_run: Callable[..., Run]) -> None:
    run = make_run(classes=6)
    catalog = read_catalog(run.catalog_file, Path("data"))
    rows = np.arange(len(catalog)) < 2
    reason = np.where(rows, "excluded by old, bad.csv", catalog["reason"])
    part = np.where(rows, "", catalog["part"])
    run.write_text("catalog.csv", catalog.with_columns(reason=reason, part=part).to_csv())
    run.note(exclude={"name": "old, bad.csv", "sha256": "1"})
    page = text_of(write_labels_page(run, [suspect()], 321))
    assert "The table also holds the 2 images" in page
    (begins,) = re.findall(r'data-begins="([^"]*)"', page)
    assert str(catalog["path"][1]) in begins
    assert "exclude</span> manifest.csv" in page
    report = text_of(write_report(run))
    assert f"exclude</span> {run.folder / 'exclude.csv'}" in report
    assert "excluded by old, bad.csv: 2 images" in report


def test_write_labels_page__too_many_to_show(make_run: Callable[..., Run]) -> None:
    many = [suspect(f"cat/{i}.png") for i in range(SHOWN + 1)]
    page = text_of(write_labels_page(make_run(classes=6), many, 9000))
    assert page.count("<fieldset") == SHOWN
    assert f"The first {SHOWN} of {SHOWN + 1} are shown here" in page


def test_write_report__leads_to_the_labels_in_doubt(make_run: Callable[..., Run]) -> None:
    run = make_run(classes=6)
    assert 'id="labels"' not in text_of(write_report(run))
    run.write_text("suspicious.csv", suspects_csv([suspect()]))
    page = text_of(write_report(run))
    assert "1 held-out image bears a label" in page
    assert '<a href="labels.html">' in page
    assert "<b>tess baker</b>, looks like <span class='wrong'>ada fisher</span>" in page
    run.write_text("suspicious.csv", suspects_csv([]))
    assert "No held-out image bears a label" in text_of(write_report(run))


def test_write_labels_page__too_few_images_clear_no_label(make_run: Callable[..., Run]) -> None:
    page = text_of(write_labels_page(make_run(classes=6), [], 9))
    assert "Too few images to doubt a label" in page
    assert "Only 9 images were not learned from" in page
    assert "No label is in doubt" not in page


@pytest.mark.parametrize(
    ("largest", "said"), [(9, "too few to doubt labels"), (400, "No held-out image bears")]
)
def test_labels__the_run_page_clears_no_label_unheard(
    make_run: Callable[..., Run], largest: int, said: str
) -> None:
    run = make_run(classes=4, largest=largest)
    run.write_text("suspicious.csv", suspects_csv([]))
    assert said in write_report(run).read_text(encoding="utf-8")
