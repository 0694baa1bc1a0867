"""Split: the leak-proof manifest on its own, for use with any other tool."""

from __future__ import annotations

from pathlib import Path

from springfield.files import check_new, write_atomically
from springfield.images.catalog import Catalog
from springfield.images.duplicates import group_duplicates
from springfield.images.exclude import NOTHING, Exclusion, exclude_listed, read_exclusion
from springfield.images.groups import join_named
from springfield.images.scan import scan
from springfield.images.select import check_trainable, leave_out
from springfield.images.split import assign_parts
from springfield.recipe import Recipe

FIRST = ("path", "label", "part", "fold", "group", "reason")  # what other tools look for


def split(
    data: str | Path,
    out: str | Path,
    *,
    recipe: Recipe | None = None,
    exclude: str | Path | None = None,
    progress: bool = True,
) -> Catalog:
    """Write the manifest of a folder or table of images to the CSV file `out` and return it.

    Its columns begin with path, label, part, group and reason; a row with a reason has no part.
    With folds, the column fold says which of them, from 0, tests a row, and part is as in one.
    `exclude` is a CSV file with the column path of images that take no part.
    Raises `OutputError` when the file exists or cannot be written, `DataError` when the images
    cannot be split or `exclude` does not fit them.
    """
    data, out, recipe = Path(data), Path(out), recipe or Recipe()
    check_new(out)
    exclusion = read_exclusion(exclude)
    catalog = share_out(data, recipe, exclusion, progress=progress)
    write_atomically(out, _manifest(catalog).to_csv().encode())
    return catalog


def share_out(
    data: Path, recipe: Recipe, exclusion: Exclusion = NOTHING, *, progress: bool
) -> Catalog:
    """The images: which there are, which belong together, which take part, and where."""
    catalog, fingerprints = scan(data, progress=progress)
    catalog = join_named(group_duplicates(catalog, fingerprints), recipe.split.group_by)
    catalog = exclude_listed(catalog, exclusion)
    catalog = leave_out(catalog, recipe.images)
    check_trainable(catalog)
    return assign_parts(catalog, recipe.split)


def _manifest(catalog: Catalog) -> Catalog:
    first = [name for name in FIRST if name in catalog]
    names = [*first, *(name for name in catalog.columns if name not in first)]
    return Catalog(catalog.root, {name: catalog[name] for name in names})
