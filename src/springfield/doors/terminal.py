"""Answers in a few lines for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable

from springfield.doors.answers import Answer
from springfield.doors.plan_table import say_plan
from springfield.doors.predictions_table import say_predictions
from springfield.doors.text import interval, number, pointers, printable, share, table
from springfield.results.plots.needs import rounded


def say_scores(answer: Answer) -> str:
    """Every class with its n, F1 and interval, then the overall scores and where the page is."""
    rows = [
        [
            name,
            score["n"],
            share(score["precision"]),
            share(score["recall"]),
            share(score["f1"]),
            interval(score["low"], score["high"]),
            "" if score.get("verdict", "ok") == "ok" else score["verdict"],
        ]
        for name, score in answer["classes"].items()
    ]
    head = ["class", "n", "precision", "recall", "F1", "95 % interval", ""]
    lines = [table(head, rows), ""]
    for key, word in (("accuracy", "accuracy"), ("macro_f1", "macro-F1")):
        bounds = interval(answer.get(f"{key}_low"), answer.get(f"{key}_high"))
        lines.append(f"{word} {share(answer[key])} ({bounds}) on {number(answer['n'])} images")
    lines += [
        *_left_out(answer.get("left_out")),
        *_rebalanced(answer),
        *_folds(answer.get("folds")),
        *([answer["advice"]] if "advice" in answer else []),
    ]
    if answer.get("state") == "interrupted":
        lines.append(f"interrupted; go on with: springfield resume {answer['run']}")
    return "\n".join(lines + pointers(answer, "run", "page"))


def _left_out(counts: dict[str, int] | None) -> list[str]:
    """Files of another folder that were not judged."""
    words = {
        "unreadable": "cannot be read",
        "unknown_class": "of classes that the run does not have",
        "seen_in_training": "that it has learned from, or of one group with those",
    }
    said = [f"{number(n)} {words[kind]}" for kind, n in (counts or {}).items() if n]
    return [f"not judged: {', '.join(said)}"] if said else []


def _rebalanced(answer: Answer) -> list[str]:
    """Which last layer answers, the scores of the trained one, and exports that are older."""
    lines, before, done = [], answer.get("plain"), answer.get("rebalance")
    if done:
        whose = "last layer of the first fold" if answer.get("folds") else "last layer"
        lines.append(f"{whose}: {done['kept']}, of {done['tried']} tried")
    if before:
        scores = f"accuracy {share(before['accuracy'])}, macro-F1 {share(before['macro_f1'])}"
        lines.append(f"with the last layer as it was trained: {scores}")
    stale = done["stale_exports"] if done else []
    return lines + [f"{export} still answers as before; export anew" for export in stale]


def _folds(folds: Answer | None) -> list[str]:
    """How far the folds differ, with those that there are so far."""
    if not folds:
        return []
    known = [each["accuracy"] for each in folds["each"] if each["accuracy"] is not None]
    of = "" if len(folds["each"]) == folds["count"] else f"{len(folds['each'])} of "
    said = f"each image judged once in {of}{folds['count']} folds, by a network new to it"
    spread = f"; accuracy by fold {share(min(known))} to {share(max(known))}" if known else ""
    return [said + spread]


def say_audit(answer: Answer) -> str:
    """Images per class and issues per kind."""
    classes = sorted(answer["classes"].items(), key=lambda item: -item[1])
    found = [[kind, n] for kind, n in answer["issues"].items() if n]
    listed = f", {number(answer['excluded'])} excluded" if answer.get("excluded") else ""
    lines = [
        f"{number(answer['images'])} images in {len(classes)} classes{listed}",
        "",
        table(["class", "images"], classes),
        "",
        table(["issue", "files"], found) if found else "no issues found",
    ]
    return "\n".join(lines + pointers(answer, "page"))


def say_split(answer: Answer) -> str:
    """Images per class and part."""
    head = ["class", *answer["parts"]]
    rows = [[name, *parts.values()] for name, parts in answer["classes"].items()]
    rows.append(["all", *answer["parts"].values()])
    tested = ", ".join(map(number, answer.get("folds", ())))
    folds = [f"tested by fold: {tested}"] if tested else []
    return "\n".join([table(head, rows), *folds, *pointers(answer, "digest", "table")])


def say_export(answer: Answer) -> str:
    """Every class before and after, how far both agree, and where the export is."""
    rows = [
        [name, of["n"], share(of["original_f1"]), share(of["f1"]), of["verdict"]]
        for name, of in answer["classes"].items()
    ]
    lines = [
        table(["class", "n", "F1 before", "F1 after", ""], rows),
        "",
        f"the same answer to {answer['agreement']:.2%} of {number(answer['n'])} held-out images; "
        f"probabilities differ by at most {answer['max_difference']:.2g}",
    ]
    for key, word in (("accuracy", "accuracy"), ("macro_f1", "macro-F1")):
        lines.append(
            f"{word} {share(answer[f'original_{key}'])} before, {share(answer[key])} after"
        )
    lines.append(f"{answer['format']}: {number(answer['bytes'])} bytes")
    return "\n".join(lines + pointers(answer, "path"))


def say_facts(answer: Answer) -> str:
    """One line per fact; counts by name as a small table, the largest first."""
    lines = []
    for key, value in answer.items():
        if isinstance(value, dict):
            counts = sorted(value.items(), key=lambda item: -item[1])
            lines += ["", table([key, "images"], counts), ""] if counts else []
        else:
            lines.append(f"{key}: {number(value) if isinstance(value, int) else value}")
    return "\n".join(lines).rstrip()


def say_submission(answer: Answer) -> str:
    """Answers of each class, the score to expect, what it can show, and what to think of."""
    counts = sorted(answer["classes"].items(), key=lambda item: -item[1])
    lines = [table(["class", "answers"], counts), ""]
    if expected := answer["expected_score"]:
        bounds = interval(expected["low"], expected["high"])
        step = f"1/{number(round(1 / answer['smallest_change']))}"
        lines.append(
            f"expected score {share(expected['score'])} ({bounds}); the leaderboard shows "
            f"changes of {step} and more"
        )
    lines += [f"warning: {printable(warning)}" for warning in answer["warnings"]]
    return "\n".join([*lines, f"{number(answer['n'])} images: {answer['submission']}"])


def say_reproduction(answer: Answer) -> str:
    """The original's rows and ours, here and as published."""
    spread = any(row["accuracy_sd"] is not None for row in answer["rows"])

    def bounds(row: Answer) -> str:
        if spread:  # a row of one seed has none
            return "" if row["accuracy_sd"] is None else f"± {row['accuracy_sd']:.3f}"
        return interval(row["accuracy_low"], row["accuracy_high"])

    around = "spread" if spread else "95 % interval"
    rows = [
        [
            row["row"],
            " x ".join(map(str, row["taken"])) if row["taken"] else "all",
            row["n"],
            share(row["accuracy"]),
            bounds(row),
            share(row["macro_f1"]),
            round(row["seconds"]),
            "-" if row["published"] is None else f"{row['published']:.2f}",
        ]
        for row in answer["rows"]
        if row["runs"]
    ]
    head = ["row", "images", "n", "accuracy", around, "macro-F1", "seconds", "published"]
    lines = [table(head, rows)]
    if answer["state"] == "interrupted":
        lines.append("interrupted; the same command goes on")
    return "\n".join(lines + pointers(answer, "page"))


