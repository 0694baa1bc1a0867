"""The same training on Keras' JAX backend, in processes of its own: a backend is for life."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from springfield.learning.answering.classifier import Classifier
from springfield.run import open_run
from springfield.verbs.train import resume

ON_JAX = {"KERAS_BACKEND": "jax"}
BEGINNING = """
import json, sys
from dataclasses import replace
from pathlib import Path
import keras, numpy as np
from springfield.learning.machine import card, engine
from springfield.learning.training.accumulation import train_step
from springfield.learning.examples.batches import Examples
from springfield.learning.training.fitting import Fitting, Plan, compile_network
from springfield.learning.training.step import OnJax, Whole
from springfield.recipe import load_recipe

rows = np.arange(24)
images = np.random.default_rng(0).integers(0, 256, (24, 8, 8, 3), np.uint8)
data = Examples(images, rows, rows % 3, ("a", "b", "c"))
recipe = load_recipe("default", ("training.batch=8", "training.epochs=3"))

def network():
    engine.start(seed=0, deterministic=True)
    model = keras.Sequential([
        keras.Input((8, 8, 3), dtype="uint8"), keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization(), keras.layers.Flatten(),
        keras.layers.Dropout(0.5), keras.layers.Dense(3),
    ])
    compile_network(model, recipe, counts=data.counts(), steps=9)
    return model

def weights(model):
    return [w.tolist() for w in model.get_weights()]
"""
STEPS = """
targets, own = np.eye(3, dtype=np.float32)[data.labels], np.linspace(0.5, 2, 24)
found = {}
for kind in (Whole, OnJax):
    model = network()
    step = kind(model, recipe.training) if kind is OnJax else kind(model)
    said = [step(images, targets, own), step(images, targets)]
    step.hand_back()
    said += [step(images, targets, own)]
    step.hand_back()
    found[kind.__name__] = [np.ravel(said).tolist(), weights(model)]
found["chosen"] = type(train_step(model, recipe.training)).__name__
print(json.dumps(found))
"""
RESUMED = """
class Watcher:
    def __init__(self, steps): self.left = steps
    def on_step(self, progress, steps): self.left -= 1
    def on_epoch(self, progress): pass
    def wants_stop(self): return not self.left

def train(folder, *stops):
    for stop in stops:
        plan = Plan("float32", 0.0, epochs=3, save_every=100)
        fitting = Fitting(network(), data, data, recipe, plan, Path(folder))
        done = fitting.run(Watcher(stop))
    assert done
    return weights(fitting.model)

print(json.dumps([train(sys.argv[1], 99), train(sys.argv[2], 4, 3, 99)]))
"""


def _run(code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *words],
        env={**os.environ, **ON_JAX, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def without_tensorflow(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variable that hides TensorFlow from a new process."""
    folder = tmp_path_factory.mktemp("hidden") / "tensorflow"
    folder.mkdir()
    missing = "raise ModuleNotFoundError(\"No module named 'tensorflow'\", name='tensorflow')\n"
    (folder / "__init__.py").write_text(missing)
    return {"PYTHONPATH": os.pathsep.join([str(folder.parent), os.environ.get("PYTHONPATH", "")])}


def test_on_jax__takes_the_step_that_keras_takes(without_tensorflow: dict[str, str]) -> None:
    done = _run(BEGINNING + STEPS, **without_tensorflow)
    assert not done.returncode, done.stderr
    found = json.loads(done.stdout)
    assert found["chosen"] == "OnJax"
    (said, weights), (expected, theirs) = found["OnJax"], found["Whole"]
    np.testing.assert_allclose(said, expected, rtol=1e-5)
    for own, other in zip(weights, theirs, strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("tests", "named", "passed"),
    [("test_accumulation.py", "", 8), ("test_resizing.py", "takes_the_step or in_parts", 2)],
)
def test_on_jax__in_parts_and_on_growing_images_it_trains_as_on_tensorflow(
    tests: str, named: str, passed: int, without_tensorflow: dict[str, str]
) -> None:
    words = [
        *("--import-mode=importlib", "-p", "no:cacheprovider", "-o", "filterwarnings=ignore"),
        *("-k", named, str(Path(__file__).with_name(tests))),
    ]
    done = _run(f"import pytest; raise SystemExit(pytest.main({words}))", **without_tensorflow)
    assert not done.returncode, done.stdout
    assert f"{passed} passed" in done.stdout


def test_fitting__goes_on_to_the_very_same_weights(
    tmp_path: Path, without_tensorflow: dict[str, str]
) -> None:
    done = _run(
        BEGINNING + RESUMED, str(tmp_path / "whole"), str(tmp_path / "parts"), **without_tensorflow
    )
    assert not done.returncode, done.stderr
    whole, in_parts = json.loads(done.stdout)
    assert in_parts == whole


SMALL = ("images.size=32", "network.width=0.125", "training.epochs=1", "training.batch=8")


def _train(
    data: Path, out: Path, *more: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    settings = [w for s in (*SMALL, "training.precision=float32", *more) for w in ("--set", s)]
    code = "import sys; from springfield.doors.cli import main; sys.exit(main(sys.argv[1:]))"
    return _run(code, "train", str(data), "--out", str(out), *settings, **environment)


def test_train__without_tensorflow_ends_with_the_training_and_resumes_where_it_is(
    tiny: Path, tmp_path: Path, without_tensorflow: dict[str, str]
) -> None:
    done = _train(tiny, tmp_path / "run", "balance.rebalance=false", **without_tensorflow)
    assert done.returncode == 2, done.stderr
    assert "the training is done and safe" in done.stderr.splitlines()[-1]
    before = {f: f.read_bytes() for f in (tmp_path / "run" / "checkpoint").iterdir()}
    run = resume(tmp_path / "run", progress=False)
    assert run.facts["state"] == "finished"
    assert {file: file.read_bytes() for file in before} == before  # not trained again


@pytest.mark.parametrize("network", ["residual", "original"])
def test_train__on_jax_ends_with_a_classifier(network: str, tiny: Path, tmp_path: Path) -> None:
    done = _train(tiny, tmp_path / "run", f"network.name={network}")
    assert not done.returncode, done.stderr
    run = open_run(tmp_path / "run")
    assert "jax" in run.facts["versions"]
    assert (run.folder / "page.html").exists()
    images = np.zeros((1, 32, 32, 3), np.uint8)
    assert Classifier.load(run.classifier_folder).probabilities(images).sum() == pytest.approx(1)
    refused = _run(
        "import sys; from springfield.doors.cli import main; sys.exit(main(sys.argv[1:]))",
        *("export", str(run.folder), "--to", "savedmodel"),
    )
    assert refused.returncode == 2
    assert "KERAS_BACKEND=tensorflow" in refused.stderr
