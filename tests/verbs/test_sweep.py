"""A sweep from folder to best recipe, stopped and killed on the way: two small trainings."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from springfield.errors import DataError, OutputError, RecipeError, RunError, SpringfieldError
from springfield.images.catalog import Catalog
from springfield.learning.planning.search import Search, open_search
from springfield.learning.planning.space import Dimension, with_values
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.fitting import Plan
from springfield.learning.training.watcher import Watcher
from springfield.recipe import load_recipe
from springfield.run import Run, create_run, open_run
from springfield.verbs import trials
from springfield.verbs.sweep import Effort, sweep

FAST = (
    *("images.size=32", "network.width=0.125", "training.precision=float32"),
    *("training.epochs=20", "training.batch=8", "balance.rebalance=false"),
)
RECIPE = load_recipe("default", FAST)
SPACE = '"network.dropout" = {low = 0.0, high = 0.5}\n"balance.sampling" = ["natural", "sqrt"]\n'
Swept = tuple[Path, Path, Effort, dict[str, Any]]  # images, folder, effort, answer


@pytest.fixture(scope="module")
def swept(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Swept:
    """The answer of a command that was stopped in its first trial and killed in its second."""
    folder = tmp_path_factory.mktemp("swept") / "sweep"
    space = folder.with_name("space.toml")
    space.write_text(SPACE)
    words = [word for setting in FAST for word in ("--set", setting)]
    words += [str(pictures), "--out", str(folder), "--trials", "2", "--space", str(space), "--json"]
    code, printed = ended(words, folder / "trial-001", signal.SIGINT)
    stopped = json.loads(printed)
    assert (code, stopped["state"], stopped["best"]) == (130, "interrupted", {})
    assert [row["state"] for row in stopped["table"]] == ["running"]
    assert "the same command goes on" in (folder / "page.html").read_text()
    assert ended(words, folder / "trial-002", signal.SIGKILL) == (-signal.SIGKILL, "")
    before = made_at(folder / "trial-001")
    effort = Effort(trials=2, space=space)
    answer = sweep(pictures, folder, RECIPE, effort, progress=False)
    assert made_at(folder / "trial-001") == before  # nothing was trained twice
    return pictures, folder, effort, answer


def ended(words: list[str], trial: Path, how: signal.Signals) -> tuple[int, str]:
    """Exit code and output of a sweep that was sent a signal after a trial's first epoch."""
    line = [sys.executable, "-m", "springfield", "sweep", *words]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        while not (trial / "history.csv").exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(how)
        printed, _ = process.communicate()
    return process.returncode, printed


def made_at(trial: Path) -> int:
    return (trial / "history.csv").stat().st_mtime_ns


def test_sweep__answers_with_all_that_is_promised(swept: Swept) -> None:
    _, folder, _, answer = swept
    assert (answer["state"], answer["trials"], answer["pruned"]) == ("finished", 2, 0)
    assert set(answer["best"]) == {"network.dropout", "balance.sampling"}
    assert answer["low"] <= answer["macro_f1"] <= answer["high"]
    assert answer["n"] == 5
    assert json.loads((folder / "sweep.json").read_text()) == json.loads(json.dumps(answer))
    assert Path(answer["page"]).exists()
    best = load_recipe(answer["recipe"])
    assert best == with_values(RECIPE, answer["best"])
    first = answer["table"][0]
    assert first["values"] == {"network.dropout": 0.0, "balance.sampling": "natural"}
    assert {row["epochs"] for row in answer["table"]} == {20}


def test_sweep__the_test_images_are_opened_for_the_best_one_alone(swept: Swept) -> None:
    _, folder, _, answer = swept
    assert [str(file.parent) for file in folder.glob("trial-*/scores.json")] == [answer["run"]]
    assert [str(file.parent) for file in folder.glob("trial-*/classifier")] == [answer["run"]]
    scores = [row["score"] for row in answer["table"]]
    assert answer["validation"] == max(scores)
    digests = {open_run(trial).facts["digest"] for trial in folder.glob("trial-*")}
    assert len(digests) == 1


