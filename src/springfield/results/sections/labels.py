"""Labels: where to look at those in doubt."""

from __future__ import annotations

from springfield.learning.explaining.doubt import FEWEST
from springfield.results.page.document import section
from springfield.results.page.html import Html, breakable, tag
from springfield.results.page.thumbnails import thumbnail
from springfield.results.page.words import Words, pretty
from springfield.results.sections.story import Story
from springfield.results.suspects import read_suspects

SHOWN = 5  # thumbnails; their own page has all


def labels(story: Story, say: Words) -> Html | None:
    """How many labels are in doubt, the worst of them, and the page that shows them."""
    found = read_suspects(story.run.folder / "suspicious.csv")
    if found is None:
        return None
    key = "labels.look" if found else "labels.how"
    page = tag("a", say(key), href="labels.html")
    if not found:
        judged = _judged(story)
        words = "labels.unheard" if judged < FEWEST else "labels.none"
        return section("labels", say, tag("p", say(words, judged=judged, page=page)))
    cards = [
        tag(
            "li",
            thumbnail(story.root / path, say("labels.alt", path=path, label=pretty(label))),
            say("labels.card", label=pretty(label), other=pretty(other)),
            tag("div", breakable(path), class_="path"),
            class_="card",
        )
        for path, label, other in found[:SHOWN]
    ]
    words = tag("p", say("labels.some", n=len(found), page=page))
    return section("labels", say, words, tag("ul", *cards, class_="gallery"))


def _judged(story: Story) -> int:
    """How many images were not learned from: what the folds judged, or all that was held out."""
    if len(story.run.learned_folds) > 1:
        return int((story.judged or {}).get("n", 0))
    return sum(parts["val"] + parts["test"] for parts in story.parts().values())
