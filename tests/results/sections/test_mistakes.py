"""Heat maps beside the worst mistakes, of a classifier that sees colours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from springfield.results.report import write_report
from springfield.run import Run, open_run
from springfield.verbs.evaluate import evaluate


@pytest.fixture
def mistaken(colour_run: Run, tmp_path: Path) -> Run:
    """The colour run, with barkeepers among the held-out images labelled as clowns."""
    run = open_run(shutil.copytree(colour_run.folder, tmp_path / "run"))
    evaluate(run.folder, progress=False)
    predictions = run.folder / "predictions.csv"
    wrong = predictions.read_text().replace(".png,barkeeper,", ".png,clown,")
    predictions.write_text(wrong)
    return run


def test_mistakes__show_where_both_classes_are_seen(mistaken: Run) -> None:
    page = write_report(mistaken).read_text()
    assert page.count('alt="Heat map: where it finds barkeeper"') == 2
    assert page.count('alt="Heat map: where it finds clown"') == 2
    assert "both on one scale" in page


def test_mistakes__pictures_that_are_gone_have_no_heat(mistaken: Run) -> None:
    mistaken.note(root="/nowhere")
    page = write_report(mistaken).read_text()
    assert 'class="missing"' in page
    assert "Heat map:" not in page


def test_mistakes__without_a_classifier_there_is_no_heat(mistaken: Run) -> None:
    shutil.rmtree(mistaken.classifier_folder)
    page = write_report(mistaken).read_text()
    assert 'id="mistakes"' in page
    assert "Heat map" not in page
