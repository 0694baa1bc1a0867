"""What `springfield predict` says at a terminal."""

from __future__ import annotations

from typing import Any

from springfield.doors.predictions_table import say_predictions


def test_say_predictions__an_unreadable_image_has_a_reason_instead_of_an_answer() -> None:
    rows: list[dict[str, Any]] = [
        {"path": "a.jpg", "label": "clown", "probability": 0.91234, "error": ""},
        {"path": "b.jpg", "label": None, "probability": None, "error": "truncated"},
    ]
    answer = {"n": 2, "unreadable": 1, "csv": None, "predictions": rows}
    assert say_predictions(answer).splitlines() == [
        "image  label  probability",
        "a.jpg  clown        0.912",
        "b.jpg  -                -  truncated",
    ]
    assert say_predictions({**answer, "csv": "out.csv"}) == "2 images, 1 unreadable: out.csv"


def test_say_predictions__names_what_else_an_image_may_be() -> None:
    names = ["clown", "mayor", "cook", "baker", "nurse", "judge"]
    rows: list[dict[str, Any]] = [
        {"path": "a.jpg", "label": "clown", "probability": 0.99, "set": ["clown"], "error": ""},
        {"path": "b.jpg", "label": "clown", "probability": 0.6, "set": names[:2], "error": ""},
        {"path": "c.jpg", "label": "clown", "probability": 0.3, "set": names, "error": ""},
    ]
    assert say_predictions({"csv": None, "level": 0.9, "predictions": rows}).splitlines() == [
        "image  label  probability  or, to be 90% sure",
        "a.jpg  clown        0.990",
        "b.jpg  clown        0.600  mayor",
        "c.jpg  clown        0.300  mayor, cook, baker and 2 more",
    ]


def test_say_predictions__spans_of_a_video_have_their_seconds() -> None:
    rows: list[dict[str, Any]] = [
        {"path": "a.jpg", "label": "clown", "probability": 0.9, "error": ""},
        {"path": "b.mp4#t=0,3.25", "label": "mayor", "probability": 0.8, "error": ""},
        {"path": "b.mp4#t=3.25,12", "label": "clown", "probability": 0.7, "error": ""},
        {"path": "b.mp4", "label": None, "probability": None, "error": "cut off"},
    ]
    answer = {"n": 4, "unreadable": 1, "csv": None, "timeline": None, "predictions": rows}
    assert say_predictions(answer).splitlines() == [
        "file   seconds        label  probability",
        "a.jpg                 clown        0.900",
        "b.mp4  0.00 to 3.25   mayor        0.800",
        "b.mp4  3.25 to 12.00  clown        0.700",
        "b.mp4                 -                -  cut off",
    ]
    assert say_predictions({**answer, "csv": "out.csv", "timeline": "out.svg"}).splitlines() == [
        "4 images and spans of video, 1 unreadable: out.csv",
        "timeline: out.svg",
    ]


def test_say_predictions__a_name_cannot_steer_the_terminal() -> None:
    row = {"path": "a\x1b[2J\nb é.png", "label": "clown", "probability": 0.5, "error": ""}
    shown = say_predictions({"csv": None, "predictions": [row]})
    assert shown.splitlines()[1].startswith("a\\x1b[2J\\nb é.png  clown")
