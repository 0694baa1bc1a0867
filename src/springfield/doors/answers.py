"""What the verbs return, as dicts that JSON can hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from springfield.files import write_atomically

if TYPE_CHECKING:
    from springfield.images.catalog import Catalog
    from springfield.images.issues import Audit
    from springfield.results.predictions import Predictions
    from springfield.run import Run

Answer = dict[str, Any]


def of_run(run: Run) -> Answer:
    """Scores of a run, its warnings, its state ("finished", "interrupted"), its page's path."""
    scores, facts = run.read_json("scores.json"), run.facts
    own = {"state": facts["state"], "warnings": facts.get("warnings", [])}
    return {**scores, **own, "page": str(run.page_file)}


def of_audit(audit: Audit, out: Path | None) -> Answer:
    """Counts of an audit, with the path of its page when one was asked for."""
    return {**audit.summary(), "page": str(out / "page.html") if out else None}


def of_split(catalog: Catalog, out: Path) -> Answer:
    """Rows per part, in all and per class; `left_out` counts rows that take no part.

    With folds, `folds` counts the rows that each of them tests, and the parts are one fold's.
    """
    parts = {"train": "train", "val": "val", "test": "test", "left_out": ""}
    counts = Counter(zip(catalog["label"].tolist(), catalog["part"].tolist(), strict=True))
    dealt = catalog["fold"][catalog["fold"] >= 0] if "fold" in catalog else ()
    return {
        "table": str(out),
        "images": len(catalog),
        "digest": catalog.digest(),
        **({"folds": np.bincount(dealt).tolist()} if len(dealt) else {}),
        "parts": {key: int((catalog["part"] == part).sum()) for key, part in parts.items()},
        "classes": {
            name: {key: counts[name, part] for key, part in parts.items()}
            for name in catalog.classes
        },
    }


def of_predictions(
    predictions: Predictions, csv: Path | None, timeline: Path | None = None
) -> Answer:
    """A row per image and per span of a video, in the order asked; also written to `csv`, if given.

    An image's "set" holds its true class as often as "level" says, the likeliest class first.
    The spans are drawn into `timeline`, an SVG file, when that is given and there are any.
    """
    from springfield.learning.statistics.calibration import LEVEL
    from springfield.results.plots.strip import strip_plot
    from springfield.results.plots.svg import stand_alone
    from springfield.results.timeline import bars_of

    strips = bars_of(predictions) if timeline else {}
    if csv is not None:
        write_atomically(csv, predictions.short_csv().encode("utf-8", "surrogateescape"))
    if timeline and strips:
        write_atomically(timeline, stand_alone(strip_plot(strips)).encode())
    rows = zip(
        predictions.paths,
        predictions.labels,
        predictions.confidence,
        predictions.sets(),
        predictions.reasons,
        strict=True,
    )
    return {
        "n": len(predictions),
        "unreadable": int((~predictions.readable).sum()),
        "level": LEVEL,
        "csv": str(csv) if csv else None,
        "timeline": str(timeline) if strips else None,
        "predictions": [
            {
                "path": str(path),
                "label": str(label) or None,
                "probability": None if error else round(float(confidence), 6),
                "set": None if may_be is None else list(may_be),
                "error": str(error),
            }
            for path, label, confidence, may_be, error in rows
        ],
    }
