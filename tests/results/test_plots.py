from __future__ import annotations

import math
import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from springfield.results.page import english as page
from springfield.results.page import russian as russian_page
from springfield.results.page.html import Html
from springfield.results.page.words import Words
from springfield.results.plots import english, russian, tail
from springfield.results.plots.bars import Bar, both_scales, class_bars
from springfield.results.plots.calibration import calibration_plot
from springfield.results.plots.confusion import MOST, confusion_matrix
from springfield.results.plots.curves import training_curves, training_panels
from springfield.results.plots.reproduction import Mark, reproduction_plot
from springfield.results.plots.scatter import size_scatter
from springfield.results.plots.svg import Scale, drawing, label, side_by_side, stand_alone
from springfield.results.plots.tail import tail_plot

SAY = Words(page.ENGLISH, english.ENGLISH)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture: Html) -> ElementTree.Element:
    """The stand-alone file, read as strict XML."""
    return ElementTree.fromstring(stand_alone(picture))


def bars() -> list[Bar]:
    return [Bar("rare_bird", {"train": 2, "test": 1}), Bar("<common>", {"train": 900, "out": 10})]


def history(epochs: int) -> dict[str, list[float]]:
    names = ("accuracy", "loss", "val_accuracy", "val_loss", "val_macro_f1")
    columns = {name: [0.5 + 0.01 * i for i in range(epochs)] for name in names}
    return {"epoch": [float(i + 1) for i in range(epochs)], **columns}


def judged(**changes: Any) -> dict[str, Any]:
    usual = {"f1": 0.8, "low": 0.6, "high": 0.9, "train": 50, "n": 12, "group": "medium"}
    return {**usual, **changes}


EVERY = {
    "bars": class_bars(bars(), SAY),
    "log bars": class_bars(bars(), SAY, "log"),
    "no bars": class_bars([], SAY),
    "curves": training_curves(history(5), SAY),
    "one epoch": training_curves(history(1), SAY),
    "unmeasured": training_curves({**history(3), "val_loss": [math.nan] * 3}, SAY),
    "confusion": confusion_matrix([[3, 1], [0, 0]], ["a", "b"], SAY),
    "calibration": calibration_plot([{"confidence": 0.9, "accuracy": 1.0, "n": 3}], SAY),
    "no calibration": calibration_plot([], SAY),
    "scatter": size_scatter(np.array([1, 400, 1072]), np.array([9, 409, 1912]), SAY),
    "one size": size_scatter(np.array([64, 64]), np.array([64, 64]), SAY),
    "no sizes": size_scatter(np.zeros(0, np.int64), np.zeros(0, np.int64), SAY),
    "tail": tail_plot({"a": judged(), "b": judged(train=0, f1=0.0, low=0.0, group="few")}, SAY),
    "reproduction": reproduction_plot(
        [Mark("original", False, 0.7, 0.6, 0.8, 0.92), Mark("ours", True, 0.97, 0.96, 1.0, None)],
        SAY,
    ),
    "untrained": reproduction_plot([Mark("<original>", False, None, None, None, 0.92)], SAY),
    "no rows": reproduction_plot([], SAY),
    "no tail": tail_plot({"a": judged(f1=None)}, SAY),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_plot__stands_alone(name: str) -> None:
    picture = stand_alone(EVERY[name])
    root = parsed(EVERY[name])
    assert root.tag == f"{SVG}svg"
    assert root.get("aria-label")
    assert "var(" not in picture  # several viewers know no CSS variables
    assert "prefers-color-scheme: dark" in picture
    assert not re.search(r"\b(nan|inf)\b", picture)


@pytest.mark.parametrize("name", EVERY)
def test_every_plot__uses_only_classes_that_have_a_style(name: str) -> None:
    picture = stand_alone(EVERY[name])
    styled = set(re.findall(r"\.([a-z-]+)", picture.split("<style>")[1].split("</style>")[0]))
    used = {c for value in re.findall(r'class="([^"]+)"', picture) for c in value.split()}
    assert used <= styled


def test_class_bars__largest_first_with_its_number() -> None:
    words = [text.text for text in parsed(class_bars(bars(), SAY)).iter(f"{SVG}text")]
    assert words.index("<common>") < words.index("rare bird")
    assert "910" in words
    assert "3" in words


def test_class_bars__widths_follow_the_counts() -> None:
    pair = [Bar("a", {"train": 100}), Bar("b", {"train": 50})]
    widths = [float(box.get("width", 0)) for box in parsed(class_bars(pair, SAY)).iter(f"{SVG}rect")
              if box.get("class") == "fill-blue"]  # fmt: skip
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)


def test_both_scales__one_is_chosen() -> None:
    assert both_scales(bars(), SAY).count(" checked") == 1


def test_confusion_matrix__cell_says_its_numbers() -> None:
    root = parsed(confusion_matrix([[3, 1], [0, 2]], ["cat", "dog"], SAY))
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert titles == [
        "cat → cat: 3 of 4 (75%)",
        "cat → dog: 1 of 4 (25%)",
        "dog → dog: 2 of 2 (100%)",
    ]


