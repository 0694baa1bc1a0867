"""The head of the page: what came out, as a sentence and four figures."""

from __future__ import annotations

import math

from springfield.results.page.document import masthead
from springfield.results.page.html import Html, join, tag
from springfield.results.page.tables import figures
from springfield.results.page.words import Words
from springfield.results.sections.members import read_members
from springfield.results.sections.story import Story

Figure = tuple[object, object, object | None]  # what it is, the number, what belongs to it


def overview(story: Story, contents: list[str], say: Words) -> Html:
    """Title, deck, figures and the list of contents."""
    links = (tag("a", say(f"{name}.title"), href=f"#{name}") for name in contents)
    return masthead(
        _kicker(story, say),
        _title(story, say),
        _deck(story, say),
        figures(_figures(story, say)),
        tag("nav", *links, aria_label=say("nav")),
    )


def _kicker(story: Story, say: Words) -> Html:
    images = say("count.images", n=len(story.catalog) if story.catalog is not None else 0)
    classes = say("count.classes", n=len(story.facts.get("classes", ())))
    return say("kicker", name=story.name, data=str(story.data), images=images, classes=classes)


def _title(story: Story, say: Words) -> Html:
    if story.judged:
        return say("head.judged", accuracy=say.percent(story.judged["accuracy"]))
    state = str(story.facts.get("state"))
    return say(f"head.{state}" if state in ("interrupted", "finished") else "head.training")


def _deck(story: Story, say: Words) -> Html:
    scores = story.judged
    if not scores:
        so_far = say("deck.unfinished", n=story.epochs)
        return join([so_far, say("deck.go_on", run=str(story.run.folder))], " ")
    classes = len(scores["classes"])
    judged = scores.get("judged_classes", classes)
    stopped = story.facts.get("state") == "interrupted"
    seen = say("deck.all") if judged == classes else say("deck.some", judged=judged, n=classes)
    words = say(
        "deck.folds" if story.folds else "deck.judged",
        n=int(scores["n"]),
        right=say.number(round(scores["accuracy"] * scores["n"])),
        low=say.percent(scores.get("accuracy_low")),
        high=say.percent(scores.get("accuracy_high")),
        macro=say.fraction(scores["macro_f1"]),
        classes=seen,
    )
    if not stopped:
        return words
    early = say("deck.stopped", n=story.epochs)
    if found := read_members(story):
        early = say("deck.stopped_members", n=len(found["each"]), count=found["count"])
    if folds := story.folds:
        fold = folds["each"][-1]["fold"]
        early = say("deck.stopped_fold", fold=fold, count=folds["count"])
    return join([words, early, say("deck.go_on", run=str(story.run.folder))], " ")


def _figures(story: Story, say: Words) -> list[Figure]:
    shown = _judged(story, say) if story.judged else _so_far(story, say)
    if story.seconds is not None:
        epochs = say("count.epochs", n=story.epochs)
        if not story.recipe.tuning.whole:
            epochs = say("fig.head")
        if found := read_members(story):
            epochs = say("fig.members", n=len(found["each"]), epochs=epochs)
        if story.folds:
            epochs = say("fig.folds", n=len(story.folds["each"]), epochs=epochs)
        shown.append((say("fig.time"), say.duration(story.seconds), epochs))
    return shown


def _judged(story: Story, say: Words) -> list[Figure]:
    scores = story.judged or {}
    classes = len(scores["classes"])
    low, high = say.number(100 * scores["accuracy_low"], 1), say.percent(scores["accuracy_high"])
    macro = say.interval(scores["macro_f1_low"], scores["macro_f1_high"])
    return [
        (say("fig.accuracy"), say.percent(scores["accuracy"]), f"{low}–{high}"),
        (say("fig.macro_f1"), say.fraction(scores["macro_f1"]), macro),
        (
            say("fig.classes"),
            say.number(scores.get("judged_classes", classes)),
            say("fig.of", n=classes),
        ),
    ]


def _so_far(story: Story, say: Words) -> list[Figure]:
    shown: list[Figure] = []
    for name in ("val_accuracy", "val_macro_f1"):
        known = [v for v in story.history.get(name, []) if math.isfinite(v)]
        if known:
            shown.append((say(f"fig.{name}"), say.fraction(known[-1]), None))
    return shown
