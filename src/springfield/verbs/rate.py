"""Rate: which learning rate do these images and this recipe want? The first minute of a run."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from springfield.errors import RecipeError
from springfield.images.exclude import NOTHING
from springfield.learning.examples.batches import Examples
from springfield.learning.machine import engine
from springfield.learning.training.pace import plan_run
from springfield.recipe import Recipe
from springfield.results.page.languages import check_language
from springfield.results.pages.rate import write_rate_page
from springfield.run import PLAIN, Page, Run
from springfield.verbs.materials import examples_to_learn
from springfield.verbs.train import begin
from springfield.verbs.within import settle, settled, within_memory


def rate(
    data: str | Path, out: str | Path, recipe: Recipe, *, page: Page = PLAIN, progress: bool = True
) -> dict[str, Any]:
    """Measure the learning rate that `train` would find and write a page with the range test.

    Args:
        data: folder or table of images.
        out: new folder; it becomes a run that `resume` goes on with, at the rate that was found.
        recipe: of the training; its own learning rate does not count.
        page: its language, and what it tells of the command.
        progress: show bars on stderr.

    Returns:
        What `springfield rate --json` prints: learning_rate, low, high, run and page.

    Raises:
        SpringfieldError: the images, the recipe or the folder cannot be used, or no rate is found.
    """
    check_language(page.language)
    if not recipe.tuning.whole:
        raise RecipeError("finetune.whole = false: a last layer alone has no learning rate to find")
    recipe = replace(recipe, training=replace(recipe.training, learning_rate=0.0))
    run = begin(Path(data), Path(out), recipe, NOTHING, page=page, progress=progress)
    with run.alone():
        engine.start_for(recipe.training)  # before copies are made: they use the backend, too
        training, validation = examples_to_learn(run, progress=progress)
        settle(run, progress=progress)
        within_memory(run, lambda: _measure(run, training, validation))
    write_rate_page(run, page.language)
    return {**_ends(run), "run": str(run.folder), "page": str(run.page_file)}


def _measure(run: Run, training: Examples, validation: Examples) -> None:
    recipe = settled(run)
    engine.start_for(recipe.training)
    run.note(plan=asdict(plan_run(recipe, training, validation)))


def _ends(run: Run) -> dict[str, float]:
    found = run.facts["plan"]["rate_test"]
    return {name: found[name] for name in ("learning_rate", "low", "high")}
