"""Which network, and which settings, learn most in the same time on this machine.

    python benchmarks/network_search.py DATA --out FOLDER [--minutes 1 2 4] [--only NAME...]
        [--set k=v]...

Every candidate changes one thing about the default. All are trained for the first of the minutes on
the same rows, in a process each; the better half goes on to the next minutes, from the beginning.
Judged by the validation rows, never by the test part. Candidates that are there already are not
trained again. Writes FOLDER/<minutes>/<candidate>.json and prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
from keras import layers
from throughput import Silent

from springfield.images.exclude import NOTHING
from springfield.learning.machine import engine
from springfield.learning.machine.convolution import Conv2D
from springfield.learning.machine.normalisation import BatchNormalization
from springfield.learning.model import networks
from springfield.learning.model.networks import flops_of
from springfield.learning.training.fitting import Fitting, fresh_network
from springfield.learning.training.pace import plan_run
from springfield.recipe import Network, load_recipe
from springfield.run import PLAIN
from springfield.verbs.materials import examples_to_learn
from springfield.verbs.train import begin

Tensor = keras.KerasTensor


@dataclass(frozen=True)
class Shape:
    """The default network, and what a candidate may change about it."""

    stem: str = "stride-2"  # 4x4 by 2 | space-to-depth, then 3x3 | full-side 3x3
    channels: tuple[int, ...] = (32, 64, 128, 256)
    convolutions: int = 2  # of each residual branch
    activation: str = "relu"

    def __call__(self, images: Tensor, network: Network) -> Tensor:
        """Places of the network, as `networks.residual` makes them."""
        first, *stages = self.channels
        x = self._stem(networks.scaled(images), first)
        for channels in stages:
            x = self._conv(x, channels, halve=True)
            inner = x
            for _ in range(self.convolutions):
                inner = self._conv(inner, channels)
            x = layers.Add()([x, inner])
        return x

    def _stem(self, x: Tensor, channels: int) -> Tensor:
        if self.stem == "full-side":
            return self._conv(x, channels)
        if self.stem == "space-to-depth":
            _, height, width, depth = x.shape
            x = layers.Reshape((height // 2, 2, width // 2, 2, depth))(x)
            x = layers.Permute((1, 3, 2, 4, 5))(x)
            x = layers.Reshape((height // 2, width // 2, 4 * depth))(x)
            return self._conv(x, channels)
        x = Conv2D(channels, 4, strides=2, padding="same", use_bias=False)(x)
        return layers.Activation(self.activation)(BatchNormalization(momentum=0.95)(x))

    def _conv(self, x: Tensor, channels: int, *, halve: bool = False) -> Tensor:
        x = Conv2D(channels, 3, padding="same", use_bias=False)(x)
        if halve:
            x = layers.MaxPooling2D()(x)
        x = BatchNormalization(momentum=0.95)(x)
        return layers.Activation(self.activation)(x)


SMALLER = ("training.batch=32", "training.learning_rate=4e-3")
DROPPED = ("network.dropout=0.2",)
CANDIDATES: dict[str, tuple[Callable[[Tensor, Network], Tensor], tuple[str, ...]]] = {
    "default": (Shape(), ()),
    "space-to-depth": (Shape(stem="space-to-depth"), ()),
    "full-side-stem": (Shape(stem="full-side", channels=(16, 32, 64, 128, 256)), ()),
    "narrower": (Shape(channels=(24, 48, 96, 192)), ()),
    "wider": (Shape(channels=(48, 96, 192, 384)), ()),
    "shallower": (Shape(convolutions=1), ()),
    "deeper": (Shape(convolutions=3), ()),
    "silu": (Shape(activation="silu"), ()),
    "batch-32": (Shape(), SMALLER),
    "batch-128": (Shape(), ("training.batch=128", "training.learning_rate=8e-3")),
    "higher-rate": (Shape(), ("training.learning_rate=1.1e-2",)),
    "no-average": (Shape(), ("training.ema=0",)),
    "dropout": (Shape(), DROPPED),
    "batch-32-dropout": (Shape(), (*SMALLER, *DROPPED)),
    "float32": (Shape(), ("training.precision=float32",)),
    "three-quarters-side": (Shape(), ("images.size=48",)),
    "whole-side-first": (Shape(), ("training.first_side=1",)),
    "cosines": (Shape(), ("network.cosine=10",)),
}


def main() -> None:
    """Run the command above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 2, 4])
    parser.add_argument("--only", nargs="+", choices=CANDIDATES, default=[*CANDIDATES])
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--trial", help=argparse.SUPPRESS)  # in a process of its own
    asked = parser.parse_args()
    if asked.trial:
        _try(asked, asked.trial, asked.minutes[0])
        return
    names = asked.only
    for minutes in asked.minutes:
        found = {name: _in_a_process(asked, name, minutes) for name in names}
        names = sorted(names, key=lambda name: -found[name]["val_accuracy"])
        print(_table(minutes, {name: found[name] for name in names}), flush=True)
        names = names[: math.ceil(len(names) / 2)]


def _in_a_process(asked: argparse.Namespace, name: str, minutes: float) -> dict[str, Any]:
    file = asked.out / f"{minutes:g}" / f"{name}.json"
    if not file.exists():
        settings = [word for setting in asked.set for word in ("--set", setting)]
        words = [asked.data, "--out", asked.out, "--minutes", minutes, "--trial", name, *settings]
        subprocess.run([sys.executable, __file__, *map(str, words)], check=True)
    return dict(json.loads(file.read_text()))


def _try(asked: argparse.Namespace, name: str, minutes: float) -> None:
    networks.NETWORKS["residual"], settings = CANDIDATES[name]
    recipe = load_recipe("default", (f"training.minutes={minutes}", *settings, *asked.set))
    engine.start_for(recipe.training)
    out = asked.out / f"{minutes:g}" / name
    run = begin(asked.data, out, recipe, NOTHING, page=PLAIN, progress=False)
    train, val = examples_to_learn(run, progress=False)
    plan = plan_run(recipe, train, val)
    recipe = plan.settle(recipe)
    model = fresh_network(recipe, plan, train)
    fitting = Fitting(model, train, val, recipe, plan, run.checkpoint_folder)
    fitting.run(Silent())
    result = {
        **{k: fitting.progress.history[-1][k] for k in ("val_accuracy", "val_macro_f1")},
        "seconds": fitting.progress.seconds,
        "million_flops": flops_of(model) / 1e6,
        "parameters": model.count_params(),
        **asdict(plan),
    }
    out.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")


def _table(minutes: float, found: dict[str, dict[str, Any]]) -> str:
    lines = [
        f"| {minutes:g} minutes | validation accuracy | macro-F1 | epochs | images/s | MFLOP |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row['val_accuracy']:.3f} | {row['val_macro_f1']:.3f} | {row['epochs']} "
        f"| {row['images_per_second']:.0f} | {row['million_flops']:.0f} |"
        for name, row in found.items()
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
