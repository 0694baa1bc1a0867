"""The commands of the command line: what each one takes, and which verb it asks.

Verbs are imported when they are asked for, so that `--help` answers at once and `audit`, `split`
and `submit` work without TensorFlow.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from springfield.doors import answers
from springfield.errors import OutputError
from springfield.learning.quiet import quiet
from springfield.recipe import load_recipe
from springfield.results.page.languages import LANGUAGES, spoken
from springfield.run import check_new

Answer = dict[str, Any]


def _demo(asked: Namespace) -> Answer:
    with quiet():
        from springfield.verbs.demo import demo

    return answers.of_run(demo(asked.out, language=asked.lang or spoken()))


def _toons(asked: Namespace) -> Answer:
    from springfield.verbs.toons import toons

    return toons(asked.out, scale=asked.scale, seed=asked.seed, defects=asked.defects)


def _audit(asked: Namespace) -> Answer:
    from springfield.verbs.audit import audit

    language = asked.lang or spoken()
    found = audit(asked.data, asked.out, exclude=asked.exclude, language=language)
    return answers.of_audit(found, asked.out)


def _split(asked: Namespace) -> Answer:
    from springfield.verbs.split import split

    recipe = load_recipe(asked.recipe, tuple(asked.set))
    catalog = split(asked.data, asked.out, recipe=recipe, exclude=asked.exclude)
    return answers.of_split(catalog, asked.out)


def _train(asked: Namespace) -> Answer:
    recipe = load_recipe(asked.recipe, tuple(asked.set))  # a slip is told before the long import
    with quiet():
        from springfield.verbs.train import Page, train

    page = Page(asked.lang or spoken(), asked.line)
    return answers.of_run(train(asked.data, asked.out, recipe, exclude=asked.exclude, page=page))


def _resume(asked: Namespace) -> Answer:
    with quiet():
        from springfield.verbs.train import resume

    return answers.of_run(resume(asked.run, language=asked.lang))


def _evaluate(asked: Namespace) -> Answer:
    from springfield.verbs.evaluate import evaluate

    return evaluate(asked.run, asked.data)


def _predict(asked: Namespace) -> Answer:
    from springfield.verbs.predict import files_of, predict

    files = files_of(asked.paths)
    timeline = _timeline_beside(asked.csv, files) if asked.csv else None
    return answers.of_predictions(predict(asked.run, files), asked.csv, timeline)


def _timeline_beside(csv: Path, files: Sequence[Path]) -> Path | None:
    """Where the picture of the videos goes, if there are any; both names must be free."""
    from springfield.images.video import is_video

    check_new(csv)
    if not any(map(is_video, files)):
        return None
    timeline = csv.with_suffix(".svg")
    if timeline == csv:
        raise OutputError(f"{csv} is where the picture of the videos goes; choose another --csv")
    check_new(timeline)
    return timeline


def _explain(asked: Namespace) -> Answer:
    from springfield.verbs.explain import explain

    return explain(asked.run, asked.paths, asked.out, language=asked.lang or spoken())


def _submit(asked: Namespace) -> Answer:
    from springfield.verbs.submit import submit

    return submit(asked.run, asked.testdir, asked.out, sample=asked.sample)


def _export(asked: Namespace) -> Answer:
    from springfield.learning.exports import format_of

    format_of(asked.to)  # a slip is told before the long import
    with quiet():
        from springfield.verbs.export import export

    return export(asked.run, asked.to, asked.out, force=asked.force)


def _serve(asked: Namespace) -> None:
    from springfield.doors.server.process import serve

    key = asked.api_key or os.environ.get("SPRINGFIELD_API_KEY", "")
    serve(asked.run, host=asked.host, port=asked.port, key=key, ready=asked.say)


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


DATA = _argument("data", "folder DATA/<class>/image, or a table path,label", metavar="DATA")
RUN = _argument("run", "the folder of a run", metavar="RUN")
RECIPE = (
    _argument(
        "--recipe",
        "a recipe's name or TOML file (default: default)",
        type=str,
        default="default",
        metavar="NAME|FILE",
    ),
    _argument(
        "--set", "change one key; may be repeated", action="append", default=[], metavar="KEY=VALUE"
    ),
)
EXCLUDE = _argument(
    "--exclude", "a table whose column path lists images that take no part", metavar="CSV"
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
        _demo,
        "the whole story on the embedded data set: draw, audit, train, report",
        (
            _argument("--out", "new folder (default: demo)", metavar="DIR", default=Path("demo")),
            LANG,
        ),
    ),
    "toons": Command(
        _toons,
        "draw the embedded data set, 42 townsfolk of very uneven fame",
        (
            _argument("out", "new folder", metavar="OUT"),
            _argument("--scale", "1 draws all 20,933 images", type=float, default=1.0, metavar="F"),
            _argument("--seed", "another seed, other pictures", type=int, default=0, metavar="N"),
            _argument("--defects", "plant defects, listed in defects.csv", action="store_true"),
        ),
    ),
    "audit": Command(
        _audit,
        "look a folder of images over: counts, sizes, defects, duplicates, doubtful labels",
        (
            DATA,
            _argument("--out", "new folder for the page and the tables", metavar="DIR"),
            EXCLUDE,
            LANG,
        ),
    ),
    "split": Command(
        _split,
        "write a leak-proof table of training, validation and test images",
        (DATA, _argument("--out", "new table", metavar="CSV", required=True), EXCLUDE, *RECIPE),
    ),
    "train": Command(
        _train,
        "train a classifier and write its run folder: model, scores, page",
        (
            DATA,
            _argument("--out", "new run folder", metavar="RUN", required=True),
            EXCLUDE,
            *RECIPE,
            LANG,
        ),
    ),
    "resume": Command(_resume, "go on with an interrupted run, to the same weights", (RUN, LANG)),
    "evaluate": Command(
        _evaluate,
        "score a run on its held-out images, or on another labelled folder",
        (RUN, _argument("data", "labelled images", metavar="DATA", nargs="?")),
    ),
    "predict": Command(
        _predict,
        "name what images show, and who appears when in videos",
        (
            RUN,
            _argument("paths", "images, videos and folders of them", metavar="PATH", nargs="+"),
            _argument(
                "--csv",
                "new table path,label,probability,error; of videos also a picture, FILE as .svg",
                metavar="FILE",
            ),
        ),
    ),
    "explain": Command(
        _explain,
        "show what in images speaks for the answers: heat maps, similar training images",
        (
            RUN,
            _argument("paths", "images and folders of them", metavar="PATH", nargs="+"),
            _argument("--out", "new folder for page and table", metavar="DIR", required=True),
            LANG,
        ),
    ),
    "submit": Command(
        _submit,
        "write a validated Kaggle submission",
        (
            RUN,
            _argument("testdir", "the folder of test images", metavar="TESTDIR"),
            _argument("--out", "new submission Id,Expected", metavar="CSV", required=True),
            _argument("--sample", "the competition's sample submission", metavar="CSV"),
        ),
    ),
    "export": Command(
        _export,
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
        _serve,
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
}
