from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.errors import DataError, OutputError
from springfield.images.catalog import read_catalog
from springfield.recipe import Recipe
from springfield.recipe import Split as Shares
from springfield.verbs.split import split


def test_split__manifest_for_any_other_tool(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "manifest.csv"
    catalog = split(tiny, out, progress=False)
    with out.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert list(rows[0])[:5] == ["path", "label", "part", "group", "reason"]
    assert len(rows) == 46
    for row in rows:
        assert (tiny / row["path"]).is_file()
        assert (row["part"] == "") == (row["reason"] != "")
        assert row["part"] in ("train", "val", "test", "")
    assert read_catalog(out, tiny).digest() == catalog.digest()


def test_split__same_again_and_another_seed(tiny: Path, tmp_path: Path) -> None:
    texts = []
    for number, seed in enumerate((0, 0, 1)):
        out = tmp_path / f"{number}.csv"
        split(tiny, out, recipe=Recipe(split=Shares(seed=seed)), progress=False)
        texts.append(out.read_text())
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_split__near_duplicates_stay_together(tiny_copy: Path, tmp_path: Path) -> None:
    for label in ("barn", "mill"):
        for file in sorted((tiny_copy / label).glob("0*.jpg")):
            with Image.open(file) as image:
                image.save(file.with_name(f"{file.stem} again.jpg"), quality=60)
                smaller = image.resize((72, 60)).point([min(255, v + 8) for v in range(256)] * 3)
                smaller.save(file.with_name(f"{file.stem} small.png"))
    for seed in range(5):
        recipe = Recipe(split=Shares(seed=seed))
        catalog = split(tiny_copy, tmp_path / f"{seed}.csv", recipe=recipe, progress=False)
        source = np.array([path[: path.rindex("/") + 4] for path in catalog["path"].tolist()])
        copied = np.isin(catalog["label"], ("barn", "mill")) & (catalog["reason"] == "")
        assert copied.sum() > 100
        for name in np.unique(source[copied]):
            assert len(set(catalog["part"][copied & (source == name)].tolist())) == 1
        assert set(catalog["part"][copied].tolist()) == {"train", "val", "test"}


def test_split__what_a_manifest_lists_has_no_part_and_comes_back(
    tiny: Path, tmp_path: Path
) -> None:
    whole = split(tiny, tmp_path / "whole.csv", progress=False)
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path\nbarn/003.jpg\n")
    less = split(tiny, tmp_path / "less.csv", exclude=manifest, progress=False)
    (row,) = np.flatnonzero(less["path"] == "barn/003.jpg")
    assert (less["part"][row], less["reason"][row]) == ("", "excluded by manifest.csv")
    assert whole["part"][row] != ""
    assert less.digest() != whole.digest()
    manifest.write_text("path\n")
    undone = split(tiny, tmp_path / "undone.csv", exclude=manifest, progress=False)
    assert undone.digest() == whole.digest()


def test_split__a_manifest_that_does_not_fit(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path\nmill/barn/003.jpg\n")
    with pytest.raises(DataError, match=r"did you mean '(mill|barn)/003\.jpg'"):
        split(tiny, tmp_path / "out.csv", exclude=tmp_path / "manifest.csv", progress=False)
    assert not (tmp_path / "out.csv").exists()


def test_split__changes_nothing_in_the_folder(tiny: Path, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in tiny.rglob("*") if file.is_file()}
    split(tiny, tmp_path / "manifest.csv", progress=False)
    assert before == {file: file.read_bytes() for file in tiny.rglob("*") if file.is_file()}


def test_split__never_overwrites(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "manifest.csv"
    out.write_text("precious")
    with pytest.raises(OutputError, match="is already there"):
        split(tiny, out, progress=False)
    assert out.read_text() == "precious"
    link = tmp_path / "link.csv"
    link.symlink_to("nowhere")
    with pytest.raises(OutputError, match="is already there"):
        split(tiny, link, progress=False)


def test_split__no_space_for_the_manifest(tiny: Path, tmp_path: Path) -> None:
    limited = """
import resource, sys
from pathlib import Path
from springfield.errors import OutputError
from springfield.verbs.split import split

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    split(Path(sys.argv[1]), Path(sys.argv[2]), progress=False)
except OutputError as problem:
    print(problem)
"""
    command = [sys.executable, "-c", limited, str(tiny), str(tmp_path / "manifest.csv")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith(f"cannot write {tmp_path / 'manifest.csv'}: File too large")
    assert list(tmp_path.iterdir()) == []


def test_split__data_that_cannot_be_split(tiny_copy: Path, tmp_path: Path) -> None:
    for label in ("mill", "pier", "tower"):
        shutil.rmtree(tiny_copy / label)
    with pytest.raises(DataError, match="one class only, barn"):
        split(tiny_copy, tmp_path / "manifest.csv", progress=False)
    assert not (tmp_path / "manifest.csv").exists()


def test_split__what_a_table_names_together_is_not_parted(tiny: Path, tmp_path: Path) -> None:
    """Ten patients with some pictures of two classes each."""
    paths = [path.relative_to(tiny) for name in ("barn", "mill") for path in
             sorted((tiny / name).glob("0*.jpg"))]  # fmt: skip
    table = tmp_path / "table.csv"
    lines = [f"{path},{path.parent},p{i % 10}" for i, path in enumerate(paths)]
    table.write_text("\n".join(["path,label,group", *lines]))
    for name in ("barn", "mill"):
        shutil.copytree(tiny / name, tmp_path / name)
    catalog = split(table, tmp_path / "parts.csv", progress=False)
    sides: dict[str, set[str]] = {}
    for name, part in zip(catalog["group_name"].tolist(), catalog["part"].tolist(), strict=True):
        sides.setdefault(name, set()).add(part)
    assert len(sides) == 10
    assert all(len(parts) == 1 for parts in sides.values())
    assert set.union(*sides.values()) == {"train", "val", "test"}
    again = split(tmp_path / "parts.csv", tmp_path / "again.csv", progress=False)
    assert again["part"].tolist() == catalog["part"].tolist()  # a manifest's groups are names, too


def test_split__what_a_pattern_finds_in_the_paths_is_not_parted(tiny: Path, tmp_path: Path) -> None:
    recipe = Recipe(split=Shares(group_by=r"/0.(\d)"))
    catalog = split(tiny, tmp_path / "parts.csv", recipe=recipe, progress=False)
    digits = np.array([path.split("/")[1][2] for path in catalog["path"].tolist()])
    for digit in "0123456789":
        assert len({*catalog["part"][digits == digit].tolist()} - {""}) == 1
