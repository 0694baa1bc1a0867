"""How near the training comes to what the machine can multiply, and what it does besides.

    python benchmarks/throughput.py DATA --out FOLDER [--networks residual original ...]
        [--sizes 64 96] [--batch 64] [--precisions float32 mixed_bfloat16] [--epochs 3]
        [--side 2048]

First the matrix peak: the fastest of many products of two square matrices, in this very process, in
float32 and bfloat16. Then the fastest of a few training steps of each network, in each precision:
its operations (three times those of the way forward) a second, as a share of that precision's peak.
Then real trainings on DATA with the default recipe, growing images and whole ones (--epochs 0: as
many as the five minutes hold): the share of its time that is not spent in the network's step, and
where it goes. Writes
FOLDER/throughput.json and prints tables in Markdown. The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from springfield.images.exclude import NOTHING
from springfield.learning.examples.batches import Examples, epoch_batches
from springfield.learning.machine import engine
from springfield.learning.model.networks import flops_of
from springfield.learning.training import checkpoint, fitting
from springfield.learning.training.accumulation import train_step
from springfield.learning.training.checkpoint import Progress
from springfield.learning.training.fitting import Fitting, Plan, fresh_network
from springfield.learning.training.pace import plan_run
from springfield.learning.training.validation import validation_scores
from springfield.recipe import load_recipe
from springfield.run import PLAIN
from springfield.verbs.materials import examples_to_learn
from springfield.verbs.train import begin

PRECISIONS = {"float32": "float32", "mixed_bfloat16": "bfloat16"}  # policy: of its products
PRODUCTS, STEPS, CLASSES = 30, 12, 14


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--networks", nargs="+", default=["residual", "original", "resnet32"])
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 96])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--precisions", nargs="+", default=[*PRECISIONS], choices=PRECISIONS)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--side", type=int, default=2048)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    versions = engine.start(seed=0, deterministic=False)
    peaks = {name: peak(kind, asked.side) for name, kind in PRECISIONS.items()}
    steps = [
        {"network": network, "size": size, **step_of(network, size, asked.batch, precision)}
        for network in asked.networks
        for size in asked.sizes
        for precision in asked.precisions
    ]
    for step in steps:
        step["share_of_peak"] = step["flops_per_second"] / peaks[step["precision"]]
    epochs = f"training.epochs={asked.epochs}"
    outside = [
        spent(asked.data, asked.out, (epochs, *more)) for more in ((), ("training.first_side=1",))
    ]
    result = {"peaks": peaks, "steps": steps, "outside": outside, "versions": versions}
    (asked.out / "throughput.json").write_text(json.dumps(result, indent=1) + "\n")
    print(tell(result))


def peak(kind: str, side: int) -> float:
    """Operations a second of the fastest product of two matrices [side, side]."""
    one = keras.ops.cast(keras.random.normal((side, side), seed=1), kind)
    seconds = []
    for _ in range(PRODUCTS):
        began = time.perf_counter()
        product = keras.ops.matmul(one, one)
        np.asarray(keras.ops.cast(product[0, 0], "float32"))  # an accelerator has then ended
        seconds.append(time.perf_counter() - began)
    return 2 * side**3 / min(seconds)


def step_of(network: str, size: int, batch: int, precision: str) -> dict[str, Any]:
    """The fastest of a few steps on noise: others can slow a step, never hasten it."""
    settings = (f"network.name={network}", f"training.batch={batch}", "training.learning_rate=1e-4")
    recipe, rows = load_recipe("default", settings), np.arange(batch)
    noise = np.random.default_rng(0).integers(0, 256, (batch, size, size, 3), dtype=np.uint8)
    data = Examples(noise, rows, rows % CLASSES, tuple(map(str, range(CLASSES))))
    model = fresh_network(recipe, Plan(precision, 0.0, epochs=1, save_every=1), data)
    images, targets = next(iter(epoch_batches(data, recipe, epoch=0, epochs=1)))
    train_on = train_step(model, recipe.training)
    train_on(images, targets)
    seconds = []
    for _ in range(STEPS):
        began = time.perf_counter()
        train_on(images, targets)
        seconds.append(time.perf_counter() - began)
    flops = 3 * flops_of(model) * batch
    return {
        "precision": precision,
        "parameters": model.count_params(),
        "step_flops": flops,
        "images_per_second": batch / min(seconds),
        "flops_per_second": flops / min(seconds),
    }


class Stopwatch:
    """Keeps the seconds that a function takes, call by call."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self.work, self.calls = work, []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.work, name)

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Do the work."""
        began = time.perf_counter()
        try:
            return self.work(*given, **named)
        finally:
            self.calls.append(time.perf_counter() - began)

    def first_beyond_others(self) -> float:
        """What the first call, which makes the graph, takes more than the others do."""
        return self.calls[0] - statistics.median(self.calls[1:] or self.calls)


class Silent:
    """Watches a training without a word."""

    def on_step(self, progress: Progress, steps: int) -> None:
        """Nothing to say."""

    def on_epoch(self, progress: Progress) -> None:
        """Nothing to say."""

    def wants_stop(self) -> bool:
        """Never."""
        return False


def spent(data: Path, out: Path, settings: tuple[str, ...]) -> dict[str, Any]:
    """Where the time of a real training goes; what making a graph takes stands by itself."""
    number = 1
    while (folder := out / f"run-{number}").exists():
        number += 1
    recipe = load_recipe("default", settings)
    run = begin(data, folder, recipe, NOTHING, page=PLAIN, progress=False)
    training, validation = examples_to_learn(run, progress=False)
    plan = plan_run(recipe, training, validation)
    recipe = plan.settle(recipe)
    model = fresh_network(recipe, plan, training)
    work = Fitting(model, training, validation, recipe, plan, run.checkpoint_folder)
    steps: list[Stopwatch] = []  # of each side

    def watched(*given: Any) -> Stopwatch:
        steps.append(Stopwatch(train_step(*given)))
        return steps[-1]

    fitting.train_step = watched
    fitting.validation_scores = watch = Stopwatch(validation_scores)
    checkpoint.save, saved = (save := Stopwatch(checkpoint.save)), checkpoint.save
    began = time.perf_counter()
    work.run(Silent())
    wall = time.perf_counter() - began
    fitting.train_step, fitting.validation_scores, checkpoint.save = (
        train_step,
        validation_scores,
        saved,
    )
    graphs = sum(step.first_beyond_others() for step in steps) + watch.first_beyond_others()
    parts = {
        "step": sum(sum(step.calls) - step.first_beyond_others() for step in steps),
        "graphs": graphs,
        "validation": sum(watch.calls) - watch.first_beyond_others(),
        "checkpoints": sum(save.calls),
    }
    parts["input and the rest"] = wall - sum(parts.values())
    later = steps[-1].calls[1:] or steps[-1].calls
    return {
        "settings": settings,
        "seconds": wall,
        "epochs": plan.epochs,
        "precision": plan.precision,
        "share": {name: seconds / wall for name, seconds in parts.items()},
        "outside_the_step": 1 - parts["step"] / wall,
        # batches are made beside the steps: what they slow a step by is no time outside it
        "mean_step_over_fastest": statistics.fmean(later) / min(later),
    }


def tell(result: dict[str, Any]) -> str:
    """Tables in Markdown."""
    peaks = ", ".join(f"{name} {flops / 1e9:.0f}" for name, flops in result["peaks"].items())
    lines = [
        f"Matrix peak, GFLOP/s: {peaks}",
        "",
        "| network | side | precision | images/s | GFLOP/s | share of peak |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {step['network']} | {step['size']} | {step['precision']} "
        f"| {step['images_per_second']:.0f} | {step['flops_per_second'] / 1e9:.0f} "
        f"| {step['share_of_peak']:.0%} |"
        for step in result["steps"]
    ]
    head = ["training", "seconds", *result["outside"][0]["share"], "outside the step"]
    lines += ["", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for each in result["outside"]:
        shares = [*each["share"].values(), each["outside_the_step"]]
        cells = [
            " ".join(each["settings"]),
            f"{each['seconds']:.0f}",
            *(f"{s:.1%}" for s in shares),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