def test_confusion_matrix__of_many_classes_keeps_the_most_confused() -> None:
    n = MOST + 50
    counts = np.eye(n, dtype=int) * 9
    counts[n - 1, n - 2] = 5
    picture = confusion_matrix(counts.tolist(), [f"c{i}" for i in range(n)], SAY)
    assert f"c{n - 1} → c{n - 2}: 5 of 14" in picture


def test_confusion_matrix__an_answer_that_is_not_drawn_counts_in_its_row() -> None:
    n = MOST + 50
    counts = np.eye(n, dtype=int) * 9
    for c in range(MOST):
        counts[c, (c + 1) % MOST] = 2
    counts[0, n - 1] = 1
    picture = confusion_matrix(counts.tolist(), [f"c{i}" for i in range(n)], SAY)
    assert f"c{n - 1}" not in picture
    assert "c0 → c0: 9 of 12" in picture


def test_confusion_matrix__names_of_many_classes_have_room() -> None:
    picture = confusion_matrix(
        np.eye(MOST, dtype=int).tolist(), [f"c{i}" for i in range(MOST)], SAY
    )
    names = [text for text in parsed(picture).iter(f"{SVG}text") if text.get("class") == "tiny end"]
    assert np.diff([float(name.get("y", 0)) for name in names]).min() >= 10  # their letters


def test_label__long_names_are_shortened() -> None:
    assert label("kit_fisher") == "kit fisher"
    assert label("a" * 50) == f"{'a' * 31}…"


def test_training_panels__last_values_are_written() -> None:
    accuracy, loss = training_panels(history(5), SAY)
    assert "validation 0.540" in accuracy
    assert "macro-F1 0.540" in accuracy
    assert "train 0.540" in loss


def test_size_scatter__marks_do_not_grow_with_the_images() -> None:
    random = np.random.default_rng(0)
    sides = random.lognormal(6, 0.3, (2, 50_000)).astype(np.int64) + 1
    assert size_scatter(sides[0], sides[1], SAY).count("<rect") < 8000


def test_tail_plot__names_the_weakest() -> None:
    classes = {f"c_{i}": judged(f1=0.9 - i / 50, train=10 * 2**i) for i in range(12)}
    assert "c 11</text>" in tail_plot(classes, SAY)
    assert "c 0</text>" not in tail_plot(classes, SAY)


@pytest.mark.parametrize(
    ("scale", "ticks"),
    [
        (Scale(0, 1, 0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (Scale(0, 2246, 0, 1), [0, 500, 1000, 1500, 2000]),
        (Scale(1, 1000, 0, 1, True), [1, 10, 100, 1000]),
        (Scale(40, 300, 0, 1, True), [50, 100, 200]),
    ],
)
def test_scale__round_ticks(scale: Scale, ticks: list[float]) -> None:
    assert scale.ticks() == ticks


def test_scale__places() -> None:
    assert Scale(0, 10, 100, 200)(5) == 150
    assert Scale(1, 100, 0, 10, True)(10) == pytest.approx(5)


def test_side_by_side__is_as_wide_as_both() -> None:
    both = side_by_side([drawing(100, 50, "a"), drawing(60, 80, "b")], gap=10)
    assert 'viewBox="0 0 170 80"' in both
    assert 'aria-label="a; b"' in both


def test_reproduction_plot__puts_what_was_measured_beside_what_was_published() -> None:
    marks = [
        Mark("original", False, 0.7, 0.6, 0.8, 0.9),
        Mark("ours", True, 0.95, None, None, None),
    ]
    root = parsed(reproduction_plot(marks, SAY))
    dots = {c.get("class"): float(c.get("cx", 0)) for g in root.iter(f"{SVG}g") for c in g}
    here, published = dots["fill-gold paper-edge"], dots["fill-paper ink"]
    assert here < published < dots["fill-blue paper-edge"]
    assert (published - here) / 0.2 == pytest.approx(
        (dots["fill-blue paper-edge"] - here) / 0.25, 0.01
    )
    assert [t.text for t in root.iter(f"{SVG}text") if t.text in ("0.700", "0.950")] == [
        "0.700",
        "0.950",
    ]


def test_stand_alone__is_xml_in_russian_too() -> None:
    say = Words(russian_page.RUSSIAN, russian.RUSSIAN, language="ru")
    titles = [title.text or "" for title in parsed(class_bars(bars(), say)).iter(f"{SVG}title")]
    assert any("\u00a0" in title for title in titles)
    parsed(calibration_plot([{"confidence": 0.9, "accuracy": 1.0, "n": 3}], say))


def test_tail_plot__many_classes_of_one_size_stay_inside() -> None:
    classes = {
        f"c{i}": {"f1": 0.5 + i / 200, "low": 0.4, "high": 1.0, "n": 30, "group": "many",
                  "train": 155 if i < 60 else 2}
        for i in range(100)
    }  # fmt: skip
    drawn = str(tail_plot(classes, SAY))
    places = [float(x) for x in re.findall(r'cx="([\d.-]+)"', drawn)]
    assert len(set(places)) == len(places) == 100
    assert min(places) >= tail.LEFT
    assert max(places) <= tail.RIGHT
