from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from springfield.learning.answering.classifier import Description
from springfield.results.foretold import Asked, HeldOut, foretell
from springfield.results.predictions import Predictions

CLASSES = ("a", "b", "c", "d")
SHARES = (0.6, 0.2, 0.15, 0.05)
DESCRIPTION = Description(CLASSES, 32, "crop", prior=SHARES, shares=SHARES)


def answered(mix: tuple[float, ...], n: int, seed: int) -> Predictions:
    """Answers that hold under `SHARES`, to images whose classes come in a mix."""
    random = np.random.default_rng(seed)
    labels = random.choice(4, n, p=mix)
    seen = 3 * np.eye(4)[labels] + random.normal(size=(n, 4))
    likelihood = np.exp(3 * seen - 4.5) * SHARES
    given = (likelihood / likelihood.sum(axis=1, keepdims=True)).astype(np.float32)
    paths = np.array([f"{i}.jpg" for i in range(n)])
    return Predictions(paths, CLASSES, given, np.array(CLASSES)[labels])


HELD_OUT = HeldOut(answered(SHARES, 400, 0), np.arange(400))


def test_foretell__the_same_mix_needs_no_warning() -> None:
    given = answered(SHARES, 300, 1)
    told = foretell(HELD_OUT, Asked(given, DESCRIPTION), 300)
    assert told["warnings"] == []
    expected = told["expected_score"]
    assert expected["low"] < (given.labels == given.truth).mean() < expected["high"]


def test_foretell__another_mix_is_told_with_numbers_names_and_a_way_out() -> None:
    given = answered((0.1, 0.1, 0.8, 0.0), 300, 2)
    given = replace(given, probabilities=given.probabilities * [1, 1, 1, 1e-6])
    mixed, never, way_out = foretell(HELD_OUT, Asked(given, DESCRIPTION), 300)["warnings"]
    assert "the classes are mixed otherwise than in the held-out images: 56% of" in mixed
    assert "p = 0.0005); most: c 18.8% to 74.7%, a " in mixed
    assert never == "1 of 4 classes are never the answer: d"
    assert "as it is, 0.9" in way_out
    assert "with --prior estimated, 0." in way_out
    assert way_out.endswith("with --prior uniform")


def test_mix__is_what_these_images_say_alone() -> None:
    given = Predictions(np.array(["1.jpg"]), CLASSES, np.array([[0, 0, 0.001, 0.999]], np.float32))
    np.testing.assert_allclose(Asked(given, DESCRIPTION).mix(), [0, 0, 0, 1], atol=0.01)


@pytest.mark.parametrize("prior", [None, "estimated", "uniform"])
def test_foretell__under_every_prior_it_expects_what_comes(prior: str | None) -> None:
    given = answered((0.05, 0.05, 0.5, 0.4), 2000, 3)
    asked = Asked(given, DESCRIPTION, prior)
    told = foretell(HELD_OUT, asked, 2000)
    came = (asked.answers.labels == given.truth).mean()
    assert told["expected_score"]["low"] < came < told["expected_score"]["high"]
    assert len(told["warnings"]) == (2 if prior is None else 1)  # advice for who has none


def test_foretell__the_priors_are_ranked_as_they_come_out() -> None:
    given = answered((0.05, 0.05, 0.5, 0.4), 2000, 3)
    scores, came = {}, {}
    for prior in (None, "estimated", "natural"):
        asked = Asked(given, DESCRIPTION, prior)
        scores[prior] = foretell(HELD_OUT, asked, 2000)["expected_score"]["score"]
        came[prior] = (asked.answers.labels == given.truth).mean()
    assert scores["estimated"] > scores[None]
    assert came["estimated"] > came[None]
    assert scores["natural"] == pytest.approx(scores[None], abs=0.01)


def test_foretell__near_duplicates_are_one_piece_of_evidence() -> None:
    once = answered(SHARES, 40, 4)
    often = HeldOut(once.where(np.repeat(np.arange(40), 50)), np.repeat(np.arange(40), 50))
    asked = Asked(answered((0.4, 0.3, 0.2, 0.1), 60, 5), DESCRIPTION)
    few, many = (foretell(h, asked, 60) for h in (HeldOut(once, np.arange(40)), often))
    width = [t["expected_score"]["high"] - t["expected_score"]["low"] for t in (few, many)]
    assert width[1] == pytest.approx(width[0], rel=0.3)
    assert few["warnings"] == many["warnings"]


def test_foretell__classes_with_longer_scenes_are_no_other_mix() -> None:
    """Half of the images are of either class, but one class comes in scenes of ten."""
    classes, even = ("a", "b"), Description(("a", "b"), 32, "crop", prior=(0.5, 0.5))

    def named(n: int) -> Predictions:
        labels = np.arange(n) * 2 // n
        given = np.where(np.eye(2)[labels] > 0, 0.99, 0.01).astype(np.float32)
        return Predictions(np.arange(n).astype(str), classes, given, np.array(classes)[labels])

    groups = np.where(np.arange(2000) < 1000, np.arange(2000) // 10, np.arange(2000))
    told = foretell(HeldOut(named(2000), groups), Asked(named(1000), even), 1000)
    assert told["warnings"] == []


def test_foretell__frames_that_are_named_wrongly_count_as_frames() -> None:
    random = np.random.default_rng(0)
    labels, wrong = np.repeat(np.arange(300) % 4, 10), random.random(3000) < 0.05
    given = np.eye(4, dtype=np.float32)[np.where(wrong, (labels + 1) % 4 * (labels > 0), labels)]
    names = np.array(CLASSES)[labels]
    judged = Predictions(np.arange(3000).astype(str), CLASSES, given, names)
    held_out = HeldOut(judged, np.arange(3000) // 10)
    told = foretell(held_out, Asked(judged, replace(DESCRIPTION, prior=())), 3000)
    assert told["warnings"] == []


def test_foretell__without_a_known_prior_the_answers_tell_the_mix() -> None:
    given = answered((0.1, 0.1, 0.4, 0.4), 300, 6)
    told = foretell(HELD_OUT, Asked(given, replace(DESCRIPTION, prior=())), 300)
    assert told["expected_score"]["score"] == pytest.approx(0.9, abs=0.1)
    assert not any("--prior" in warning for warning in told["warnings"])


def test_foretell__a_run_that_was_not_judged_says_so() -> None:
    told = foretell(None, Asked(answered(SHARES, 5, 7), DESCRIPTION), 5)
    assert told["expected_score"] is None
    assert told["warnings"] == [
        "this run has judged no held-out images to expect a score from: springfield evaluate RUN"
    ]


def test_foretell__each_fold_is_moved_from_the_prior_it_assumes() -> None:
    """Half of the held-out images were answered by a fold whose last layer leans to no class."""
    asked = Asked(answered((0.25,) * 4, 2000, 3), DESCRIPTION, "uniform")
    even = np.arange(400) % 2 == 0
    assumed = np.where(even[:, None], 0.25, SHARES)
    known = HELD_OUT.predictions
    moved = asked.adjusted(known, "uniform").probabilities
    given = np.where(even[:, None], moved, known.probabilities)
    held_out = HeldOut(replace(known, probabilities=given), np.arange(400), assumed)
    once = foretell(HELD_OUT, asked, 2000)["expected_score"]
    assert foretell(held_out, asked, 2000)["expected_score"] == pytest.approx(once)
