"""The answer of `springfield predict` for a person at a terminal."""

from __future__ import annotations

from springfield.doors.answers import Answer
from springfield.doors.text import number, pointers, share, table

NAMED = 3  # further classes that a row names


def say_predictions(answer: Answer) -> str:
    """A row per image and per span of a video, or only the totals when they went to a file."""
    if answer["csv"]:
        what = "images and spans of video" if answer.get("timeline") else "images"
        said = f"{number(answer['n'])} {what}, {answer['unreadable']} unreadable: {answer['csv']}"
        return "\n".join([said, *pointers(answer, "timeline")])
    rows = [
        [*_place(row["path"]), row["label"] or "-", share(row["probability"]), _others(row),
         row["error"]]
        for row in answer["predictions"]
    ]  # fmt: skip
    spans = any(row[1] for row in rows)
    sure = f"or, to be {answer.get('level', 0):.0%} sure"
    head = ["file" if spans else "image", "seconds", "label", "probability", sure, ""]
    shown = [i for i in range(len(head)) if i not in (1, 4) or any(row[i] for row in rows)]
    return table([head[i] for i in shown], [[row[i] for i in shown] for row in rows])


def _place(path: str) -> tuple[str, str]:
    """A file, and the seconds of it when the path is a span of a video."""
    from springfield.results.timeline import from_fragment

    span = from_fragment(path)
    return (span[0], f"{span[1]:.2f} to {span[2]:.2f}") if span else (path, "")


def _others(row: Answer) -> str:
    """Further classes that the image may be of."""
    others = [name for name in row.get("set") or () if name != row["label"]]
    more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
    return ", ".join(others[:NAMED]) + more
