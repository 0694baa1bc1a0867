"""The history in TensorBoard's format."""

from __future__ import annotations

import math
from pathlib import Path

import tensorflow as tf

from springfield.learning.training.tensorboard import log_epoch


def test_log_epoch__can_be_read_back(tmp_path: Path) -> None:
    for epoch in (1, 2):
        log_epoch(tmp_path, {"epoch": epoch, "loss": 0.5 / epoch, "val_loss": math.nan})
    found = {}
    for file in tmp_path.iterdir():
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                found[value.tag, event.step] = value.simple_value
    assert found[("loss", 1)] == 0.5
    assert found[("loss", 2)] == 0.25
    assert {name for name, _ in found} == {"epoch", "loss"}  # a viewer marks what is no number
