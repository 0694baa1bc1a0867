from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from springfield.images.catalog import read_catalog
from springfield.images.select import keep_largest
from springfield.results.history import read_history
from springfield.results.predictions import Predictions
from springfield.results.report import write_report
from springfield.results.sections.mistakes import OF_A_KIND, SHOWN, worst_mistakes
from springfield.run import Run

PICTURES = ("plots/training.svg", "plots/classes.svg", "plots/confusion.svg",
            "plots/calibration.svg", "network.svg")  # fmt: skip
MakeRun = Callable[..., Run]
SMALL = {"classes": 6, "largest": 60, "epochs": 3}


def page_of(run: Run) -> str:
    return write_report(run).read_text(encoding="utf-8")


def words_of(page: str) -> str:
    """The page without its tags."""
    return re.sub(r"<[^>]+>", "", page)


def test_write_report__shows_every_class_with_n_and_interval(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    page, scores = page_of(run), run.read_json("scores.json")
    for name, figures in scores["classes"].items():
        row = re.search(rf'<tr><td[^>]*data-value="{name}".*?</tr>', page)
        assert row, name
        assert f'data-value="{figures["n"]}"' in row[0]
        if figures["f1"] is not None:
            assert f"{figures['low']:.3f}–{figures['high']:.3f}" in row[0]


def test_write_report__headline_has_the_scores(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    page, scores = page_of(run), run.read_json("scores.json")
    assert f"Right {100 * scores['accuracy']:.1f}% of the time" in page
    assert f"{scores['macro_f1_low']:.3f}–{scores['macro_f1_high']:.3f}" in page


def test_write_report__classes_that_were_not_asked_for_are_no_classes_without_pictures(
    make_run: MakeRun,
) -> None:
    run = make_run(**SMALL)
    catalog = keep_largest(read_catalog(run.catalog_file, Path()), 3)
    run.write_text("catalog.csv", catalog.to_csv())
    words = words_of(page_of(run))
    gone = int(np.char.startswith(catalog["reason"], "other_class").sum())
    assert f"class not asked for: {gone} images" in words
    assert "not among the 3 largest" in words
    assert "no usable picture" not in words


def test_write_report__asks_nobody_for_anything(make_run: MakeRun) -> None:
    page = page_of(make_run(**SMALL))
    assert not re.findall(r"https?://|url\((?!data:)|src=\"(?!data:)|href=\"(?!#)|<link", page)
    assert "data:image/jpeg" in page


def test_write_report__writes_the_pictures_as_files(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    write_report(run)
    for name in PICTURES:
        assert (run.folder / name).read_text(encoding="utf-8").startswith("<svg xmlns=")


def test_write_report__tells_what_was_left_out_and_how_it_was_made(make_run: MakeRun) -> None:
    run = make_run(classes=6, largest=300, epochs=3)
    page, facts = page_of(run), run.facts
    assert "image file is truncated" in page
    assert "too small: " in page
    assert facts["digest"] in page
    assert facts["command"] in words_of(page)
    assert "balance.cap" in page
    assert "distinct pictures" in page


@pytest.mark.parametrize("state", ["started", "training", "interrupted", "finished"])
def test_write_report__without_scores_shows_what_there_is(make_run: MakeRun, state: str) -> None:
    run = make_run(**SMALL, scored=False, state=state)
    page = page_of(run)
    assert "springfield resume" in page
    assert 'id="training"' in page
    assert 'id="classes"' not in page
    assert (run.folder / "plots/training.svg").exists()


def test_write_report__interrupted_but_judged(make_run: MakeRun) -> None:
    page = page_of(make_run(**SMALL, state="interrupted"))
    assert "Training was interrupted after 3 epochs" in page
    assert "springfield resume" in page
    assert 'id="classes"' in page


def test_write_report__run_that_has_only_begun(make_run: MakeRun) -> None:
    run = make_run(**{**SMALL, "epochs": 0}, scored=False, state="started")
    (run.folder / "catalog.csv").unlink()
    run.write_json("run.json", {"state": "started"})
    assert 'id="making"' in page_of(run)


def test_write_report__pictures_that_are_gone(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    run.note(data="/nowhere/at/all")
    assert 'class="missing"' in page_of(run)


def test_write_report__escapes_what_comes_from_the_user(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    evil = "<script>alert(1)</script>"
    run.note(warnings=[evil], command=evil, data=f"/data/{evil}", versions={evil: evil})
    for name in ("scores.json", "catalog.csv", "predictions.csv"):
        text = (run.folder / name).read_text(encoding="utf-8")
        (run.folder / name).write_text(text.replace("ada_baker", evil), encoding="utf-8")
    assert evil not in page_of(run)
    for name in PICTURES:
        assert evil not in (run.folder / name).read_text(encoding="utf-8")


def test_write_report__class_nobody_judged(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    scores = run.read_json("scores.json")
    nothing = {"precision": None, "recall": None, "f1": None, "low": None, "high": None, "n": 0}
    verdict = "cannot be judged: no held-out image"
    scores["classes"]["ada_baker"] |= {**nothing, "verdict": verdict}
    scores["judged_classes"] = 5
    run.write_json("scores.json", scores)
    page = page_of(run)
    assert "cannot be judged" in page
    assert "5 of 6 classes could be judged" in page


def test_write_report__command_to_repeat_pins_what_was_measured(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    run.note(plan={"precision": "mixed_bfloat16", "epochs": 17}, data="/with a/space")
    page = words_of(page_of(run))
    assert "--set training.epochs=17 --set training.precision=mixed_bfloat16" in page
    assert "springfield train &#x27;/with a/space&#x27; --out NEW_FOLDER" in page


def test_write_report__no_tail_where_all_learned_from_as_many(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    assert 'id="tail"' in page_of(run)
    scores = run.read_json("scores.json")
    for figures in scores["classes"].values():
        figures["train"] = 155
    run.write_json("scores.json", scores)
    assert 'id="tail"' not in page_of(run)


def test_write_report__same_files_same_page(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    assert page_of(run) == page_of(run)


def test_write_report__speaks_the_language_of_the_run(make_run: MakeRun) -> None:
    run = make_run(**SMALL)
    run.note(language="ru")
    page = page_of(run)
    scores = run.read_json("scores.json")
    share = f"{100 * scores['accuracy']:.1f}".replace(".", ",")
    assert '<html lang="ru">' in page
    assert f"Верно называет {share}\u202f% изображений" in page
    assert "на деле ↓" in (run.folder / "plots/confusion.svg").read_text(encoding="utf-8")
    run.note(language="tlh")  # from a later version, say
    assert '<html lang="en">' in page_of(run)


def test_worst_mistakes__surest_first_and_few_of_a_kind() -> None:
    n, classes = 60, ("a", "b", "c")
    random = np.random.default_rng(0)
    shares = random.dirichlet([1, 1, 1], n).astype(np.float32)
    truth = np.array(classes)[random.integers(0, 3, n)]
    found = Predictions(np.array([str(i) for i in range(n)]), classes, shares, truth)
    worst = worst_mistakes(found)
    assert (found.labels[worst] != truth[worst]).all()
    assert (np.diff(found.confidence[worst]) <= 0).all()
    kinds = [(truth[i], found.labels[i]) for i in worst]
    assert max(kinds.count(kind) for kind in kinds) <= OF_A_KIND
    assert len(worst) <= SHOWN


def test_read_history__a_damaged_number_is_not_a_number(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text("epoch,loss\n1,0.5\n2,\n3,oops\n")
    history = read_history(file)
    assert history["epoch"] == [1, 2, 3]
    assert [value == value for value in history["loss"]] == [True, False, False]
    assert read_history(tmp_path / "none.csv") == {}
