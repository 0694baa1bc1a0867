"""The head of the page: what came out, as a sentence and four figures."""

from __future__ import annotations

import math

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words, duration, fraction, number, percent
from springfield.results.sections.story import Story


def overview(story: Story, contents: list[str], say: Words) -> Html:
    """Title, deck, figures and the list of contents."""
    links = (tag("a", say(f"{name}.title"), href=f"#{name}") for name in contents)
    return join(
        [
            tag("p", _kicker(story, say), class_="kicker"),
            tag("h1", _title(story, say)),
            tag("p", _deck(story, say), class_="deck"),
            tag("dl", *_figures(story, say), class_="figures"),
            tag("nav", *links, aria_label=say("nav")),
        ],
        "\n",
    )


def _kicker(story: Story, say: Words) -> Html:
    images = len(story.catalog) if story.catalog is not None else 0
    classes = len(story.facts.get("classes", ()))
    return say("kicker", name=story.name, data=str(story.data), images=images, classes=classes)


def _title(story: Story, say: Words) -> Html:
    if story.judged:
        return say("head.judged", accuracy=percent(story.judged["accuracy"]))
    state = str(story.facts.get("state"))
    return say(f"head.{state}" if state in ("interrupted", "finished") else "head.training")


def _deck(story: Story, say: Words) -> Html:
    scores = story.judged
    if not scores:
        so_far = say("deck.unfinished", epochs=say("epochs", n=story.epochs))
        return join([so_far, say("deck.go_on", run=str(story.run.folder))], " ")
    classes = len(scores["classes"])
    judged = scores.get("judged_classes", classes)
    stopped = story.facts.get("state") == "interrupted"
    seen = say("deck.all") if judged == classes else say("deck.some", judged=judged, n=classes)
    words = say(
        "deck.judged",
        n=int(scores["n"]),
        right=number(round(scores["accuracy"] * scores["n"])),
        low=percent(scores.get("accuracy_low")),
        high=percent(scores.get("accuracy_high")),
        macro=fraction(scores["macro_f1"]),
        classes=seen,
    )
    if not stopped:
        return words
    early = say("deck.stopped", epochs=say("epochs", n=story.epochs))
    return join([words, early, say("deck.go_on", run=str(story.run.folder))], " ")


def _figures(story: Story, say: Words) -> list[Html]:
    figures = _judged(story, say) if story.judged else _so_far(story, say)
    if story.seconds is not None:
        epochs = say("epochs", n=story.epochs)
        figures.append(_figure(say("fig.time"), duration(story.seconds), epochs))
    return figures


def _judged(story: Story, say: Words) -> list[Html]:
    scores = story.judged or {}
    classes = len(scores["classes"])
    bounds = [
        say("fig.interval", low=f"{100 * scores['accuracy_low']:.1f}",
            high=percent(scores["accuracy_high"])),
        say("fig.interval", low=fraction(scores["macro_f1_low"]),
            high=fraction(scores["macro_f1_high"])),
    ]  # fmt: skip
    return [
        _figure(say("fig.accuracy"), percent(scores["accuracy"]), bounds[0]),
        _figure(say("fig.macro_f1"), fraction(scores["macro_f1"]), bounds[1]),
        _figure(
            say("fig.classes"),
            str(scores.get("judged_classes", classes)),
            say("fig.of", n=classes),
        ),
    ]


def _so_far(story: Story, say: Words) -> list[Html]:
    figures = []
    for name in ("val_accuracy", "val_macro_f1"):
        known = [v for v in story.history.get(name, []) if math.isfinite(v)]
        if known:
            figures.append(_figure(say(f"fig.{name}"), fraction(known[-1]), None))
    return figures


def _figure(term: Html, value: str, below: Html | None) -> Html:
    small = tag("small", below) if below else None
    return tag("div", tag("dt", term), tag("dd", value, small))
