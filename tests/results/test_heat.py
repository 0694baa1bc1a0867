"""Heat over pictures."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.images.decode import to_square
from springfield.results.heat import _ramp, grid_of, heat_map, strength_of, versus_map, view_of

PICTURE = np.full((60, 120, 3), 90, np.uint8)


def colour_of(pixels: np.ndarray) -> np.ndarray:
    """How far each pixel is from grey."""
    return np.ptp(pixels.astype(int), axis=2)


def test_heat_map__shines_where_the_evidence_is() -> None:
    evidence = np.zeros((4, 4), np.float32)
    evidence[1:3, 3] = 5
    shown = np.asarray(heat_map(view_of(PICTURE, "letterbox"), evidence, 5))
    assert shown.shape == (60, 120, 3)
    colours = colour_of(shown)
    assert colours[:, 110:].min() > 60
    assert colours[:, :60].max() == 0


def test_heat_map__padding_does_not_count() -> None:
    evidence = np.zeros((4, 4), np.float32)
    evidence[0] = evidence[3] = 5  # above and below a letterboxed picture, which fills rows 1 and 2
    shown = np.asarray(heat_map(view_of(PICTURE, "letterbox"), evidence, 5))
    assert colour_of(shown)[15:45].max() == 0


def test_heat_map__what_speaks_against_stays_grey() -> None:
    shown = heat_map(view_of(PICTURE, "stretch"), np.full((2, 2), -3, np.float32), 3)
    assert colour_of(np.asarray(shown)).max() == 0


@pytest.mark.parametrize("fit", ["crop", "stretch", "letterbox"])
def test_view_of__shows_what_the_network_sees(fit: str) -> None:
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:, 20:60] = 200
    view = view_of(picture, fit)
    left, top, right, bottom = (round(32 * edge) for edge in view.box)
    seen = to_square(picture, 32, fit)[top:bottom, left:right]
    again = to_square(view.pixels, 32, "stretch")
    shares = [(pixels > 100).mean() for pixels in (seen, again)]
    assert shares[0] == pytest.approx(shares[1], abs=0.05)


def test_versus_map__one_is_orange_and_the_other_blue() -> None:
    evidence = np.array([[4.0, -4.0]], np.float32)
    red, _, blue = np.asarray(versus_map(view_of(PICTURE, "stretch"), evidence, 4)).T.astype(int)
    assert (red - blue)[:20].min() > 60
    assert (blue - red)[-20:].min() > 60


def test_strength_of__a_whisper_is_not_blown_up() -> None:
    assert strength_of(np.full((4, 4), 0.01)) == 1
    assert strength_of(np.full((4, 4), -6.0), np.zeros((4, 4))) == 6


def test_grid_of__rows_of_numbers() -> None:
    assert grid_of(np.array([[1, 2.00049], [0, -1]], np.float32)) == [[1.0, 2.0], [0.0, -1.0]]


def test_ramp__lightness_rises_evenly() -> None:
    grey = _ramp() @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(grey) > -0.5).all()
    assert (grey[0] < 70, grey[-1] > 200) == (True, True)
