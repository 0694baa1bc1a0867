"""What the guard says of a balance."""

from __future__ import annotations

import numpy as np
import pytest

from springfield.learning.examples.guard import (
    SLACK,
    balance_warnings,
    corrections,
    idle_warnings,
    network_warnings,
    tuning_warnings,
)
from springfield.recipe import Balance, Network, Recipe, load_recipe

COUNTS = {"many": 400, "some": 60, "few": 20}
EACH = np.array([400, 60, 20])
ALONE = (
    Balance(),
    Balance(sampling="sqrt"),
    Balance(sampling="uniform"),
    Balance(sampling="progressive", deferred=0.5),
    Balance(threshold=300),
    Balance(weights="inverse"),
    Balance(weights="effective", loss="focal"),
    Balance(weights="inverse", loss="ldam", deferred=0.8),
    Balance(loss="balanced-softmax"),
    Balance(loss="logit-adjusted"),
    Balance(loss="logit-adjusted", tau=1.1),
    # one takes up what the other leaves
    Balance(sampling="sqrt", weights="inverse"),
    Balance(sampling="sqrt", loss="balanced-softmax"),
    Balance(threshold=60, weights="inverse"),
)


@pytest.mark.parametrize("balance", ALONE)
def test_balance_warnings__nothing_of_one_correction(balance: Balance) -> None:
    assert balance_warnings(COUNTS, balance) == []


def test_balance_warnings__where_a_class_is_stretched_or_evened_out_twice() -> None:
    counts = {"many": 400, "few": 3}
    (stretched,) = balance_warnings(counts, Balance(threshold=155))
    assert "few 52 times" in stretched
    assert len(balance_warnings(counts, Balance(threshold=155, sampling="sqrt"))) == 2


@pytest.mark.parametrize(
    ("balance", "numbers", "setting"),
    [
        (Balance(weights="inverse", loss="balanced-softmax"),
         "x400 against many where x20 would be even (sampling x1, weights x20, loss x20)",
         "balance.weights = 'none'"),
        (Balance(threshold=40, weights="inverse", loss="logit-adjusted"),
         "x200 against many where x20 would be even (sampling x2, weights x10, loss x10)",
         "balance.weights = 'none'"),
        (Balance(loss="logit-adjusted", tau=2.0),
         "x400 against many where x20 would be even (sampling x1, weights x1, loss x400)",
         "balance.tau = 1"),
    ],
)  # fmt: skip
def test_balance_warnings__corrections_that_stack(
    balance: Balance, numbers: str, setting: str
) -> None:
    (found,) = balance_warnings(COUNTS, balance)
    assert found == f"corrections stack: few counts {numbers}; set {setting}"


@pytest.mark.parametrize(
    ("balance", "setting"),
    [
        (Balance(sampling="uniform", weights="inverse"), "balance.weights = 'none'"),
        (Balance(sampling="uniform", loss="balanced-softmax"), "balance.loss = 'cross-entropy'"),
        (Balance(sampling="progressive", weights="effective"), "balance.weights = 'none'"),
        (Balance(threshold=400, weights="inverse"), "balance.weights = 'none'"),
    ],
)
def test_balance_warnings__a_correction_that_sampling_leaves_no_work(
    balance: Balance, setting: str
) -> None:
    (found,) = balance_warnings(COUNTS, balance)
    assert "(x20 of x20)" in found
    assert found.endswith(f"set {setting}")


def test_balance_warnings__nothing_of_classes_that_are_even_already() -> None:
    stacked = Balance(sampling="uniform", weights="inverse", loss="balanced-softmax")
    assert balance_warnings({"a": 100, "b": 90}, stacked) == []


@pytest.mark.parametrize("balance", ALONE)
def test_corrections__one_after_the_other_never_go_beyond_evenness(balance: Balance) -> None:
    found = corrections(EACH, balance)
    assert set(found) == {"sampling", "weights", "loss"}
    prior = EACH * found["sampling"] * found["weights"] * found["loss"]
    assert 1 / SLACK < prior[0] / prior[2] <= 20


