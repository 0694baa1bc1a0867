"""Reproduce: the original's experiments beside ours, on the same images, in one table."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from springfield import __version__
from springfield.errors import OutputError, SpringfieldError
from springfield.files import reason_of
from springfield.images.catalog import Catalog, read_catalog
from springfield.images.kaggle import place_of
from springfield.images.split import assign_parts
from springfield.images.store import choose_size
from springfield.learning.answering.litert import check_several
from springfield.learning.examples.batches import training_rows
from springfield.learning.model.backbones import check_weights
from springfield.recipe import Recipe, load_recipe
from springfield.results.page.languages import check_language
from springfield.results.pages.reproduce import write_reproduce_page
from springfield.results.reproduction import (
    ALONE,
    AUTOPILOT,
    REBALANCE,
    ROWS,
    Experiment,
    check_rows,
    measured,
    plan_experiments,
    row_of,
    seconds_at_most,
)
from springfield.run import PLAIN, Page, Run
from springfield.verbs.begun import BEGUN, begin_folder, check_same
from springfield.verbs.split import share_out
from springfield.verbs.toons import toons
from springfield.verbs.train import begin_run, resume
from springfield.windows import put

DRAWING = 10 * 60  # seconds that Toonville takes at scale 1, on two cores


@dataclass(frozen=True)
class Comparison:
    """What is compared: which rows, over how many seeds, and what all of them have in common."""

    rows: tuple[str, ...] = tuple(ROWS)
    seeds: int = 1
    settings: tuple[str, ...] = ()  # key=value for every row, after its own
    scale: float | None = None  # of Toonville, where no images are given; None: 1


EVERYTHING = Comparison()


def reproduce(
    data: str | Path | None,
    out: str | Path,
    asked: Comparison = EVERYTHING,
    *,
    page: Page = PLAIN,
    progress: bool = True,
) -> dict[str, Any]:
    """Train every row with every seed; write page.html, plot.svg and reproduce.json into `out`.

    The images are scanned once, and the rows of one seed share its split. Each row and seed is an
    ordinary run, `out`/<row>-seed<k>. The same command goes on with what was stopped, and one with
    more rows or seeds adds them.

    Args:
        data: folder or table of images; None: Toonville, drawn into `out`/toons.
        out: new folder, or one that was begun with the same images and settings.
        asked: what is compared.
        page: language of the pages, and what they tell of the command.
        progress: show bars, and how long it may take, on stderr.

    Returns:
        What `springfield reproduce --json` prints, and reproduce.json holds.

    Raises:
        SpringfieldError: the images, the rows or the folder cannot be used as they are.
    """
    check_language(page.language)
    _check(data, asked)
    home = Run(Path(out))  # no run itself, but its files are written as a run's are
    _begin(home, data, asked)

    # ---- the images: drawn or given, read once, shared out once a seed
    images = _draw(home, asked.scale or 1.0, progress=progress) if data is None else Path(data)
    _share_out(home, images, asked, progress=progress)

    # ---- the rows, fitted to these images, and those of them that are still to be trained
    counts, size = _look(home, asked.settings)
    experiments = plan_experiments(asked.settings, counts)
    rows = {*asked.rows, *([ALONE] if AUTOPILOT in asked.rows else [])}
    chosen = [experiment for experiment in experiments if experiment.name in rows]
    waiting = [
        (experiment, seed)
        for seed in range(asked.seeds)
        for experiment in chosen
        if not _run(home, experiment, seed).is_done
    ]
    if progress:
        trained = [each for each in waiting if each[0].name != AUTOPILOT]  # it takes one over
        seconds = (seconds_at_most(e.recipe(seed), counts, size) for e, seed in trained)
        _foretell(f"{len(trained)} trainings", sum(seconds))

    # ---- one after the other, each of them told at once
    for experiment, seed in waiting:
        run = _train(home, experiment, seed, page=page, progress=progress)
        if run.facts["state"] == "interrupted":
            return _tell(home, experiments, "interrupted", page)
        _tell(home, experiments, "unfinished", page)
    return _tell(home, experiments, "finished", page)


def _check(data: str | Path | None, asked: Comparison) -> None:
    check_rows(asked.rows)
    check_weights(load_recipe("default", asked.settings).network)
    check_several("reproduce")
    if any(setting.startswith(REBALANCE) for setting in asked.settings):
        raise SpringfieldError(
            f"--set {REBALANCE}: other last layers are the row '{AUTOPILOT}', and no other row has "
            "them; leave it out"
        )
    if asked.seeds < 1:
        raise SpringfieldError(f"--seeds {asked.seeds}: it must be at least 1")
    if data is not None and asked.scale is not None:
        raise SpringfieldError(
            f"--scale is for Toonville, and not for {data}; leave one of them out"
        )


def _begin(home: Run, data: str | Path | None, asked: Comparison) -> None:
    """Write down what all rows share, or make sure that it is what it was."""
    shared = {
        "data": "Toonville" if data is None else place_of(Path(data)),
        "scale": None if data is not None else asked.scale or 1.0,
        "settings": list(asked.settings),
        "version": __version__,
    }
    begin_folder(home, None if data is None else Path(data), None, shared)
    check_same(home, shared, tuple(shared), "rows")


def _draw(home: Run, scale: float, *, progress: bool) -> Path:
    town, begun = home.folder / "toons", home.read_json(BEGUN)
    if not begun.get("drawn"):
        if progress:
            _foretell("drawing Toonville", DRAWING * scale)
        shutil.rmtree(town, ignore_errors=True)  # of a drawing that was stopped
        toons(town, scale=scale, progress=progress)
        home.write_json(BEGUN, {**begun, "drawn": True})
    return town


def _share_out(home: Run, images: Path, asked: Comparison, *, progress: bool) -> None:
    """Write the manifest of each seed that has none yet."""
    missing = [seed for seed in range(asked.seeds) if not _manifest(home, seed).exists()]
    if not missing:
        return
    recipe = load_recipe("default", asked.settings)
    catalog = share_out(images, recipe, progress=progress)
    if 0 not in missing and _pictures(catalog) != _pictures(_shared(home, 0)):
        raise OutputError(
            f"{images} has changed since {home.folder} was begun, and all seeds must share its "
            "images; choose another --out"
        )
    home.write_json(BEGUN, {**home.read_json(BEGUN), "root": str(catalog.root.resolve())})
    for seed in missing:
        shared = assign_parts(catalog, replace(recipe.split, seed=seed))
        home.write_text(_manifest(home, seed).name, shared.to_csv())


def _pictures(catalog: Catalog) -> set[tuple[str, str, str]]:
    columns = (catalog[name].tolist() for name in ("path", "label", "sha256"))
    return set(zip(*columns, strict=True))


def _manifest(home: Run, seed: int) -> Path:
    return home.folder / f"split-seed{seed}.csv"


def _shared(home: Run, seed: int) -> Catalog:
    return read_catalog(_manifest(home, seed), Path(home.read_json(BEGUN)["root"]))


def _look(home: Run, settings: tuple[str, ...]) -> tuple[dict[str, int], int]:
    """Training images per class, and the side of the images that all rows see."""
    catalog = _shared(home, 0)
    size = load_recipe("default", settings).images.size or choose_size(catalog)
    return training_rows(catalog).counts(), size


def _run(home: Run, experiment: Experiment, seed: int) -> Run:
    return Run(home.folder / f"{experiment.name}-seed{seed}")


def _train(home: Run, experiment: Experiment, seed: int, *, page: Page, progress: bool) -> Run:
    """Train and judge one row with one seed, or go on with it."""
    run = _run(home, experiment, seed)
    if progress:
        print(f"{experiment.name}, seed {seed}", file=sys.stderr)
    if not run.is_begun and experiment.name == AUTOPILOT:
        _take_over(home.folder / f"{ALONE}-seed{seed}", run, experiment.recipe(seed))
    elif not run.is_begun:
        known = {**asdict(page), "data": home.read_json(BEGUN)["root"]}
        begin_run(_shared(home, seed), run.folder, experiment.recipe(seed), known)
    return resume(run.folder, progress=progress)


def _take_over(trained: Path, run: Run, recipe: Recipe) -> None:
    """Begin a run with all that another has learned, under a recipe of its own."""
    beside = run.folder.with_name(f".{run.folder.name}")
    shutil.rmtree(beside, ignore_errors=True)  # of a copy that was stopped
    try:
        shutil.copytree(trained, beside, ignore=shutil.ignore_patterns(run.card_file.name, "log"))
        Run(beside).write_text("recipe.toml", recipe.to_toml())
        put(beside, run.folder)
    except OSError as problem:
        raise OutputError(f"cannot write {run.folder}: {reason_of(problem)}") from problem


def _tell(home: Run, experiments: list[Experiment], state: str, page: Page) -> dict[str, Any]:
    """Write the table of all that is there, and return it."""
    begun = home.read_json(BEGUN)
    counts, size = _look(home, tuple(begun["settings"]))
    answer = {
        "out": str(home.folder),
        "state": state,
        "data": begun["data"],
        "scale": begun["scale"],
        "size": size,
        "counts": counts,
        "rows": [row_of(experiment, _measured(home, experiment)) for experiment in experiments],
        "page": str(home.page_file),
    }
    home.write_json("reproduce.json", answer)
    write_reproduce_page(home, answer, page.language)
    return answer


def _measured(home: Run, experiment: Experiment) -> list[dict[str, Any]]:
    """What the row's finished runs measured, in the order of their seeds."""
    seeds = (folder.name.rpartition("-seed")[2]
             for folder in home.folder.glob(f"{experiment.name}-seed*"))  # fmt: skip
    runs = [_run(home, experiment, seed) for seed in sorted(int(n) for n in seeds if n.isdigit())]
    return [measured(run) for run in runs if run.is_done]


def _foretell(what: str, seconds: float) -> None:
    """Say beforehand how long it may take."""
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    print(
        f"{what}: at most about {f'{hours} h ' if hours else ''}{minutes} min on two idle cores",
        file=sys.stderr,
    )
