"""Pictures for the audit's page: pairs of the same picture, and odd ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from springfield.images.issues import Audit
from springfield.results.page.document import section
from springfield.results.page.html import Html, breakable, tag
from springfield.results.page.said import said
from springfield.results.page.thumbnails import thumbnail
from springfield.results.page.words import Words, pretty

PAIRS = 18  # shown
ODD = ("odd_aspect", "too_small", "too_large", "suspicious_label")
ODD_EACH = 10  # shown of a kind


@dataclass(frozen=True)
class Pair:
    """Two files of one near-duplicate group."""

    one: str  # paths
    other: str
    labels: tuple[str, str]

    @property
    def crosses(self) -> bool:
        return self.labels[0] != self.labels[1]


def pairs_of(audit: Audit) -> list[Pair]:
    """One pair for each near or cross-class duplicate the audit reports, across classes first."""
    catalog = audit.catalog
    members = defaultdict(list)
    alike: Counter[tuple[int, str]] = Counter()
    columns = (catalog["path"].tolist(), catalog["label"].tolist(), catalog["group"].tolist())
    for path, label, group in zip(*columns, strict=True):
        alike[group, label] += 1
        if alike[group, label] <= 2:  # one of two is another file; a group may hold 100,000
            members[group].append((path, label))
    home = {path: (label, group) for path, label, group in zip(*columns, strict=True)}
    seen, pairs = set(), []
    for issue in audit.issues:
        if issue.kind not in ("near_duplicate", "cross_class_duplicate"):
            continue
        label, group = home[issue.path]
        wanted = issue.kind == "cross_class_duplicate"
        partner = next(((p, other) for p, other in members[group]
                        if p != issue.path and (other != label) == wanted), None)  # fmt: skip
        if partner and frozenset((issue.path, partner[0])) not in seen:
            seen.add(frozenset((issue.path, partner[0])))
            pairs.append(Pair(issue.path, partner[0], (label, partner[1])))
    return _mixed(pairs)


def _mixed(pairs: list[Pair]) -> list[Pair]:
    """Pairs across classes first, the others class by class in turn."""
    turns: Counter[str] = Counter()
    order = []
    for pair in pairs:
        turns[pair.labels[0]] += 1
        order.append((not pair.crosses, turns[pair.labels[0]], pair.labels[0]))
    return [pairs[i] for i in sorted(range(len(pairs)), key=order.__getitem__)]


def pairs(audit: Audit, say: Words) -> Html | None:
    """Near duplicates side by side."""
    found = pairs_of(audit)
    if not found:
        return None
    items = [_pair(audit, pair, say) for pair in found[:PAIRS]]
    more = tag("p", say("pairs.more", shown=len(items), n=len(found)))
    rest = more if len(found) > len(items) else None
    return section("pairs", say, tag("ul", *items, class_="pairs"), rest)


def odd(audit: Audit, say: Words) -> Html | None:
    """Pictures of an odd size or shape, and those whose label looks wrong."""
    found = [
        [issue for issue in audit.issues if issue.kind == kind]
        for kind in ODD
    ]  # fmt: skip
    shown = [issue for issues in found for issue in issues[:ODD_EACH]]
    if not shown:
        return None
    cards = [
        tag(
            "li",
            thumbnail(audit.catalog.root / issue.path, issue.path),
            tag("b", say(f"kind.{issue.kind}")),
            tag("div", said(issue.detail, say)),
            tag("div", breakable(issue.path), class_="path"),
            class_="card",
        )
        for issue in shown
    ]
    n = sum(map(len, found))
    more = tag("p", say("odd.more", shown=len(shown), n=n)) if n > len(shown) else None
    return section("odd", say, tag("ul", *cards, class_="gallery"), more)


def _pair(audit: Audit, pair: Pair, say: Words) -> Html:
    key = "pairs.cross" if pair.crosses else "pairs.card"
    one, other = map(pretty, pair.labels)
    root = audit.catalog.root
    return tag(
        "li",
        tag(
            "div",
            *(thumbnail(root / path, path) for path in (pair.one, pair.other)),
            class_="twins",
        ),
        say(key, one=one, other=other),
        tag("div", breakable(pair.one), class_="path"),
        tag("div", breakable(pair.other), class_="path"),
        class_="card",
    )
