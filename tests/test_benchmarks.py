"""The scorer and the tables that Springfield and its peers are compared by."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

PEERS = Path(__file__).parents[1] / "benchmarks" / "peers"
TRUTH = {"a/1": "a", "a/2": "a", "a/3": "a", "b/1": "b"}


@pytest.fixture(scope="module")
def load() -> Iterator[Any]:
    """`load(name)` is a module of the peers' benchmark, which is no package."""
    sys.path.insert(0, str(PEERS))

    def module(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield module
    sys.path.remove(str(PEERS))


def answers(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "answers.csv"
    file.write_text("\n".join(["path,label", *rows]) + "\n", encoding="utf-8")
    return file


def measured(peer: str, minutes: float, accuracy: float, seed: int = 0) -> dict[str, Any]:
    return {
        "peer": peer,
        "minutes": minutes,
        "seed": seed,
        "accuracy": accuracy,
        "seconds": 60 * minutes,
        "epochs": 3,
        "parameters": 1000,
        "settings": {"network": f"{peer}'s"},
    }


FOUND = [
    measured("ours", 1, 0.85),
    measured("ours", 5, 0.95),
    measured("keras", 5, 0.6),
    measured("timm", 5, 0.7),
    measured("timm", 5, 0.9, seed=1),
]


def test_judge__every_held_out_image_counts_once(load: Any, tmp_path: Path) -> None:
    found = load("judge").judge(answers(tmp_path, "a/1,a", "a/2,b", "b/1,b"), TRUTH)

    assert found["accuracy"] == 2 / 4  # a/3 has no answer
    assert found["macro_f1"] == pytest.approx((2 / 4 + 2 / 3) / 2)
    assert (found["n"], found["unanswered"]) == (4, 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [(("a/1,a", "a/1,b"), "answers a path twice"), (("a/1,a", "c/9,a"), "not held out: c/9")],
)
def test_judge__refuses(load: Any, tmp_path: Path, rows: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load("judge").judge(answers(tmp_path, *rows), TRUTH)


def test_seconds_to__is_the_shortest_training_that_got_there(load: Any) -> None:
    telling = load("telling")
    curve = telling.curve_of(FOUND, "ours")

    assert telling.seconds_to(curve, 0.8) == 60
    assert telling.seconds_to(curve, 0.9) == 300
    assert telling.seconds_to(curve, 0.99) is None


def test_table__says_how_far_we_are_ahead_of_the_best_peer(load: Any) -> None:
    found = load("telling").table(FOUND, "ours")

    assert "| timm |  | 0.800 | 300 s |" in found  # the mean of two seeds
    assert "| 5 min | timm | +15.0 | 300 | 60 s, 0.20 of it |" in found
    assert "network: keras's" in found


def test_picture__is_whole_and_names_every_peer(load: Any) -> None:
    picture = load("telling").picture(FOUND, "ours")

    texts = [each.text for each in ElementTree.fromstring(picture).iter() if each.text]
    assert {"ours", "keras", "timm"} <= set(texts)
