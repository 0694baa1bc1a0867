"""The page of an audit: what is in the folder, and what needs a look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from springfield.files import write_atomically
from springfield.images.issues import Audit
from springfield.images.split import distinct_counts
from springfield.images.statistics import Spread
from springfield.results.page import english, russian
from springfield.results.page.document import document, figure, masthead, section
from springfield.results.page.html import Html, join, tag
from springfield.results.page.said import said
from springfield.results.page.tables import Cell, Column, facts, figures, table
from springfield.results.page.words import Words
from springfield.results.pages import audit_english, audit_russian
from springfield.results.pages.audit_gallery import odd, pairs
from springfield.results.plots import english as plots_english
from springfield.results.plots import russian as plots_russian
from springfield.results.plots.bars import Bar, both_scales
from springfield.results.plots.scatter import size_scatter
from springfield.results.sections.data import small_rules

LISTED = 60  # paths listed for one kind
TABLES = {
    "en": (english.ENGLISH, plots_english.ENGLISH, audit_english.ENGLISH),
    "ru": (russian.RUSSIAN, plots_russian.RUSSIAN, audit_russian.RUSSIAN),
}
EVEN = 1.5  # imbalance below which the classes are about the same size


def write_audit_page(out: Path, audit: Audit, language: str = "en") -> Path:
    """Write page.html, in English or Russian ("ru"), into the folder `out`; return its path.

    Raises `OutputError` when it cannot be written.
    """
    say = Words(*TABLES[language], language=language)
    written = {name: make(audit, say) for name, make in SECTIONS.items()}
    there = {name: content for name, content in written.items() if content is not None}
    title = say("title", name=audit.catalog.root.resolve().name)
    page = document(title, _overview(audit, list(there), say), list(there.values()), say)
    file = out / "page.html"
    write_atomically(file, page.encode())
    return file


def counts(audit: Audit, say: Words) -> Html:
    """Bars of images per class."""
    numbers = audit.statistics.classes
    bars = [Bar(name, {"train": n}) for name, n in numbers.items()]
    caption = say("counts.caption", most=max(numbers.values(), default=0),
                  least=min(numbers.values(), default=0))  # fmt: skip
    return section("counts", say, figure(both_scales(bars, say), caption))


def sizes(audit: Audit, say: Words) -> Html:
    """Width against height, and their spread in numbers."""
    width, height = audit.catalog["width"], audit.catalog["height"]
    known = (width > 0) & (height > 0)
    plot = size_scatter(np.asarray(width[known]), np.asarray(height[known]), say)
    found = audit.statistics
    names = ("low", "median", "mean", "high")
    columns = [Column(say("sizes.measure"))]
    columns += [Column(say(f"sizes.{name}"), "number") for name in names]
    spreads = {"width": found.width, "height": found.height, "aspect": found.aspect}
    rows = [_spread(say(f"sizes.{name}"), spread, names, say) for name, spread in spreads.items()]
    formats = join((f"{name} {say.number(n)}" for name, n in found.formats.items()), ", ")
    return section(
        "sizes",
        say,
        figure(plot, say("sizes.caption")),
        table(columns, rows, say("sizes.table", n=found.readable)),
        facts([(say("sizes.formats"), formats)]),
    )


def issues(audit: Audit, say: Words) -> Html:
    """Issues by kind, each with its paths."""
    found = {kind: n for kind, n in audit.counts().items() if n}
    if not found:
        return section("issues", say, tag("p", say("issues.none")))
    columns = [
        Column(say("issues.kind")),
        Column(say("issues.n"), "number"),
        Column(say("issues.means"), extra=True),
    ]
    rows = [
        [
            Cell(say(f"kind.{kind}")),
            Cell(say.number(n), n),
            Cell(say(f"means.{kind}"), class_="quiet"),
        ]
        for kind, n in found.items()
    ]
    lists = (_paths(audit, kind, n, say) for kind, n in found.items())
    return section("issues", say, table(columns, rows, say("issues.caption")), *lists)


def excluded(audit: Audit, say: Words) -> Html | None:
    """What a manifest left out."""
    paths = audit.excluded
    if not paths:
        return None
    lines = [tag("li", path) for path in paths[:LISTED]]
    if len(paths) > LISTED:
        lines.append(tag("li", say("excluded.more", n=len(paths) - LISTED)))
    heading = tag("summary", say("count.images", n=len(paths)))
    return section("excluded", say, tag("details", heading, tag("ul", *lines)))


def tiny(audit: Audit, say: Words) -> Html | None:
    """What becomes of classes with a handful of images."""
    names = audit.statistics.tiny
    if not names:
        return None
    distinct = distinct_counts(audit.catalog)
    return section("tiny", say, small_rules({name: distinct.get(name, 0) for name in names}, say))


SECTIONS: dict[str, Callable[[Audit, Words], Html | None]] = {
    "counts": counts,
    "issues": issues,
    "pairs": pairs,
    "odd": odd,
    "tiny": tiny,
    "excluded": excluded,
    "sizes": sizes,
}


def _overview(audit: Audit, contents: list[str], say: Words) -> Html:
    links = (tag("a", say(f"{name}.title"), href=f"#{name}") for name in contents)
    return masthead(
        say("kicker", data=str(audit.catalog.root)),
        _headline(audit, say),
        _deck(audit, say),
        figures(_figures(audit, say)),
        tag("nav", *links, aria_label=say("nav")),
    )


def _headline(audit: Audit, say: Words) -> Html:
    found = audit.statistics
    if not found.readable:
        return say("head.none")
    images = say("count.images", n=found.images)
    if len(found.classes) == 1:
        return say("head.single", images=images)
    classes = say("count.classes", n=len(found.classes))
    if found.imbalance < EVEN:
        return say("head.even", images=images, classes=classes)
    whole = found.imbalance >= 10
    part = say("times.part", ratio=say.number(found.imbalance, 1))
    times = say("times", n=round(found.imbalance)) if whole else part
    return say("head", images=images, classes=classes, times=times)


def _deck(audit: Audit, say: Words) -> Html:
    files = len({issue.path for issue in audit.issues})
    kinds = join(
        (
            join([say(f"kind.{kind}"), f" ({say.number(n)})"])
            for kind, n in audit.counts().items()
            if n
        ),
        ", ",
    )
    words = [say("deck.issues", n=files, kinds=kinds) if files else say("deck.clean")]
    if audit.statistics.tiny:
        words.append(say("deck.tiny", n=len(audit.statistics.tiny)))
    return join(words, " ")


def _figures(audit: Audit, say: Words) -> list[tuple[object, object, object | None]]:
    found = audit.statistics
    files = len({issue.path for issue in audit.issues})
    numbers = list(found.classes.values()) or [0]
    size = " × ".join(say.number(side.mean) for side in (found.width, found.height))
    largest = say("fig.largest", width=round(found.width.high), height=round(found.height.high))
    bounds = dict.fromkeys(map(say.number, (min(numbers), max(numbers))))  # once where equal
    per_class = say("fig.per_class", range="–".join(bounds))
    share = say("fig.share", share=say.percent(files / max(found.images, 1)))
    shown = [
        ("images", found.images, say("fig.readable", n=found.readable)),
        ("classes", len(found.classes), per_class),
        ("issues", files, share),
    ]
    counted = [(say(f"fig.{name}", n=n), say.number(n), below) for name, n, below in shown]
    return [*counted[:2], (say("fig.size"), size, largest), *counted[2:]]


def _spread(name: Html, spread: Spread, names: tuple[str, ...], say: Words) -> list[Cell]:
    values = [float(getattr(spread, each)) for each in names]
    shown = [say.number(v) if max(values) > 50 else say.number(v, 2) for v in values]
    return [Cell(name), *(Cell(text, v) for text, v in zip(shown, values, strict=True))]


def _paths(audit: Audit, kind: str, n: int, say: Words) -> Html:
    found = [issue for issue in audit.issues if issue.kind == kind][:LISTED]
    lines = [join([issue.path, ": ", said(issue.detail, say)]) for issue in found]
    if n > LISTED:
        lines.append(say("issues.more", n=n - LISTED))
    heading = say("issues.list", kind=say(f"kind.{kind}"), n=n)
    return tag("details", tag("summary", heading), tag("ul", *(tag("li", x) for x in lines)))