def test_sweep__a_stop_while_a_hopeless_trial_is_judged_ends_the_search(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = Watcher.on_epoch

    def stopped(watcher: Watcher, progress: Progress) -> None:
        judged(watcher, progress)
        watcher._asked = True

    space = tmp_path / "space.toml"
    space.write_text(SPACE)
    monkeypatch.setattr(Watcher, "on_epoch", stopped)
    monkeypatch.setattr(Search, "report", lambda *told: True)
    answer = sweep(pictures, tmp_path / "sweep", RECIPE, Effort(9, space=space), progress=False)
    assert (answer["state"], [row["state"] for row in answer["table"]]) == (
        "interrupted",
        ["running"],
    )


def test_sweep__once_more_it_answers_at_once(swept: Swept, tmp_path: Path) -> None:
    pictures, folder, effort, answer = swept
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    for checkpoint in copy.glob("trial-*/checkpoint"):  # nothing is left to train with
        shutil.rmtree(checkpoint)
    again = sweep(pictures, copy, RECIPE, effort, progress=False)
    assert (again["macro_f1"], again["table"]) == (answer["macro_f1"], answer["table"])
    less = Effort(trials=9, minutes=1e-3, space=effort.space)
    assert sweep(pictures, copy, RECIPE, less, progress=False)["trials"] == 2  # the time is up


def test_sweep__a_rate_that_explodes_is_a_trial_like_others(pictures: Path, tmp_path: Path) -> None:
    space = tmp_path / "space.toml"
    space.write_text('"training.learning_rate" = [10.0, 9.0]')
    explosive = load_recipe(
        "default",
        (
            *(*FAST, "network.name=original", "training.optimizer=sgd"),
            *("training.learning_rate=10", "training.schedule=constant"),
            "training.weight_decay=1",  # weights times -9 or -8 in each step, whatever is learned
        ),
    )
    answer = sweep(pictures, tmp_path / "sweep", explosive, Effort(1, space=space), progress=False)
    assert [row["state"] for row in answer["table"]] == ["diverged"]
    assert (answer["best"], answer["pruned"], answer["macro_f1"]) == ({}, 1, None)
    assert answer["recipe"] is None


@pytest.mark.parametrize(
    ("settings", "space", "what"),
    [(("training.epochs=2",), SPACE, "recipe"), (("split.seed=1",), SPACE, "images and split"),
     ((), SPACE.splitlines()[0], "space")],
)  # fmt: skip
def test_sweep__a_folder_of_another_sweep_is_refused(
    swept: Swept, tmp_path: Path, settings: tuple[str, ...], space: str, what: str
) -> None:
    pictures, folder, _, _ = swept
    (tmp_path / "space.toml").write_text(space)
    recipe = load_recipe("default", FAST + settings)
    with pytest.raises(OutputError, match=f"begun with other {what}"):
        sweep(pictures, folder, recipe, Effort(space=tmp_path / "space.toml"), progress=False)


@pytest.mark.parametrize(
    ("effort", "said"),
    [(Effort(trials=0), "--trials 0"), (Effort(minutes=-1), "--minutes -1"),
     (Effort(space="none.toml"), "cannot read the space none.toml")],
)  # fmt: skip
def test_sweep__slips_are_told_before_anything_is_done(
    tmp_path: Path, effort: Effort, said: str
) -> None:
    with pytest.raises(SpringfieldError, match=said):
        sweep(tmp_path / "nowhere", tmp_path / "out", RECIPE, effort)
    assert not (tmp_path / "out").exists()


def test_sweep__without_a_validation_part_nothing_can_be_compared(
    paint: Callable[..., None], tmp_path: Path
) -> None:
    for name in ("barkeeper", "clown"):
        for seed in range(2):
            paint(tmp_path / "few" / name / f"{seed}.png", name, seed)
    with pytest.raises(DataError, match="too few images for a validation part"):
        sweep(tmp_path / "few", tmp_path / "out", RECIPE, progress=False)


def test_sweep__values_that_cannot_be_trained_are_given_up_and_said(
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    space, folder = tmp_path / "space.toml", tmp_path / "sweep"
    space.write_text(SPACE)
    real = trials.begin_run

    def begin_run(rows: Catalog, out: Path, *told: Any) -> Run:
        if out.name == "trial-002":
            raise RecipeError("these two do not go together")
        return real(rows, out, *told)

    monkeypatch.setattr(trials, "begin_run", begin_run)
    recipe = load_recipe("default", (*FAST, "training.epochs=1"))
    answer = sweep(pictures, folder, recipe, Effort(3, space=space), progress=False)
    assert [row["state"] for row in answer["table"]] == ["complete", "refused", "complete"]
    assert "trial 2 cannot be trained: these two do not go" in capsys.readouterr().err
    assert "could not be trained" in (folder / "page.html").read_text()


def test_sweep__a_trial_that_another_process_trains_is_left_alone(
    swept: Swept, tmp_path: Path
) -> None:
    pictures, folder, effort, _ = swept
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    more = Effort(trials=3, space=effort.space)
    begun = open_run(shutil.copytree(copy / "trial-002", copy / "trial-003"))
    begun.note(state="training")
    with begun.alone(), pytest.raises(RunError, match="another process trains in"):
        sweep(pictures, copy, RECIPE, more, progress=False)


def test_score__is_that_of_the_epochs_that_were_validated(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "history.csv").write_text("epoch,val_macro_f1\n1,nan\n2,0.5\n3,nan\n")
    assert trials._score(Run(tmp_path)) == 0.5


def test_trial_watcher__tells_the_scores_of_epochs_that_were_validated(tmp_path: Path) -> None:
    """Another trial at the same share of its run may have been validated there."""
    run = create_run(tmp_path / "run", RECIPE, "", {})
    plan = Plan("float32", 10.0, epochs=10, save_every=5, validate_every=4)
    space = (Dimension("network.dropout", low=0.0, high=0.5),)
    with open_search(tmp_path / "search.db", space, seed=0, first={}) as search:
        trial = search.next()
        with trials.TrialWatcher(run, plan, search=search, trial=trial, show=False) as watcher:
            for epoch in range(1, 11):
                watcher.on_epoch(Progress(epoch=epoch, best=0.5, history=[{"epoch": epoch}]))
        (told,) = search.study.get_trials()
    assert set(told.intermediate_values) == {1, 4, 8, 10}  # tenths
