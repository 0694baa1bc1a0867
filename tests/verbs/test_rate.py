"""The learning rate: found as the first minute of a run, which goes on with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from springfield.errors import RecipeError, RunError
from springfield.recipe import load_recipe
from springfield.run import open_run
from springfield.verbs.rate import rate
from springfield.verbs.train import resume

FAST = (
    *("images.size=32", "network.width=0.125", "training.precision=float32"),
    *("training.epochs=1", "training.batch=8", "balance.rebalance=false"),
)


def test_rate__is_found_and_kept_by_the_run_that_goes_on(tiny: Path, tmp_path: Path) -> None:
    recipe = load_recipe("default", FAST)
    answer = rate(tiny, tmp_path / "run", recipe, progress=False)
    assert answer["low"] < answer["high"]
    assert answer["learning_rate"] == pytest.approx(answer["high"] / 4, rel=0.06)
    assert "Range test" in Path(answer["page"]).read_text()
    with pytest.raises(RunError, match="already holds a run"):
        rate(tiny, tmp_path / "run", recipe, progress=False)

    plan = open_run(tmp_path / "run").facts["plan"]
    run = resume(answer["run"], progress=False)
    assert run.facts["plan"] == plan
    assert run.facts["state"] == "finished"
    assert run.recipe.training.learning_rate == 0
    page = run.page_file.read_text()
    assert "Range test" in page
    assert f"training.learning_rate={answer['learning_rate']}" in page
    assert (run.folder / "plots" / "rates.svg").exists()


def test_rate__a_last_layer_alone_has_none(tiny: Path, tmp_path: Path) -> None:
    words = ("network.name=mobilenetv2", "network.weights=imagenet", "finetune.whole=false")
    with pytest.raises(RecipeError, match="a last layer alone has no learning rate"):
        rate(tiny, tmp_path / "run", load_recipe("default", words), progress=False)
    assert not (tmp_path / "run").exists()
