from __future__ import annotations

import json

import numpy as np
import pytest

from springfield.errors import DataError
from springfield.recipe import Scores
from springfield.results.metrics import group_of, score, verdict_of
from springfield.results.predictions import Predictions

CLASSES = ("cat", "dog", "eel", "gnu")


def answered(truth: list[str], answers: list[str], sure: float = 0.7) -> Predictions:
    """Predictions that give these answers, each with that probability."""
    rest = (1 - sure) / (len(CLASSES) - 1)
    rows = np.full((len(truth), len(CLASSES)), rest, np.float32)
    rows[np.arange(len(truth)), [CLASSES.index(name) for name in answers]] = sure
    paths = np.array([f"{i}.jpg" for i in range(len(truth))])
    return Predictions(paths, CLASSES, rows, np.array(truth))


def small() -> Predictions:
    truth = ["cat"] * 6 + ["dog"] * 3 + ["eel"]
    answers = ["cat"] * 5 + ["dog"] + ["dog"] * 2 + ["cat"] + ["cat"]
    return answered(truth, answers)


COUNTS = {"cat": 300, "dog": 20, "eel": 2, "gnu": 1}


def test_score__figures_worked_by_hand() -> None:
    scores = score(small(), train_counts=COUNTS)
    assert scores["n"] == 10
    assert scores["accuracy"] == pytest.approx(0.7)
    cat, dog, eel = (scores["classes"][name] for name in CLASSES[:3])
    assert (cat["precision"], cat["recall"], cat["n"]) == (pytest.approx(5 / 7), 5 / 6, 6)
    assert cat["f1"] == pytest.approx(10 / 13)
    assert dog["f1"] == pytest.approx(4 / 6)
    assert (eel["precision"], eel["recall"], eel["f1"]) == (0, 0, 0)
    assert scores["macro_f1"] == pytest.approx((10 / 13 + 4 / 6 + 0) / 3)
    assert scores["judged_classes"] == 3
    assert scores["confusion"][0] == [5, 1, 0, 0]
    assert sum(map(sum, scores["confusion"])) == 10


def test_score__class_without_a_held_out_image_gets_no_number() -> None:
    gnu = score(small(), train_counts=COUNTS)["classes"]["gnu"]
    assert gnu["verdict"] == "cannot be judged: no held-out image"
    assert [gnu[key] for key in ("precision", "recall", "f1", "low", "high")] == [None] * 5


def test_score__groups_by_training_images() -> None:
    groups = score(small(), train_counts=COUNTS)["groups"]
    assert [(groups[k]["classes"], groups[k]["n"]) for k in ("many", "medium", "few")] == [
        (1, 6),
        (1, 3),
        (2, 1),
    ]
    assert groups["few"]["judged_classes"] == 1
    assert groups["many"]["accuracy"] == pytest.approx(5 / 6)


def test_score__empty_group_is_null() -> None:
    groups = score(small(), train_counts=dict.fromkeys(CLASSES, 500))["groups"]
    assert groups["few"]["accuracy"] is groups["few"]["macro_f1_low"] is None


def test_score__json_round_trip() -> None:
    scores = score(small(), train_counts=COUNTS)
    assert json.loads(json.dumps(scores, allow_nan=False)) == scores


def test_score__same_seed_same_intervals() -> None:
    assert score(small(), train_counts=COUNTS) == score(small(), train_counts=COUNTS)
    other = score(small(), train_counts=COUNTS, seed=1)
    assert other["accuracy_low"] != score(small(), train_counts=COUNTS)["accuracy_low"]


def test_score__unreadable_images_are_counted_apart() -> None:
    whole = small()
    errors = np.full(len(whole), "", dtype="<U20")
    errors[0] = "corrupt"
    rows = whole.probabilities.copy()
    rows[0] = np.nan
    broken = Predictions(whole.paths, CLASSES, rows, whole.truth, errors)
    scores = score(broken, train_counts=COUNTS, groups=np.arange(10))
    assert (scores["n"], scores["unreadable"]) == (9, 1)
    assert scores["accuracy"] == pytest.approx(6 / 9)


