from __future__ import annotations

from typing import Any

from springfield.doors.terminal import (
    say_audit,
    say_export,
    say_facts,
    say_health,
    say_needs,
    say_rate,
    say_reproduction,
    say_scores,
    say_split,
    say_submission,
    say_sweep,
)

CLASS = {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "n": 120, "low": 0.4, "high": 0.81}
EMPTY = {"precision": None, "recall": None, "f1": None, "n": 0, "low": None, "high": None}


def test_say_scores__shows_every_class_with_its_n_and_interval() -> None:
    answer = {
        "accuracy": 0.75,
        "accuracy_low": 0.7,
        "accuracy_high": 0.8,
        "macro_f1": 2 / 3,
        "n": 1120,
        "page": "run/page.html",
        "classes": {"clown": CLASS, "mayor": {**EMPTY, "verdict": "cannot be judged"}},
    }
    assert say_scores(answer).splitlines() == [
        "class    n  precision  recall     F1  95 % interval",
        "clown  120      0.500   1.000  0.667  0.400 to 0.810",
        "mayor    0          -       -      -  -               cannot be judged",
        "",
        "accuracy 0.750 (0.700 to 0.800) on 1,120 images",
        "macro-F1 0.667 (-) on 1,120 images",
        "page: run/page.html",
    ]
    stopped = say_scores({**answer, "run": "run", "state": "interrupted"}).splitlines()
    assert stopped[-3] == "interrupted; go on with: springfield resume run"
    others = {**answer, "left_out": {"unreadable": 0, "unknown_class": 12, "seen_in_training": 1}}
    assert say_scores(others).splitlines()[-2] == (
        "not judged: 12 of classes that the run does not have, 1 that it has learned from, or of"
        " one group with those"
    )


def test_say_scores__in_folds_and_what_folds_would_do() -> None:
    answer: dict[str, Any] = {"accuracy": 0.75, "macro_f1": 0.5, "n": 9, "classes": {"a": CLASS}}
    each = [{"accuracy": 0.7}, {"accuracy": None}, {"accuracy": 0.8}]
    said = "folds, by a network new to it; accuracy by fold 0.700 to 0.800"
    for count, of in ((3, "3"), (5, "3 of 5")):
        lines = say_scores({**answer, "folds": {"count": count, "each": each}}).splitlines()
        assert lines[-1] == f"each image judged once in {of} {said}"
    assert say_scores({**answer, "advice": "train with folds"}).endswith("\ntrain with folds")


def test_say_scores__of_another_last_layer_and_what_it_makes_stale() -> None:
    answer: dict[str, Any] = {"accuracy": 0.75, "macro_f1": 0.5, "n": 9, "classes": {"a": CLASS}}
    done = {"kept": "crt 0.75", "tried": 25, "stale_exports": ["run/exports/onnx"]}
    before = {"accuracy": 0.76, "macro_f1": 0.3}
    assert say_scores({**answer, "rebalance": done, "plain": before}).splitlines()[-3:] == [
        "last layer: crt 0.75, of 25 tried",
        "with the last layer as it was trained: accuracy 0.760, macro-F1 0.300",
        "run/exports/onnx still answers as before; export anew",
    ]


def test_say_split__with_folds_how_many_each_tests() -> None:
    answer = {"parts": {"train": 3}, "classes": {"a": {"train": 3}}, "table": "s.csv"}
    assert say_split({**answer, "folds": [2, 1]}).splitlines()[-2:] == [
        "tested by fold: 2, 1",
        "table: s.csv",
    ]


def test_say_audit__starts_with_the_largest_class_and_skips_what_was_not_found() -> None:
    answer = {
        "images": 1234,
        "classes": {"clown": 234, "mayor": 1000},
        "issues": {"corrupt": 2, "duplicate": 0},
        "page": None,
    }
    assert say_audit(answer).splitlines() == [
        "1,234 images in 2 classes",
        "",
        "class  images",
        "mayor    1000",
        "clown     234",
        "",
        "issue    files",
        "corrupt      2",
    ]
    excluded = say_audit({**answer, "excluded": 12}).splitlines()
    assert excluded[0] == "1,234 images in 2 classes, 12 excluded"


