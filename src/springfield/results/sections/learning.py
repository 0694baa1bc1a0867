"""How it learned: the training curves and the network."""

from __future__ import annotations

import math

from springfield.learning.examples.augment import as_far_as, is_varied, share_varied
from springfield.results.network_picture import network_picture
from springfield.results.page.document import figure, section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words
from springfield.results.pages.rate import rate_figure
from springfield.results.plots.curves import training_panels
from springfield.results.sections.story import Story


def training(story: Story, say: Words) -> Html | None:
    """The last layer that was fitted first, and accuracy and loss over the epochs."""
    first = _head(story, say)
    if not story.epochs:
        return section("training", say, *first) if first else None
    caption = say(
        "training.caption",
        epochs=say("count.epochs", n=story.epochs),
        time=say.duration(story.own_seconds or 0.0),
        seen=_seen(story, say),
        best=_best(story, say),
    )
    if len(set(sides := story.history.get("side", []))) > 1:
        grown = say("training.sides", first=int(sides[0]), last=int(sides[-1]))
        caption = join([caption, grown], " ")
    if (every := story.facts.get("plan", {}).get("validate_every", 1)) > 1:
        caption = join([caption, say("training.validated", n=every)], " ")
    if (count := story.recipe.network.members) > 1:
        caption = join([caption, say("training.members", n=count)], " ")
    panels = tag("div", *training_panels(story.history, say), class_="pair")
    rates = rate_figure(story.rate_test, say) if story.rate_test else None
    return section("training", say, *first, figure(panels, caption), rates)


def network(story: Story, say: Words) -> Html | None:
    """The structure of the network."""
    layers = story.facts.get("layers")
    if not layers:
        return None
    weights, flops = story.facts.get("parameters"), story.facts.get("flops")
    caption = say(
        "network.caption",
        parameters=say("network.parameters", n=int(weights)) if weights else "",
        flops=say("network.flops", n=round(flops / 1e6)) if flops else "",
    )
    if (count := story.recipe.network.side_by_side) > 1:
        caption = join([caption, say("network.members", n=count)])
    return section("network", say, figure(network_picture(layers, say), caption, wide=True))


def _seen(story: Story, say: Words) -> Html:
    """How far the training images were varied that the network was asked about."""
    augment, epochs = story.recipe.augment, story.facts.get("plan", {}).get("epochs", math.inf)
    if not is_varied(augment):
        return say("training.plain")
    if not is_varied(as_far_as(augment, epochs)):
        return say("training.unvaried", n=augment.full_from)
    share = share_varied(augment, epochs)
    few = say("training.varied", share=say.percent(share, 0), n=augment.full_from)
    return join([say("training.seen"), few if share < 1 else None], " ")


def _head(story: Story, say: Words) -> list[Html]:
    """What a last layer alone was worth; that it is all, where it is."""
    found = story.facts.get("head")
    if not found:
        return []
    words = [say("training.head", time=say.duration(found["seconds"]))]
    if "val_macro_f1" in found:
        words.append(say("training.head.score", macro=say.fraction(found["val_macro_f1"])))
    if not story.recipe.tuning.whole:
        words.append(say("training.head.only"))
    return [tag("p", join(words, " "))]


def _best(story: Story, say: Words) -> Html | str:
    known = [
        (value, int(epoch))
        for epoch, value in zip(
            story.history["epoch"], story.history.get("val_macro_f1", []), strict=False
        )
        if math.isfinite(value)
    ]
    if not known:
        return ""
    best, epoch = max(known)
    return say("training.best", best=say.fraction(best), epoch=epoch)
