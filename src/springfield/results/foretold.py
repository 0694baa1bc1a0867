"""Foretold: what is to be said of answers before the leaderboard says it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from springfield.learning.answering.classifier import Description
from springfield.learning.answering.priors import adjust, estimate, wanted_prior
from springfield.learning.statistics.intervals import Evidence
from springfield.results.metrics import evidence_of
from springfield.results.outlook import Expected, compare_mixes, expected_score
from springfield.results.predictions import Predictions
from springfield.results.submission import some

UNLIKELY = 0.01  # chance that one mix gives so different answers, below which it is told
TOLD = 3  # classes whose share has moved most


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Images that the run has judged, as its classifier answered them."""

    predictions: Predictions
    groups: np.ndarray  # int64 [n], number of each image's near-duplicate group
    assumed: np.ndarray | None = None  # [n, C], priors of the folds that answered, nan where
    # nobody knows them; None: all answered under one prior

    @property
    def movable(self) -> HeldOut:
        """Those that can be moved to another prior."""
        if self.assumed is None:
            return self
        known = ~np.isnan(self.assumed).any(axis=1)
        return HeldOut(self.predictions.where(known), self.groups[known], self.assumed[known])


@dataclass(frozen=True, eq=False)
class Asked:
    """New images: as the classifier answered them, and the prior under which they are to count."""

    given: Predictions
    description: Description  # of the classifier
    prior: str | None = None

    @property
    def answers(self) -> Predictions:
        """The answers under the prior."""
        return self.adjusted(self.given, self.prior)

    def adjusted(
        self, given: Predictions, prior: str | None, assumed: np.ndarray | None = None
    ) -> Predictions:
        """Any answers under a prior; "estimated" is that of the new images.

        They hold for the prior that is `assumed`, [C] or [n, C]; None: that of the classifier.
        """
        if prior is None:
            return given
        shares = wanted_prior(self.given.probabilities, self.description, prior)
        assumed = np.array(self.description.prior) if assumed is None else assumed
        return replace(given, probabilities=adjust(given.probabilities, assumed, shares))

    def mix(self) -> np.ndarray:
        """Shares of the classes among the new images, float64 [C]."""
        if self.description.prior:
            # Smoothed, it would lean to classes that are not there, and so would the score.
            return estimate(self.given.probabilities, np.array(self.description.prior), caution=0)
        return _counts(self.given) / len(self.given)


def foretell(held_out: HeldOut | None, asked: Asked, images: int) -> dict[str, Any]:
    """`expected_score` on so many of the new images, see `outlook`, and `warnings`."""
    expected = _expected(held_out, asked, asked.prior, images)
    if held_out is None or expected is None:
        nothing = "this run has judged no held-out images to expect a score from"
        return {"expected_score": None, "warnings": [f"{nothing}: springfield evaluate RUN"]}
    warnings = _moved(held_out, asked)
    if warnings and asked.prior is None and asked.description.prior:
        others = [
            f"{other.score:.3f} with --prior {prior}"
            for prior in ("estimated", "uniform")
            if (other := _expected(held_out, asked, prior, images))
        ]
        warnings.append(f"expected score {expected.score:.3f} as it is, {', '.join(others)}")
    return {"expected_score": asdict(expected), "warnings": warnings}


def _expected(
    held_out: HeldOut | None, asked: Asked, prior: str | None, images: int
) -> Expected | None:
    if held_out is None:
        return None
    return expected_score(_evidence(held_out, asked, prior), asked.mix(), images)


def _evidence(held_out: HeldOut, asked: Asked, prior: str | None) -> Evidence:
    heard = held_out if prior is None else held_out.movable
    return evidence_of(asked.adjusted(heard.predictions, prior, heard.assumed), heard.groups)


def _moved(held_out: HeldOut, asked: Asked) -> list[str]:
    """How the mix of the answers differs from that on the held-out images, if it does."""
    evidence, classes = _evidence(held_out, asked, asked.prior), asked.given.classes
    now, before = _counts(asked.answers), np.bincount(evidence.answers, minlength=len(classes))
    # As many as there are scenes, which are all that it proves, rounded so that none gets lost.
    scenes = before.cumsum() * len(np.unique(evidence.clusters)) / len(evidence.answers)
    before = np.diff(np.rint(scenes), prepend=0).astype(np.int64)
    shift = compare_mixes(before, now)
    if shift.p >= UNLIKELY:
        return []
    shares = np.stack([before / before.sum(), now / now.sum()])
    most = np.argsort(-np.abs(shares[0] - shares[1]), kind="stable")[:TOLD]
    named = ", ".join(f"{classes[c]} {shares[0, c]:.1%} to {shares[1, c]:.1%}" for c in most)
    said = [
        f"the classes are mixed otherwise than in the held-out images: {shift.moved:.0%} of the "
        f"answers would have to be others (G = {shift.g:.1f}, p = {shift.p:.2g}); most: {named}"
    ]
    if never := [name for name, n in zip(classes, now, strict=True) if not n]:
        said.append(f"{len(never)} of {len(classes)} classes are never the answer: {some(never)}")
    return said


def _counts(answers: Predictions) -> np.ndarray:
    return np.bincount(answers.answers, minlength=len(answers.classes))
