"""Run: one training, as a folder of plain files.

======================  ==========================================================
file                    what it holds
======================  ==========================================================
run.json                state, command, versions, digests, the choices measured
recipe.toml             every key of the recipe
catalog.csv             the manifest: one row per image, with group, part, reason
exclude.csv             a copy of what --exclude named, if anything
history.csv             one row per epoch
checkpoint/             what `resume` goes on from
crash.txt               where a training within `--memory` crashed, until it is resumed
classifier/             all that prediction needs
predictions.csv         probabilities of the held-out images
scores.json             what `evaluate --json` prints
rebalance.json          the last layers that were tried, and which one was kept
background.json         how far each class is named by its background; background/ shows it
suspicious.csv          held-out images whose label is in doubt; labels.html shows them
page.html               what a person opens
model-card.md           what the classifier is good for, to publish with it
plots/, network.svg     its pictures as files of their own
log/                    TensorBoard
exports/                what `export` wrote, a folder per format
folds/                  the runs of the further folds, 2 to split.folds, if there are any
members/                the runs of the networks that are combined, if there are any
members.json            what each of them scored, and all together
provisional.npz         classes that were added while it was served
.lock                   held by the process that trains here; otherwise of no matter, nor is
                        .provisional.lock, by which servers take turns
======================  ==========================================================
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from springfield.errors import RunError
from springfield.files import check_empty, check_utf8, lock, write_atomically
from springfield.recipe import Recipe, load_recipe


@dataclass(frozen=True)
class Run:
    """A run folder; every write is atomic, so a killed process leaves the last good file."""

    folder: Path

    @property
    def catalog_file(self) -> Path:
        return self.folder / "catalog.csv"

    @property
    def history_file(self) -> Path:
        return self.folder / "history.csv"

    @property
    def checkpoint_folder(self) -> Path:
        return self.folder / "checkpoint"

    @property
    def crash_file(self) -> Path:
        return self.folder / "crash.txt"

    @property
    def classifier_folder(self) -> Path:
        return self.folder / "classifier"

    @property
    def page_file(self) -> Path:
        return self.folder / "page.html"

    @property
    def card_file(self) -> Path:
        return self.folder / "model-card.md"

    @property
    def further_folds(self) -> list[Run]:
        """Runs of the folds after the first, begun or not; only the first fold's run has any."""
        split = self.recipe.split
        numbers = range(2, split.folds + 1) if split.fold == 0 else range(0)
        return [Run(self.folder / "folds" / str(number)) for number in numbers]

    @property
    def learned_folds(self) -> list[Run]:
        """This run, and those of its further folds that have been trained."""
        return [self, *(fold for fold in self.further_folds if fold.is_learned)]

    @property
    def members(self) -> list[Run]:
        """Runs of the networks that this one's is combined of, begun or not; none: it is one."""
        count = self.recipe.network.members
        numbers = range(1, count + 1) if count > 1 else range(0)
        return [Run(self.folder / "members" / str(number)) for number in numbers]

    @property
    def is_rebalanced(self) -> bool:
        return (self.folder / "rebalance.json").is_file()

    @property
    def is_begun(self) -> bool:
        return (self.folder / "run.json").is_file()

    @property
    def is_learned(self) -> bool:
        """Whether it has a classifier that belongs to the newest of its weights."""
        return self.is_begun and self.facts["state"] in ("interrupted", "finished")

    @property
    def is_judged(self) -> bool:
        """Whether everything was done for it: the model card is what is written last."""
        return self.card_file.is_file()

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to do for it."""
        return self.is_begun and self.is_judged and self.facts["state"] == "finished"

    @property
    def recipe(self) -> Recipe:
        """The recipe as it was resolved when the run began."""
        return load_recipe(str(self.folder / "recipe.toml"))

    @property
    def facts(self) -> dict[str, Any]:
        """Contents of run.json. Raises `RunError` when they, or one asked for, cannot be read."""
        found = self.read_json("run.json")
        return _Facts(self.folder / "run.json", found if isinstance(found, dict) else {})

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from training here meanwhile. Raises `RunError` when one does.

        The system lets go of the lock when a process ends, however it does.
        """
        with (self.folder / ".lock").open("w") as file:
            if not lock(file):
                raise RunError(f"another process trains in {self.folder}; wait for it or stop it")
            yield

    def note(self, **facts: Any) -> None:
        """Add facts to run.json."""
        self.write_json("run.json", {**self.facts, **facts})

    def read_json(self, name: str) -> Any:
        """Read one of the run's JSON files. Raises `RunError` when it is missing or damaged."""
        try:
            content = (self.folder / name).read_bytes().decode("utf-8", "surrogateescape")
            return json.loads(content)
        except FileNotFoundError:
            raise RunError(f"{self.folder} has no {name}; is it a finished run?") from None
        except (OSError, ValueError) as problem:
            raise RunError(f"cannot read {self.folder / name}: {problem}") from problem

    def write_json(self, name: str, content: Any) -> None:
        """Write one of the run's JSON files atomically."""
        self.write_text(name, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def write_text(self, name: str, text: str) -> None:
        """Write one of the run's files atomically."""
        # The data folder's own name may be no UTF-8.
        write_atomically(self.folder / name, text.encode("utf-8", "surrogateescape"))


class _Facts(dict[str, Any]):
    """Facts of a run; one that is missing is the file's fault and not a bug."""

    def __init__(self, file: Path, found: dict[str, Any]) -> None:
        super().__init__(found)
        self.file = file

    def __missing__(self, key: str) -> NoReturn:
        raise RunError(f"{self.file} is damaged (it lacks '{key}'); restore it, or train anew")


@dataclass(frozen=True)
class Page:
    """What a run remembers for its page."""

    language: str = "en"  # or "ru"
    command: str = ""  # the words the user typed


PLAIN = Page()


def check_free(folder: Path, data: Path) -> None:
    """Make sure that a new run can go to `folder` and will not stand among its own images.

    Raises `RunError` when it already holds a run, `OutputError` when it holds anything else, is no
    folder, takes no files, lies inside `data` or has a name that TensorFlow cannot write to.
    """
    check_utf8(folder)
    if (folder / "run.json").exists():
        resumed = "" if Run(folder).is_done else f", or go on with it: springfield resume {folder}"
        raise RunError(f"{folder} already holds a run; choose another --out{resumed}")
    check_empty(folder, [data])


def create_run(folder: Path, recipe: Recipe, manifest: str, facts: dict[str, Any]) -> Run:
    """Make a new run folder, complete once its run.json is there.

    Raises `OutputError` when it cannot be written.
    """
    run = Run(folder)
    run.write_text("recipe.toml", recipe.to_toml())
    run.write_text(run.catalog_file.name, manifest)
    run.write_json("run.json", facts)
    return run


def open_run(folder: str | Path) -> Run:
    """Return the run in that folder. Raises `RunError` when there is none."""
    folder = Path(folder)
    if not (folder / "run.json").is_file():
        raise RunError(f"{folder} holds no run (there is no run.json in it)")
    return Run(folder)
