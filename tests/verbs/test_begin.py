"""What a run is begun with: what was excluded, what cannot be learned, and its folder alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from springfield.errors import RunError
from springfield.images.exclude import read_exclusion
from springfield.recipe import Recipe
from springfield.verbs.split import share_out
from springfield.verbs.train import begin_run


def test_begin_run__remembers_what_was_excluded_and_keeps_a_copy(
    tiny: Path, tmp_path: Path
) -> None:
    manifest = tmp_path / "bad labels.csv"
    manifest.write_text("path,why\nbarn/004.jpg,a mill\n")
    exclusion = read_exclusion(manifest)
    catalog = share_out(tiny, Recipe(), exclusion, progress=False)
    run = begin_run(catalog, tmp_path / "run", Recipe(), {"data": str(tiny)}, exclusion)
    sha256 = hashlib.sha256(manifest.read_bytes()).hexdigest()
    assert run.facts["exclude"] == {"name": "bad labels.csv", "sha256": sha256}
    assert (run.folder / "exclude.csv").read_bytes() == manifest.read_bytes()
    assert "barn/004.jpg" in run.catalog_file.read_text()
    assert "bad labels" not in (run.folder / "recipe.toml").read_text()
    again = share_out(tiny, run.recipe, read_exclusion(run.folder / "exclude.csv"), progress=False)
    assert again.digest() == run.facts["digest"]


def test_begin_run__names_a_class_that_cannot_be_learned(tiny_copy: Path, tmp_path: Path) -> None:
    (tiny_copy / "lake").symlink_to(tiny_copy / "pier")
    catalog = share_out(tiny_copy, Recipe(), progress=False)
    run = begin_run(catalog, tmp_path / "run", Recipe(), {"data": str(tiny_copy)})
    assert "lake" not in run.facts["classes"]
    assert run.facts["warnings"][0] == (
        "lake is not learned: none of its files (1) can be used (a link to a folder; links are not "
        "followed)"
    )


def test_begin_run__another_process_was_quicker(tiny: Path, tmp_path: Path) -> None:
    catalog = share_out(tiny, Recipe(), progress=False)
    first = begin_run(catalog, tmp_path / "run", Recipe(), {"data": str(tiny)})
    before = first.facts
    with pytest.raises(RunError, match="already holds a run; choose another --out"):
        begin_run(catalog, tmp_path / "run", Recipe(), {"data": "elsewhere"})
    assert first.facts == before
