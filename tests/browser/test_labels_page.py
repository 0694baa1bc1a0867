"""The page of labels in doubt: a choice becomes a manifest that `--exclude` takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from springfield.images.exclude import read_exclusion
from springfield.recipe import Recipe
from springfield.results.pages.labels import write_labels_page
from springfield.results.suspects import Suspect
from springfield.run import create_run
from springfield.verbs.split import share_out, split

ODD = 'barn/odd, "b" ü.jpg'
DOUBTED = ("barn/004.jpg", ODD, "mill/003.jpg")
BEFORE = "barn/005.jpg"


@pytest.fixture
def page(tiny_copy: Path, tmp_path: Path) -> Path:
    """labels.html of a run over `tiny_copy` without `BEFORE`, with `DOUBTED` labels."""
    (tiny_copy / "barn" / "003.jpg").rename(tiny_copy / ODD)
    (tmp_path / "old.csv").write_text(f"path\n{BEFORE}\n")
    catalog = split(tiny_copy, tmp_path / "s.csv", exclude=tmp_path / "old.csv", progress=False)
    facts = {"data": str(tiny_copy), "root": str(tiny_copy), "state": "finished"}
    run = create_run(tmp_path / "run", Recipe(), catalog.to_csv(), facts)
    suspects = [
        Suspect(path, path[:4], "pier", 0.95, (0.01, 0.9, 0.7, 0, 8, 10)) for path in DOUBTED
    ]
    return write_labels_page(run, suspects, 60)


def saved(seen: Any, folder: Path) -> Path:
    """What the button saves."""
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="Save manifest.csv").click()
    assert download.value.suggested_filename == "manifest.csv"
    download.value.save_as(folder / "manifest.csv")
    return folder / "manifest.csv"


def test_choice__becomes_a_manifest_that_exclude_takes(
    page: Path, visit: Callable[..., Any], tiny_copy: Path, tmp_path: Path
) -> None:
    seen = visit(page)
    seen.page.get_by_role("group", name=ODD).get_by_label("Exclude").check()
    assert seen.page.locator("output").inner_text() == "1"
    manifest = saved(seen, tmp_path)
    assert seen.complaints == []
    assert {url.partition(":")[0] for url in seen.requests} <= {"file", "data", "blob"}
    assert read_exclusion(manifest).paths == (BEFORE, ODD)
    catalog = split(tiny_copy, tmp_path / "new.csv", exclude=manifest, progress=False)
    assert sorted(catalog["path"][catalog["reason"] == "excluded by manifest.csv"].tolist()) == [
        BEFORE,
        ODD,
    ]
    trained = share_out(tiny_copy, Recipe(), read_exclusion(manifest), progress=False)
    assert trained.digest() == catalog.digest()


def test_choice__all_at_once_and_back_by_keys(
    page: Path, visit: Callable[..., Any], tmp_path: Path
) -> None:
    seen = visit(page)
    seen.page.get_by_role("button", name="Exclude all").press("Enter")
    assert seen.page.locator("output").inner_text() == "3"
    assert read_exclusion(saved(seen, tmp_path)).paths == (BEFORE, *DOUBTED)
    seen.page.get_by_role("radio", name="Exclude").first.focus()
    seen.page.keyboard.press("ArrowLeft")
    assert seen.page.locator("output").inner_text() == "2"
    seen.page.get_by_role("button", name="Keep all").press("Space")
    assert seen.page.locator("output").inner_text() == "0"
    assert read_exclusion(saved(seen, tmp_path)).paths == (BEFORE,)


def test_choice__outlives_the_page_that_was_closed(
    page: Path, visit: Callable[..., Any], tmp_path: Path
) -> None:
    seen = visit(page)
    for value in ("Exclude", "Keep", "Exclude"):
        seen.page.get_by_role("group", name=ODD).get_by_label(value).check()
    again = seen.page.context.new_page()
    seen.page.close()
    again.goto(page.as_uri())
    assert again.locator("output").inner_text() == "1"
    seen.page = again
    assert read_exclusion(saved(seen, tmp_path)).paths == (BEFORE, ODD)


def test_page__fits_a_phone_and_brings_its_letters(page: Path, visit: Callable[..., Any]) -> None:
    seen = visit(page, width=360, is_mobile=True, has_touch=True)
    assert seen.ask("document.documentElement.scrollWidth") == 360
    assert seen.ask("[...document.fonts].map(face => face.status)") == ["loaded"]
    assert seen.complaints == []