def say_serving(answer: Answer) -> str:
    """Where, and how to stop it."""
    return f"serving {answer['run']} at {answer['url']} (Ctrl-C ends it)"


def say_rate(answer: Answer) -> str:
    """The rate, where it comes from, and how to go on."""
    low, high = (f"{answer[end]:.2g}" for end in ("low", "high"))
    lines = [
        f"learning rate {answer['learning_rate']:.2g}: a quarter of {high}, where the loss begins "
        f"to rise (it falls fastest at {low})",
        f"train with it: springfield resume {answer['run']}",
    ]
    return "\n".join(lines + pointers(answer, "page"))


def say_sweep(answer: Answer) -> str:
    """Every trial, the best one's keys, and its score on images that nothing was chosen by."""
    rows = [
        [trial["number"] + 1, share(trial["score"]), trial["epochs"], round(trial["seconds"]),
         "" if trial["state"] == "complete" else trial["state"]]
        for trial in answer["table"]
    ]  # fmt: skip
    head = ["trial", "validation macro-F1", "epochs", "seconds", ""]
    lines = [table(head, rows), ""]
    lines += [f"{key} = {_value(value)}" for key, value in answer["best"].items()]
    if answer["macro_f1"] is not None:
        bounds = interval(answer["low"], answer["high"])
        images = f"{number(answer['n'])} test images"
        lines.append(f"macro-F1 {share(answer['macro_f1'])} ({bounds}) on {images}")
    if answer["state"] == "interrupted":
        lines.append("interrupted; the same command goes on")
    return "\n".join(lines + pointers(answer, "recipe", "run", "page"))


