"""The commands of the command line: what each one takes, and how it asks its verb (`asking`)."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from springfield.doors import asking
from springfield.doors.answers import Answer
from springfield.doors.arguments import (
    DATA,
    EXCLUDE,
    LANG,
    MEMORY,
    PRIOR,
    RECIPE,
    RUN,
    SET,
    Argument,
    argument,
    folds,
)


@dataclass(frozen=True)
class Command:
    """A command: what it runs, what `--help` says of it, what it takes."""

    run: Callable[[Namespace], Answer | None]  # None: all has been said
    says: str
    takes: tuple[Argument, ...]


# In the order of the story, which is the order of --help.
COMMANDS = {
    "demo": Command(
        asking.ask_demo,
        "the whole story on the embedded data set: draw, audit, train, report",
        (
            argument("--out", "new folder (default: demo)", metavar="DIR", default=Path("demo")),
            LANG,
        ),
    ),
    "toons": Command(
        asking.ask_toons,
        "draw the embedded data set, 42 townsfolk of very uneven fame",
        (
            argument("out", "new folder", metavar="OUT"),
            argument("--scale", "1 draws all 20,933 images", type=float, default=1.0, metavar="F"),
            argument("--seed", "another seed, other pictures", type=int, default=0, metavar="N"),
            argument("--defects", "plant defects, listed in defects.csv", action="store_true"),
        ),
    ),
    "audit": Command(
        asking.ask_audit,
        "look a folder of images over: counts, sizes, defects, duplicates, doubtful labels",
        (
            DATA,
            argument("--out", "new folder for the page and the tables", metavar="DIR"),
            EXCLUDE,
            LANG,
        ),
    ),
    "split": Command(
        asking.ask_split,
        "write a leak-proof table of training, validation and test images",
        (
            DATA,
            argument("--out", "new table", metavar="CSV", required=True),
            EXCLUDE,
            *RECIPE,
            folds("deal the images into K test parts, in the column fold"),
        ),
    ),
    "train": Command(
        asking.ask_train,
        "train a classifier and write its run folder: model, scores, page",
        (
            DATA,
            argument("--out", "new run folder", metavar="RUN", required=True),
            EXCLUDE,
            *RECIPE,
            folds("judge every image once, by K networks in turn"),
            MEMORY,
            LANG,
        ),
    ),
    "resume": Command(
        asking.ask_resume,
        "go on with an interrupted run, by default to the same weights",
        (RUN, LANG),
    ),
    "evaluate": Command(
        asking.ask_evaluate,
        "score a run on its held-out images, or on another labelled folder",
        (RUN, argument("data", "labelled images", metavar="DATA", nargs="?"), PRIOR),
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
            argument("--target", "mean recall to reach", type=float, default=0.9, metavar="SHARE"),
            argument(
                "--out",
                "folder, new or to go on with (default: needs-NAME, or needs-NAME-quick)",
                metavar="DIR",
            ),
            argument("--quick", "bounds, from one short training", action="store_true"),
            EXCLUDE,
            *RECIPE,
            LANG,
        ),
    ),
    "predict": Command(
        asking.ask_predict,
        "name what images show, and who appears when in videos",
        (
            RUN,
            argument("paths", "images, videos and folders of them", metavar="PATH", nargs="+"),
            argument(
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
            argument("paths", "images and folders of them", metavar="PATH", nargs="+"),
            argument("--out", "new folder for page and table", metavar="DIR", required=True),
            LANG,
        ),
    ),
    "submit": Command(
        asking.ask_submit,
        "write a validated Kaggle submission",
        (
            RUN,
            argument(
                "testdir",
                "the folder of test images, or the root of an archive that has one",
                metavar="TESTDIR",
            ),
            argument("--out", "new submission Id,Expected", metavar="CSV", required=True),
            argument("--sample", "the competition's sample submission", metavar="CSV"),
            PRIOR,
        ),
    ),
    "export": Command(
        asking.ask_export,
        "write a run's classifier for other programs, if it agrees with the original",
        (
            RUN,
            argument(
                "--to",
                "savedmodel, onnx, litert or litert-int8",
                type=str,
                required=True,
                metavar="FORMAT",
            ),
            argument("--out", "new folder (default: RUN/exports/FORMAT)", metavar="DIR"),
            argument("--force", "keep it even if it loses a class", action="store_true"),
        ),
    ),
    "serve": Command(
        asking.ask_serve,
        "answer over HTTP, for programs and with a page for people",
        (
            RUN,
            argument("--host", "address to listen at", type=str, default="127.0.0.1"),
            argument("--port", "0 picks a free one", type=int, default=8000, metavar="N"),
            argument(
                "--api-key",
                "key that requests must bring (better: SPRINGFIELD_API_KEY, which nobody sees)",
                type=str,
                metavar="KEY",
            ),
        ),
    ),
    "plan": Command(
        asking.ask_plan,
        "try out what fits into memory: images at a time, precision, size, and how long it takes",
        (DATA, MEMORY, *RECIPE),
    ),
    "rate": Command(
        asking.ask_rate,
        "find the learning rate by a range test: the first minute of a run, with a plot",
        (
            DATA,
            argument(
                "--out", "new run folder, for resume to go on with", metavar="RUN", required=True
            ),
            *RECIPE,
            LANG,
        ),
    ),
    "sweep": Command(
        asking.ask_sweep,
        "search for a better recipe: trainings that differ in a few keys, bad ones given up early",
        (
            DATA,
            argument("--out", "folder, new or to go on with", metavar="DIR", required=True),
            argument("--trials", "in all (default: 20)", type=int, default=20, metavar="N"),
            argument(
                "--minutes",
                "of training in all, after which no new trial begins (default: no limit)",
                type=float,
                default=0.0,
                metavar="M",
            ),
            *RECIPE,
            argument(
                "--space",
                'the keys to vary, as TOML: "network.dropout" = {low = 0.0, high = 0.5}, or a'
                " list of choices (default: nine keys)",
                metavar="FILE",
            ),
            LANG,
        ),
    ),
    "reproduce": Command(
        asking.ask_reproduce,
        "the experiments this project started from beside ours, on the same images",
        (
            argument(
                "data",
                "folder DATA/<class>/image, or a table path,label (default: Toonville, drawn first"
                " into DIR/toons, which takes some 10 minutes)",
                metavar="DATA",
                nargs="?",
            ),
            argument(
                "--out",
                "folder, new or to go on with (default: reproduce)",
                metavar="DIR",
                default=Path("reproduce"),
            ),
            SET,
            argument(
                "--seeds",
                "splits and first weights, for mean and spread (default: 1, some 2 hours on two"
                " cores)",
                type=int,
                default=1,
                metavar="N",
            ),
            argument(
                "--only",
                "rows to train: original-20x300, original-batch10, original, original-conv512,"
                " ours-20x300, ours-155, ours, autopilot",
                type=str,
                nargs="+",
                default=[],
                metavar="ROW",
            ),
            argument("--scale", "of Toonville (default: 1)", type=float, metavar="F"),
            LANG,
        ),
    ),
    "doctor": Command(
        asking.ask_doctor,
        "check each step of the set-up and say what mends it (exit code 2 if training is hindered)",
        (),
    ),
}