def test_say_facts__one_line_per_fact_and_a_table_of_counts() -> None:
    answer = {"submission": "out.csv", "n": 1300, "classes": {"clown": 300, "mayor": 1000}}
    assert say_facts(answer).splitlines() == [
        "submission: out.csv",
        "n: 1,300",
        "",
        "classes  images",
        "mayor      1000",
        "clown       300",
    ]


def test_say_export__shows_every_class_before_and_after() -> None:
    lost = {"n": 3, "original_f1": 1.0, "f1": 0.5, "verdict": "lost"}
    unseen = {"n": 0, "original_f1": None, "f1": None, "verdict": "cannot be judged"}
    answer = {
        "path": "run/exports/onnx",
        "format": "onnx",
        "bytes": 7829955,
        "n": 1425,
        "agreement": 0.9988,
        "max_difference": 0.0312,
        "accuracy": 0.8,
        "original_accuracy": 0.81,
        "macro_f1": 0.7,
        "original_macro_f1": 0.72,
        "classes": {"clown": lost, "mayor": unseen},
    }
    assert say_export(answer).splitlines() == [
        "class  n  F1 before  F1 after",
        "clown  3      1.000     0.500  lost",
        "mayor  0          -         -  cannot be judged",
        "",
        "the same answer to 99.88% of 1,425 held-out images; probabilities differ by at most 0.031",
        "accuracy 0.810 before, 0.800 after",
        "macro-F1 0.720 before, 0.700 after",
        "onnx: 7,829,955 bytes",
        "path: run/exports/onnx",
    ]


def test_say_reproduction__shows_the_rows_that_were_trained() -> None:
    row = {"row": "original", "taken": [42, 155], "n": 4000, "accuracy": 0.8, "accuracy_sd": None,
           "accuracy_low": 0.78, "accuracy_high": 0.82, "macro_f1": 0.7, "seconds": 61.6,
           "published": 0.8, "runs": [{}]}  # fmt: skip
    ours = {**row, "row": "ours", "taken": None, "published": None}
    rows = [row, ours, {**row, "runs": []}]
    answer = {"rows": rows, "state": "interrupted", "page": "out/page.html"}
    assert say_reproduction(answer).splitlines() == [
        "row       images       n  accuracy  95 % interval   macro-F1  seconds  published",
        "original  42 x 155  4000     0.800  0.780 to 0.820     0.700       62       0.80",
        "ours      all       4000     0.800  0.780 to 0.820     0.700       62          -",
        "interrupted; the same command goes on",
        "page: out/page.html",
    ]
    several = {**answer, "rows": [{**row, "accuracy_sd": 0.0125}], "state": "finished"}
    assert "± 0.013" in say_reproduction(several).splitlines()[1]


def test_say_needs__says_what_each_class_needs_or_why_nobody_knows() -> None:
    known = {"n": 30, "points": [{"recall": 0.8}], "needs": 243, "low": 161, "high": 1405,
             "more_than": None, "limit": {"recall": 0.97}}  # fmt: skip
    unknown = {**known, "points": [], "needs": None, "low": None, "high": None, "limit": None}
    answer = {
        "classes": {
            "clown": {"images": 300, **known},
            "mayor": {"images": 20, **known, "high": None},
            "far": {"images": 30, **unknown, "more_than": 1200},
            "out": {"images": 40, **unknown, "limit": {"recall": 0.7}},
            "new": {"images": 2, **unknown},
            "alone": {"images": 1, **unknown, "n": 0},
        },
        "says": "About 240.",
        "hidden": {"predicted": 0.81, "low": 0.78, "high": 0.84, "measured": 0.8},
        "hurried": None,
        "page": "needs/page.html",
    }
    assert say_needs(answer).splitlines() == [
        "class  has  recall  needs  95 % interval",
        "clown  300   0.800    240  160 to 1,400",
        "mayor   20   0.800    240  160 or more",
        "far     30       -      -  more than 1,200",
        "out     40       -      -  hardly reached by images alone",
        "new      2       -      -  too few budgets",
        "alone    1       -      -  cannot be judged",
        "",
        "About 240.",
        "largest budget hidden: mean recall 0.810 (0.780 to 0.840) predicted, 0.800 measured",
        "page: needs/page.html",
    ]
    assert "hidden" not in say_needs({**answer, "hidden": None})
    hurried = {"epochs": 8, "minutes": 25}
    assert "had 8 epochs only" in say_needs({**answer, "hurried": hurried}).splitlines()[-2]


