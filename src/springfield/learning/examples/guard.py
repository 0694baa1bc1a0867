"""Guard: says where a recipe asks too much of the images, corrects twice, or works in vain."""

from __future__ import annotations

import math

import numpy as np

from springfield.learning.examples.balance import quotas
from springfield.learning.examples.class_weights import epoch_weights
from springfield.recipe import Balance, Finetune, Network, Recipe

REPEATED = 20  # times an epoch above which an image is likely to be learned by heart
OFFSETS = ("balanced-softmax", "logit-adjusted")  # losses that take the prior off the logits
UNNORMALISED = ("convnext-tiny",)  # backbones without batch normalisation
SLACK = 1.5  # factor by which a correction may miss evenness without a word


def warnings_of(counts: dict[str, int], recipe: Recipe) -> list[str]:
    """All that is to be said of a recipe for so many training images of each class."""
    return [
        *balance_warnings(counts, recipe.balance),
        *idle_warnings(recipe),
        *network_warnings(recipe.network),
        *tuning_warnings(recipe),
    ]


def corrections(counts: np.ndarray, balance: Balance, done: float = 1.0) -> dict[str, np.ndarray]:
    """How far a run, by default its end, favours each class beyond its images, by who does it.

    Copies up to the threshold are sampling. What a loss adds to the logits it takes off in the
    answers, so it favours a class by the inverse of what it adds. Margins are none of this: they
    do not make a class more frequent.

    Args:
        counts: training images per class, int64 [C], each at least 1.
        balance: of the recipe.
        done: how far the run has come, as `share_done` says.

    Returns:
        float64 [C] under "sampling", "weights" and "loss", all 1 where nothing is corrected. The
        class prior that the trained network's answers carry is in proportion to
        counts * sampling * weights * loss.
    """
    seen, ends = quotas(counts, balance, done), quotas(counts, balance)
    weights = epoch_weights(counts, balance, done)
    tau = (balance.tau if balance.loss == "logit-adjusted" else 1.0) * (balance.loss in OFFSETS)
    return {
        "sampling": seen / counts,
        "weights": np.ones(len(counts)) if weights is None else weights.astype(np.float64),
        "loss": (ends / ends.mean()) ** -tau,
    }


def balance_warnings(counts: dict[str, int], balance: Balance) -> list[str]:
    """Say what of the balance will do harm, or nothing.

    `counts` has the training images of each class.
    """
    names, images = list(counts), np.array(list(counts.values()))
    found = corrections(images, balance)
    warnings = _by_heart(names, found["sampling"])
    if balance.threshold and balance.sampling != "natural":
        warnings.append(
            f"balance.threshold = {balance.threshold} and balance.sampling = "
            f"'{balance.sampling}' both even the classes out; one of them is enough"
        )
    most, least = int(images.argmax()), int(images.argmin())
    gain = {name: float(factor[least] / factor[most]) for name, factor in found.items()}
    return warnings + _stacked(
        (names[least], names[most]), gain, images[most] / images[least], balance
    )


def idle_warnings(recipe: Recipe) -> list[str]:
    """Say which keys of the balance, of mixing or of the network do nothing beside the others."""
    balance, augment, network = recipe.balance, recipe.augment, recipe.network
    late = balance.sampling != "natural" or balance.weights != "none"
    idle = [
        (
            f"balance.tau = {balance.tau}",
            "only balance.loss = 'logit-adjusted' reads it",
            balance.tau != 1 and balance.loss != "logit-adjusted",
        ),
        (
            f"balance.beta = {balance.beta}",
            "only balance.weights = 'effective' reads it",
            balance.beta != Balance.beta and balance.weights != "effective",
        ),
        (
            f"balance.deferred = {balance.deferred}",
            "there is neither sampling nor weights to begin late",
            balance.deferred > 0 and not late,
        ),
        (
            "augment.remix = true",
            "neither augment.mixup nor augment.cutmix mixes images",
            augment.remix and not (augment.mixup or augment.cutmix),
        ),
        (
            f"network.width = {network.width:g}",
            "only network.name = 'residual' reads it",
            network.width != 1 and network.name != "residual",
        ),
        (
            "network.conv512 = true",
            "only network.name = 'original' reads it",
            network.conv512 and network.name != "original",
        ),
    ]
    return [f"{key} does nothing: {why}" for key, why, vain in idle if vain]


