"""How soon the default recipe reaches an accuracy, on whatever Keras trains on here.

    KERAS_BACKEND=jax python benchmarks/accelerator.py DATA --out FOLDER [--goal 0.95]
        [--memory 4GB] [--set k=v]...

Trains as `springfield train` does, up to the classifier, which TensorFlow alone can write: so it
also runs where there is only JAX. Unlike there every epoch is validated, to know when it got there,
so a run takes longer than its minutes. Writes FOLDER/result.json: validation accuracy over the
seconds of training, when it reached the goal, that of the held-out images at the end (each looked
at with its mirror image), and the most that was taken of the card.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
from throughput import Silent

from springfield.images.exclude import NOTHING
from springfield.learning.examples.batches import Examples, examples_of
from springfield.learning.machine import card, engine
from springfield.learning.statistics.intervals import macro_f1_of
from springfield.learning.training.fitting import Fitting, fresh_network
from springfield.learning.training.pace import plan_run
from springfield.learning.training.validation import predict_probabilities
from springfield.recipe import load_recipe
from springfield.run import PLAIN
from springfield.verbs.manifest import kept_rows, stored_images
from springfield.verbs.train import begin


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--goal", type=float, default=0.95)
    parser.add_argument("--memory", default="")
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    recipe = load_recipe("default", (f"training.memory={asked.memory}", *asked.set))
    versions = engine.start_for(recipe.training)
    run = begin(asked.data, asked.out, recipe, NOTHING, page=PLAIN, progress=False)
    kept = kept_rows(run)
    images = stored_images(run, kept, progress=False)
    train, val, test = (examples_of(kept, images, part) for part in ("train", "val", "test"))
    plan = replace(plan_run(recipe, train, val), validate_every=1)
    recipe = plan.settle(recipe)
    model = fresh_network(recipe, plan, train)
    fitting = Fitting(model, train, val, recipe, plan, run.checkpoint_folder)
    fitting.run(Silent())
    history = fitting.progress.history
    answers = _answers(model, test)
    result = {
        "versions": versions,
        "device": card.device(),
        "plan": asdict(plan),
        "seconds": fitting.progress.seconds,
        "seconds_to_goal": next(
            (row["seconds"] for row in history if row["val_accuracy"] >= asked.goal), None
        ),
        "accuracy": float((answers == test.labels).mean()),
        "macro_f1": macro_f1_of(test.labels, answers),
        "held_out": len(test.rows),
        "peak_bytes": card.peak_bytes() if card.device() == "gpu" else None,
        "history": history,
    }
    (asked.out / "result.json").write_text(json.dumps(result, indent=1) + "\n")
    print({name: value for name, value in result.items() if name != "history"})


def _answers(model: keras.Model, test: Examples) -> np.ndarray:
    mirrored = Examples(test.images[:, :, ::-1], test.rows, test.labels, test.classes)
    return np.asarray(sum(predict_probabilities(model, part) for part in (test, mirrored))).argmax(
        axis=1
    )


if __name__ == "__main__":
    main()
