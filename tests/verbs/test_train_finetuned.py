"""Fine-tuning as a user asks for it: a network that goes on from weights of others."""

from __future__ import annotations

import io
from pathlib import Path

import keras
import numpy as np
import pytest

from springfield.recipe import load_recipe
from springfield.verbs.train import resume, train


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # Keras saves so
def test_train__the_end_of_a_pretrained_network_alone(tiny: Path, tmp_path: Path) -> None:
    pretrained = keras.applications.MobileNetV3Small(include_top=False, weights=None)
    pretrained.save_weights(tmp_path / "small.weights.h5")
    settings = (
        "balance.rebalance=false",
        "images.size=32",
        "network.name=mobilenetv3-small",
        f"network.weights={tmp_path / 'small.weights.h5'}",
        "finetune.whole=false",
        "finetune.batch_norm=frozen",
        "training.batch=8",
    )
    run = train(tiny, tmp_path / "run", load_recipe("default", settings), progress=False)
    assert run.facts["state"] == "finished"
    assert run.facts["epochs_done"] == 0
    assert run.facts["head"]["seconds"] > 0
    assert not run.history_file.exists()
    page = run.page_file.read_text(encoding="utf-8")
    assert "the end of the network alone" in page
    kept = run.classifier_folder / "weights.npz"
    before = kept.read_bytes()
    resume(run.folder, progress=False)
    with np.load(io.BytesIO(before)) as one, np.load(kept) as two:
        for name in one.files:
            np.testing.assert_array_equal(one[name], two[name])