def network_warnings(network: Network) -> list[str]:
    """Say what of the network will do harm, or nothing."""
    if network.members == 1 or network.combine == "answers" or network.weights != "none":
        return []
    return [
        "network.combine = 'weights' takes the mean of networks that began with different weights "
        "and so have little in common; set network.weights, or network.combine = 'answers'"
    ]


def tuning_warnings(recipe: Recipe) -> list[str]:
    """Say which keys of the section finetune, or beside it, do nothing."""
    asked, usual = recipe.finetune, Finetune()
    changed = [key for key, value in vars(asked).items() if value != vars(usual)[key]]
    if changed and recipe.network.weights == "none":
        keys = ", ".join(f"finetune.{key}" for key in changed)
        return [f"without pre-trained weights {keys} change nothing; set network.weights"]
    idle = {
        "training.epochs": not asked.whole and recipe.training.epochs > 0,
        "finetune.frozen_blocks": not asked.whole and asked.frozen_blocks > 0,
        "finetune.rate_decay": not asked.whole and asked.rate_decay < 1,
        "finetune.thaw": not asked.whole and asked.thaw > 0,
    }
    warnings = [
        f"finetune.whole = false fits the network's end alone; {key} does nothing"
        for key, vain in idle.items()
        if vain
    ]
    if asked.head and asked.top_epochs:
        warnings.append(
            "finetune.top_epochs trains the last layer, too; finetune.head does nothing"
        )
    if recipe.network.cosine and (asked.head or not asked.whole) and not asked.top_epochs:
        warnings.append(
            f"network.cosine = {recipe.network.cosine:g} does not go with a last layer that is "
            "fitted to features: its lengths and its bias are lost in the first step; set "
            "finetune.top_epochs, which trains one of cosines, or network.cosine = 0"
        )
    if asked.batch_norm != "trained" and recipe.network.name in UNNORMALISED:
        warnings.append(
            f"finetune.batch_norm = '{asked.batch_norm}' does nothing: '{recipe.network.name}' "
            "has no batch normalisation"
        )
    return warnings


def _by_heart(names: list[str], times: np.ndarray) -> list[str]:
    often = int((times > REPEATED).sum())
    if not often:
        return []
    worst, show = int(times.argmax()), "classes show" if often > 1 else "class shows"
    return [
        f"{often} {show} each image more than {REPEATED} times an epoch, {names[worst]} "
        f"{times[worst]:.0f} times: they may be learned by heart; lower balance.threshold or "
        "choose sampling 'sqrt'"
    ]


def _stacked(
    pair: tuple[str, str], gain: dict[str, float], need: float, balance: Balance
) -> list[str]:
    """Of the rarest class against the most frequent one: too much in all, or one in vain."""
    if need < SLACK:
        return []
    total = math.prod(gain.values())
    if total > need * SLACK:
        setting = "balance.weights = 'none'" if gain["weights"] > SLACK else "balance.tau = 1"
        parts = ", ".join(f"{name} x{times:.0f}" for name, times in gain.items())
        return [
            f"corrections stack: {pair[0]} counts x{total:.0f} against {pair[1]} where x{need:.0f} "
            f"would be even ({parts}); set {setting}"
        ]
    if gain["sampling"] * SLACK < need:
        return []
    idle = {
        "balance.weights = 'none'": balance.weights != "none",
        "balance.loss = 'cross-entropy'": balance.loss in OFFSETS,
    }
    return [
        f"sampling alone evens the classes out (x{gain['sampling']:.0f} of x{need:.0f}) and leaves "
        f"nothing to correct; set {setting}"
        for setting, chosen in idle.items()
        if chosen
    ]
