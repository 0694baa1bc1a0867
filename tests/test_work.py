"""What the work costs, counted: multiplications, decodings, bytes, comparisons, graphs.

A change that makes any of these grow is slower on every machine, and no clock is needed to see it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import keras
import numpy as np
import pytest
import tensorflow as tf

from springfield.images import duplicates
from springfield.images import store as storing
from springfield.images.catalog import Catalog
from springfield.images.duplicates import LEAF, PARTNERS, TREES, near_duplicate_pairs
from springfield.images.exclude import NOTHING
from springfield.images.fingerprint import LENGTH
from springfield.images.issues import Audit, Issue
from springfield.images.statistics import measure
from springfield.learning.examples.batches import Examples
from springfield.learning.machine import engine
from springfield.learning.model.networks import flops_of
from springfield.learning.training.fitting import Fitting, Plan, fresh_network
from springfield.recipe import load_recipe
from springfield.results.pages.audit_gallery import pairs_of
from springfield.run import PLAIN, Run
from springfield.verbs.manifest import kept_rows
from springfield.verbs.materials import examples_to_learn
from springfield.verbs.train import begin, train

STEP = 0.7e9  # operations of the default network's training step, per image of 64 px
SETTINGS = (
    "images.size=32",
    "network.width=0.25",
    "training.batch=8",
    "training.epochs=2",
    "training.precision=float32",
    "balance.rebalance=false",
)


class CountedArray(np.ndarray):
    """An array of images that counts the bytes that are taken out of it."""

    taken: ClassVar[Counter[str]] = Counter()

    def __getitem__(self, key: Any) -> Any:
        found = np.asarray(super().__getitem__(key))
        self.taken["bytes"] += found.nbytes
        return found


@dataclass
class Unmoved:
    """Watches a training without a word, and what has been read at the end of each epoch."""

    read: Callable[[], int]
    steps: int = 0

    def __post_init__(self) -> None:
        self.by_epoch: list[int] = []

    def on_step(self, progress: Any, steps: int) -> None:
        self.steps += 1

    def on_epoch(self, progress: Any) -> None:
        self.by_epoch.append(self.read())

    def wants_stop(self) -> bool:
        return False


def counting(patch: pytest.MonkeyPatch, owner: Any, name: str, into: Counter[str]) -> None:
    """Let a function go on doing what it does, and count its calls."""
    real = getattr(owner, name)

    def counted(*given: Any, **named: Any) -> Any:
        into[name] += 1
        return real(*given, **named)

    patch.setattr(owner, name, counted)


# ---- operations


def test_step__takes_no_more_operations_than_it_did() -> None:
    """Counted in TensorFlow's own graph of a step: forward, backward and optimizer."""
    recipe, batch, classes = load_recipe("default"), 32, 14
    data = Examples(
        np.zeros((batch, 64, 64, 3), np.uint8),
        np.arange(batch),
        np.arange(batch) % classes,
        tuple(map(str, range(classes))),
    )
    model = fresh_network(recipe, Plan("float32", 0.0, epochs=1, save_every=1), data)
    step = tf.function(lambda images, targets: model.train_step((images, targets)))
    graph = step.get_concrete_function(
        tf.TensorSpec((batch, 64, 64, 3), tf.uint8), tf.TensorSpec((batch, classes), tf.float32)
    ).graph
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation())
    found = profiler.profile(graph, options=options.with_empty_output().build())

    each = found.total_float_ops / batch

    assert each < STEP
    assert each / flops_of(model) == pytest.approx(3, rel=0.05)  # so the report's figure is right


# ---- decodings and graphs of a whole run


@pytest.fixture(scope="module")
def worked(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Counter[str]]:
    """A whole training, and how often it decoded an image into the store and traced a graph."""
    found: Counter[str] = Counter()
    folder = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPRINGFIELD_CACHE", str(folder / "cache"))
        counting(patch, storing, "read_square", found)
        # Python sees these only while TensorFlow makes a graph of them.
        counting(patch, keras.Model, "train_step", found)
        counting(patch, keras.Model, "predict_step", found)
        run = train(tiny, folder / "run", load_recipe("default", SETTINGS), progress=False)
        found["first"] = found["read_square"]
        again = load_recipe("default", (*SETTINGS, "training.seed=5"))
        second = begin(tiny, folder / "again", again, NOTHING, page=PLAIN, progress=False)
        examples_to_learn(second, progress=False)
    return run, found


def test_train__decodes_every_image_once(worked: tuple[Run, Counter[str]]) -> None:
    run, found = worked
    assert found["first"] == len(kept_rows(run))  # training, scores, neighbours, background


def test_train__a_second_run_decodes_nothing(worked: tuple[Run, Counter[str]]) -> None:
    _, found = worked
    assert found["read_square"] == found["first"]


def test_train__makes_one_graph_for_the_probe_and_one_for_the_run(
    worked: tuple[Run, Counter[str]],
) -> None:
    _, found = worked
    assert found["train_step"] == 2
    assert found["predict_step"] <= 4  # the probe, validation, and what the classifier is made with


