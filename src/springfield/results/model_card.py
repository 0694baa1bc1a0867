"""The model card: what a classifier is good for, in Markdown, to publish beside it.

Everything in it follows from the run's files. Its head is the YAML that model hubs read
(Hugging Face's convention); the licence is left to whoever publishes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from springfield.images.kaggle import is_named
from springfield.learning.answering.classifier import Description
from springfield.recipe import Recipe
from springfield.results.card_limits import limits, plain, uses
from springfield.results.page.words import Words
from springfield.results.sections.background import by_reliance, read_background
from springfield.results.sections.confidence import read_classifier
from springfield.results.sections.making import again
from springfield.results.sections.members import read_members
from springfield.results.sections.story import Story, read_story
from springfield.run import Run
from springfield.windows import command_line


def write_model_card(run: Run) -> Path:
    """Write model-card.md into the run folder; return its path.

    Raises `RunError` when run.json or recipe.toml cannot be read, `OutputError` when the folder
    cannot be written.
    """
    story, say = read_story(run), Words({})
    parts = (_what, _scores, _classes, _confidence, _background, _training, _using)
    sections = [text for part in parts if (text := part(story, say))]
    pages = [_head(story), f"# {plain(story.name)}", *sections]
    run.write_text(
        run.card_file.name, "\n\n".join(pages).encode("utf-8", "replace").decode() + "\n"
    )
    return run.card_file


def _head(story: Story) -> str:
    scores = story.judged
    lines = [
        "---",
        "# license: choose one, and check that of the training images",
        "library_name: springfield",
        "pipeline_tag: image-classification",
        "tags: [image-classification, long-tail, springfield]",
    ]
    if scores:
        lines += [
            "model-index:",
            f"- name: {json.dumps(story.name)}",
            "  results:",
            "  - task: {type: image-classification}",
            f"    dataset: {{name: {json.dumps(story.data.name)}, type: custom, split: held out}}",
            "    metrics:",
            f"    - {{type: accuracy, value: {scores['accuracy']:.4f}}}",
            f"    - {{type: f1, name: macro-F1, value: {scores['macro_f1']:.4f}}}",
        ]
    return "\n".join([*lines, "---"])


def _what(story: Story, say: Words) -> str:
    classes, scores = list(story.facts.get("classes", story.train_counts)), story.judged
    size = story.facts.get("size", 0)
    network = story.recipe.network.name
    text = (
        f"Names the one of {len(classes)} classes that an image shows. A `{network}` network of "
        f"{say.number(story.facts.get('parameters', 0))} weights, {_learned(story)} "
        f"{say.number(sum(story.train_counts.values()))} images of {size} × {size} pixels."
    )
    if found := read_members(story):
        text += _members(found, story.recipe.network.combine)
    elif story.facts.get("state") != "finished" and story.folds:
        last, count = story.folds["each"][-1]["fold"], story.folds["count"]
        text += f" The training of its folds was interrupted in fold {last} of {count}."
    elif story.facts.get("state") != "finished":
        text += f" Its training was interrupted after {story.epochs} epochs."
    if not scores:
        return text + " It has not been judged yet."
    lists = (("Intended use", uses(story, say)), ("Limits", limits(story, say)))
    return "\n\n".join([text, *(f"## {title}\n\n{_list(lines)}" for title, lines in lists)])


def _learned(story: Story) -> str:
    weights = story.recipe.network.weights
    if weights == "none":
        return "trained from scratch on"
    others = "ImageNet" if weights == "imagenet" else "a file"
    if not story.recipe.tuning.whole:
        return f"with weights from {others} and only its end fitted to"
    return f"begun with weights from {others} and trained on"


def _members(found: dict[str, Any], combine: str) -> str:
    count, done = found["count"], len(found["each"])
    text = (
        f" It is made of {count} networks, each trained without its own part of these images, "
        f"which chose the epoch that was kept, by the mean of their {combine}."
    )
    return text if done == count else f"{text} Training was interrupted with {done} of them there."


def _scores(story: Story, say: Words) -> str:
    scores = story.judged
    if not scores:
        return ""
    rows: list[list[object]] = [
        ["all", len(scores["classes"]), scores["n"], *_figures(scores, say)]
    ]
    many, few = story.recipe.scores.many, story.recipe.scores.few
    names = {
        "many": f"many, more than {many}",
        "medium": f"medium, {few} to {many}",
        "few": f"few, fewer than {few}",
    }
    for kind, each in scores.get("groups", {}).items():
        rows.append([names[kind], each["classes"], each["n"], *_figures(each, say)])
    head = ["classes by training images", "classes", "held-out images", "accuracy", "macro-F1",
            "95% interval"]  # fmt: skip
    low, high = say.percent(scores["accuracy_low"]), say.percent(scores["accuracy_high"])
    return (
        f"## Scores\n\n{_how_judged(story, say)} Accuracy {say.percent(scores['accuracy'])}, 95% "
        f"interval {low} to {high}. Macro-F1 averages the F1 of all judged classes, however rare."
        f"\n\n{_table(head, rows)}"
    )


def _how_judged(story: Story, say: Words) -> str:
    n = say.number((story.judged or {})["n"])
    if not (folds := story.folds):
        return (
            f"On {n} images it never saw, of which no near-duplicate was among those it learned "
            "from."
        )
    first, done = folds["each"][0]["fold"], len(folds["each"])
    return (
        f"By cross-validation in {folds['count']} folds: {n} images, each judged once, by a network"
        f" that had seen neither it nor a near-duplicate. {done} such networks were trained; this "
        f"classifier is that of fold {first}."
    )


def _figures(scores: dict[str, Any], say: Words) -> list[str]:
    bounds = say.interval(scores["macro_f1_low"], scores["macro_f1_high"])
    return [say.percent(scores["accuracy"]), say.fraction(scores["macro_f1"]), bounds]


def _classes(story: Story, say: Words) -> str:
    scores = story.judged
    if not scores:
        rows = [[plain(name), n] for name, n in story.train_counts.items()]
        return f"## Classes\n\n{_table(['class', 'training images'], rows)}"
    known = sorted(scores["classes"].items(), key=lambda item: (-item[1]["train"], item[0]))
    lines = [
        [plain(name), each["train"], each["n"], say.fraction(each["f1"]),
         say.interval(each["low"], each["high"]), each.get("verdict", "")]
        for name, each in known
    ]  # fmt: skip
    names = ["class", "training images", "held out", "F1", "95% interval", "verdict"]
    return f"## Classes\n\n{_table(names, lines)}"


def _confidence(story: Story, say: Words) -> str:
    known, scores = read_classifier(story), story.judged
    if not known or not scores:
        return ""
    ece = say.number(100 * scores["calibration"]["ece"], 1)
    temperature = f"{known.calibration.temperature:.2f}"
    fitted = ", fitted on the validation images"
    divided = f"Its logits are divided by a temperature of {temperature}{fitted}"
    if known.calibration.temperature == 1:
        divided = "There were too few validation images to fit a temperature"
    if story.folds:
        own = f"a temperature of its own ({temperature} here)"
        divided = f"Each fold's logits are divided by {own}{fitted}"
    text = (
        f"## Confidence and sets\n\n{_last_layer(known, story, say)}"
        f"{divided}. On the held-out images its confidence lies "
        f"{ece} points from how often it is right, on average."
    )
    sets = scores.get("sets")
    if not sets or not sets["n"]:
        return text
    return (
        f"{text} Its sets of classes are to hold the right one {say.percent(sets['level'], 0)} of "
        f"the time; they did {say.percent(sets['coverage'])} of the time, with "
        f"{say.number(sets['size'], 1)} classes on average."
    )


def _last_layer(known: Description, story: Story, say: Words) -> str:
    """A sentence on the last layer where it is another than the trained one."""
    scores = story.judged or {}
    before, (changed, of) = scores.get("plain", {}), story.exchanged or (0, 0)
    whose = f"Its last layer (`{known.head}`) was"
    if of and changed:
        whose = f"In {changed} of {of} folds the last layer was"
    elif of or known.head == "plain":
        return ""
    trained = (
        f"; with the trained one they are {say.percent(before.get('accuracy'))} and "
        f"{say.fraction(before.get('macro_f1'))}"
    )
    return (
        f"{whose} fitted on the trained features and chosen on the "
        "validation images, because it serves rare classes better: on the held-out images accuracy "
        f"is {say.percent(scores['accuracy'])} and macro-F1 {say.fraction(scores['macro_f1'])}"
        f"{trained if before else ''}.\n\n"
    )


def _background(story: Story, say: Words) -> str:
    found = read_background(story)
    if not found:
        return ""
    judged = by_reliance(found)
    title = "## Reliance on the background\n\n"
    if not judged:
        return f"{title}Not measured: too few rightly named images had a figure to be hidden."
    rows = [
        [plain(name), each["n"], say.percent(each["share"], 0), say.percent(each["elsewhere"], 0),
         say.percent(each["figure_alone"] / each["n"], 0)]
        for name, each in judged
    ]  # fmt: skip
    names = ["class", "images", "named by its background alone", "by the background of others",
             "by its figure alone"]  # fmt: skip
    return (
        f"{title}Rightly named held-out images, at most {found['each']} of a class, asked again "
        "with the figure painted over and with nothing but the figure. The figure is found "
        f"without labels, which does not always succeed. {len(found['classes']) - len(judged)} "
        f"classes have fewer than {found['fewest']} such images and are missing here.\n\n"
        f"{_table(names, rows)}"
    )


def _training(story: Story, say: Words) -> str:
    usual, chosen = dataclasses.asdict(Recipe()), dataclasses.asdict(story.recipe)
    changed = [
        f"`{part}.{key}`: {plain(_public(value))} instead of {plain(str(usual[part][key]))}"
        for part, values in chosen.items()
        for key, value in values.items()
        if value != usual[part][key]
    ]
    versions = {"springfield": story.facts.get("version", ""), **story.facts.get("versions", {})}
    lines = [
        f"split: `{story.facts.get('digest', '')}`",
        f"epochs: {story.epochs}",
        *([f"time: {say.number(story.seconds)} s"] if story.seconds else []),
        *([f"precision: {story.precision}"] if story.precision else []),
        "versions: " + ", ".join(f"{plain(str(k))} {plain(str(v))}" for k, v in versions.items()),
    ]
    recipe = _list(changed) if changed else "Nothing: this is the default recipe."
    known = is_named(story.data)  # at Kaggle, by all; elsewhere it is private where images lie
    once_more = again(story, data=story.data.as_posix() if known else story.data.name)
    return (
        f"## Training\n\nTo do it again:\n\n{_code(once_more)}\n\nThe command was:\n\n"
        f"{_code(str(story.facts.get('command', '')))}\n\n{_list(lines)}\n\n"
        f"What differs from the default recipe:\n\n{recipe}"
    )


def _public(value: object) -> str:
    """A value of the recipe; of a file its name alone."""
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else str(value)


def _using(story: Story, say: Words) -> str:
    run = command_line([story.name])
    python = (
        "from springfield import Classifier\n\n"
        f"classifier = Classifier.load({str(Path(story.name, 'classifier'))!r})\n"
        'probabilities = classifier.probabilities_of("image.jpg")\n'
        "print(classifier.classes[probabilities.argmax()])"
    )
    shell = f"springfield predict {run} image.jpg\nspringfield explain {run} image.jpg --out why"
    return f"## How to use\n\n{_code(shell, 'sh')}\n\n{_code(python, 'python')}"


def _code(text: str, language: str = "") -> str:
    fence = "`" * 3
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