def _value(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def say_needs(answer: Answer) -> str:
    """Every class with what it has and needs, then the answer, and how a hidden budget came out."""
    rows = [
        [
            name,
            of["images"],
            share(of["points"][-1]["recall"] if of["points"] else None),
            "-" if of["needs"] is None else rounded(of["needs"]),
            _span(of),
        ]
        for name, of in answer["classes"].items()
    ]
    head = ["class", "has", "recall", "needs", "95 % interval"]
    lines = [table(head, rows), "", answer["says"]]
    if hidden := answer["hidden"]:
        bounds = interval(hidden["low"], hidden["high"])
        lines.append(
            f"largest budget hidden: mean recall {share(hidden['predicted'])} ({bounds}) "
            f"predicted, {share(hidden['measured'])} measured"
        )
    if hurried := answer["hurried"]:
        lines.append(
            f"the largest budget had {hurried['epochs']} epochs only; more would show more of what "
            f"its images are good for: --set training.minutes={hurried['minutes']} or more, with "
            "another --out"
        )
    return "\n".join(lines + pointers(answer, "page"))


def _span(need: Answer) -> str:
    """The interval of a number of images, or why there is no number."""
    if need["more_than"] is not None:
        return f"more than {number(rounded(need['more_than']))}"
    if need["needs"] is None:
        unknown = "cannot be judged" if need["n"] == 0 else "too few budgets"
        return unknown if need["limit"] is None else "hardly reached by images alone"
    high = "or more" if need["high"] is None else f"to {number(rounded(need['high']))}"
    return f"{number(rounded(need['low']))} {high}"


def say_health(answer: Answer) -> str:
    """Every step of the set-up in a line, and below it what mends it."""
    width = max(len(check["name"]) for check in answer["checks"])
    lines = []
    for check in answer["checks"]:
        lines.append(f"{check['state']:<6}  {check['name']:<{width}}  {check['says']}")
        if check["fix"]:
            lines.append(f"{'':<6}  {'':<{width}}  -> {check['fix']}")
    end = "Springfield can train here"
    if not answer["healthy"]:
        end = "something hinders training: mend the first that is broken, then ask again"
    return "\n".join([*map(printable, lines), "", end])


SAYS: dict[str, Callable[[Answer], str]] = {
    "demo": say_scores,
    "toons": say_facts,
    "audit": say_audit,
    "split": say_split,
    "train": say_scores,
    "resume": say_scores,
    "evaluate": say_scores,
    "rebalance": say_scores,
    "needs": say_needs,
    "predict": say_predictions,
    "explain": say_facts,
    "submit": say_submission,
    "export": say_export,
    "serve": say_serving,
    "plan": say_plan,
    "rate": say_rate,
    "sweep": say_sweep,
    "reproduce": say_reproduction,
    "doctor": say_health,
}
