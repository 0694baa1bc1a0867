"""The commands of the command line: what each one takes, and how it asks its verb (`asking`)."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from springfield.doors import asking
from springfield.doors.asking import Answer
from springfield.results.page.languages import LANGUAGES


@dataclass(frozen=True)
class Argument:
    """One argument, as argparse takes it."""

    name: str
    options: dict[str, Any]


def _argument(name: str, says: str, **options: Any) -> Argument:
    kind = {} if "action" in options or "type" in options else {"type": Path}
    return Argument(name, {"help": says, **kind, **options})


@dataclass(frozen=True)
class Command:
    """A command: what it runs, what `--help` says of it, what it takes."""

    run: Callable[[Namespace], Answer | None]  # None: all has been said
    says: str
    takes: tuple[Argument, ...]


DATA = _argument(
    "data",
    "folder DATA/<class>/image, an archive's root, a table path,label, or kaggle:COMPETITION or"
    " kaggle:OWNER/DATASET",
    metavar="DATA",
)
RUN = _argument("run", "the folder of a run", metavar="RUN")
SET = _argument(
    "--set", "change one key; may be repeated", action="append", default=[], metavar="KEY=VALUE"
)
RECIPE = (
    _argument(
        "--recipe",
        "a recipe's name or TOML file (default: default)",
        type=str,
        default="default",
        metavar="NAME|FILE",
    ),
    SET,
)
FOLDS: dict[str, Any] = {
    "action": "append",
    "type": "split.folds={}".format,
    "dest": "set",
    "default": [],
    "metavar": "K",
}
EXCLUDE = _argument(
    "--exclude", "a table whose column path lists images that take no part", metavar="CSV"
)
PRIOR = _argument(
    "--prior",
    "how frequent classes are: natural (as in the folder learned from), uniform, or estimated from"
    " these images (default: as the classifier assumes)",
    type=str,
    metavar="PRIOR",
)
LANG = _argument(
    "--lang",
    "language of the page, en or ru (default: the locale's)",
    type=str,
    choices=LANGUAGES,
    metavar="LANG",
)

# In the order of the story, which is the order of --help.
COMMANDS = {
    "demo": Command(
        asking.ask_demo,
        "the whole story on the embedded data set: draw, audit, train, report",
        (
            _argument("--out", "new folder (default: demo)", metavar="DIR", default=Path("demo")),
            LANG,
        ),
    ),
    "toons": Command(
        asking.ask_toons,
        "draw the embedded data set, 42 townsfolk of very uneven fame",
        (
            _argument("out", "new folder", metavar="OUT"),
            _argument("--scale", "1 draws all 20,933 images", type=float, default=1.0, metavar="F"),
            _argument("--seed", "another seed, other pictures", type=int, default=0, metavar="N"),
            _argument("--defects", "plant defects, listed in defects.csv", action="store_true"),
        ),
    ),
    "audit": Command(
        asking.ask_audit,
        "look a folder of images over: counts, sizes, defects, duplicates, doubtful labels",
        (
            DATA,
            _argument("--out", "new folder for the page and the tables", metavar="DIR"),
            EXCLUDE,
            LANG,
        ),
    ),
    "split": Command(
        asking.ask_split,
        "write a leak-proof table of training, validation and test images",
        (
            DATA,
            _argument("--out", "new table", metavar="CSV", required=True),
            EXCLUDE,
            *RECIPE,
            _argument(
                "--folds",
                "deal the images into K test parts, in the column fold (--set split.folds=K)",
                **FOLDS,
            ),
        ),
    ),
    "train": Command(
        asking.ask_train,
        "train a classifier and write its run folder: model, scores, page",
        (
            DATA,
            _argument("--out", "new run folder", metavar="RUN", required=True),
            EXCLUDE,
            *RECIPE,
            _argument(
                "--folds",
                "judge every image once, by K networks in turn (--set split.folds=K)",
                **FOLDS,
            ),
            LANG,
        ),
    ),
    "rate": Command(
        asking.ask_rate,
        "find the learning rate by a range test: the first minute of a run, with a plot",
        (
            DATA,
            _argument(
                "--out", "new run folder, for resume to go on with", metavar="RUN", required=True
            ),
            *RECIPE,
            LANG,
        ),
    ),
    "resume": Command(
        asking.ask_resume, "go on with an interrupted run, to the same weights", (RUN, LANG)
    ),
    "evaluate": Command(
        asking.ask_evaluate,
        "score a run on its held-out images, or on another labelled folder",
        (RUN, _argument("data", "labelled images", metavar="DATA", nargs="?"), PRIOR),
    ),
    "rebalance": Command(
        asking.ask_rebalance,
        "try last layers that serve rare classes better, and keep one that does (train does so)",
        (RUN,),
    ),
    "needs": Command(
        asking.ask_needs,
        "how many images per class a target takes: learning curves with intervals",
        (
            DATA,
            _argument("--target", "mean recall to reach", type=float, default=0.9, metavar="SHARE"),
            _argument(
                "--out",
                "folder, new or to go on with (default: needs-NAME, or needs-NAME-quick)",
                metavar="DIR",
            ),
            _argument("--quick", "bounds, from one short training", action="store_true"),
            *RECIPE,
            LANG,
        ),
    ),
    "predict": Command(
        asking.ask_predict,
        "name what images show, and who appears when in videos",
        (
            RUN,
            _argument("paths", "images, videos and folders of them", metavar="PATH", nargs="+"),
            _argument(
                "--csv",
                "new table path,label,probability,error; of videos also a picture, FILE as .svg",
                metavar="FILE",
            ),
            PRIOR,
        ),
    ),
    "explain": Command(
        asking.ask_explain,
        "show what in images speaks for the answers: heat maps, similar training images",
        (
            RUN,
            _argument("paths", "images and folders of them", metavar="PATH", nargs="+"),
            _argument("--out", "new folder for page and table", metavar="DIR", required=True),
            LANG,
        ),
    ),
    "submit": Command(
        asking.ask_submit,
        "write a validated Kaggle submission",
        (
            RUN,
            _argument(
                "testdir",
                "the folder of test images, or the root of an archive that has one",
                metavar="TESTDIR",
            ),
            _argument("--out", "new submission Id,Expected", metavar="CSV", required=True),
            _argument("--sample", "the competition's sample submission", metavar="CSV"),
            PRIOR,
        ),
    ),
    "export": Command(
        asking.ask_export,
        "write a run's classifier for other programs, if it agrees with the original",
        (
            RUN,
            _argument(
                "--to",
                "savedmodel, onnx, litert or litert-int8",
                type=str,
                required=True,
                metavar="FORMAT",
            ),
            _argument("--out", "new folder (default: RUN/exports/FORMAT)", metavar="DIR"),
            _argument("--force", "keep it even if it loses a class", action="store_true"),
        ),
    ),
    "serve": Command(
        asking.ask_serve,
        "answer over HTTP, for programs and with a page for people",
        (
            RUN,
            _argument("--host", "address to listen at", type=str, default="127.0.0.1"),
            _argument("--port", "0 picks a free one", type=int, default=8000, metavar="N"),
            _argument(
                "--api-key",
                "key that requests must bring (better: SPRINGFIELD_API_KEY, which nobody sees)",
                type=str,
                metavar="KEY",
            ),
        ),
    ),
    "reproduce": Command(
        asking.ask_reproduce,
        "the experiments this project started from beside ours, on the same images",
        (
            _argument(
                "data",
                "folder DATA/<class>/image, or a table path,label (default: Toonville, drawn first"
                " into DIR/toons, which takes some 10 minutes)",
                metavar="DATA",
                nargs="?",
            ),
            _argument(
                "--out",
                "folder, new or to go on with (default: reproduce)",
                metavar="DIR",
                default=Path("reproduce"),
            ),
            SET,
            _argument(
                "--seeds",
                "splits and first weights, for mean and spread (default: 1, some 2 hours on two"
                " cores)",
                type=int,
                default=1,
                metavar="N",
            ),
            _argument(
                "--only",
                "rows to train: original-20x300, original-batch10, original, original-conv512,"
                " ours-20x300, ours-155, ours, autopilot",
                type=str,
                nargs="+",
                default=[],
                metavar="ROW",
            ),
            _argument("--scale", "of Toonville (default: 1)", type=float, metavar="F"),
            LANG,
        ),
    ),
    "doctor": Command(
        asking.ask_doctor,
        "check each step of the set-up and say what mends it (exit code 2 if training is hindered)",
        (),
    ),
}
