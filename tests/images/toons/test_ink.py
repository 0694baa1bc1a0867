from __future__ import annotations

import numpy as np
import pytest

from springfield.images.toons.ink import (
    CIRCLE,
    Canvas,
    Pen,
    closed_curve,
    mirrored,
    open_curve,
    points,
    ribbon,
    scalloped,
)


@pytest.fixture
def pen() -> Pen:
    return Pen(Canvas.blank(60, 60), ink=(1, 1, 1), weight=3, x=30, y=30, unit=10)


def test_points__reads_the_notation_of_svg() -> None:
    assert points("0,-1 .5,-.25") == ((0.0, -1.0), (0.5, -0.25))


def test_curves__pass_through_their_points() -> None:
    corners = np.array(points("0,0 4,0 4,4 0,4"))
    for curve in (closed_curve(corners), open_curve(corners)):
        assert all(np.isclose(curve, corner).all(1).any() for corner in corners)
    assert np.allclose(open_curve(corners)[[0, -1]], corners[[0, -1]])


def test_mirrored__is_symmetrical() -> None:
    shape = mirrored(points("0,-1 1,0 0,1"))
    assert sorted(map(tuple, shape * (-1, 1) + 0.0)) == sorted(map(tuple, shape + 0.0))
    assert len(shape) == 4


def test_scalloped__bulges_outwards() -> None:
    away = np.hypot(*scalloped(CIRCLE, 9, 0.2).T)
    assert 1.15 < away.max() < 1.25
    assert away.min() > 0.95


def test_ribbon__is_as_wide_as_asked() -> None:
    band = ribbon(open_curve(points("0,0 5,0 10,0")), 2, 0)
    assert np.ptp(band[:, 1]) == pytest.approx(2)


def test_polygon__fills_inside_and_inks_outside(pen: Pen) -> None:
    pen.polygon(points("-1,-1 1,-1 1,1 -1,1"), (200, 10, 10))
    image = pen.canvas.image
    assert image.getpixel((30, 30)) == (200, 10, 10)
    assert image.getpixel((18, 30)) == (1, 1, 1)
    assert image.getpixel((10, 30)) == (0, 0, 0)


def test_at__moves_scales_and_turns(pen: Pen) -> None:
    moved = pen.at(1, 0, 0.5, np.pi / 2)
    assert np.allclose(moved.place([(2, 0)]), [(40, 40)])


def test_veil__lets_what_lies_under_show(pen: Pen) -> None:
    square = points("-1,-1 1,-1 1,1 -1,1")
    pen.polygon(square, (200, 0, 0), line=0)
    pen.veil(square, (0, 200, 0), 0.5)
    red, green, _ = pen.canvas.image.getpixel((30, 30))
    assert 90 < red < 110
    assert 90 < green < 110
