from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.images.toons.defects import KINDS, plant_defects
from springfield.images.toons.picture import draw_one

NAMES = ("milo_finch", "old_pim", "rafi_zaman")


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people, six pictures each, and two defects of every kind."""
    folder = tmp_path_factory.mktemp("spoilt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("springfield.images.toons.defects.TOWNSFOLK", dict.fromkeys(NAMES, 6))
        for name in NAMES:
            (folder / name).mkdir()
            for number in range(6):
                draw_one(folder, name, number, 0)
        plant_defects(folder, 0.01, 0, progress=False)
    return folder


def _planted(folder: Path) -> list[tuple[str, str]]:
    with (folder / "defects.csv").open(newline="", encoding="utf-8") as file:
        return [(row["path"], row["kind"]) for row in csv.DictReader(file)]


def _of(folder: Path, kind: str) -> list[Path]:
    return [folder / path for path, planted in _planted(folder) if planted == kind]


def _regular(folder: Path) -> list[Path]:
    planted = {path for path, _ in _planted(folder)}
    every = [f for f in folder.glob("*/*") if f.relative_to(folder).as_posix() not in planted]
    return sorted(every)


def test_plant_defects__two_of_every_kind_in_addition(spoilt: Path) -> None:
    assert Counter(kind for _, kind in _planted(spoilt)) == dict.fromkeys(KINDS, 2)
    assert len({path for path, _ in _planted(spoilt)}) == 18
    assert len(_regular(spoilt)) == 18


def test_plant_defects__corrupt_files_do_not_decode(spoilt: Path) -> None:
    for file in _of(spoilt, "corrupt"):
        with pytest.raises(OSError), Image.open(file) as image:  # noqa: PT011
            image.load()


def test_plant_defects__wrong_type_is_no_jpeg(spoilt: Path) -> None:
    for file in _of(spoilt, "wrong_type"):
        assert not file.read_bytes().startswith(b"\xff\xd8")


def test_plant_defects__duplicates_have_one_source_in_their_class(spoilt: Path) -> None:
    digests = {_digest(file): file.parent.name for file in _regular(spoilt)}
    for file in _of(spoilt, "duplicate"):
        assert digests[_digest(file)] == file.parent.name


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_plant_defects__near_duplicates_resemble_but_differ(spoilt: Path) -> None:
    regular = _regular(spoilt)
    for file in _of(spoilt, "near_duplicate"):
        apart = [np.abs(_thumbnail(file) - _thumbnail(other)).mean() for other in regular]
        nearest = regular[int(np.argmin(apart))]
        assert min(apart) < 25
        assert nearest.parent == file.parent
        assert _digest(nearest) != _digest(file)


def _thumbnail(file: Path) -> np.ndarray:
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB").resize((16, 16), Image.Resampling.BOX), dtype=float)


def test_plant_defects__copies_across_classes(spoilt: Path) -> None:
    regular = _regular(spoilt)
    for file in _of(spoilt, "cross_class_duplicate"):
        apart = [np.abs(_thumbnail(file) - _thumbnail(other)).mean() for other in regular]
        assert min(apart) < 25
        assert regular[int(np.argmin(apart))].parent != file.parent


def test_plant_defects__odd_sizes(spoilt: Path) -> None:
    limits = {
        "too_small": lambda short, long: short < 24,
        "too_large": lambda short, long: long > 4000,
        "odd_aspect": lambda short, long: long > 6 * short and short >= 24 and long <= 4000,
    }
    for kind, holds in limits.items():
        for file in _of(spoilt, kind):
            with Image.open(file) as image:
                assert holds(*sorted(image.size)), (kind, image.size)
            assert file.stat().st_size < 1_000_000


def test_plant_defects__suspicious_labels_are_new_pictures(spoilt: Path) -> None:
    digests = Counter(_digest(file) for file in spoilt.glob("*/*"))
    assert all(digests[_digest(file)] == 1 for file in _of(spoilt, "suspicious_label"))
