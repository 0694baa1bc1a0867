"""Asking: how each command of the command line asks its verb.

Verbs are imported when they are asked for, so that `--help` answers at once and `audit`, `split`
and `submit` work without TensorFlow.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from springfield.doors import answers
from springfield.doors.answers import Answer
from springfield.doors.text import printable
from springfield.errors import OutputError
from springfield.files import check_new
from springfield.learning.machine.quiet import quiet
from springfield.recipe import load_recipe
from springfield.results.page.languages import spoken
from springfield.run import Page, open_run


def ask_demo(asked: Namespace) -> Answer:
    with quiet():
        from springfield.verbs.demo import demo

    return answers.of_run(demo(asked.out, language=asked.lang or spoken()))


def ask_toons(asked: Namespace) -> Answer:
    from springfield.verbs.toons import toons

    return toons(asked.out, scale=asked.scale, seed=asked.seed, defects=asked.defects)


def ask_audit(asked: Namespace) -> Answer:
    from springfield.verbs.audit import audit

    language = asked.lang or spoken()
    found = audit(asked.data, asked.out, exclude=asked.exclude, language=language)
    return answers.of_audit(found, asked.out)


def ask_split(asked: Namespace) -> Answer:
    from springfield.verbs.split import split

    recipe = load_recipe(asked.recipe, tuple(asked.set))
    catalog = split(asked.data, asked.out, recipe=recipe, exclude=asked.exclude)
    return answers.of_split(catalog, asked.out)


def ask_train(asked: Namespace) -> Answer:
    recipe = load_recipe(asked.recipe, tuple(asked.set))  # a slip is told before the long import
    with quiet():
        from springfield.verbs.train import train

    run = train(asked.data, asked.out, recipe, exclude=asked.exclude, page=_page(asked))
    return answers.of_run(run)


def ask_plan(asked: Namespace) -> Answer:
    recipe = load_recipe(asked.recipe, tuple(asked.set))  # a slip is told before the long import
    with quiet():
        from springfield.verbs.plan import plan

    return plan(asked.data, recipe)


def ask_rate(asked: Namespace) -> Answer:
    recipe = load_recipe(asked.recipe, tuple(asked.set))  # a slip is told before the long import
    with quiet():
        from springfield.verbs.rate import rate

    return rate(asked.data, asked.out, recipe, page=_page(asked))


def ask_sweep(asked: Namespace) -> Answer:
    from springfield.learning.planning.space import read_space

    recipe = load_recipe(asked.recipe, tuple(asked.set))  # slips are told before the long import
    read_space(asked.space, recipe)
    with quiet():
        from springfield.verbs.sweep import Effort, sweep

    effort = Effort(asked.trials, asked.minutes, asked.space)
    return sweep(asked.data, asked.out, recipe, effort, page=_page(asked))


def ask_resume(asked: Namespace) -> Answer:
    with quiet():
        from springfield.verbs.train import resume

    if open_run(asked.run).is_done:
        print(
            f"{printable(str(asked.run))} is finished: nothing more is learned, its scores and "
            "page are written anew; to learn from other images, train with another --out",
            file=sys.stderr,
        )
    return answers.of_run(resume(asked.run, language=asked.lang))


def ask_evaluate(asked: Namespace) -> Answer:
    from springfield.verbs.evaluate import evaluate

    return evaluate(asked.run, asked.data, prior=asked.prior)


def ask_rebalance(asked: Namespace) -> Answer:
    with quiet():
        from springfield.verbs.rebalance import rebalance

    return rebalance(asked.run)


def ask_needs(asked: Namespace) -> Answer:
    from springfield.results.needed import check_target

    recipe = load_recipe(asked.recipe, tuple(asked.set))  # a slip is told before the long import
    check_target(asked.target)
    with quiet():
        from springfield.verbs.needs import Question, needs

    question = Question(asked.target, asked.quick, asked.exclude)
    return needs(asked.data, asked.out, recipe, question, page=_page(asked))


def ask_predict(asked: Namespace) -> Answer:
    from springfield.verbs.predict import files_of, predict

    timeline = _timeline_beside(asked.csv, files_of(asked.paths)) if asked.csv else None
    found = predict(asked.run, asked.paths, prior=asked.prior)
    return answers.of_predictions(found, asked.csv, timeline)


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


def ask_explain(asked: Namespace) -> Answer:
    from springfield.verbs.explain import explain

    return explain(asked.run, asked.paths, asked.out, language=asked.lang or spoken())


def ask_submit(asked: Namespace) -> Answer:
    from springfield.verbs.submit import submit

    return submit(asked.run, asked.testdir, asked.out, sample=asked.sample, prior=asked.prior)


def ask_export(asked: Namespace) -> Answer:
    from springfield.learning.answering.exports import format_of

    format_of(asked.to)  # a slip is told before the long import
    with quiet():
        from springfield.verbs.export import export

    return export(asked.run, asked.to, asked.out, force=asked.force)


def ask_serve(asked: Namespace) -> None:
    from springfield.doors.server.process import serve

    key = asked.api_key or os.environ.get("SPRINGFIELD_API_KEY", "")
    serve(asked.run, host=asked.host, port=asked.port, key=key, ready=asked.say)


def ask_reproduce(asked: Namespace) -> Answer:
    load_recipe("default", tuple(asked.set))  # slips are told before the long import
    with quiet():
        from springfield.verbs.reproduce import Comparison, reproduce

    rows = tuple(asked.only) or Comparison.rows
    comparison = Comparison(rows, asked.seeds, tuple(asked.set), asked.scale)
    return reproduce(asked.data, asked.out, comparison, page=_page(asked))


def ask_doctor(asked: Namespace) -> Answer:
    from springfield.verbs.doctor import doctor

    return doctor()


def _page(asked: Namespace) -> Page:
    return Page(asked.lang or spoken(), asked.line)
