"""Explain: what a run's classifier says of images, and why."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from tqdm import tqdm

from springfield.errors import UnreadableImageError
from springfield.files import check_empty, csv_text, write_atomically
from springfield.images.decode import decode
from springfield.learning.answering.classifier import Classifier
from springfield.learning.explaining.evidence import EvidenceOf, evidence_from
from springfield.learning.explaining.neighbours import Neighbours, read_neighbours
from springfield.results.explanation import COLUMNS, Explanation, explanation_of
from springfield.results.heat import SIDE, view_of
from springfield.results.page.languages import check_language
from springfield.results.pages.explain import ExplainPage
from springfield.run import open_run
from springfield.verbs.predict import files_of


def explain(
    folder: str | Path,
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    progress: bool = True,
    language: str = "en",
) -> dict[str, Any]:
    """Explain the answers for image files and all files in folders.

    Writes into `out`, a new or empty folder: page.html with the first images, explanations.csv
    (path, label, probability, set, other, error) with all of them, and heat/<n>.png for row n. A
    file that cannot be read keeps its row, with the reason.

    Returns:
        The numbers of images and of unreadable ones, and where the page and the table are.

    Raises:
        DataError: a path does not exist or cannot be opened, or there is no file at all.
        MissingExtraError: the network needs TensorFlow to be explained, which is not installed.
        OutputError: `out` is in the way, among the images or cannot be written; or nobody speaks
            that language.
        RunError: no finished run.
    """
    check_language(language)
    run, out = open_run(folder), Path(out)
    check_empty(out, [Path(path) for path in paths])
    classifier = Classifier.load(run.classifier_folder)
    neighbours = read_neighbours(run.classifier_folder, classifier.description.lineage)
    evidence = evidence_from(run.classifier_folder, run.recipe.network, classifier)
    page = ExplainPage(classifier.description.calibration.level, language)
    rows: list[tuple[object, ...]] = []
    for file in tqdm(files_of(paths), unit="image", disable=not progress, file=sys.stderr):
        try:
            explained = _explain(classifier, neighbours, evidence, file)
        except UnreadableImageError as problem:
            rows.append((str(file), "", "", "", "", str(problem)))
            page.add_unreadable(str(file), str(problem))
            continue
        rows.append(explained.row())
        page.add(explained)
        write_atomically(out / "heat" / f"{len(rows)}.png", _png(explained.heat))
    table = csv_text(COLUMNS, rows).encode("utf-8", "surrogateescape")
    write_atomically(out / "explanations.csv", table)
    written = page.write(out, str(run.folder))
    return {
        "n": page.n,
        "unreadable": len(page.unreadable),
        "page": str(written),
        "table": str(out / "explanations.csv"),
    }


def _explain(
    classifier: Classifier, neighbours: Neighbours, evidence: EvidenceOf, file: Path
) -> Explanation:
    description = classifier.description
    square = classifier.square(file)
    answers = classifier.answer([square])
    return explanation_of(
        str(file),
        view_of(decode(file, at_least=SIDE), description.fit),
        answers,
        evidence(answers, square),
        described=(description.classes, description.calibration),
        neighbours=neighbours.nearest(answers.features[0]),
    )


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
