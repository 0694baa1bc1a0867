"""Begun: what all trainings in one folder share, written down once and then held to."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from springfield.errors import OutputError
from springfield.files import check_empty
from springfield.images.catalog import Catalog, read_catalog
from springfield.recipe import recipe_from
from springfield.run import Run

BEGUN = "begun.json"


def begin_folder(
    home: Run, data: Path | None, catalog: Catalog | None, shared: dict[str, Any]
) -> None:
    """Write what is shared, with a manifest if there is one, into a new folder; one begun stays.

    Raises:
        OutputError: the folder is not empty, or cannot be written.
    """
    if not (home.folder / BEGUN).exists():
        check_empty(home.folder, [data] if data else [])
        if catalog is not None:
            home.write_text(home.catalog_file.name, catalog.to_csv())
        home.write_json(BEGUN, shared)


def check_same(home: Run, shared: dict[str, Any], keys: tuple[str, ...], whose: str) -> None:
    """Raise `OutputError` where one of `keys` is not what it was when the folder was begun.

    A recipe's keys that have come since then count with their defaults.
    """
    before = home.read_json(BEGUN)
    if "recipe" in before:
        before["recipe"] = recipe_from(tomllib.loads(before["recipe"])).to_toml()
    for key in keys:
        if before.get(key) != shared[key]:
            raise OutputError(
                f"{home.folder} was begun with other {key}, and all its {whose} must share them; "
                "choose another --out"
            )


def shared_rows(home: Run) -> Catalog:
    """The manifest that all trainings share."""
    return read_catalog(home.catalog_file, Path(home.read_json(BEGUN)["root"]))
