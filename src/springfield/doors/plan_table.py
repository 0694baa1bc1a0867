"""The answer of `springfield plan` for a person at a terminal."""

from __future__ import annotations

from springfield.doors.answers import Answer
from springfield.doors.text import number, table


def say_plan(answer: Answer) -> str:
    """Every try, the plan that was chosen and what to train with."""
    rows = [
        [
            row["size"],
            row["precision"],
            row["micro_batch"],
            row["accumulation"],
            "-" if row["peak_mb"] is None else number(row["peak_mb"]),
            "-" if row["images_per_second"] is None else f"{row['images_per_second']:.0f}",
            "fits" if row["fits"] else "too much" if row["peak_mb"] else "ran out of memory",
        ]
        for row in answer["tries"]
    ]
    head = ["pixels", "precision", "at a time", "times", "MB", "images/s", ""]
    chosen, whose = answer["plan"], "given" if answer["given"] else "free"
    lines = [
        table(head, rows),
        "",
        f"memory: {number(answer['room_mb'])} MB are {whose}"
        + (" on the graphics card" if answer["device"] == "gpu" else ""),
        f"batch of {answer['batch']} = {chosen['micro_batch']} at a time x {chosen['accumulation']}"
        f", {chosen['precision']}, {chosen['size']} pixels: {number(chosen['peak_mb'])} MB",
        f"an epoch of {number(answer['images'])} images takes {chosen['epoch_seconds']:.3g} s; "
        f"{chosen['epochs']} epochs",
    ]
    if answer["smaller"]:
        lines.append("the images had to be made smaller to fit: that costs accuracy")
    words = " ".join(f"--set {setting}" for setting in answer["settings"])
    return "\n".join([*lines, f"train with: {words}"])
