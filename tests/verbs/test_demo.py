from __future__ import annotations

from pathlib import Path

import pytest

from springfield.errors import OutputError
from springfield.recipe import load_recipe
from springfield.verbs import demo as verb
from springfield.verbs.demo import demo


def test_demo__tells_the_whole_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = ("images.size=32", "network.width=0.25", "training.epochs=1")
    monkeypatch.setattr(verb, "SCALE", 0.01)
    monkeypatch.setattr(verb, "load_recipe", lambda name: load_recipe(name, quick))
    out = tmp_path / "my demo"
    run = demo(out, progress=False)
    assert run.folder == out / "run"
    assert run.facts["command"] == f"springfield demo --out '{out}'"
    assert (out / "audit" / "page.html").stat().st_size > 10_000
    assert "corrupt" in (out / "audit" / "issues.csv").read_text()
    page, scores = run.page_file.read_text(), run.read_json("scores.json")
    assert len(scores["classes"]) == 42
    for name in scores["classes"]:
        assert name.replace("_", " ") in page


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("notes.txt", "is already there; remove it"),
        ("run/page.html", "its page is "),
        ("run/run.json", "springfield resume "),
    ],
)
def test_demo__an_older_demo_stays_as_it_is(tmp_path: Path, inside: str, said: str) -> None:
    out = tmp_path / "demo"
    (out / inside).parent.mkdir(parents=True)
    (out / inside).write_text("older")
    with pytest.raises(OutputError, match=said):
        demo(out)
    assert not (out / "toonville").exists()
