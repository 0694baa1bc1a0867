from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from springfield.errors import OutputError
from springfield.recipe import Recipe
from springfield.run import Run, create_run
from springfield.verbs import demo as verb
from springfield.verbs.demo import demo


def test_demo__draws_and_audits_what_it_trains_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def train(data: Path, out: Path, recipe: Recipe, **options: Any) -> Run:
        seen.extend([data, options["command"], len(list(data.rglob("*.*")))])
        return create_run(out, recipe, "", {})

    monkeypatch.setattr(verb, "SCALE", 0.01)
    monkeypatch.setattr(verb, "train", train)
    monkeypatch.setattr(verb, "load_recipe", lambda name: Recipe())
    out = tmp_path / "my demo"
    run = demo(out, progress=False)
    assert run.folder == out / "run"
    assert seen[:2] == [out / "toonville", f"springfield demo --out '{out}'"]
    assert seen[2] > 200
    assert (out / "audit" / "page.html").stat().st_size > 10_000
    assert "corrupt" in (out / "audit" / "issues.csv").read_text()


@pytest.mark.parametrize("inside", ["", "run/page.html"])
def test_demo__an_older_demo_stays_as_it_is(tmp_path: Path, inside: str) -> None:
    out = tmp_path / "demo"
    (out / inside).parent.mkdir(parents=True, exist_ok=True)
    (out / inside).write_text("older") if inside else out.mkdir()
    with pytest.raises(OutputError, match="is already there") as caught:
        demo(out)
    assert (f"its page is {out / inside}" in str(caught.value)) == bool(inside)
    assert not (out / "toonville").exists()
