"""How many images are needed, from folder to answer: three small trainings and a quick one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from springfield.errors import OutputError, RecipeError, SpringfieldError
from springfield.images.catalog import read_catalog
from springfield.learning.answering import litert
from springfield.recipe import Finetune, Network, Recipe, load_recipe
from springfield.results.measured import read_measured
from springfield.results.predictions import read_predictions
from springfield.run import Run, open_run
from springfield.verbs.budgets import hurried, paced_like
from springfield.verbs.needs import Question, default_folder, needs
from springfield.verbs.reproduce import Comparison, reproduce
from springfield.verbs.sweep import sweep

FAST = ("images.size=32", "network.width=0.125", "training.precision=float32", "training.epochs=1",
        "training.batch=4")  # fmt: skip
RECIPE = load_recipe("default", FAST)
Answered = tuple[Path, Path, dict[str, Any]]  # images, folder, answer


@pytest.fixture(scope="module")
def answered(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """The answer of a command that was killed in its second training or later, and went on."""
    folder = tmp_path_factory.mktemp("answer") / "needs"
    words = [word for setting in FAST for word in ("--set", setting)]
    line = [sys.executable, "-m", "springfield", "needs", str(pictures), "--out", str(folder)]
    with subprocess.Popen([*line, *words], stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not (folder / "budget-4" / "run.json").exists():
            time.sleep(0.1)
        process.kill()
    before = made_at(folder)
    answer = needs(pictures, folder, RECIPE, Question(0.5), progress=False)
    assert before
    assert before.items() < made_at(folder).items()  # nothing was trained or judged twice
    return pictures, folder, answer


def made_at(folder: Path) -> dict[str, int]:
    """When the classifiers and the scores of the runs that are whole were written."""
    whole = [file.parent for file in folder.glob("budget-*/scores.json")]
    files = [run / name for run in whole for name in ("scores.json", "classifier/model.tflite")]
    return {str(file): file.stat().st_mtime_ns for file in files}


def budgets_in(folder: Path) -> list[int]:
    return sorted(int(path.name.removeprefix("budget-")) for path in folder.glob("budget-*"))


def test_needs__trains_every_budget_and_judges_all_by_the_same_images(answered: Answered) -> None:
    _, folder, answer = answered
    runs = [open_run(folder / f"budget-{budget}") for budget in budgets_in(folder)]
    assert [point["images"] for point in answer["points"]] == budgets_in(folder) == [2, 4, 7]
    assert [max(run.facts["train_counts"].values()) for run in runs] == [2, 4, 7]
    assert [run.facts["train_counts"]["mayor"] for run in runs] == [2, 2, 2]
    plans = [run.facts["plan"] for run in runs]
    assert len({plan["images_per_second"] for plan in plans}) == 1  # measured once
    judged = {tuple(read_predictions(run.folder / "predictions.csv").paths) for run in runs}
    assert len(judged) == 1


def test_needs__answers_with_all_that_is_promised(answered: Answered) -> None:
    _, folder, answer = answered
    assert {"target", "images_per_class", "low", "high", "curve", "hidden", "says"} <= set(answer)
    assert (answer["target"], answer["state"], answer["quick"]) == (0.5, "finished", False)
    assert {name: of["images"] for name, of in answer["classes"].items()} == {
        "barkeeper": 7, "clown": 7, "mayor": 2}  # fmt: skip
    assert answer["hidden"]["images"] == 7
    assert json.loads((folder / "needs.json").read_text()) == json.loads(json.dumps(answer))
    assert answer["says"]
    assert Path(answer["page"]).exists()
    assert (folder / "right.csv").read_text().startswith("path,truth,group,2,4,7\n")


def test_hurried__a_largest_budget_of_few_epochs(answered: Answered, tmp_path: Path) -> None:
    _, folder, answer = answered
    assert answer["hurried"] is None  # the recipe names its epochs
    home = Run(Path(shutil.copytree(folder, tmp_path / "copy")))
    measured = read_measured(home.folder / "right.csv", home.read_json("begun.json")["train"])
    recipe = load_recipe("default", ("training.minutes=3",))
    last = Run(home.folder / "budget-7")
    third = replace(recipe, training=replace(recipe.training, minutes=1.0))
    last.write_text("recipe.toml", third.to_toml())  # of the three minutes
    for epochs, said in ((4, {"epochs": 4, "minutes": 17}), (20, None)):
        last.note(epochs_done=epochs, seconds=60.0)  # twenty would take 5 minutes in steps
        assert hurried(home, recipe, measured) == said
    ended = replace(
        recipe,
        network=Network(name="mobilenetv2", weights="imagenet"),
        finetune=Finetune(whole=False, head=True),
    )
    last.note(epochs_done=0, seconds=60.0)
    assert hurried(home, ended, measured) is None


def test_needs__another_target_is_answered_at_once(answered: Answered, tmp_path: Path) -> None:
    pictures, folder, _ = answered
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    for budget in budgets_in(copy):  # nothing is left to train with
        shutil.rmtree(copy / f"budget-{budget}" / "checkpoint")
    answer = needs(pictures, copy, RECIPE, Question(0.999), progress=False)
    assert answer["target"] == 0.999
    assert "99.9%" in answer["says"]


@pytest.mark.parametrize(
    ("settings", "quick", "what"),
    [(("training.epochs=2",), False, "recipe"), ((), True, "quick"),
     (("split.seed=1",), False, "images and split")],
)  # fmt: skip
def test_needs__a_folder_of_another_question_is_refused(
    answered: Answered, settings: tuple[str, ...], quick: bool, what: str
) -> None:
    pictures, folder, _ = answered
    recipe = load_recipe("default", FAST + settings)
    with pytest.raises(OutputError, match=f"begun with other {what}"):
        needs(pictures, folder, recipe, Question(quick=quick), progress=False)


def test_needs__with_a_manifest_of_exclusions_the_images_are_others(
    answered: Answered, tmp_path: Path
) -> None:
    pictures, folder, _ = answered
    path = next(pictures.rglob("*.png")).relative_to(pictures).as_posix()
    (tmp_path / "without.csv").write_text(f"path\n{path}\n")
    question = Question(0.5, exclude=tmp_path / "without.csv")
    with pytest.raises(OutputError, match="begun with other images and split"):
        needs(pictures, folder, RECIPE, question, progress=False)


def test_needs__a_wrong_target_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(SpringfieldError, match="--target 90: it must lie between 0 and 1"):
        needs(tmp_path / "nowhere", tmp_path / "out", RECIPE, Question(90))


SEVERAL = [
    (needs, (load_recipe("default", ("network.name=mobilenetv2", "network.weights=no.h5")),)),
    (sweep, (load_recipe("default", ("network.name=mobilenetv2", "network.weights=no.h5")),)),
    (reproduce, (Comparison(settings=("network.name=mobilenetv2", "network.weights=no.h5")),)),
]


@pytest.mark.parametrize(("verb", "words"), SEVERAL)
def test_several_trainings__weights_that_are_not_there_bind_no_folder(
    pictures: Path, tmp_path: Path, verb: Callable[..., Any], words: tuple[Any, ...]
) -> None:
    with pytest.raises(RecipeError, match=r"no\.h5': there is no such file"):
        verb(pictures, tmp_path / "out", *words, progress=False)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("verb", "recipe"), [(needs, RECIPE), (sweep, RECIPE), (reproduce, None)])
def test_several_trainings__need_tensorflow_to_write_each(
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    verb: Callable[..., Any],
    recipe: Recipe | None,
) -> None:
    monkeypatch.setattr(litert, "ON_TENSORFLOW", False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RecipeError, match=f"{verb.__name__} trains networks one after the other"):
        verb(pictures, tmp_path / "out", *filter(None, [recipe]), progress=False)
    assert not (tmp_path / "out").exists()


def test_paced_like__steps_of_less_than_a_batch_tell_no_pace(answered: Answered) -> None:
    _, folder, _ = answered
    runs = [open_run(folder / f"budget-{n}") for n in budgets_in(folder)]
    images = [sum(run.facts["train_counts"].values()) for run in runs]
    for batch, known in ((images[0], runs[0]), (images[1], runs[1]), (images[2] + 1, None)):
        recipe = replace(RECIPE, training=replace(RECIPE.training, batch=batch),
                         balance=replace(RECIPE.balance, cap=99))  # fmt: skip
        facts = paced_like(runs, recipe, Run(folder), 3)
        assert bool(facts) == bool(known)
        if known:
            speed = known.facts["plan"]["images_per_second"]
            assert facts["plan"]["images_per_second"] == speed


def test_needs__quick_takes_one_training(pictures: Path, tmp_path: Path) -> None:
    answer = needs(pictures, tmp_path / "quick", RECIPE, Question(0.5, quick=True), progress=False)
    assert [path.name for path in (tmp_path / "quick").glob("*/run.json")] == ["run.json"]
    assert answer["quick"]
    assert "quick answer" in answer["says"]
    assert answer["classes"]["clown"]["images"] == 7  # what there is, of which half is learned from
    assert answer["points"][-1]["images"] in (3, 4)
    again = needs(pictures, tmp_path / "quick", RECIPE, Question(0.5, quick=True), progress=False)
    assert again["points"] == answer["points"]
    network = Run(tmp_path / "quick" / "network")
    assert "head" in network.catalog_file.read_text()


def test_default_folder__is_named_after_the_data() -> None:
    assert default_folder(Path("some/town"), quick=False) == Path("needs-town")
    assert default_folder(Path("some/town.csv"), quick=True) == Path("needs-town-quick")
    assert default_folder(Path("kaggle:springfield"), quick=False) == Path("needs-springfield")
    assert default_folder(Path("kaggle:alex/town"), quick=False) == Path("needs-town")


def test_needs__no_more_watch_a_budget_than_it_learns_from(answered: Answered) -> None:
    _, folder, _ = answered
    for budget in budgets_in(folder):
        rows = read_catalog(Run(folder / f"budget-{budget}").catalog_file, Path())
        assert max(rows.where(rows["part"] == "val").counts().values()) <= budget