def test_fitting__growing_images_take_one_graph_a_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe, plan = load_recipe("default", SETTINGS), Plan("float32", 0.0, epochs=8, save_every=9)
    images, rows = np.zeros((30, 64, 64, 3), np.uint8), np.arange(30)
    training = Examples(images, rows, rows % 2, ("a", "b"))
    nobody = Examples(images, rows[:0], rows[:0], ("a", "b"))
    found: Counter[str] = Counter()
    counting(monkeypatch, keras.Model, "train_step", found)
    engine.start(seed=0, deterministic=False)
    model = fresh_network(recipe, plan, training)

    fitting = Fitting(model, training, nobody, recipe, plan, tmp_path)
    fitting.run(Unmoved(lambda: 0))

    sides = [record["side"] for record in fitting.progress.history]
    assert sides == sorted(sides)
    assert found["train_step"] == len({32, 48, 64}) == len(set(sides))


# ---- bytes out of the store


def test_fitting__reads_each_image_once_an_epoch(tmp_path: Path) -> None:
    recipe, plan = load_recipe("default", SETTINGS), Plan("float32", 0.0, epochs=2, save_every=9)
    images = np.zeros((110, 32, 32, 3), np.uint8).view(CountedArray)
    rows, classes = np.arange(110), ("a", "b")
    training = Examples(images, rows[:40], rows[:40] % 2, classes)
    validation = Examples(images, rows[40:], rows[40:] % 2, classes)
    CountedArray.taken.clear()
    engine.start(seed=0, deterministic=False)
    model = fresh_network(recipe, plan, training)
    watcher = Unmoved(lambda: CountedArray.taken["bytes"])

    Fitting(model, training, validation, recipe, plan, tmp_path).run(watcher)

    once = (40 + 9 * 8) * 32 * 32 * 3  # 70 are watched, in full batches of 8
    assert watcher.by_epoch == [once, 2 * once]


# ---- comparisons of the search for near duplicates


def compared(count: int, patch: pytest.MonkeyPatch) -> Counter[str]:
    """Comparisons that are made among so many pictures, a third of them in scenes of ten."""
    rng = np.random.default_rng(count)
    pictures = rng.integers(0, 256, (count, LENGTH), dtype=np.uint8)
    third = count // 3
    scenes = pictures[: third // 10 + 1].repeat(10, axis=0)[:third].astype(int)
    pictures[:third] = (scenes + rng.integers(-9, 10, scenes.shape)).clip(0, 255)
    found: Counter[str] = Counter()
    coarse, described = duplicates._coarse_pairs, duplicates._described

    def roughly(short: np.ndarray, leaf: np.ndarray) -> np.ndarray:
        found["roughly"] += len(leaf) * (len(leaf) - 1) // 2
        return coarse(short, leaf)

    def closely(rows: np.ndarray, common: Any) -> np.ndarray:
        found["closely"] += len(rows)
        return described(rows, common)

    with patch.context() as inner:
        inner.setattr(duplicates, "_coarse_pairs", roughly)
        inner.setattr(duplicates, "_described", closely)
        found["pairs"] = len(near_duplicate_pairs(pictures))
    return found


def test_near_duplicates__comparisons_grow_by_n_log_n(monkeypatch: pytest.MonkeyPatch) -> None:
    small, n = 1000, 4
    few, many = compared(small, monkeypatch), compared(n * small, monkeypatch)
    most = n * math.log(n * small) / math.log(small)
    for kind in ("roughly", "closely", "pairs"):
        assert few[kind] > 0
        assert many[kind] <= 1.15 * most * few[kind], kind  # all pairs would be n times n
    looks = 2  # as they lie, and righted
    assert many["roughly"] <= looks * n * small * TREES * LEAF / 2
    assert many["pairs"] <= looks * n * small * TREES * PARTNERS


# ---- the audit's pairs


class CountedPath(str):
    """A path that counts how often it is compared."""

    __slots__ = ()
    compared: ClassVar[Counter[str]] = Counter()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        self.compared["times"] += 1
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other


def test_pairs_of__one_vast_group_is_gone_over_once() -> None:
    """A quarter under one label, then all under another: a partner is near for each of them."""
    n = 400
    paths = [f"{row}.jpg" for row in range(n)]
    labels = ["cat"] * (n // 4) + ["dog"] * (n - n // 4)
    every = {"width": 9, "height": 9, "format": "PNG", "error": "", "group": 0}
    columns = {"path": paths, "label": labels, **{name: [one] * n for name, one in every.items()}}
    catalog = Catalog(Path(), {}).with_columns(**columns)
    issues = tuple(Issue(CountedPath(path), "near_duplicate", "") for path in paths)
    CountedPath.compared.clear()

    found = pairs_of(Audit(catalog, issues, measure(catalog)))

    assert len(found) == n - 2  # with the first of its label; those two with one another
    assert CountedPath.compared["times"] < 10 * n
