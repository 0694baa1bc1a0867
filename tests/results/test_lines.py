"""The plot of the benchmarks."""

from __future__ import annotations

import re

from springfield.results.plots.lines import APART, lines_plot

CURVES = {"ours": [(1, 0.5), (10, 0.9)], "theirs": [(1, 0.3), (10, 0.9)]}


def heights(plot: str) -> list[float]:
    return [float(y) for y in re.findall(r'<circle[^>]* cy="([\d.]+)"', plot)]


def test_lines_plot__a_line_each_and_names_that_do_not_cover_another() -> None:
    plot = lines_plot(CURVES, "images", "accuracy", main="ours")
    assert plot.count("<polyline") == 2
    assert plot.count('r="5"') == plot.count('r="3"') == 2
    one, two = (float(re.search(rf'y="([\d.]+)"[^>]*>{name}<', plot)[1]) for name in CURVES)  # type: ignore[index]
    assert abs(one - two) >= APART


def test_lines_plot__a_share_has_its_axis_from_0_to_1_and_seconds_their_own() -> None:
    share = heights(lines_plot(CURVES, "images", "accuracy"))
    own = heights(lines_plot(CURVES, "images", "seconds", log=True))
    assert share == [180, 60, 240, 60]  # 0 is at 330, 1 at 30
    assert max(own) - min(own) > 200
