"""A made-up run folder, as training would leave it: 42 classes, a long tail, likely mistakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from springfield.images.catalog import Catalog
from springfield.images.split import assign_parts
from springfield.learning.examples.guard import balance_warnings
from springfield.learning.statistics.calibration import softmax
from springfield.recipe import Balance, Recipe, Split
from springfield.results.measured import Measured
from springfield.results.metrics import score
from springfield.results.predictions import Predictions
from springfield.run import Run, create_run

FIRST = (
    "ada bo cleo dov eda finn gus hana ivo june kit lena milo nora otis pia quin rosa sam tess ula"
)
LAST = "baker fisher"
REASONS = ("corrupt: image file is truncated", "too_small: 12x9", "odd_aspect: 1200x90")


@dataclass(frozen=True)
class FakeRun:
    """What the made-up run is like."""

    folder: Path
    classes: int = 42
    largest: int = 900
    seed: int = 0
    epochs: int = 24
    state: str = "finished"
    scored: bool = True


def class_names(n: int) -> tuple[str, ...]:
    return tuple(sorted(f"{a}_{b}" for a in FIRST.split() for b in LAST.split()))[:n]


def fake_catalog(shape: FakeRun, data: Path) -> Catalog:
    random = np.random.default_rng(shape.seed)
    names = class_names(shape.classes)
    sizes = np.geomspace(shape.largest, 3, len(names)).astype(int)
    labels = np.repeat(random.permutation(names), sizes)
    n = len(labels)
    width = random.lognormal(6, 0.25, n).astype(np.int64)
    reasons = np.array([REASONS[i % 3] if i % 97 == 50 else "" for i in range(n)])
    catalog = Catalog(
        data,
        {
            "path": np.array([f"{label}/pic_{i:05d}.jpg" for i, label in enumerate(labels)]),
            "label": labels,
            "width": width,
            "height": (width * random.normal(1, 0.1, n).clip(0.5, 2)).astype(np.int64),
            "bytes": width * 100,
            "format": np.full(n, "JPEG"),
            "sha256": np.array([f"{i:064x}" for i in range(n)]),
            "error": np.array([r.partition(": ")[2] if "corrupt" in r else "" for r in reasons]),
            "group": np.arange(n) // 2,
            "reason": reasons,
        },
    )
    return assign_parts(catalog, Split())


def fake_predictions(catalog: Catalog, names: tuple[str, ...], seed: int) -> Predictions:
    """Rarer classes are answered worse; each class has two others it is taken for."""
    random = np.random.default_rng(seed)
    held = catalog.where(catalog["part"] == "test")
    number = {name: i for i, name in enumerate(names)}
    truth = np.array([number[str(label)] for label in held["label"]])
    counts = catalog.counts()
    strength = np.array([1.2 + 2.6 * np.log10(counts[names[t]]) for t in truth])
    logits = random.gumbel(0, 1, (len(truth), len(names)))
    logits[np.arange(len(truth)), truth] += strength
    logits[np.arange(len(truth)), (truth * 5 + 3) % len(names)] += 1.8
    return Predictions(held["path"], names, softmax(1.3 * logits).astype(np.float32), held["label"])


def fake_history(epochs: int) -> str:
    random = np.random.default_rng(1)
    lines = ["epoch,seconds,images_per_second,learning_rate,loss,accuracy,val_loss,val_accuracy,"
             "val_macro_f1"]  # fmt: skip
    for e in range(1, epochs + 1):
        reached = 1 - np.exp(-e / 6)
        wobble = random.normal(0, 0.015 * (1 - e / epochs) + 0.003, 3)
        lines.append(
            f"{e},{20.3 * e:.1f},{512 + random.normal(0, 9):.0f},0.004,"
            f"{3.6 - 2.3 * reached:.4f},{0.05 + 0.78 * reached + wobble[0]:.4f},"
            f"{3.5 - 2.7 * reached + wobble[1]:.4f},{0.06 + 0.87 * reached + wobble[1]:.4f},"
            f"{0.02 + 0.76 * reached + wobble[2]:.4f}"
        )
    return "\n".join(lines) + "\n"


def fake_layers(classes: int) -> list[dict[str, object]]:
    """A small residual network, layer by layer."""
    layers: list[dict[str, object]] = [
        {"name": "input", "kind": "InputLayer", "shape": [96, 96, 3], "parameters": 0}
    ]

    def add(kind: str, shape: list[int], parameters: int = 0) -> None:
        name = f"{kind.lower()}_{len(layers)}"
        layers.append({"name": name, "kind": kind, "shape": shape, "parameters": parameters})

    def convolution(side: int, before: int, channels: int) -> None:
        add("Conv2D", [side, side, channels], 9 * before * channels)
        add("BatchNormalization", [side, side, channels], 4 * channels)
        add("ReLU", [side, side, channels])

    convolution(96, 3, 16)
    convolution(96, 16, 32)
    before = 32
    for side, channels in ((48, 32), (24, 64), (12, 128)):
        add("MaxPooling2D", [side, side, before])
        convolution(side, before, channels)
        convolution(side, channels, channels)
        add("Add", [side, side, channels])
        before = channels
    add("GlobalAveragePooling2D", [128])
    add("Dropout", [128])
    add("Dense", [classes], 129 * classes)
    return layers


def draw_face(file: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    size = tuple(random.integers(160, 420, 2).tolist())
    sky, skin, coat = (tuple(int(v) for v in random.integers(70, 240, 3)) for _ in range(3))
    image = Image.new("RGB", size, sky)
    pen, (w, h) = ImageDraw.Draw(image), size
    pen.rectangle((w * 0.2, h * 0.72, w * 0.8, h), coat)
    pen.ellipse((w * 0.28, h * 0.15, w * 0.72, h * 0.8), skin, "black", 3)
    for x in (0.42, 0.58):
        pen.ellipse((w * x - 14, h * 0.4 - 14, w * x + 14, h * 0.4 + 14), "white", "black", 2)
        pen.ellipse((w * x - 4, h * 0.4 - 4, w * x + 4, h * 0.4 + 4), "black")
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(file, quality=85)


def build_run(shape: FakeRun) -> Run:
    """Write the run folder, and beside it ``<folder>_data`` with the pictures it got wrong."""
    names, data = class_names(shape.classes), Path(f"{shape.folder}_data")
    catalog = fake_catalog(shape, data)
    natural = catalog.where(catalog["part"] == "train").counts()
    recipe = Recipe(balance=Balance(cap=300))
    run = create_run(shape.folder, recipe, catalog.to_csv(), {})
    run.note(
        state=shape.state,
        command=f"springfield train {data} --out {shape.folder} --set balance.cap=300",
        version="0.1.0",
        versions={"python": "3.11.9", "keras": "3.15.1", "tensorflow": "2.21.0"},
        data=str(data),
        digest=catalog.digest(),
        size=96,
        classes=list(names),
        natural_counts=natural,
        train_counts={name: min(n, 300) for name, n in natural.items()},
        plan={"precision": "mixed_bfloat16"},
        parameters=489_514,
        flops=92_000_000,
        layers=fake_layers(len(names)),
        warnings=balance_warnings(natural, Balance(threshold=200)),
    )
    if shape.epochs:
        run.write_text("history.csv", fake_history(shape.epochs))
    if shape.scored:
        predictions = fake_predictions(catalog, names, shape.seed)
        run.write_text("predictions.csv", predictions.to_csv())
        counts = run.facts["train_counts"]
        run.write_json("scores.json", {"run": str(run.folder), "seconds": 20.3 * shape.epochs,
                                       **score(predictions, train_counts=counts)})  # fmt: skip
        for i in np.flatnonzero(predictions.labels != predictions.truth):
            if predictions.confidence[i] > 0.6:
                draw_face(data / str(predictions.paths[i]), int(i))
    return run


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Run]:
    """Build a run folder; keywords are the fields of `FakeRun`."""
    return lambda **shape: build_run(FakeRun(tmp_path / "run", **shape))


GAMMA, CEILING = 0.5, 0.98
BUDGETS = (8, 16, 32, 64, 128, 256)


@dataclass(frozen=True)
class FakeCurves:
    """Classes whose recall is CEILING - hard * n ** -GAMMA, and what was measured of them."""

    hard: np.ndarray  # [C]
    measured: Measured

    def recall(self, images: np.ndarray) -> np.ndarray:
        """True recall with so many images of each class [C]."""
        return np.asarray(CEILING - self.hard * images**-GAMMA)

    def needed(self, target: float) -> float:
        """Images of every class at which the mean recall is the target."""
        return float((self.hard.mean() / (CEILING - target)) ** (1 / GAMMA))


@pytest.fixture(scope="session")
def fake_curves() -> Callable[..., FakeCurves]:
    """`fake_curves(seed, train, held_out)`: training and held-out images of each class."""

    def make(seed: int, train: Sequence[int] = (256,) * 8, held_out: int = 150) -> FakeCurves:
        random = np.random.default_rng(seed)
        names = [f"class{c}" for c in range(len(train))]
        made = FakeCurves(random.uniform(0.8, 2.0, len(names)), None)  # type: ignore[arg-type]
        likely = made.recall(np.minimum(np.array(BUDGETS)[:, None], train))
        likely = likely + random.normal(0, 0.01, likely.shape)  # the luck of a training
        # Some images are easier than others, at every budget.
        easy = random.uniform(0, 1, (held_out, len(names)))
        moved = (easy + random.normal(0, 0.05, (len(BUDGETS), *easy.shape))) % 1
        n = held_out * len(names)
        measured = Measured(
            dict(zip(names, train, strict=True)),
            BUDGETS,
            np.array([f"{i}.png" for i in range(n)]),
            np.tile(names, held_out),
            np.arange(n),
            (moved < likely[:, None]).reshape(len(BUDGETS), n).astype(float),
        )
        return replace(made, measured=measured)

    return make


SWEPT = {
    "training.learning_rate": (1e-3, 1e-2),
    "training.label_smoothing": (0.0, 0.2),
    "augment.*": (0.5, 1.5),
}
CHOSEN = {
    "network.width": [0.75, 1.0, 1.5],
    "balance.sampling": ["natural", "sqrt", "progressive"],
}


def _own() -> dict[str, Any]:
    """The values of the recipe that it began with, by key."""
    values = {f"{part}.{key}": v for part, s in asdict(Recipe()).items() for key, v in s.items()}
    return values | {"augment.*": 1.0}


def build_sweep(**changes: Any) -> dict[str, Any]:
    """What `springfield sweep --json` prints after twenty trials, with some of it changed."""
    random, table = np.random.default_rng(3), []
    for number in range(20):
        values: dict[str, Any] = {key: float(random.uniform(*ends)) for key, ends in SWEPT.items()}
        values |= {key: choices[random.integers(len(choices))] for key, choices in CHOSEN.items()}
        state = "diverged" if number == 11 else "pruned" if number in (5, 7, 8, 13, 17) else ""
        score = None if number == 11 else 0.86 + 0.07 * float(random.random()) - 0.2 * bool(state)
        row = {"number": number, "state": state or "complete", "score": score, "values": values}
        table.append({**row, "seconds": 60.0 if state else 285.5, "epochs": 6 if state else 29})
    table[0]["values"] = {key: own for key, own in _own().items() if key in table[0]["values"]}
    table[19]["state"] = "running"
    best = max((t for t in table if t["state"] == "complete"), key=lambda t: t["score"])
    ranges = [{"key": key, "choices": [], "low": low, "high": high, "log": key[-1] == "e"}
              for key, (low, high) in SWEPT.items()]  # fmt: skip
    lists = [{"key": key, "choices": choices, "log": False} for key, choices in CHOSEN.items()]
    answer = {
        "out": "sweep", "state": "finished", "data": "pictures/<b>town", "trials": 20,
        "best": best["values"], "macro_f1": 0.912, "low": 0.89, "high": 0.931, "n": 1240,
        "accuracy": 0.94, "pruned": 6, "validation": best["score"], "judged_by": 620,
        "recipe": "sweep/best.toml", "run": f"sweep/trial-{best['number'] + 1:03}",
        "space": ranges + lists, "table": table, "page": "sweep/page.html",
    }  # fmt: skip
    return {**answer, **changes}


def build_rate_test() -> dict[str, Any]:
    """A `RateTest`: the loss falls from 3.5 around 1e-4, and rises from 1e-2 on."""
    place = np.arange(95) / 25 - 5
    smooth = 3.5 - 0.6 / (1 + np.exp(-6 * (place + 4))) + np.maximum(0, 3 * (place + 2))
    losses = smooth + np.random.default_rng(0).normal(0, 0.1, len(place))
    found = {"rates": 10**place, "losses": losses, "smooth": smooth}
    lists = {name: values.tolist() for name, values in found.items()}
    return {"learning_rate": 0.0027, "low": 1e-4, "high": 0.011, **lists}


@pytest.fixture
def fake_sweep() -> Callable[..., dict[str, Any]]:
    return build_sweep


@pytest.fixture
def rate_test() -> dict[str, Any]:
    return build_rate_test()
