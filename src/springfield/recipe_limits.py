"""What the keys of a recipe may be."""

from __future__ import annotations

import re
from typing import Any

from springfield.errors import RecipeError, did_you_mean

FROM_SCRATCH = ("residual", "original", "resnet32")
BACKBONES = (
    "mobilenetv2",
    "mobilenetv3-small",
    "mobilenetv3-large",
    "efficientnetv2-b0",
    "efficientnetv2-b2",
    "efficientnetv2-s",
    "convnext-tiny",
    "resnet50v2",
)
ONE_SIDE = ("original", "convnext-tiny")  # networks that take images of one side only

CHOICES = {
    "images.fit": ("letterbox", "crop", "stretch"),
    "balance.copies": ("varied", "offline"),
    "balance.sampling": ("natural", "sqrt", "uniform", "progressive"),
    "balance.weights": ("none", "inverse", "effective"),
    "balance.loss": ("cross-entropy", "focal", "ldam", "balanced-softmax", "logit-adjusted"),
    "network.name": FROM_SCRATCH + BACKBONES,
    "network.combine": ("answers", "weights"),
    "finetune.batch_norm": ("trained", "frozen", "recalibrated"),
    "training.optimizer": ("adamw", "adam", "sgd"),
    "training.schedule": ("one-cycle", "steps", "constant"),
    "training.precision": ("measured", "float32", "mixed_bfloat16"),
}

# The least value, and what 0 means instead; the networks halve an image's side up to five times.
UNLESS_ZERO = {
    "images.size": (32, "to be chosen"),
    "images.classes": (2, "for all"),
    "split.folds": (2, "for none"),
    "network.cosine": (1, "for plain logits"),
    "training.learning_rate": (1e-7, "to be found"),
}

RANGES = {
    "images.size": (0, 1024),
    "images.classes": (0, 10**6),
    "images.min_side": (1, 100_000),
    "images.max_side": (1, 100_000),
    "images.max_aspect": (1, 1000),
    "split.val": (0.01, 0.5),
    "split.test": (0.01, 0.5),
    "split.folds": (0, 50),
    "split.fold": (0, 49),
    "balance.cap": (0, 10**9),
    "balance.threshold": (0, 10**6),
    "balance.beta": (0, 0.99999),
    "balance.tau": (0, 5),
    "balance.deferred": (0, 1),
    "network.width": (0.125, 8),
    "network.dropout": (0, 0.9),
    "network.cosine": (0, 1000),
    "network.members": (1, 50),
    "finetune.top_epochs": (0, 1000),
    "finetune.frozen_blocks": (0, 100),
    "finetune.rate_decay": (0.01, 1),
    "finetune.thaw": (0, 1),
    "augment.rotate": (0, 180),
    "augment.zoom": (0, 0.9),
    "augment.shift": (0, 0.5),
    "augment.stretch": (0, 0.9),
    "augment.light": (0, 1),
    "augment.colour": (0, 1),
    "augment.cutout": (0, 0.9),
    "augment.mixup": (0, 10),
    "augment.cutmix": (0, 10),
    "augment.full_from": (0, 100_000),
    "training.seed": (0, 2**31 - 1),
    "training.minutes": (0.01, 100_000),
    "training.epochs": (0, 100_000),
    "training.first_side": (0.5, 1),
    "training.batch": (1, 65_536),
    "training.micro_batch": (0, 65_536),
    "training.learning_rate": (0, 10),
    "training.weight_decay": (0, 1),
    "training.label_smoothing": (0, 0.9),
    "training.ema": (0, 0.99999),
    "training.patience": (0, 100_000),
    "scores.many": (0, 10**9),
    "scores.few": (0, 10**9),
}


UNITS = {"MB": 1024**2, "GB": 1024**3}
LEAST_MEMORY = 256 * UNITS["MB"]


def bytes_of(memory: str) -> int:
    """The bytes of an amount such as "4GB" or "1.5 GB"; 0 for "" and "all".

    Raises `RecipeError` when there is no unit, or too little for any training.
    """
    if memory in ("", "all"):
        return 0
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(MB|GB)", memory.strip(), re.IGNORECASE)
    if not found:
        raise RecipeError(
            f"training.memory = '{memory}': write a number and MB or GB, such as 4GB, or all"
        )
    amount = round(float(found[1]) * UNITS[found[2].upper()])
    if amount < LEAST_MEMORY:
        raise RecipeError(f"training.memory = '{memory}': it must be at least 256MB")
    return amount


def check_pattern(pattern: str) -> None:
    """Raise `RecipeError` unless this is a regular expression."""
    try:
        re.compile(pattern)
    except re.error as problem:
        raise RecipeError(
            f"split.group_by = '{pattern}': it is no regular expression ({problem})"
        ) from None


def check_value(key: str, value: Any) -> None:
    """Raise `RecipeError` unless `section.key` may have this value; its type is right already."""
    if key == "training.memory":
        bytes_of(value)
    if key == "split.group_by":
        check_pattern(value)
    if key in CHOICES and value not in CHOICES[key]:
        raise RecipeError(f"{key} = '{value}'{did_you_mean(str(value), CHOICES[key])}")
    if key in UNLESS_ZERO and 0 < value < UNLESS_ZERO[key][0]:
        least, zero = UNLESS_ZERO[key]
        raise RecipeError(f"{key} = {value}: it must be at least {least}, or 0 {zero}")
    if key in RANGES:
        low, high = RANGES[key]
        if not low <= value <= high:
            raise RecipeError(f"{key} = {value}: it must lie between {low} and {high}")
