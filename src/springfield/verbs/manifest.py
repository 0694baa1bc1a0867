"""Manifest: the images of a run, as they were when it was trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from springfield.errors import RunError
from springfield.images.catalog import Catalog, read_catalog
from springfield.images.groups import takes_part
from springfield.images.store import open_store
from springfield.run import Run


def read_manifest(run: Run) -> Catalog:
    """Every row of a run's manifest.

    Raises:
        RunError: the manifest is not the one the run was trained with.
    """
    facts = run.facts
    catalog = read_catalog(run.catalog_file, Path(facts["root"]))
    if catalog.digest() != facts["digest"]:
        raise RunError(
            f"{run.catalog_file} was changed after training (its digest differs from run.json): "
            "scores on another split would not be honest; restore the file"
        )
    return catalog


def kept_rows(run: Run) -> Catalog:
    """Rows of a run's manifest that take part; raises as `read_manifest`."""
    catalog = read_manifest(run)
    if run.recipe.split.folds or run.facts.get("siblings"):  # all of them share one store
        return catalog.where(takes_part(catalog))
    return catalog.where(catalog["part"] != "")


def stored_images(run: Run, rows: Catalog, *, progress: bool) -> np.ndarray:
    """Pixels of the rows as the run's network takes them, uint8 [n, S, S, 3]."""
    return open_store(rows, run.facts["size"], run.recipe.images.fit, progress=progress)


def kept_images(run: Run, *, progress: bool) -> tuple[Catalog, np.ndarray]:
    """Rows of a run's manifest that take part, and their pixels: uint8 [n, S, S, 3]."""
    rows = kept_rows(run)
    return rows, stored_images(run, rows, progress=progress)