def test_score__nothing_to_judge() -> None:
    none = Predictions(
        np.zeros(0, np.str_), CLASSES, np.zeros((0, 4), np.float32), np.zeros(0, np.str_)
    )
    scores = score(none, train_counts=COUNTS)
    assert scores["n"] == 0
    assert scores["accuracy"] is scores["macro_f1"] is scores["log_loss"] is None


def test_score__names_an_unknown_true_class() -> None:
    with pytest.raises(DataError, match=r"'dogs' is not a class .* did you mean 'dog'"):
        score(answered(["dogs"], ["dog"]), train_counts=COUNTS)


def test_score__duplicates_of_one_scene_are_one_piece_of_evidence() -> None:
    truth, answers = ["cat"] * 200, ["cat"] * 160 + ["dog"] * 40
    alone = score(answered(truth, answers), train_counts=COUNTS)
    scenes = score(answered(truth, answers), train_counts=COUNTS, groups=np.arange(200) // 10)
    width = [s["accuracy_high"] - s["accuracy_low"] for s in (alone, scenes)]
    assert width[1] > 2.5 * width[0]  # sqrt(10) is 3.2


def test_score__calibration_error_of_known_overconfidence() -> None:
    truth, answers = ["cat"] * 10, ["cat"] * 6 + ["dog"] * 4
    calibration = score(answered(truth, answers, sure=0.9), train_counts=COUNTS)["calibration"]
    assert calibration["ece"] == pytest.approx(0.3, abs=1e-6)
    assert [b["n"] for b in calibration["bins"]] == [10]


def test_score__log_loss_in_nats() -> None:
    scores = score(answered(["cat", "cat"], ["cat", "cat"], sure=0.5), train_counts=COUNTS)
    assert scores["log_loss"] == pytest.approx(np.log(2), abs=1e-6)


def test_score__a_class_of_one_picture_is_told_from_one_that_was_not_drawn() -> None:
    scores = score(small(), train_counts=COUNTS, alone={"gnu": 1})
    assert scores["classes"]["gnu"]["verdict"] == "cannot be judged: 1 image"


def test_score__many_frames_of_few_scenes_are_provisional() -> None:
    truth = ["cat"] * 40 + ["dog"] * 40
    groups = np.concatenate([np.arange(40) // 10, 4 + np.arange(40) // 4])
    classes = score(answered(truth, truth), train_counts=COUNTS, groups=groups)["classes"]
    assert classes["cat"]["verdict"] == "provisional: 40 images of 4 distinct pictures"
    assert classes["dog"]["verdict"] == "ok"


def test_score__groups_by_the_limits_it_is_given() -> None:
    scores = score(small(), train_counts=COUNTS, limits=Scores(many=10, few=2))
    assert [scores["classes"][name]["group"] for name in CLASSES] == [
        "many",
        "many",
        "medium",
        "few",
    ]
    assert [scores["groups"][kind]["n"] for kind in ("many", "medium", "few")] == [9, 1, 0]
    assert scores["limits"] == {"many": 10, "few": 2}


@pytest.mark.parametrize(
    ("n", "group"), [(101, "many"), (100, "medium"), (20, "medium"), (19, "few")]
)
def test_group_of__borders(n: int, group: str) -> None:
    assert group_of(n) == group


@pytest.mark.parametrize(
    ("n", "distinct", "alone", "verdict"),
    [
        (0, 0, 0, "cannot be judged: no held-out image"),
        (0, 0, 1, "cannot be judged: 1 image"),
        (0, 0, 7, "cannot be judged: 7 images of 1 distinct picture"),
        (1, 1, 0, "provisional: 1 image"),
        (3, 3, 0, "provisional: 3 images"),
        (9, 1, 0, "provisional: 9 images of 1 distinct picture"),
        (30, 9, 0, "provisional: 30 images of 9 distinct pictures"),
        (10, 10, 0, "ok"),
    ],
)
def test_verdict_of__words(n: int, distinct: int, alone: int, verdict: str) -> None:
    assert verdict_of(n, distinct, alone) == verdict
