"""Several networks of one run: who learns from what, and what they answer together."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from springfield.errors import RecipeError
from springfield.images.catalog import Catalog, read_catalog
from springfield.learning.answering import litert
from springfield.learning.answering.classifier import Classifier
from springfield.learning.answering.freeze import thaw_plain
from springfield.learning.answering.priors import learned_prior
from springfield.learning.examples.batches import Examples
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.finetuning import recalibrate
from springfield.learning.training.watcher import Watcher
from springfield.recipe import Balance, Network, Recipe, load_recipe
from springfield.run import Run
from springfield.verbs import members
from springfield.verbs.evaluate import evaluate
from springfield.verbs.export import export
from springfield.verbs.materials import description_of
from springfield.verbs.members import deal_members, member_catalog, member_recipe
from springfield.verbs.train import resume, train

COUNTS = {"barn": 24, "mill": 12, "pier": 4}
SETTINGS = (
    "network.members=2",
    "network.width=0.25",
    "network.mirrored=false",
    "balance.rebalance=false",
    "images.size=32",
    "training.batch=8",
    "training.epochs=2",
    "training.precision=float32",
)
LATE = Balance(weights="inverse", deferred=0.8)
IMAGES = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("members") / "data"
    for place, (label, count) in enumerate(COUNTS.items()):
        (root / label).mkdir(parents=True)
        for i in range(count):
            noise = np.random.default_rng([place, i]).integers(0, 256, (40, 40, 3), np.uint8)
            noise[:8] = 80 * place
            Image.fromarray(noise).save(root / label / f"{i}.png")
    return root


@pytest.fixture(scope="module")
def undisturbed(data: Path) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPRINGFIELD_CACHE", str(data.parent / "cache"))
        return train(data, data.parent / "run", load_recipe("default", SETTINGS), progress=False)


def logits(run: Run) -> np.ndarray:
    return np.asarray(thaw_plain(run.classifier_folder, run.recipe.network)(IMAGES))


def weights(run: Run) -> list[np.ndarray]:
    with np.load(run.classifier_folder / "weights.npz") as kept:
        return [kept[name] for name in sorted(kept.files)]


def test_train__each_member_learns_from_all_but_its_own_part(undisturbed: Run, data: Path) -> None:
    def paths(run: Run, part: str) -> set[str]:
        catalog = read_catalog(run.catalog_file, Path())
        return set(catalog["path"][catalog["part"] == part].tolist())

    whole, members = paths(undisturbed, "train"), undisturbed.members
    watched = [paths(member, "val") for member in members]
    assert watched[0] | watched[1] == whole
    assert not watched[0] & watched[1]
    for member, own in zip(members, watched, strict=True):
        assert paths(member, "train") == whole - own
        assert paths(member, "test") == paths(undisturbed, "val")
        assert member.facts["size"] == undisturbed.facts["size"] == 32
        assert member.facts["plan"] == undisturbed.facts["plan"]
        assert list(member.facts["train_counts"]) == list(COUNTS)
    assert len(list((data.parent / "cache").glob("*.npy"))) == 1  # every image decoded once


def test_train__answers_with_the_mean_of_the_members(undisturbed: Run) -> None:
    one, two = map(logits, undisturbed.members)
    assert np.abs(one - two).max() > 1e-3  # they began with other weights
    np.testing.assert_allclose(logits(undisturbed), (one + two) / 2, rtol=1e-4, atol=1e-5)
    assert Classifier.load(undisturbed.classifier_folder).answer(IMAGES).activation is not None


def test_train__tells_of_each_member_and_of_all_together(undisturbed: Run) -> None:
    facts, told = undisturbed.facts, undisturbed.read_json("members.json")
    assert (facts["state"], facts["epochs_done"], told["count"]) == ("finished", 4, 2)
    assert facts["parameters"] > 1.9 * undisturbed.members[0].facts["parameters"]
    own = [member.facts["seconds"] for member in undisturbed.members]
    assert facts["seconds"] == pytest.approx(sum(own), abs=0.06)
    for member, each in zip(undisturbed.members, told["each"], strict=True):
        assert evaluate(member.folder, progress=False)["n"] == told["n"]
        assert each["epochs"] == 2
        assert each["train"] == sum(member.facts["train_counts"].values())
        assert 0 <= each["watched_macro_f1"] <= 1
        assert each["macro_f1"] == pytest.approx(member.read_json("scores.json")["macro_f1"])
    assert 0 <= told["macro_f1"] <= 1
    assert "The 2 networks answer together" in undisturbed.page_file.read_text(encoding="utf-8")


def test_export__of_networks_side_by_side(undisturbed: Run, tmp_path: Path) -> None:
    found = export(undisturbed.folder, "litert", out=tmp_path / "litert", progress=False)
    assert found["agreement"] == 1.0


def test_resume__the_mean_weights_of_trained_members(
    undisturbed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Recipe] = []

    def looked_at(model: keras.Model, data: Examples, recipe: Recipe, *, epoch: int) -> None:
        asked.append(recipe)
        recalibrate(model, data, recipe, epoch=epoch)

    monkeypatch.setattr(members, "recalibrate", looked_at)
    run = Run(Path(shutil.copytree(undisturbed.folder, tmp_path / "run")))
    settings = (*SETTINGS, "network.combine=weights")
    run.write_text("recipe.toml", load_recipe("default", settings).to_toml())
    run.note(micro_batch=3)  # as if memory had room for no more
    resume(run.folder, progress=False)
    (followed,) = asked  # varied as little as in two epochs of training, three at a time
    assert (followed.training.micro_batch, followed.augment.rotate) == (3, 0)
    mean = [(one + two) / 2 for one, two in zip(*map(weights, run.members), strict=True)]
    soup = weights(run)
    for place in (0, 1, 2, -2, -1):  # a convolution, its gain and offset; the last layer
        np.testing.assert_allclose(soup[place], mean[place], rtol=1e-5, atol=1e-7)
    for place in (3, 4):  # what its batch normalisation remembers is found anew
        assert np.abs(soup[place] - mean[place]).max() > 1e-3
    assert "The mean of the weights" in run.page_file.read_text(encoding="utf-8")


def _as_if_killed(finished: Run, out: Path) -> Run:
    """A copy with nothing but what was there before the last epoch of the second member."""
    run = Run(Path(shutil.copytree(finished.folder, out)))
    second = run.members[1]
    for folder in (run.classifier_folder, second.classifier_folder):
        shutil.rmtree(folder)
    max(second.checkpoint_folder.glob("*.npz")).unlink()
    for each in (run, second):
        each.note(state="training")
    for name in ("predictions.csv", "scores.json", "members.json", "page.html"):
        (out / name).unlink()
    return run


def test_resume__killed_and_stopped_in_a_member_ends_the_same(
    undisturbed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run"
    _as_if_killed(undisturbed, out)
    with monkeypatch.context() as patch:
        patch.setattr(Watcher, "wants_stop", lambda watcher: watcher.run.folder.name == "2")
        run = resume(out, progress=False)
    assert run.facts["state"] == "interrupted"
    assert len(run.read_json("members.json")["each"]) == 1
    np.testing.assert_allclose(logits(run), logits(run.members[0]), rtol=1e-4, atol=1e-5)
    assert "interrupted with 1 of 2 networks" in run.page_file.read_text(encoding="utf-8")

    run = resume(out, progress=False)
    assert run.facts["state"] == "finished"
    for kept, same in zip(weights(run), weights(undisturbed), strict=True):
        np.testing.assert_array_equal(kept, same)
    table = (out / "predictions.csv").read_text()
    assert table == (undisturbed.folder / "predictions.csv").read_text()


def test_description__the_prior_is_the_mean_of_those_that_the_members_assume(
    undisturbed: Run, tmp_path: Path
) -> None:
    run = Run(Path(shutil.copytree(undisturbed.folder, tmp_path / "run")))
    assert all(0 <= member.facts["kept_from"] <= 1 for member in run.members)
    run.write_text("recipe.toml", replace(undisturbed.recipe, balance=LATE).to_toml())
    counts = np.array(list(run.facts["train_counts"].values()))
    assert len(set(counts.tolist())) > 1
    for stage in (0.5, 1.0):
        for member in run.members:
            member.note(kept_from=stage)
        found = np.array(description_of(run).prior)
        np.testing.assert_allclose(found, learned_prior(counts, LATE, stage), rtol=1e-6)


def test_resume__a_stop_while_the_last_epoch_is_judged_is_not_forgotten(
    undisturbed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, judged = tmp_path / "run", Watcher.on_epoch
    _as_if_killed(undisturbed, out)

    def stopped_at_the_end(watcher: Watcher, progress: Progress) -> None:
        judged(watcher, progress)
        watcher._asked = progress.epoch == watcher.plan.epochs

    with monkeypatch.context() as patch:
        patch.setattr(Watcher, "on_epoch", stopped_at_the_end)
        run = resume(out, progress=False)
    assert (run.facts["state"], run.members[1].facts["state"]) == ("interrupted", "interrupted")

    run = resume(out, progress=False)
    assert run.facts["state"] == "finished"
    for kept, same in zip(weights(run), weights(undisturbed), strict=True):
        np.testing.assert_array_equal(kept, same)


def catalog_of(groups: list[int], labels: str, parts: list[str]) -> Catalog:
    return Catalog(
        Path(),
        {
            "path": np.array([f"{label}/{i}" for i, label in enumerate(labels)]),
            "label": np.array(list(labels)),
            "group": np.array(groups),
            "part": np.array(parts),
            "reason": np.full(len(labels), ""),
        },
    )


def test_deal_members__whole_groups_and_training_rows_only() -> None:
    groups = [0, 0, 1, 2, 3, 3, 4, 5, 6, 7]
    parts = ["train"] * 7 + ["train", "val", "test"]
    catalog = catalog_of(groups, "aaaabbbcab", parts)
    recipe = Recipe(network=Network(members=2))
    dealt = deal_members(catalog, recipe)["member"].tolist()
    assert dealt[0] == dealt[1]
    assert dealt[4] == dealt[5] != dealt[6]
    assert set(dealt[:4]) == {1, 2}
    assert dealt[7:] == [0, 0, 0]  # one picture is learned from by all; the rest are no training
    assert deal_members(catalog, Recipe()) is catalog
    for number in (1, 2):
        shared = member_catalog(deal_members(catalog, recipe), number)["part"].tolist()
        assert shared[7:] == ["train", "test", ""]
        assert [part == "val" for part in shared] == [m == number for m in dealt]


def test_deal_members__more_than_there_are_pictures() -> None:
    catalog = catalog_of([0, 1, 2, 3], "aabb", ["train"] * 4)
    with pytest.raises(RecipeError, match=r"network\.members = 3: the largest class, b, has 2"):
        deal_members(catalog, Recipe(network=Network(members=3)))


def test_member_recipe__differs_in_the_seed() -> None:
    recipe = load_recipe("default", ("network.members=3", "split.folds=4", "training.seed=5"))
    first, last = (member_recipe(recipe, number, 64) for number in (1, 3))
    assert (first.training.seed, last.training.seed) == (5, 7)
    assert replace(last, training=first.training) == first
    assert (first.network.members, first.split.folds, first.images.size) == (1, 0, 64)
    latest = replace(recipe, training=replace(recipe.training, seed=2**31 - 1))
    assert member_recipe(latest, 2, 64).training.seed == 0


@pytest.mark.parametrize("setting", ["network.members=2", "split.folds=3"])
def test_train__several_networks_need_tensorflow_to_write_each(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setattr(litert, "ON_TENSORFLOW", False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RecipeError, match="which only TensorFlow writes: install it beside JAX"):
        train(tiny, tmp_path / "run", load_recipe("default", (setting,)), progress=False)
    assert not (tmp_path / "run").exists()
