"""Telling: what was measured side by side, as tables in Markdown and as a drawing."""

from __future__ import annotations

import statistics
from typing import Any

from springfield.results.plots.lines import lines_plot

Found = list[dict[str, Any]]  # a measurement each, as `run.py` writes them
Point = tuple[float, float]  # seconds of training, accuracy; means over the seeds


def curve_of(found: Found, peer: str) -> dict[float, Point]:
    """Mean seconds and accuracy over the seeds, by the minutes that were allowed."""
    rows = [row for row in found if row["peer"] == peer]
    return {
        minutes: (_mean(rows, minutes, "seconds"), _mean(rows, minutes, "accuracy"))
        for minutes in sorted({row["minutes"] for row in rows})
    }


def _mean(rows: Found, minutes: float, key: str) -> float:
    return statistics.fmean(row[key] for row in rows if row["minutes"] == minutes)


def seconds_to(curve: dict[float, Point], accuracy: float) -> float | None:
    """Seconds of the shortest training that reached an accuracy; None: none did."""
    reached = [seconds for seconds, got in curve.values() if got >= accuracy]
    return min(reached) if reached else None


def table(found: Found, ours: str) -> str:
    """Accuracy at each time, time to the peers' best accuracy, and everyone's settings."""
    peers = list(dict.fromkeys(row["peer"] for row in found))
    curves = {peer: curve_of(found, peer) for peer in peers}
    times = sorted({minutes for curve in curves.values() for minutes in curve})
    lines = [f"| accuracy after | {' | '.join(f'{m:g} min' for m in times)} | trained for |"]
    lines.append("|---" * (len(times) + 2) + "|")
    for peer, curve in curves.items():
        cells = [f"{curve[m][1]:.3f}" if m in curve else "" for m in times]
        real = ", ".join(f"{seconds:.0f}" for seconds, _ in curve.values())
        lines.append(f"| {peer} | {' | '.join(cells)} | {real} s |")
    return "\n".join([*lines, "", *_ahead(curves, ours), *_settings(found, peers)]) + "\n"


def _ahead(curves: dict[str, dict[float, Point]], ours: str) -> list[str]:
    """How far we are ahead of the best peer at each time, and how much sooner we are there."""
    others = {peer: curve for peer, curve in curves.items() if peer != ours and curve}
    if ours not in curves or not others:
        return []
    lines = ["| after | best peer | points ahead | its seconds | ours to its accuracy |"]
    lines.append("|---" * 5 + "|")
    for minutes in sorted({m for curve in others.values() for m in curve}):
        there = {peer: curve[minutes] for peer, curve in others.items() if minutes in curve}
        best = max(there, key=lambda peer: there[peer][1])
        seconds, accuracy = there[best]
        own = curves[ours].get(minutes)
        points = f"{100 * (own[1] - accuracy):+.1f}" if own else ""
        sooner = seconds_to(curves[ours], accuracy)
        when = "not reached" if sooner is None else f"{sooner:.0f} s, {sooner / seconds:.2f} of it"
        lines.append(f"| {minutes:g} min | {best} | {points} | {seconds:.0f} | {when} |")
    return [*lines, ""]


def _settings(found: Found, peers: list[str]) -> list[str]:
    longest = {peer: max((row for row in found if row["peer"] == peer),
                         key=lambda row: row["minutes"]) for peer in peers}  # fmt: skip
    lines = ["| peer | parameters | epochs | settings |", "|---|---|---|---|"]
    for peer, row in longest.items():
        told = "; ".join(f"{key}: {value}" for key, value in row["settings"].items())
        lines.append(f"| {peer} | {row['parameters']:,} | {row['epochs']:.1f} | {told} |")
    return lines


def picture(found: Found, ours: str) -> str:
    """Accuracy against seconds of training as an SVG file, a line a peer."""
    peers = dict.fromkeys(row["peer"] for row in found)
    curves = {peer: [*curve_of(found, peer).values()] for peer in peers}
    return lines_plot(
        curves, "seconds of training, from scratch", "accuracy on held-out images", main=ours
    )
