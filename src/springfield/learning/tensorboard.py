"""TensorBoard: the history of a run in the format its viewer reads."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf


def log_epoch(folder: Path, record: dict[str, float]) -> None:
    """Append one epoch's record; the viewer itself (`tensorboard`) need not be installed."""
    writer = tf.summary.create_file_writer(str(folder), filename_suffix=f".{record['epoch']:.0f}")
    for name, value in record.items():
        tf.raw_ops.WriteScalarSummary(
            writer=writer._resource, step=int(record["epoch"]), tag=name, value=float(value)
        )
    writer.close()
