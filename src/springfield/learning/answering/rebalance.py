"""Rebalance: whether another last layer serves the rare classes better than the trained one.

Everything is fitted on training rows and compared on validation rows. No weight was fitted on
those, but they did choose the epoch that was kept, and here they fit a temperature for each try
and choose among the tries; the test rows have no part in any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from springfield.learning.answering.classifier import Description
from springfield.learning.model.heads import (
    EXPONENTS,
    METHODS,
    NORMALISED,
    Head,
    Lessons,
    normalised,
)
from springfield.learning.statistics.calibration import (
    calibrate,
    fit_temperature,
    log_loss,
    probabilities_of,
)
from springfield.learning.statistics.comparison import SURE, Comparison, compare

PLAIN = "plain"  # the head that was trained
PARTS = (1.0, 0.75, 0.5, 0.25, 0.0)  # of the natural prior that a head may leave out


@dataclass(frozen=True, eq=False)
class Seen:
    """Labelled rows as the trained network sees them."""

    features: np.ndarray  # float32 [n, V, F], of V views of each image
    labels: np.ndarray  # int64 [n]
    groups: np.ndarray  # int64 [n], number of each image's near-duplicate group


@dataclass(frozen=True, eq=False)
class Try:
    """A head to be compared."""

    method: str
    parameter: float | None
    head: Head
    log_prior: np.ndarray  # float64 [C], what its answers assume

    @property
    def name(self) -> str:
        """Method and parameter in words."""
        return self.method if self.parameter is None else f"{self.method} {self.parameter:g}"

    def described(self, description: Description, validation: Seen) -> Description:
        """A description that says what this head is and assumes, calibrated anew."""
        logits = self.head.logits(validation.features)
        calibration = calibrate(logits, validation.labels, validation.groups)
        prior = self._prior(calibration.temperature)
        return replace(description, calibration=calibration, prior=prior, head=self.name)

    def _prior(self, temperature: float) -> tuple[float, ...]:
        """Dividing logits by a temperature divides what they owe to the prior as well."""
        prior = np.exp(self.log_prior / temperature)
        return tuple((prior / prior.sum()).tolist())


@dataclass(frozen=True, eq=False)
class Choice:
    """All that was tried, the plain head first, and how it compared."""

    tries: list[Try]
    comparison: Comparison | None  # None: there is no validation row to compare by
    rows: int

    @property
    def kept(self) -> Try:
        """The plain head, or one that is better beyond chance."""
        return self.tries[self.comparison.best if self.comparison else 0]

    def table(self) -> dict[str, Any]:
        """What rebalance.json holds.

        `rows` is how many validation rows compared, `sure` how sure a gain has to be, `chance` what
        it has to be beyond for that, and `kept` the name of the head that was kept. Each of `tries`
        has its macro-F1 on them, with all classes equally frequent, the `difference` to the plain
        head's, `low` and `high` as far from it as chance goes, its accuracy, whether that is
        `allowed`, and whether it was kept.
        """
        known = {"kept": self.kept.name, "rows": self.rows, "sure": SURE}
        if self.comparison is None:
            return {**known, "chance": None, "tries": []}
        tries = [
            {"method": each.method, "parameter": each.parameter, **self._figures(k)}
            for k, each in enumerate(self.tries)
        ]
        return {**known, "chance": round(self.comparison.chance, 6), "tries": tries}

    def _figures(self, k: int) -> dict[str, float | bool]:
        found = self.comparison
        assert found is not None
        difference = float(found.difference[k])
        room = found.chance if k else 0.0
        figures = {
            "macro_f1": found.macro_f1[k],
            "difference": difference,
            "low": difference - room,
            "high": difference + room,
            "accuracy": found.accuracy[k],
        }
        kept = self.tries[k] is self.kept
        rounded = {name: round(float(value), 6) for name, value in figures.items()}
        return {**rounded, "allowed": bool(found.allowed[k]), "kept": kept}


def choose_head(
    training: Seen,
    validation: Seen,
    plain: Head,
    *,
    learned: np.ndarray,
    natural: np.ndarray,
) -> Choice:
    """Try every method, and keep the plain head unless another is better beyond chance.

    Args:
        training: rows to fit on; every class is among them.
        validation: rows to compare by.
        plain: the head that was trained.
        learned: the prior that it assumes, [C], see `priors.learned_prior`.
        natural: shares of the classes among the images, [C].
    """
    tries = list(_tries(training, validation, plain, (np.log(learned), np.log(natural))))
    answers = np.stack([_answers(each.head, validation) for each in tries])
    compared = compare(answers, validation.labels, validation.groups) if answers.size else None
    return Choice(tries, compared, len(validation.labels))


def _tries(
    training: Seen, validation: Seen, plain: Head, priors: tuple[np.ndarray, np.ndarray]
) -> Iterator[Try]:
    learned, natural = priors
    yield Try(PLAIN, None, plain, learned)
    calibrated = _calibrated(plain, validation, natural - learned)
    lessons = Lessons(training.features, training.labels, calibrated, learned)
    for tau in EXPONENTS:
        head, lean = _leaning(normalised(lessons, tau), validation, natural)
        yield Try(NORMALISED, tau, head, lean)
    for name, method in METHODS.items():
        even = method.fit(lessons)
        if name != "logit-adjustment":
            even = _calibrated(even, validation, natural)
        for tau in method.taus:
            lean = (1 - tau) * natural
            yield Try(name, tau, even.leaning(lean), lean)


def _calibrated(head: Head, validation: Seen, offset: np.ndarray) -> Head:
    """With logits of the size at which they and the offset fit the validation rows best."""
    logits = head.logits(validation.features)
    labels, groups = validation.labels, validation.groups
    return head.divided(fit_temperature(logits, labels, groups, offset))


def _leaning(head: Head, validation: Seen, natural: np.ndarray) -> tuple[Head, np.ndarray]:
    """The head at the size that fits best, and the part of the natural prior that is in it."""
    found = []
    for missing in PARTS:
        sized = _calibrated(head, validation, missing * natural)
        given = probabilities_of(sized.logits(validation.features), 1.0, missing * natural)
        found.append((log_loss(given, validation.labels, validation.groups), missing, sized))
    _, missing, sized = min(found, key=lambda each: each[0])
    return sized, (1 - missing) * natural


def _answers(head: Head, validation: Seen) -> np.ndarray:
    """Class numbers, int64 [n], as the head would answer when it was baked in."""
    logits = head.logits(validation.features)
    temperature = fit_temperature(logits, validation.labels, validation.groups)
    return np.asarray(probabilities_of(logits, temperature).argmax(axis=1))
