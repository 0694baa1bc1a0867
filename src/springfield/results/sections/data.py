"""Where the images went, what was left out and why, the rules for small classes, the balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

import numpy as np

from springfield.images.select import OTHER_CLASS
from springfield.images.split import SMALL_CLASS, distinct_counts, fold_rule_words, part_rule_words
from springfield.recipe import Balance
from springfield.results.page.document import figure, section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.said import said
from springfield.results.page.tables import facts
from springfield.results.page.words import Words, pretty
from springfield.results.plots.bars import Bar, both_scales
from springfield.results.sections.story import Story

LISTED = 60  # paths listed for one reason


def bars(story: Story) -> list[Bar]:
    """A bar for each class of the manifest."""
    return [Bar(name, parts) for name, parts in story.parts().items()]


def data(story: Story, say: Words) -> Html | None:
    """Images per class and part."""
    found = bars(story)
    if not found:
        return None
    totals = [bar.total for bar in found]
    caption = say("data.caption", most=max(totals), least=min(totals),
                  ratio=round(max(totals) / max(min(totals), 1)))  # fmt: skip
    return section("data", say, figure(both_scales(found, say), caption))


def left_out(story: Story, say: Words) -> Html | None:
    """Images that took no part, by reason."""
    if story.catalog is None or "reason" not in story.catalog:
        return None
    paths = defaultdict(list)
    for path, reason in zip(
        story.catalog["path"].tolist(), story.catalog["reason"].tolist(), strict=True
    ):
        if reason:
            kind, _, detail = reason.partition(":")
            paths[kind].append((path, detail.strip()))
    n = sum(map(len, paths.values()))
    words = say("left_out.some", n=n) if n else say("left_out.none")
    groups = (_reason(kind, found, say) for kind, found in sorted(paths.items()))
    return section("left_out", say, tag("p", words), *groups)


def small(story: Story, say: Words) -> Html | None:
    """The rule each small class was split by."""
    if story.catalog is None or "group" not in story.catalog or "reason" not in story.catalog:
        return None
    asked_for = ~np.char.startswith(story.catalog["reason"], OTHER_CLASS)
    distinct = distinct_counts(story.catalog.where(asked_for))
    few = {name: n for name, n in distinct.items() if n <= max(SMALL_CLASS)}
    rule = fold_rule_words if story.recipe.split.folds else part_rule_words
    rules = small_rules(few, say, rule) if few else tag("p", say("small.none"))
    return section("small", say, rules)


def small_rules(
    distinct: Mapping[str, int], say: Words, rule: Callable[[int], str] = part_rule_words
) -> Html:
    """What becomes of classes with so many distinct pictures, rule by rule."""
    rules = defaultdict(list)
    for name, n in sorted(distinct.items(), key=lambda item: (item[1], item[0])):
        rules[rule(n)].append(pretty(name))
    return facts([(said(words, say), ", ".join(names)) for words, names in rules.items()], "rules")


def balance(story: Story, say: Words) -> Html:
    """What was done to even the classes out."""
    rules, counts = story.recipe.balance, story.train_counts
    natural = {str(k): int(v) for k, v in dict(story.facts.get("natural_counts", {})).items()}
    cut = sum(natural.get(name, n) > n for name, n in counts.items())
    raised = sum(n < rules.threshold for n in counts.values())
    made = {"varied": "on", "offline": "offline"}[rules.copies]
    cap = say("balance.cap.on", n=rules.cap, k=cut) if rules.cap else say("balance.cap.off")
    threshold = (
        say(f"balance.threshold.{made}", n=rules.threshold, k=raised)
        if rules.threshold
        else say("balance.threshold.off")
    )
    return section(
        "balance",
        say,
        facts([
            (say("balance.cap"), cap),
            (say("balance.threshold"), threshold),
            *_corrections(rules, say),
        ]),
    )  # fmt: skip


def _corrections(rules: Balance, say: Words) -> list[tuple[Html, Html]]:
    rows = [
        (say("balance.sampling"), say(f"balance.sampling.{rules.sampling}")),
        (say("balance.weights"), say(f"balance.weights.{rules.weights}")),
        (say("balance.loss"), say(f"balance.loss.{rules.loss}", tau=say.tick(rules.tau))),
    ]
    if rules.deferred and (rules.sampling, rules.weights) != ("natural", "none"):
        begins = say("balance.deferred.on", share=say.percent(rules.deferred, 0))
        rows.append((say("balance.deferred"), begins))
    return rows


def _reason(kind: str, found: list[tuple[str, str]], say: Words) -> Html:
    lines: list[object] = [
        join([path, " (", said(detail, say), ")"]) if detail else path
        for path, detail in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append(say("left_out.more", n=len(found) - LISTED))
    reason = say(f"kind.{kind}") if f"kind.{kind}" in say.table else said(kind, say)
    heading = say("left_out.group", reason=reason, images=say("count.images", n=len(found)))
    items = (tag("li", words) for words in lines)
    return tag("details", tag("summary", heading), tag("ul", *items))
