"""The confusion matrix: right answers blue on the diagonal, mistakes red beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from springfield.results.page.html import Html, join, tag
from springfield.results.page.words import Words, pretty
from springfield.results.plots.svg import box, drawing, hover, label, line, text

WIDTH = 848  # pixels, for the matrix with its names
MOST = 100  # classes drawn; of more, those with the most mistakes
DEEP = 0.8  # strength of a colour from which on light letters are the clearer ones
LEAST = 11.0  # pixels of a cell, or the names would lie on each other
GRID_UP_TO = 16  # classes; beyond, every fifth line is drawn


def confusion_matrix(
    confusion: Sequence[Sequence[int]], classes: Sequence[str], say: Words
) -> Html:
    """Rows are what the images are, columns what was answered; colour is the share of the row.

    confusion: counts [C][C]. Classes are drawn in the order given.
    """
    counts = np.asarray(confusion, np.int64).reshape(len(classes), len(classes))
    shown = _worst(counts)
    totals = counts.sum(axis=1)[shown]  # of all answers, drawn or not
    counts, names = counts[np.ix_(shown, shown)], [pretty(classes[i]) for i in shown]
    n = len(names)
    margin = max(112.0, 16 + 6.2 * max((len(label(name)) for name in names), default=4))
    side = max(LEAST, min(34.0, (WIDTH - margin) / max(n, 1)))
    letters = "tiny" if side < 13 else "small"
    edge = margin + n * side
    labels = [
        *(text(margin - 8, margin + (i + 0.5) * side + 4, label(name), f"{letters} end")
          for i, name in enumerate(names)),
        *(_turned(margin + (i + 0.5) * side + 4, margin - 8, label(name), letters)
          for i, name in enumerate(names)),
    ]  # fmt: skip
    frame = [
        shape
        for i in range(0, n + 1, 5 if n > GRID_UP_TO else 1)
        for shape in (
            line(margin, margin + i * side, edge, margin + i * side, "grid"),
            line(margin + i * side, margin, margin + i * side, edge, "grid"),
        )
    ]
    rows = [_row(counts, i, names, (margin, side, int(totals[i])), say) for i in range(n)]
    return drawing(
        edge + 12,
        edge + 12,
        say("plot.confusion", n=n),
        box((margin, margin), (n * side, n * side), "fill-sheet"),
        *frame,
        *labels,
        *rows,
        text(margin - 8, margin - 28, join([say("plot.answer"), " →"]), "axis end"),
        text(margin - 8, margin - 10, join([say("plot.truth"), " ↓"]), "axis end"),
    )


def _row(
    counts: np.ndarray, i: int, names: list[str], place: tuple[float, float, int], say: Words
) -> Html:
    margin, side, total = place
    cells = []
    for j in np.flatnonzero(counts[i]):
        count = int(counts[i, j])
        share = count / total
        words = say("plot.cell", truth=names[i], answer=names[j], k=count, total=total,
                    share=say.percent(share, 0))  # fmt: skip
        x, y = margin + j * side, margin + i * side
        strength = share if i == j else 0.18 + 0.82 * share**0.7  # a single mistake must be seen
        colour = "fill-blue" if i == j else "fill-red"
        cells.append(box((x + 0.5, y + 0.5), (side - 1, side - 1), f"{colour} hit", hover(words),
                         fill_opacity=strength))  # fmt: skip
        if letters := _letters(side, len(str(count))):
            ink = "fill-paper" if strength > DEEP else "halo"
            cells.append(text(x + side / 2, y + side / 2 + 3.5, count, f"{letters} middle {ink}"))
    return tag("g", *cells)


def _letters(side: float, digits: int) -> str | None:
    """The largest letters in which a number fits a cell, for fingers and paper find no tooltip."""
    sizes = {"small": 6.2, "tiny": 5.6, "minute": 5.0}  # pixels a digit
    return next((name for name, wide in sizes.items() if wide * digits <= side - 1), None)


def _turned(x: float, y: float, name: str, letters: str) -> Html:
    return text(0, 0, name, letters, f"translate({x:g} {y:g}) rotate(-90)")


def _worst(counts: np.ndarray) -> np.ndarray:
    if len(counts) <= MOST:
        return np.arange(len(counts))
    mistakes = counts.sum(axis=0) + counts.sum(axis=1) - 2 * np.diag(counts)
    return np.sort(np.argsort(-mistakes, kind="stable")[:MOST])
