from __future__ import annotations

from pathlib import Path

import pytest

from springfield.images.toons.census import TOWNSFOLK, all_jobs, pictures_of
from springfield.images.toons.town import TOWN

ORIGINAL = (
    "3 8 8 17 27 27 32 40 42 45 47 55 65 71 72 89 98 103 106 121 128 181 246 310 358 457 469 498 "
    "623 877 913 986 1079 1193 1194 1206 1291 1342 1354 1452 1454 2246"
)


def test_townsfolk__as_many_as_in_the_original() -> None:
    assert sorted(TOWNSFOLK.values()) == [int(count) for count in ORIGINAL.split()]
    assert sum(TOWNSFOLK.values()) == 20_933
    assert list(TOWNSFOLK) == sorted(TOWNSFOLK)


def test_townsfolk__everybody_has_looks_of_their_own() -> None:
    assert set(TOWN) == set(TOWNSFOLK)
    looks = {(p.head, p.hair, p.hair_colour, p.glasses, p.beard, p.hat) for p in TOWN.values()}
    assert len(looks) == 42


def test_townsfolk__documented_one_to_one() -> None:
    page = Path(__file__).parents[3] / "docs" / "toonville.md"
    rows = [line.split("|")[1:4] for line in page.read_text(encoding="utf-8").splitlines()]
    documented = {
        row[1].strip(): int(row[2]) for row in rows if len(row) == 3 and row[2].strip().isdigit()
    }
    assert documented == TOWNSFOLK


@pytest.mark.parametrize(
    ("count", "scale", "pictures"),
    [(2246, 1.0, 2246), (3, 1.0, 3), (3, 0.01, 3), (8, 0.1, 3), (100, 0.1, 10), (10, 2.0, 20)],
)
def test_pictures_of__scales_and_keeps_three(count: int, scale: float, pictures: int) -> None:
    assert pictures_of(count, scale) == pictures


def test_all_jobs__numbers_every_picture() -> None:
    jobs = all_jobs(1.0)
    assert len(set(jobs)) == 20_933
    assert set(all_jobs(0.1)) < set(jobs)
