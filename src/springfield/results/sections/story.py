"""Story: everything a run's files say, read once; what is not there yet is empty."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from springfield.errors import DataError, RunError, SpringfieldError
from springfield.images.catalog import Catalog, read_catalog
from springfield.recipe import Recipe
from springfield.results.history import read_history
from springfield.results.page.languages import LANGUAGES
from springfield.results.predictions import Predictions, read_predictions
from springfield.run import Run


@dataclass(frozen=True, eq=False)
class Story:
    """One run as its page tells it."""

    run: Run
    facts: dict[str, Any]
    recipe: Recipe
    catalog: Catalog | None
    history: dict[str, list[float]]  # a list per column of history.csv (of the first member's)
    scores: dict[str, Any] | None
    predictions: Predictions | None

    @property
    def name(self) -> str:
        return self.run.folder.resolve().name

    @property
    def language(self) -> str:
        """Of the page, as it was when the run began or was last gone on with."""
        found = self.facts.get("language")
        return str(found) if found in LANGUAGES else LANGUAGES[0]

    @property
    def data(self) -> Path:
        return Path(str(self.facts.get("data", ".")))

    @property
    def root(self) -> Path:
        """The folder that the paths of the manifest begin in."""
        return Path(str(self.facts.get("root", self.data)))

    @property
    def precision(self) -> str:
        """The number format it was trained in; "" when unknown."""
        return str(self.facts.get("plan", {}).get("precision", ""))

    @property
    def rate_test(self) -> dict[str, Any] | None:
        """What the range test measured, where the recipe names no learning rate."""
        found = self.facts.get("plan", {}).get("rate_test")
        return dict(found) if found else None

    @property
    def epochs(self) -> int:
        return len(self.history.get("epoch", []))

    @property
    def exchanged(self) -> tuple[int, int] | None:
        """In how many folds another last layer was kept, of how many; None: there are no folds."""
        heads = [each.get("head", "plain") for each in self.folds["each"]] if self.folds else []
        return (sum(head != "plain" for head in heads), len(heads)) if heads else None

    @property
    def folds(self) -> dict[str, Any] | None:
        """What the scores say of folds, where the run has any and was judged."""
        found = (self.judged or {}).get("folds")
        return dict(found) if found else None

    @property
    def seconds(self) -> float | None:
        """Training time, of all folds together, if any was measured."""
        if self.folds:
            return float((self.judged or {})["seconds"])
        return self.own_seconds

    @property
    def own_seconds(self) -> float | None:
        """The same, of this fold alone."""
        known = [self.facts.get("seconds"), *reversed(self.history.get("seconds", []))]
        return next((float(s) for s in known if s is not None and math.isfinite(s)), None)

    @property
    def judged(self) -> dict[str, Any] | None:
        """The scores, when at least one image was judged."""
        return self.scores if self.scores and self.scores.get("n") else None

    @property
    def train_counts(self) -> dict[str, int]:
        """Training images per class after the cap."""
        return {str(k): int(v) for k, v in dict(self.facts.get("train_counts", {})).items()}

    def parts(self) -> dict[str, dict[str, int]]:
        """Images per class and part ("train", "val", "test", "out"), from the manifest."""
        if self.catalog is None or "part" not in self.catalog:
            return {}
        columns = (self.catalog["label"].tolist(), self.catalog["part"].tolist())
        counts = Counter((label, part or "out") for label, part in zip(*columns, strict=True))
        return {
            label: {part: counts[label, part] for part in ("train", "val", "test", "out")}
            for label in self.catalog.classes
        }


def read_story(run: Run) -> Story:
    """Read the files of a run. Raises `RunError` when run.json or recipe.toml cannot be read."""
    facts = run.facts
    return Story(
        run=run,
        facts=facts,
        recipe=run.recipe,
        catalog=_catalog(run, Path(str(facts.get("root", facts.get("data", "."))))),
        history=read_history((run.members or [run])[0].history_file),
        scores=_scores(run),
        predictions=_predictions(run),
    )


def _catalog(run: Run, root: Path) -> Catalog | None:
    try:
        return read_catalog(run.catalog_file, root)
    except DataError:
        return None


def _scores(run: Run) -> dict[str, Any] | None:
    try:
        return dict(run.read_json("scores.json"))
    except RunError:
        return None


def _predictions(run: Run) -> Predictions | None:
    try:
        return read_predictions(run.folder / "predictions.csv")
    except SpringfieldError:
        return None
