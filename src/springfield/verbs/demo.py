"""Demo: the whole story on the embedded data set, in minutes on two cores."""

from __future__ import annotations

from pathlib import Path

from springfield.errors import OutputError
from springfield.recipe import load_recipe
from springfield.run import Page, Run
from springfield.verbs.audit import audit
from springfield.verbs.toons import toons
from springfield.verbs.train import train
from springfield.windows import command_line

SCALE = 0.1  # of the full census: some 2,100 images


def demo(out: Path = Path("demo"), *, progress: bool = True, language: str = "en") -> Run:
    """Draw Toonville with planted defects, audit it, train on it; return the finished run.

    `out` receives the folders ``toonville``, ``audit`` and ``run``.
    Raises `OutputError` when there is anything in `out` already.
    """
    run = Run(out / "run")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        seen = f"its page is {run.page_file}; " if run.page_file.exists() else ""
        if run.is_begun and not seen:
            seen = f"springfield resume {run.folder} goes on with it; or "
        raise OutputError(f"{out} is already there; {seen}remove it or choose another --out")
    town = out / "toonville"
    toons(town, scale=SCALE, defects=True, progress=progress)
    audit(town, out / "audit", progress=progress, language=language)
    return train(
        town,
        out / "run",
        load_recipe("demo"),
        progress=progress,
        page=Page(language, command_line(["springfield", "demo", "--out", str(out)])),
    )
