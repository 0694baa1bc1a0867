"""Export: a run's classifier for other programs, only if it answers as the original does."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from springfield.errors import OutputError, SpringfieldError
from springfield.files import check_new, check_utf8, reason_of, write_atomically
from springfield.images.catalog import Catalog
from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.export_guide import attachments, guide
from springfield.learning.answering.exports import (
    even_samples,
    format_of,
    probabilities_of,
    write_export,
)
from springfield.learning.answering.freeze import thaw
from springfield.learning.examples.batches import examples_of
from springfield.results.parity import compare, objections, parity_csv
from springfield.results.predictions import Predictions
from springfield.run import Run, open_run
from springfield.verbs.manifest import kept_images
from springfield.windows import check_for_tensorflow, put


def export(
    folder: str | Path,
    to: str,
    out: str | Path | None = None,
    *,
    force: bool = False,
    progress: bool = True,
) -> dict[str, Any]:
    """Write a run's classifier in another format, and compare it with the run's own.

    The original is the classifier that `evaluate` scored, classifier/model.tflite; the export is
    made from the same weights and answers from the files as they were written. Both name the
    held-out images.

    Args:
        folder: of the run.
        to: a format, see `exports.FORMATS`.
        out: new folder for the model, its texts, the comparison and a README; None:
            RUN/exports/FORMAT.
        force: keep the export even if it does not agree.
        progress: show bars on stderr.

    Returns:
        What `springfield export --json` prints.

    Raises:
        RunError: no finished run, or it is damaged.
        OutputError: `out` is already there or cannot be written.
        SpringfieldError: there is no such format, or the export loses a class; its table is then
            in RUN/exports/refused.
    """
    form, run = format_of(to), open_run(folder)
    out = run.folder / "exports" / to if out is None else Path(out)

    # ---- the original, and the images: to compare by, and for int8 to learn its ranges from
    original = Classifier.load(run.classifier_folder)
    _check_new(out, original, to)
    model = thaw(run.classifier_folder, run.recipe.network)
    rows, images = kept_images(run, progress=progress)
    samples = even_samples(examples_of(rows, images, "train"))
    held_out = np.flatnonzero(rows["part"] == "test")

    with _new_folder(out) as beside:
        # ---- the export, and what it answers as it lies on the disk
        texts = attachments(original.description)
        file = write_export(form, model, samples=samples, texts=texts, folder=beside)
        answers = probabilities_of(form.load(file), images, held_out)

        # ---- whether that is what the original answers
        before = original.probabilities(images[row] for row in held_out)
        parity = _compare(run, rows.where(held_out), before, answers)
        if (found := objections(parity, form.tolerance)) and not force:
            _refuse(run, to, parity, found)

        # ---- what goes with it
        answer = {"path": str(out), "format": to, "bytes": _size(file), **parity}
        made = Run(beside)
        made.write_text("classifier.json", texts["classifier.json"])
        made.write_text("README.md", guide(to, original.description, "; ".join(found)))
        made.write_text("parity.csv", parity_csv(parity))
        made.write_json("parity.json", {**answer, "objections": found})
    return answer


def _check_new(out: Path, original: Classifier, to: str) -> None:
    """Raise `OutputError` when `out` is there or no name that TensorFlow can write `to` to.

    Says so when the network there is not the run's own.
    """
    check_utf8(out)
    if to == "savedmodel":
        check_for_tensorflow(out)
    described = out / "classifier.json"
    if described.is_file() and original.description.network not in described.read_text("utf-8"):
        raise OutputError(f"{out} holds an export of another training; remove it and export anew")
    check_new(out)


def _compare(run: Run, judged: Catalog, before: np.ndarray, after: np.ndarray) -> dict[str, Any]:
    counts = run.facts["train_counts"]
    original, exported = (
        Predictions(judged["path"], tuple(counts), probabilities, judged["label"])
        for probabilities in (before, after)
    )
    return compare(original, exported, train_counts=counts, groups=judged["group"])


def _refuse(run: Run, to: str, parity: dict[str, Any], found: list[str]) -> NoReturn:
    table = run.folder / "exports" / "refused" / f"{to}.csv"
    write_atomically(table, parity_csv(parity).encode("utf-8", "surrogateescape"))
    raise SpringfieldError(
        f"the {to} export {'; '.join(found)}: it was not kept (every class: {table}); "
        "--force keeps it all the same"
    )


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out` that gets its name when all went well and is gone otherwise."""
    beside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        beside.mkdir(parents=True)
        yield beside
        put(beside, out)
    except OSError as problem:
        raise OutputError(f"cannot write {out}: {reason_of(problem)}") from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _size(model: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    files = model.rglob("*") if model.is_dir() else [model]
    return sum(file.stat().st_size for file in files if file.is_file())
