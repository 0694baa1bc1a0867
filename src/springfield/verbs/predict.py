"""Predict: what a run's classifier says of images, videos and folders of them."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, islice, tee
from pathlib import Path

import numpy as np
from tqdm import tqdm

from springfield.errors import DataError, MissingExtraError, UnreadableImageError
from springfield.images.decode import to_square
from springfield.images.layout import LITTER
from springfield.images.scan import in_threads
from springfield.images.video import check_player, is_video, sample_frames
from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.priors import check_prior, under_prior
from springfield.results.predictions import Predictions
from springfield.results.timeline import find_spans, from_fragment, to_fragment
from springfield.run import open_run
from springfield.windows import expanded

log = logging.getLogger(__name__)
ROUND = 64  # images or frames asked about at once: few more than these wait in memory
Row = tuple[str, np.ndarray | None, str]  # path, probabilities float32 [C], reason for having none


def predict(
    folder: str | Path,
    paths: Sequence[str | Path],
    *,
    prior: str | None = None,
    progress: bool = True,
) -> Predictions:
    """Classify image and video files, and all files in folders.

    An image is a row. A video is a row for every span in which one class appears, with the span as
    a media fragment: ``clip.mp4#t=3.25,7.5``. A file that cannot be read keeps its row, with the
    reason instead of an answer; so does a video that is cut off, after the spans before.

    Each image has its set of classes, see `Calibration`; a span, which is many frames, has none.
    With a `prior` (see `priors.under_prior`) all rows answer under that one; where the spans of a
    video begin and end does not change. "estimated" is that of these very rows, a span being one.

    Raises:
        DataError: a path does not exist or cannot be opened, or there is no file at all.
        MissingExtraError: a video is among the paths, but PyAV is not installed; one inside a
            folder keeps its row, with that reason.
        RunError: no finished run.
        SpringfieldError: answers cannot be had under that prior.
    """
    classifier = Classifier.load(open_run(folder).classifier_folder)
    check_prior(prior, classifier.description)
    files = files_of(paths)
    if any(is_video(Path(path)) for path in paths):
        check_player()  # before an hour's work on images; one that lies in a folder is a row
    rows: list[Row] = []
    with tqdm(total=len(files), unit="file", disable=not progress, file=sys.stderr) as bar:
        for film, some in groupby(files, is_video):
            answered = _video_rows if film else _image_rows
            for of_file in answered(classifier, some, progress):
                rows += of_file
                bar.update()
    unknown = np.full(len(classifier.classes), np.nan, np.float32)
    given = np.array([unknown if known is None else known for _, known, _ in rows])
    probabilities = under_prior(given, classifier.description, prior)
    sets = classifier.description.calibration.sets(given, probabilities.argmax(axis=1))
    one = [known is not None and from_fragment(path) is None for path, known, _ in rows]
    return Predictions(
        paths=np.array([path for path, _, _ in rows]),
        classes=classifier.classes,
        probabilities=probabilities,
        errors=np.array([error for _, _, error in rows]),
        inside=sets & np.array(one)[:, None],
    )


def files_of(paths: Sequence[str | Path]) -> list[Path]:
    """The files themselves, and every visible file below the folders, in order of name.

    Raises:
        DataError: a path does not exist or cannot be opened, or there is no file at all.
    """
    named = [each for path in paths for each in expanded(Path(path))]
    files = [file for path in named for file in _files(path)]
    if not files:
        raise DataError(f"no file in {', '.join(map(str, paths))}")
    return files


def _image_rows(classifier: Classifier, files: Iterable[Path], _: bool) -> Iterator[list[Row]]:
    """The row of each image; some are decoded while others are asked about."""
    names, decoded = tee(files)
    squares = zip(names, in_threads(partial(_square, classifier), decoded), strict=True)
    while some := list(islice(squares, ROUND)):
        whole = (found for _, found in some if not isinstance(found, str))
        given = iter(classifier.probabilities(whole))
        for file, found in some:
            if isinstance(found, str):
                yield [(str(file), None, found)]
            else:
                yield [(str(file), next(given), "")]


def _square(classifier: Classifier, file: Path) -> np.ndarray | str:
    """An image as the network takes it, or why there is none."""
    try:
        return classifier.square(file)
    except UnreadableImageError as problem:
        return str(problem)


def _video_rows(
    classifier: Classifier, files: Iterable[Path], progress: bool
) -> Iterator[list[Row]]:
    """The rows of each video."""
    for file in files:
        try:
            yield _spans(classifier, file, progress)
        except MissingExtraError as problem:
            yield [(str(file), None, str(problem))]


def _spans(classifier: Classifier, file: Path, progress: bool) -> list[Row]:
    times: list[float] = []
    reasons: list[str] = []

    def squares() -> Iterator[np.ndarray]:
        size, fit = classifier.description.size, classifier.description.fit
        frames = sample_frames(file)
        try:
            for seconds, pixels in tqdm(
                frames,
                file.name if file.name.isprintable() else "frames",
                unit="frame",
                leave=False,
                disable=not progress,
                file=sys.stderr,
            ):
                times.append(seconds)
                yield to_square(pixels, size, fit)
        except UnreadableImageError as problem:  # what was seen before it keeps its answer
            reasons.append(str(problem))

    pending, parts = squares(), []
    while some := list(islice(pending, ROUND)):
        parts.append(classifier.probabilities(some))
    spans = find_spans(np.array(times), np.concatenate(parts)) if parts else []
    seen: list[Row] = [(to_fragment(str(file), span), span.probabilities, "") for span in spans]
    return seen + [(str(file), None, reason) for reason in reasons]


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise DataError(f"there is no {path}")
    if not path.is_dir():
        yield path
        return
    for folder, inside, names in os.walk(path, onerror=_refuse):
        inside[:] = sorted(filter(_is_shown, inside))
        for name in filter(Path.is_symlink, (Path(folder, name) for name in inside)):
            log.warning("warning: %s is a link to a folder and is not followed", name)
        yield from (Path(folder, name) for name in sorted(filter(_is_shown, names)))


def _is_shown(name: str) -> bool:
    """Neither hidden nor what a system leaves behind, thumbnails of its own among it."""
    return not name.startswith(".") and name not in LITTER


def _refuse(problem: OSError) -> None:
    raise DataError(f"cannot open {problem.filename}: {problem.strerror}") from problem
