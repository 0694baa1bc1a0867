"""What the page says of sets and of the temperature."""

from __future__ import annotations

import shutil
from pathlib import Path

from springfield.results.report import write_report
from springfield.run import Run, open_run
from springfield.verbs.evaluate import evaluate


def test_sets__what_was_promised_and_what_came(colour_run: Run, tmp_path: Path) -> None:
    run = open_run(shutil.copytree(colour_run.folder, tmp_path / "run"))
    evaluate(run.folder, progress=False)
    scores = run.read_json("scores.json")
    scores["sets"]["classes"]["clown"] |= {"coverage": 0.5, "size": 1.5}
    run.write_json("scores.json", scores)
    assert "a temperature" not in write_report(run).read_text()  # none was fitted
    file = run.classifier_folder / "classifier.json"
    file.write_text(file.read_text().replace('"temperature": 1.0', '"temperature": 1.25'))
    page = write_report(run).read_text()
    part = page[page.index('id="sets"') :]
    assert "hold the right class 90% of the time. On 6 held-out images" in part
    assert "they did 100.0% of the time, with 1.0 classes" in part
    assert ">50%</td>" in part
    assert "shared with other small classes" in part
    assert "divided by 1.25, a temperature" in page
    shutil.rmtree(run.classifier_folder)
    again = write_report(run).read_text()
    assert "a temperature" not in again
    assert 'id="sets"' in again
