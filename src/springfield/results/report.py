"""The page of a run, from its files alone."""

from __future__ import annotations

from pathlib import Path

from springfield.results.network_picture import network_picture
from springfield.results.page import english, russian
from springfield.results.page.document import document
from springfield.results.page.html import Html
from springfield.results.page.words import Words
from springfield.results.pages import rate_english, rate_russian
from springfield.results.plots import english as plots_english
from springfield.results.plots import russian as plots_russian
from springfield.results.plots.bars import class_bars
from springfield.results.plots.calibration import calibration_plot
from springfield.results.plots.confusion import confusion_matrix
from springfield.results.plots.curves import training_curves
from springfield.results.plots.rates import rate_plot
from springfield.results.plots.svg import stand_alone
from springfield.results.sections import english as sections_english
from springfield.results.sections import (
    members_english,
    members_russian,
    rebalance_english,
    rebalance_russian,
)
from springfield.results.sections import russian as sections_russian
from springfield.results.sections.background import background
from springfield.results.sections.classes import classes, tail
from springfield.results.sections.confidence import calibration
from springfield.results.sections.data import balance, bars, data, left_out, small
from springfield.results.sections.folds import folds
from springfield.results.sections.labels import labels
from springfield.results.sections.learning import network, training
from springfield.results.sections.making import making, warnings
from springfield.results.sections.members import members
from springfield.results.sections.mistakes import by_training_images, confusion, mistakes
from springfield.results.sections.overview import overview
from springfield.results.sections.rebalance import rebalance
from springfield.results.sections.sets import sets
from springfield.results.sections.story import Story, read_story
from springfield.run import Run

TABLES = {
    "en": (
        english.ENGLISH,
        plots_english.ENGLISH,
        sections_english.ENGLISH,
        rebalance_english.ENGLISH,
        members_english.ENGLISH,
        rate_english.ENGLISH,
    ),
    "ru": (
        russian.RUSSIAN,
        plots_russian.RUSSIAN,
        sections_russian.RUSSIAN,
        rebalance_russian.RUSSIAN,
        members_russian.RUSSIAN,
        rate_russian.RUSSIAN,
    ),
}
SECTIONS = {
    "warnings": warnings,
    "tail": tail,
    "classes": classes,
    "rebalance": rebalance,
    "folds": folds,
    "confusion": confusion,
    "mistakes": mistakes,
    "labels": labels,
    "background": background,
    "calibration": calibration,
    "sets": sets,
    "members": members,
    "training": training,
    "network": network,
    "data": data,
    "left_out": left_out,
    "small": small,
    "balance": balance,
    "making": making,
}


def write_report(run: Run) -> Path:
    """Write page.html, plots/*.svg and network.svg into the run folder; return the page's path.

    They speak the run's own language.

    A run that has no scores yet gets a page of what there is. Raises `RunError` when run.json or
    recipe.toml cannot be read, `OutputError` when the folder cannot be written.
    """
    story = read_story(run)
    say = Words(*TABLES[story.language], language=story.language)
    written = {name: make(story, say) for name, make in SECTIONS.items()}
    there = {name: content for name, content in written.items() if content is not None}
    head = overview(story, list(there), say)
    run.write_text(run.page_file.name, document(story.name, head, list(there.values()), say))
    for name, picture in _pictures(story, say).items():
        run.write_text(name, stand_alone(picture))
    return run.page_file


def _pictures(story: Story, say: Words) -> dict[str, Html]:
    """The plots that also stand as files of their own."""
    found = {}
    if story.epochs:
        found["plots/training.svg"] = training_curves(story.history, say)
    if story.rate_test:
        found["plots/rates.svg"] = rate_plot(story.rate_test, say)
    if story.parts():
        found["plots/classes.svg"] = class_bars(bars(story), say)
    if story.judged and "confusion" in story.judged:
        found["plots/confusion.svg"] = confusion_matrix(*by_training_images(story.judged), say)
        found["plots/calibration.svg"] = calibration_plot(story.judged["calibration"]["bins"], say)
    if story.facts.get("layers"):
        found["network.svg"] = network_picture(story.facts["layers"], say)
    return found
