from __future__ import annotations

from xml.etree import ElementTree

import pytest

from springfield.results.plots.strip import MOST, Bar, strip_plot
from springfield.results.plots.svg import stand_alone

SVG = "{http://www.w3.org/2000/svg}"


def drawn(strips: dict[str, list[Bar]]) -> ElementTree.Element:
    return ElementTree.fromstring(stand_alone(strip_plot(strips)))


def words(picture: ElementTree.Element) -> list[str]:
    return [str(element.text) for element in picture.iter(f"{SVG}text")]


def test_strip_plot__a_row_per_class_and_the_longest_first() -> None:
    bars = [Bar(0, 2, "mayor", 0.9), Bar(2, 9.5, "old_clown", 0.5), Bar(9.5, 11, "mayor", 0.8)]
    said = words(drawn({"a/clip.mp4": bars}))
    assert said[0] == "a/clip.mp4"
    assert said[1:-2] == ["0 s", "2 s", "4 s", "6 s", "8 s", "10 s"]
    assert said[-2:] == ["old clown", "mayor"]


def test_strip_plot__says_what_it_shows() -> None:
    picture = drawn({"<b>&.mp4": [Bar(0, 2.5, "mayor", 0.91)]})
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "Who appears when in <b>&.mp4: mayor"
    titles = [element.text for element in picture.iter(f"{SVG}title")]
    assert titles == [picture.get("aria-label"), "mayor, 0 s to 2.5 s, probability 0.91"]


def test_strip_plot__the_rest_share_a_row() -> None:
    bars = [Bar(i, i + 1 - i / 100, f"c{i:02}", 0.5) for i in range(MOST + 5)]
    said = words(drawn({"clip.mp4": bars, "other.mp4": [Bar(0, 9, "c00", 1)]}))
    assert [word for word in said if word[0] == "c" and word != "clip.mp4"] == [
        *(f"c{i:02}" for i in range(MOST)),
        "c00",
    ]
    assert said.count("others") == 1


def test_strip_plot__the_less_probable_the_paler() -> None:
    picture = drawn({"clip.mp4": [Bar(0, 1, "a", 1.0), Bar(1, 2, "a", 0.2)]})
    opacity = [box.get("fill-opacity") for box in picture.iter(f"{SVG}rect")]
    assert [value for value in opacity if value] == ["1.00", "0.44"]


@pytest.mark.parametrize(
    ("end", "ticks"),
    [
        (0.5, ["0 s", "0.1 s", "0.2 s", "0.3 s", "0.4 s", "0.5 s"]),
        (59, ["0 s", "10 s", "20 s", "30 s", "40 s", "50 s"]),
        (95, ["0:00", "0:15", "0:30", "0:45", "1:00", "1:15", "1:30"]),
        (7300, ["0:00:00", "0:30:00", "1:00:00", "1:30:00", "2:00:00"]),
        (100_000, [f"{hours}:00:00" for hours in range(0, 28, 4)]),
    ],
)
def test_strip_plot__round_times(end: float, ticks: list[str]) -> None:
    said = words(drawn({"clip.mp4": [Bar(0, end, "mayor", 0.5)]}))
    assert said[1:-1] == ticks
