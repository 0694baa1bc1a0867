"""Spans: cuts stay where they are, flickers go, and time counts, not the number of frames."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from springfield.results.predictions import Predictions
from springfield.results.timeline import SWITCH, bars_of, find_spans, from_fragment, to_fragment


def sure(*names: int, p: float = 0.9, classes: int = 3) -> np.ndarray:
    """Probabilities of frames that each show one class with probability p."""
    rows = np.full((len(names), classes), (1 - p) / (classes - 1), np.float32)
    rows[np.arange(len(names)), names] = p
    return rows


def spans(times: np.ndarray, probabilities: np.ndarray) -> list[tuple[float, float, int]]:
    found = find_spans(times, probabilities)
    return [(span.start, span.end, int(span.probabilities.argmax())) for span in found]


def test_find_spans__a_cut_stays_at_its_frame() -> None:
    names = [0] * 9 + [2] * 5 + [1] * 7
    assert spans(np.arange(21) / 4, sure(*names, p=0.6)) == [(0, 2.25, 0), (2.25, 3.5, 2),
                                                             (3.5, 5.25, 1)]  # fmt: skip


def test_find_spans__a_flicker_goes_however_sure_it_is() -> None:
    probabilities = sure(*[0] * 8, p=0.6)
    probabilities[4] = (0, 1, 0)
    assert spans(np.arange(8) / 4, probabilities) == [(0, 2, 0)]


def test_find_spans__unsure_frames_follow_their_neighbours() -> None:
    probabilities = sure(*[0] * 4, *[1] * 4, *[0] * 4)
    probabilities[4:8] = (0.4, 0.45, 0.15)
    assert spans(np.arange(12) / 4, probabilities) == [(0, 3, 0)]


def test_find_spans__a_frame_counts_as_long_as_it_is_shown() -> None:
    times = np.array([0, 0.25, 0.5, 3.5, 3.75, 4])
    assert spans(times, sure(0, 0, 1, 0, 0, 0)) == [(0, 0.5, 0), (0.5, 3.5, 1), (3.5, 4.25, 0)]


def test_find_spans__a_short_one_goes_to_the_neighbour_that_fits_better() -> None:
    probabilities = np.concatenate([sure(*[0] * 9), sure(*[2] * 4, p=1), sure(*[1] * 9)])
    probabilities[9:13] = (0, 0.1, 0.9)
    times = np.arange(22) / 10
    assert spans(times, probabilities) == [
        (0, 0.9, 0),
        (0.9, pytest.approx(2.2), 1),
    ]


@pytest.mark.parametrize("n", [1, 2])
def test_find_spans__shorter_than_the_shortest(n: int) -> None:
    assert spans(np.arange(n) / 4, sure(*[1] * n)) == [(0, n / 4, 1)]


def test_find_spans__no_frames() -> None:
    assert find_spans(np.zeros(0), np.zeros((0, 3), np.float32)) == []


def test_find_spans__probabilities_are_means_over_time() -> None:
    probabilities = np.array([[0.6, 0.4], *[[0.9, 0.1]] * 3], np.float32)
    (span,) = find_spans(np.array([0.0, 2.0, 3.0, 4.0]), probabilities)
    np.testing.assert_allclose(span.probabilities, [0.78, 0.22], rtol=1e-6)
    assert span.probabilities.dtype == np.float32


@pytest.mark.parametrize("seed", range(5))
def test_find_spans__is_the_best_of_all_paths(seed: int) -> None:
    # With frames of a second no span is short, so nothing is merged afterwards.
    probabilities = np.random.default_rng(seed).dirichlet([0.4] * 3, 7).astype(np.float32)
    found = spans(np.arange(7.0), probabilities)
    path = [name for start, end, name in found for _ in range(round(end - start))]

    def worth(names: tuple[int, ...]) -> float:
        changes = sum(a != b for a, b in itertools.pairwise(names))
        return float(probabilities[np.arange(7), names].sum() - SWITCH * changes)

    best = max(itertools.product(range(3), repeat=7), key=worth)
    assert path == list(best)


@pytest.mark.parametrize("seed", range(5))
def test_find_spans__cover_the_time_and_differ_from_their_neighbours(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.02, 0.6, 300))
    found = spans(times, rng.dirichlet([0.3] * 4, 300).astype(np.float32))
    assert found[0][0] == times[0]
    assert len(found) > 10
    for one, other in itertools.pairwise(found):
        assert one[1] == other[0]
        assert one[2] != other[2]
    assert min(end - start for start, end, _ in found) >= 0.499


def test_to_fragment__can_be_read_back() -> None:
    (span,) = find_spans(np.array([3.24, 43205.5]), sure(0, 0))
    path = to_fragment("a, b/ü#t=1.mp4", span)
    assert path == "a, b/ü#t=1.mp4#t=3.24,86407.76"
    assert from_fragment(path) == ("a, b/ü#t=1.mp4", 3.24, 86407.76)


@pytest.mark.parametrize("path", ["a.mp4", "a.png#t=1,2", "a.mp4#t=1", "a.mp4#t=x,2", ""])
def test_from_fragment__no_span(path: str) -> None:
    assert from_fragment(path) is None


def test_bars_of__only_spans_by_video() -> None:
    paths = ["a.png", "x.mp4#t=0,1.5", "x.mp4#t=1.5,4", "y.MOV#t=0,2", "x.mp4"]
    probabilities = np.concatenate([sure(0, 0, 1, 2), np.full((1, 3), np.nan, np.float32)])
    errors = np.array(["", "", "", "", "cut off"])
    predictions = Predictions(np.array(paths), ("a", "b", "c"), probabilities, errors=errors)
    strips = bars_of(predictions)
    assert list(strips) == ["x.mp4", "y.MOV"]
    assert [(bar.start, bar.end, bar.label) for bar in strips["x.mp4"]] == [
        (0, 1.5, "a"),
        (1.5, 4, "b"),
    ]
