"""Arguments that several commands take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from springfield.results.page.languages import LANGUAGES


@dataclass(frozen=True)
class Argument:
    """One argument, as argparse takes it."""

    name: str
    options: dict[str, Any]


def argument(name: str, says: str, **options: Any) -> Argument:
    """An argument and what `--help` says of it; a path, unless its options say otherwise."""
    kind = {} if "action" in options or "type" in options else {"type": Path}
    return Argument(name, {"help": says, **kind, **options})


def folds(says: str) -> Argument:
    """--folds K, short for a key of the recipe, with what it does for a command."""
    return argument(
        "--folds",
        f"{says} (--set split.folds=K)",
        action="append",
        type="split.folds={}".format,
        dest="set",
        default=[],
        metavar="K",
    )


DATA = argument(
    "data",
    "folder DATA/<class>/image, an archive's root, a table path,label (path from its folder on), or"
    " kaggle:COMPETITION or kaggle:OWNER/DATASET",
    metavar="DATA",
)
RUN = argument("run", "the folder of a run", metavar="RUN")
SET = argument(
    "--set", "change one key; may be repeated", action="append", default=[], metavar="KEY=VALUE"
)
RECIPE = (
    argument(
        "--recipe",
        "a recipe's name or TOML file (default: default)",
        type=str,
        default="default",
        metavar="NAME|FILE",
    ),
    SET,
)
MEMORY = argument(
    "--memory",
    "memory to keep to, such as 4GB: of the graphics card where there is one; all takes all of the"
    " card's (--set training.memory=4GB)",
    action="append",
    type='training.memory="{}"'.format,
    dest="set",
    default=[],
    metavar="4GB",
)
EXCLUDE = argument(
    "--exclude", "a table whose column path lists images that take no part", metavar="CSV"
)
PRIOR = argument(
    "--prior",
    "how frequent classes are: natural (as in the folder learned from), uniform, or estimated from"
    " these images (default: as the classifier assumes)",
    type=str,
    metavar="PRIOR",
)
LANG = argument(
    "--lang",
    "language of the page, en or ru (default: the locale's; resume: the run's)",
    type=str,
    choices=LANGUAGES,
    metavar="LANG",
)
