"""How the audit's and the split's work on tables grows, from 2,000 rows to 100,000.

    python benchmarks/growth.py --out FOLDER [--rows 2000 5000 10000 20000 50000 100000]

Rows and fingerprints are made up, since only the table matters here: every tenth picture is a near
duplicate of another, and a twentieth are frames of one long scene. What reads files grows with
their number and is measured by `benchmarks/audit.py` and `benchmarks/input.py`. Writes
FOLDER/growth.json and growth.svg, and prints a table in Markdown; its last rows are the powers of
the number of rows that the seconds grow by, from each smaller table to the largest.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from springfield.images.catalog import Catalog
from springfield.images.duplicates import group_duplicates
from springfield.images.fingerprint import LENGTH, SIDE
from springfield.images.issues import Audit, find_issues
from springfield.images.labels import suspect_labels
from springfield.images.select import leave_out
from springfield.images.split import assign_parts
from springfield.images.statistics import measure
from springfield.recipe import Images, Split
from springfield.results.pages.audit_gallery import pairs_of
from springfield.results.plots.lines import lines_plot

CLASSES = 42
PARTS = ("near duplicates", "suspicious labels", "issues", "split", "digest")


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[2000, 5000, 10_000, 20_000, 50_000, 100_000]
    )
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    found = [{"rows": n, **measured(n)} for n in asked.rows]
    (asked.out / "growth.json").write_text(json.dumps(found, indent=1) + "\n")
    curves = {name: [(row["rows"], row[name]) for row in found] for name in PARTS}
    plot = lines_plot(curves, "rows of the table", "seconds", log=True)
    (asked.out / "growth.svg").write_text(plot, encoding="utf-8")
    print(tell(found))


def made_up(n: int) -> tuple[Catalog, np.ndarray]:
    """A scanned catalog of `n` rows, and fingerprints uint8 [n, F]."""
    rng = np.random.default_rng(n)
    corners = rng.integers(0, 256, (n, 4, 4, 3)).astype(np.float32)
    corners[: n // 20] = corners[0]  # one long scene
    copies = rng.integers(n // 20, n, n // 10)
    corners[-len(copies) :] = corners[copies]
    smooth = np.linspace(0, 3, SIDE)
    low, share = np.minimum(smooth.astype(int), 2), smooth - np.minimum(smooth.astype(int), 2)
    weights = np.zeros((SIDE, 4), np.float32)
    weights[np.arange(SIDE), low], weights[np.arange(SIDE), low + 1] = 1 - share, share
    prints = rng.integers(0, 60, (n, LENGTH), dtype=np.uint8)  # the histograms
    for start in range(0, n, 2000):
        pictures = np.einsum("ia,jb,nabc->nijc", weights, weights, corners[start : start + 2000])
        pictures += rng.normal(0, 3, pictures.shape)
        pixels = pictures.clip(0, 255).astype(np.uint8)
        prints[start : start + 2000, : 3 * SIDE**2] = pixels.reshape(len(pixels), -1)
    label = np.minimum(rng.geometric(0.08, n) - 1, CLASSES - 1)
    return Catalog(Path("made-up"), {}).with_columns(
        path=[f"class{c:02}/{row:06}.jpg" for row, c in enumerate(label.tolist())],
        label=[f"class{c:02}" for c in label.tolist()],
        width=rng.integers(20, 1000, n),
        height=rng.integers(20, 1000, n),
        bytes=rng.integers(10_000, 50_000, n),
        format=["JPEG"] * n,
        sha256=[f"{value:064x}" for value in rng.integers(0, 50 * n, n).tolist()],
        error=[""] * n,
    ), prints


def measured(n: int) -> dict[str, float]:
    """Seconds of each stage over `n` rows."""
    catalog, prints = made_up(n)
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = work()
        seconds[name] = time.perf_counter() - began
        return result

    catalog = timed("near duplicates", lambda: group_duplicates(catalog, prints))
    doubts = timed("suspicious labels", lambda: suspect_labels(catalog, prints))

    def all_issues() -> None:
        issues = tuple(find_issues(catalog, Images(), doubts))
        audit = Audit(catalog, issues, measure(catalog), tuple(doubts))
        pairs_of(audit)
        audit.to_csv()

    timed("issues", all_issues)
    kept = leave_out(catalog, Images())
    kept = timed("split", lambda: assign_parts(kept, Split()))
    timed("digest", lambda: (kept.digest(), kept.to_csv()))
    return seconds


def power(few: dict[str, Any], many: dict[str, Any], names: Iterable[str]) -> float:
    """By which power of the rows the seconds that these parts take grow between two tables."""
    before, after = (sum(row[name] for name in names) for row in (few, many))
    return math.log(after / before) / math.log(many["rows"] / few["rows"])


def tell(found: list[dict[str, Any]]) -> str:
    """A table in Markdown."""
    lines = [f"| rows | {' | '.join(PARTS)} | all | rows/s |", "|---" * (len(PARTS) + 3) + "|"]
    for row in found:
        cells = " | ".join(f"{row[name]:.2f} s" for name in PARTS)
        whole = sum(row[name] for name in PARTS)
        lines.append(f"| {row['rows']:,} | {cells} | {whole:.2f} s | {row['rows'] / whole:,.0f} |")
    for first in found[:-1]:
        powers = (power(first, found[-1], names) for names in (*([part] for part in PARTS), PARTS))
        cells = " | ".join(f"{each:.2f}" for each in powers)
        lines.append(f"| power from {first['rows']:,} on | {cells} | |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
