from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from springfield.errors import DataError
from springfield.results.measured import Measured, read_measured


def test_to_csv__is_read_back(fake_curves: Callable[..., Any], tmp_path: Path) -> None:
    measured = fake_curves(0, (256, 20), 5).measured
    measured = replace(measured, right=measured.right * 0.25)
    (tmp_path / "right.csv").write_text(measured.to_csv())
    again = read_measured(tmp_path / "right.csv", measured.train)
    assert again.budgets == measured.budgets
    assert (again.recall == measured.recall).all()
    assert again.to_csv() == measured.to_csv()


def test_read_measured__damage_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "right.csv").write_text("path,truth,group,8\na.png,a,0,1\nb.png,b,1\n")
    with pytest.raises(DataError, match=r"right\.csv is damaged .* remove it"):
        read_measured(tmp_path / "right.csv", {"a": 8, "b": 8})


def test_counts__a_class_keeps_what_it_has_and_its_curve_ends(
    fake_curves: Callable[..., Any],
) -> None:
    measured = fake_curves(0, (256, 20), 5).measured
    assert measured.counts[:, 1].tolist() == [8, 16, 20, 20, 20, 20]
    assert measured.own_points()[:, 1].tolist() == [True, True, True, False, False, False]
    assert measured.own_points()[:, 0].all()


def test_classes__one_without_held_out_images_has_no_curve(
    fake_curves: Callable[..., Any],
) -> None:
    measured = replace(fake_curves(0, (8, 8), 5).measured, train={"class0": 8, "none": 1,
                                                                  "class1": 8})  # fmt: skip
    assert measured.classes == ("class0", "class1")
    assert measured.recall.shape == (6, 2)


def test_resampled__near_duplicates_are_one_piece_of_evidence(
    fake_curves: Callable[..., Any],
) -> None:
    apart: Measured = fake_curves(0, (256,), 200).measured
    scenes = replace(apart, groups=apart.groups // 10,
                     right=np.repeat(apart.right[:, ::10], 10, axis=1))  # fmt: skip
    assert scenes.points().judged.tolist() == [20]
    assert scenes.resampled()[:, 0, 0].std() > 2 * apart.resampled()[:, 0, 0].std()


def test_resampled__all_right_is_not_certain(fake_curves: Callable[..., Any]) -> None:
    measured = fake_curves(0, (256,), 3).measured
    measured = replace(measured, right=np.ones_like(measured.right))
    assert 0.4 < np.quantile(measured.resampled()[:, 0, 0], 0.025) < 0.8
