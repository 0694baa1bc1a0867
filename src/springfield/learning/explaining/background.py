"""Background: whether a classifier names a class by what it is or by where it stands.

The idea is that of Xiao et al. 2021, "Noise or Signal: The Role of Image Backgrounds in Object
Recognition": hide the figure and ask again. Who still knows the answer had it from the background.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from springfield.files import write_atomically
from springfield.images.decode import picture_box
from springfield.learning.answering.classifier import Classifier
from springfield.learning.examples.batches import Examples, at_even_steps
from springfield.learning.explaining.evidence import evidence_for
from springfield.learning.explaining.figure import Box, find_figure, hide_background, hide_figure
from springfield.run import Run

EACH = 20  # held-out images of a class that are tried; they bound the time
IN_ALL = 2000
SHOWN = 5  # classes with an example
FEWEST = 5  # rightly named images below which nothing is said of a class


@dataclass(frozen=True, eq=False)
class Reliance:
    """What became of a class's rightly named images when a part of them was hidden."""

    n: int  # images that were named rightly and whose figure was found
    background_alone: int  # of these: still named so with the figure hidden
    figure_alone: int  # still named so with the background hidden
    elsewhere: float | None  # share of other classes' backgrounds that get its name, for comparison
    example: np.ndarray | None  # uint8 [3, S, S, 3]: an image, its background, its figure

    @property
    def share(self) -> float | None:
        """The score: share of images for which the background was enough; None: n is too small."""
        return self.background_alone / self.n if self.n >= FEWEST else None


def measure_background(
    classifier: Classifier, held_out: Examples, boxes: list[Box]
) -> dict[str, Reliance]:
    """Measure every class on some of its held-out images, `EACH` or fewer.

    Args:
        classifier: to be asked.
        held_out: labelled images that it never saw.
        boxes: where each picture lies in its square, for every row of the store.
    """
    each = _tried(len(held_out.classes))
    found, names = {}, np.zeros((len(held_out.classes),) * 2, np.int64)
    for number, name in enumerate(held_out.classes):
        rows = held_out.rows[held_out.labels == number]
        chosen = at_even_steps(rows, each)
        squares = held_out.images[chosen]
        parted = _take_apart(classifier, squares, number, [boxes[row] for row in chosen])
        found[name], names[number] = _judge(classifier, parted, number)
    others = names.sum(axis=0) - np.diag(names), names.sum() - names.sum(axis=1)
    return {
        name: replace(each, elsewhere=float(given / n) if n else None)
        for (name, each), given, n in zip(found.items(), *others, strict=True)
    }


def boxes_of(widths: np.ndarray, heights: np.ndarray, fit: str) -> list[Box]:
    """Where pictures of these sizes, int64 [n] each, lie in their squares."""
    return [picture_box(w, h, fit) for w, h in zip(widths.tolist(), heights.tolist(), strict=True)]


def keep_background(run: Run, found: dict[str, Reliance]) -> None:
    """Write background.json, and under background/ an example of the classes that rely on it most.

    A class has `n`, `background_alone`, `figure_alone`, `elsewhere` and `share` of `Reliance`, and
    perhaps `example`: a picture of three squares, the image, its background and its figure.
    """
    known = [name for name in found if found[name].share is not None]
    worst = sorted(known, key=lambda name: (-(found[name].share or 0), name))[:SHOWN]
    classes: dict[str, dict[str, Any]] = {}
    for name, each in found.items():
        counts = (each.n, each.background_alone, each.figure_alone)
        classes[name] = dict(zip(("n", "background_alone", "figure_alone"), counts, strict=True))
        classes[name] |= {"share": each.share, "elsewhere": each.elsewhere}
        if name in worst and each.example is not None:
            classes[name]["example"] = f"background/{worst.index(name)}.jpg"
            strip = Image.fromarray(np.concatenate(each.example, axis=1))
            buffer = io.BytesIO()
            strip.save(buffer, "JPEG", quality=90)
            write_atomically(run.folder / classes[name]["example"], buffer.getvalue())
    shown = {each.get("example") for each in classes.values()}
    for old in (run.folder / "background").glob("*.jpg"):
        if f"background/{old.name}" not in shown:
            old.unlink()
    run.write_json(
        "background.json", {"each": _tried(len(found)), "fewest": FEWEST, "classes": classes}
    )


def _tried(classes: int) -> int:
    """At most so many images of each class."""
    return max(FEWEST, min(EACH, IN_ALL // classes))


Parted = tuple[np.ndarray, np.ndarray, np.ndarray]  # an image, its background, its figure


def _take_apart(
    classifier: Classifier, squares: np.ndarray, number: int, boxes: list[Box]
) -> list[Parted]:
    """Take those apart that are rightly named and whose figure is found."""
    answers = classifier.answer(squares)
    parted = []
    for i in np.flatnonzero(answers.probabilities.argmax(axis=1) == number):
        seen = answers.activation
        evidence = None if seen is None else evidence_for(seen[i], number)
        figure = find_figure(squares[i], evidence, boxes[i])
        if figure is not None:
            background = hide_figure(squares[i], figure, boxes[i])
            parted.append((squares[i], background, hide_background(squares[i], figure)))
    return parted


def _judge(
    classifier: Classifier, parted: list[Parted], number: int
) -> tuple[Reliance, np.ndarray]:
    """Also how often its backgrounds get the name of each class, int64 [C]."""
    classes = len(classifier.classes)
    if not parted:
        return Reliance(0, 0, 0, None, None), np.zeros(classes, np.int64)
    behind, before = (classifier.probabilities(part[which] for part in parted) for which in (1, 2))
    names = np.bincount(behind.argmax(axis=1), minlength=classes)
    reliance = Reliance(
        n=len(parted),
        background_alone=int(names[number]),
        figure_alone=int((before.argmax(axis=1) == number).sum()),
        elsewhere=None,
        example=np.stack(parted[int(behind[:, number].argmax())]),
    )
    return reliance, names