@pytest.mark.parametrize(
    ("vain", "reading"),
    [
        ("balance.tau=2.0", "balance.loss=logit-adjusted"),
        ("balance.deferred=0.5", "balance.sampling=uniform"),
        ("balance.deferred=0.5", "balance.weights=inverse"),
        ("augment.remix=true", "augment.mixup=0.2"),
        ("augment.remix=true", "augment.cutmix=1.0"),
    ],
)
def test_idle_warnings__a_key_that_no_other_reads(vain: str, reading: str) -> None:
    (found,) = idle_warnings(load_recipe("default", (vain,)))
    assert found.startswith(f"{vain.replace('=', ' = ')} does nothing: ")
    assert idle_warnings(load_recipe("default", (vain, reading))) == []


@pytest.mark.parametrize(
    ("vain", "network"), [("network.width=1.5", "original"), ("network.conv512=true", "residual")]
)
def test_idle_warnings__a_key_of_another_network(vain: str, network: str) -> None:
    (found,) = idle_warnings(load_recipe("default", (f"network.name={network}", vain)))
    assert found.startswith(f"{vain.replace('=', ' = ')} does nothing: only network.name = ")


def test_network_warnings__mean_weights_of_networks_that_began_apart() -> None:
    (found,) = network_warnings(Network(members=2, combine="weights"))
    assert "set network.weights" in found
    shared = Network(name="mobilenetv2", weights="imagenet", members=2, combine="weights")
    for fine in (shared, Network(combine="weights"), Network(members=2)):
        assert network_warnings(fine) == []


@pytest.mark.parametrize(
    ("settings", "vain"),
    [
        (("finetune.rate_decay=0.5", "finetune.head=true"), "finetune.head, finetune.rate_decay"),
        (("finetune.whole=false",), "finetune.whole"),
    ],
)
def test_tuning_warnings__without_weights_nothing_is_tuned(
    settings: tuple[str, ...], vain: str
) -> None:
    (found,) = tuning_warnings(load_recipe("default", settings))
    assert found == f"without pre-trained weights {vain} change nothing; set network.weights"


def test_tuning_warnings__keys_that_do_nothing_for_a_last_layer_alone() -> None:
    pretrained = ("network.name=convnext-tiny", "network.weights=imagenet")
    assert tuning_warnings(load_recipe("default", pretrained)) == []
    alone = (*pretrained, "finetune.whole=false")
    assert tuning_warnings(load_recipe("default", alone)) == []
    vain = (
        *("training.epochs=3", "finetune.frozen_blocks=1"),
        *("finetune.rate_decay=0.5", "finetune.thaw=0.2"),
    )
    found = tuning_warnings(load_recipe("default", (*alone, *vain)))
    assert [line.split("; ")[1] for line in found] == [
        f"{setting.split('=')[0]} does nothing" for setting in vain
    ]
    (normal,) = tuning_warnings(load_recipe("default", (*pretrained, "finetune.batch_norm=frozen")))
    assert "'convnext-tiny' has no batch normalisation" in normal
    (twice,) = tuning_warnings(
        load_recipe("default", (*pretrained, "finetune.head=true", "finetune.top_epochs=2"))
    )
    assert twice.endswith("finetune.head does nothing")
    assert tuning_warnings(Recipe()) == []


def test_tuning_warnings__a_fitted_last_layer_is_none_of_cosines() -> None:
    pretrained = ("network.name=mobilenetv2", "network.weights=imagenet", "network.cosine=30")
    (warning,) = tuning_warnings(load_recipe("default", (*pretrained, "finetune.head=true")))
    assert warning.startswith("network.cosine = 30 does not go with a last layer that is fitted")
    trained = load_recipe("default", (*pretrained, "finetune.top_epochs=2"))
    assert tuning_warnings(trained) == []
