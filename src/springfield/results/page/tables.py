"""Tables that sort by a click or a key on their headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from springfield.results.page.html import Html, scrolled, tag


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and by what it is sorted."""

    shown: object
    value: float | str | None = None
    class_: str | None = None


@dataclass(frozen=True)
class Column:
    """A heading; `kind` is "text", "number" or "picture", and "extra" is dropped on a phone."""

    title: object
    kind: str = "text"
    extra: bool = False

    @property
    def classes(self) -> str:
        return f"{self.kind} extra" if self.extra else self.kind


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], caption: object) -> Html:
    """A table whose rows can be sorted by each column."""
    heads = [
        tag(
            "th",
            tag("button", column.title, type="button"),
            scope="col",
            class_=column.classes,
        )
        for column in columns
    ]
    body = [
        tag("tr", *(_cell(column, cell) for column, cell in zip(columns, row, strict=True)))
        for row in rows
    ]
    whole = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *body),
        class_="sortable",
    )
    return scrolled(whole, caption)


def facts(pairs: Sequence[tuple[object, object]], class_: str | None = None) -> Html:
    """A list of terms and what they are; class "rules" leaves room for long terms."""
    items = (tag("div", tag("dt", term), tag("dd", value)) for term, value in pairs)
    return tag("dl", *items, class_=class_)


def figures(items: Iterable[tuple[object, object, object | None]]) -> Html:
    """The page's few main numbers: for each what it is, the number, and what belongs to it."""
    blocks = (
        tag(
            "div",
            tag("dt", term),
            tag("dd", value),
            tag("dd", tag("small", below)) if below else None,
        )
        for term, value, below in items
    )
    return tag("dl", *blocks, class_="figures")


def _cell(column: Column, cell: Cell) -> Html:
    classes = f"{column.classes} {cell.class_}" if cell.class_ else column.classes
    value = None if cell.value is None else str(cell.value)
    return tag("td", cell.shown, class_=classes, data_value=value)
