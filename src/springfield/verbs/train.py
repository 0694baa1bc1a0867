"""Train: from a folder of images to a finished run. The whole story, read from top to bottom."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from springfield import __version__
from springfield.files import write_atomically
from springfield.images.catalog import Catalog
from springfield.images.exclude import NOTHING, Exclusion, read_exclusion
from springfield.images.kaggle import place_of
from springfield.images.select import image_warnings, keep_largest
from springfield.images.store import choose_size
from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.freeze import check_agreement, freeze
from springfield.learning.answering.litert import check_several
from springfield.learning.examples.balance import cap_training
from springfield.learning.examples.batches import Examples, examples_of, training_rows
from springfield.learning.examples.guard import warnings_of
from springfield.learning.explaining.neighbours import keep_neighbours
from springfield.learning.machine import engine
from springfield.learning.machine.memory import give_back
from springfield.learning.model.backbones import find_weights, load_pretrained
from springfield.learning.model.networks import flops_of, layers_of
from springfield.learning.training.checkpoint import is_begun
from springfield.learning.training.fitting import Fitting, Plan, fresh_network
from springfield.learning.training.pace import plan_run
from springfield.learning.training.watcher import Watcher
from springfield.recipe import Recipe
from springfield.results.model_card import write_model_card
from springfield.results.page.languages import check_language
from springfield.results.report import write_report
from springfield.run import PLAIN, Page, Run, check_free, create_run, open_run
from springfield.verbs.background import judge_background
from springfield.verbs.evaluate import evaluate
from springfield.verbs.folds import fold_catalog, fold_recipe, inherited
from springfield.verbs.labels import review_labels
from springfield.verbs.manifest import kept_images
from springfield.verbs.materials import description_of, examples_to_learn
from springfield.verbs.members import beginning_of, combine_members, deal_members
from springfield.verbs.rebalance import rebalance_classifier
from springfield.verbs.split import share_out
from springfield.verbs.within import RAN_OUT_LAST, settle, settled, within_memory

log = logging.getLogger(__name__)


def train(
    data: str | Path,
    out: str | Path,
    recipe: Recipe,
    *,
    exclude: str | Path | None = None,
    page: Page = PLAIN,
    progress: bool = True,
) -> Run:
    """Train a classifier on a folder of images and return the finished run.

    Args:
        data: folder with one folder of images per class, or a table with path,label.
        out: folder of the run; new or empty.
        recipe: what to do.
        exclude: CSV file with the column path of images that take no part.
        page: its language and what it tells of the command.
        progress: show bars on stderr.

    Raises:
        SpringfieldError: the data, the recipe or the files cannot be used as they are.
    """
    check_language(page.language)
    exclusion = read_exclusion(exclude)
    run = begin(Path(data), Path(out), recipe, exclusion, page=page, progress=progress)
    for warning in run.facts["warnings"]:  # the page has them as well, but after the training
        log.warning("warning: %s", warning)
    with run.alone():
        return _carry_out(run, progress=progress)


def resume(folder: str | Path, *, progress: bool = True, language: str | None = None) -> Run:
    """Go on with a run that was interrupted, to the weights it would have reached undisturbed.

    Its page keeps its language unless another, "en" or "ru", is asked for.

    Raises:
        RunError: there is no run, or its manifest was changed.
    """
    run = open_run(folder)
    if language:
        check_language(language)
    with run.alone():
        if language:
            run.note(language=language)
        return _carry_out(run, progress=progress)


def begin(
    data: Path, out: Path, recipe: Recipe, exclusion: Exclusion, *, page: Page, progress: bool
) -> Run:
    """Everything up to the manifest; its tables are gone from memory when the training begins."""
    check_free(out, data)
    recipe = find_weights(recipe)
    if recipe.network.members > 1 or recipe.split.folds:
        check_several("a recipe with split.folds or network.members")
    catalog = share_out(data, recipe, exclusion, progress=progress)
    known = {**asdict(page), "data": place_of(data)}
    return begin_run(catalog, out, recipe, known, exclusion)


def begin_run(
    catalog: Catalog,
    out: Path,
    recipe: Recipe,
    known: dict[str, Any],
    exclusion: Exclusion = NOTHING,
) -> Run:
    """The balance, of training rows only, now that the held-out part is out of reach; the run."""
    if (out / "run.json").exists():
        check_free(out, catalog.root)  # another process has begun there meanwhile
    asked = recipe.images.size
    size = asked or choose_size(catalog)
    catalog = keep_largest(catalog, recipe.images.classes)
    found = image_warnings(catalog, 0 if asked else size)
    natural = training_rows(catalog).counts()
    catalog = cap_training(catalog, recipe.balance.cap, recipe.split.seed)
    catalog = deal_members(catalog, recipe)

    learned = training_rows(catalog).counts()
    facts = {
        "state": "started",
        **known,
        "version": __version__,
        "root": str(catalog.root.resolve()),
        "digest": catalog.digest(),
        "size": size,
        "classes": list(natural),
        "natural_counts": natural,
        "train_counts": learned,
        "warnings": [*found, *warnings_of(learned, recipe)],
    }
    if exclusion.name:
        facts["exclude"] = exclusion.facts()
        write_atomically(out / "exclude.csv", exclusion.content)
    return create_run(out, recipe, catalog.to_csv(), facts)


def _carry_out(run: Run, *, progress: bool) -> Run:
    """Everything after the split: what `train` does first and `resume` does again."""
    run.card_file.unlink(missing_ok=True)  # of what was learned until now
    give_back()  # of the tables before the manifest
    learn(run, progress=progress)
    engine.give_back_training()

    # ---- with split.folds: a network for each further part of the images
    _learn_folds(run, progress=progress)

    # ---- a last layer that serves the rare classes better, where there is one
    for fold in run.learned_folds:
        if run.recipe.balance.rebalance or fold.is_rebalanced:
            rebalance_classifier(fold, progress=progress)

    # ---- training images to compare with
    for fold in run.learned_folds:
        _keep_neighbours(fold, progress=progress)

    # ---- its scores on images it never saw, what they hang on, and which labels they speak against
    evaluate(run.folder, progress=progress)
    judge_background(run, progress=progress)
    review_labels(run, progress=progress)

    # ---- the page and the model card
    write_report(run)
    write_model_card(run)
    return run


def learn(run: Run, *, progress: bool, watched: Callable[..., Watcher] = Watcher) -> None:
    """From the manifest to the classifier; the network is gone from memory when it is judged.

    `watched` makes what shows the training and may stop it.
    """
    if run.members:
        _learn_members(run, progress=progress)
        return

    engine.start_for(run.recipe.training)  # before copies are made: they use the backend, too

    # ---- the pixels: every image decoded once, into one array on disk
    examples = examples_to_learn(run, progress=progress)
    give_back()  # of the table

    # ---- the training, with as many images at a time as there is memory for
    settle(run, progress=progress)
    fitting, done = within_memory(run, partial(_fit, run, examples, watched, progress=progress))

    # ---- the classifier, calibrated
    within_memory(run, partial(_freeze, run, fitting, done=done), RAN_OUT_LAST)


def _fit(
    run: Run,
    examples: tuple[Examples, Examples],
    watched: Callable[..., Watcher],
    *,
    progress: bool,
) -> tuple[Fitting, bool]:
    """From the pixels to the trained network, and whether all is done, from wherever it stands."""
    (training, validation), facts, recipe = examples, run.facts, settled(run)

    # ---- the network and its plan: measured once, kept for good
    versions = engine.start_for(recipe.training)
    state = facts["state"] if facts["state"] == "finished" else "training"
    run.note(state=state, versions=versions)
    plan = Plan(**facts["plan"]) if "plan" in facts else plan_run(recipe, training, validation)
    recipe = plan.settle(recipe)
    model = fresh_network(recipe, plan, training)
    run.note(
        plan=asdict(plan),
        parameters=model.count_params(),
        flops=flops_of(model),
        layers=layers_of(model),
    )

    # ---- the first weights: what others trained, and a last layer for these classes
    fitting = Fitting(model, training, validation, recipe, plan, run.checkpoint_folder)
    if not is_begun(run.checkpoint_folder):
        load_pretrained(model, recipe.network)
        if recipe.tuning.fits_head:
            run.note(head=fitting.begin(progress=progress))

    # ---- the training
    with watched(run, plan, show=progress) as watcher:
        done = fitting.run(watcher)
    return fitting, done and not watcher.wants_stop()  # asked after the last step


def _freeze(run: Run, fitting: Fitting, *, done: bool) -> None:
    """Turn the weights into the classifier, and see that both give the same answers."""
    run.note(kept_from=fitting.progress.kept_from(fitting.plan.epochs))
    network, told, folder = run.recipe.network, description_of(run), run.classifier_folder
    batch = settled(run).training.at_a_time
    whole = freeze(fitting.model, network, told, fitting.val, folder, batch=batch)
    classifier = Classifier.load(folder)
    run.note(
        state="finished" if done else "interrupted",
        seconds=round(fitting.progress.seconds, 1),
        epochs_done=fitting.progress.epoch,
        freezing_difference=check_agreement(classifier, whole, fitting.train.images[:batch]),
    )


def _learn_members(run: Run, *, progress: bool) -> None:
    """The members, each a run of its own, until the user stops one; then all of them as one."""
    for member in run.members:
        if not member.is_begun:
            begin_run(*beginning_of(run, member))
        if member.facts["state"] != "finished":
            with member.alone():
                run.note(state="training")
                learn(member, progress=progress)
            engine.give_back_training()
            run.note(plan=member.facts["plan"], micro_batch=member.facts.get("micro_batch", 0))
        if member.facts["state"] == "interrupted":
            break
    combine_members(run, description_of(run), progress=progress)


def _learn_folds(run: Run, *, progress: bool) -> None:
    """The further folds, each a run of its own, until the user stops one."""
    for further in run.further_folds:
        if run.facts["state"] == "interrupted":
            return
        if not further.is_begun:
            recipe = fold_recipe(run, further)
            begin_run(fold_catalog(run, recipe), further.folder, recipe, inherited(run))
        if further.facts["state"] != "finished":
            with further.alone():
                run.note(state="interrupted")  # until this fold is learned, too
                learn(further, progress=progress)
            engine.give_back_training()
            run.note(state=further.facts["state"])


def _keep_neighbours(run: Run, *, progress: bool) -> None:
    kept, images = kept_images(run, progress=progress)
    training = examples_of(kept, images, "train")
    classifier = Classifier.load(run.classifier_folder)
    keep_neighbours(run.classifier_folder, classifier, training, kept["path"])