def test_say_health__every_step_in_a_line_and_what_mends_it_below() -> None:
    fine = {"name": "Python", "state": "ok", "says": "Python 3.12.3, 64 bits", "fix": ""}
    small = {"name": "GPU", "state": "note", "says": "4.0 GB", "fix": "--set training.batch=8"}
    lost = {"name": "disk", "state": "broken", "says": "full\x1b[2J", "fix": "rm -r old"}
    assert say_health({"healthy": True, "checks": [fine, small]}).splitlines() == [
        "ok      Python  Python 3.12.3, 64 bits",
        "note    GPU     4.0 GB",
        "                -> --set training.batch=8",
        "",
        "Springfield can train here",
    ]
    assert say_health({"healthy": False, "checks": [lost]}).splitlines() == [
        "broken  disk  full\\x1b[2J",
        "              -> rm -r old",
        "",
        "something hinders training: mend the first that is broken, then ask again",
    ]


def test_say_submission__what_to_expect_and_what_to_think_of() -> None:
    answer = {
        "submission": "out.csv",
        "n": 1991,
        "classes": {"clown": 331, "mayor": 1660},
        "smallest_change": 1 / 1991,
        "expected_score": {"score": 0.97, "low": 0.95, "high": 0.981},
        "warnings": ["1 of 3 classes are never the answer: bar\nkeeper"],
    }
    assert say_submission(answer).splitlines() == [
        "class  answers",
        "mayor     1660",
        "clown      331",
        "",
        "expected score 0.970 (0.950 to 0.981); the leaderboard shows changes of 1/1,991 and more",
        "warning: 1 of 3 classes are never the answer: bar\\nkeeper",
        "1,991 images: out.csv",
    ]
    lines = say_submission({**answer, "expected_score": None}).splitlines()
    assert not any("expected" in line for line in lines)


def test_say_rate__where_it_comes_from_and_how_to_go_on() -> None:
    answer = {"learning_rate": 0.0043, "low": 0.000522, "high": 0.01738, "run": "r", "page": "p"}
    lines = say_rate(answer).splitlines()
    assert lines[0].startswith("learning rate 0.0043: a quarter of 0.017, where the loss begins")
    assert lines[1:] == ["train with it: springfield resume r", "page: p"]


def test_say_sweep__every_trial_then_the_best_recipe_and_its_honest_score() -> None:
    trial = {"number": 0, "score": 0.9, "epochs": 9, "seconds": 61.7, "state": "complete"}
    gone = {**trial, "number": 1, "score": None, "state": "diverged"}
    scores = {"macro_f1": 0.88, "low": 0.8, "high": 0.95, "n": 1240, "state": "finished"}
    answer = {**scores, "table": [trial, gone], "best": {"a.b": 0.21234, "a.c": 32}, "page": "p"}
    assert say_sweep(answer).splitlines() == [
        "trial  validation macro-F1  epochs  seconds",
        "    1                0.900       9       62",
        "    2                    -       9       62  diverged",
        "",
        "a.b = 0.212",
        "a.c = 32",
        "macro-F1 0.880 (0.800 to 0.950) on 1,240 test images",
        "page: p",
    ]
    stopped = say_sweep({**answer, "macro_f1": None, "state": "interrupted"}).splitlines()
    assert stopped[-2:] == ["interrupted; the same command goes on", "page: p"]
