"""TensorBoard: the history of a run in the format its viewer reads, where there is TensorFlow."""

from __future__ import annotations

from pathlib import Path

from springfield.learning.card import ON_TENSORFLOW


def log_epoch(folder: Path, record: dict[str, float]) -> None:
    """Append one epoch's record; the viewer itself (`tensorboard`) need not be installed.

    On another backend there is no log; history.csv has the same figures.
    """
    if not ON_TENSORFLOW:
        return
    import tensorflow as tf

    writer = tf.summary.create_file_writer(str(folder), filename_suffix=f".{record['epoch']:.0f}")
    for name, value in record.items():
        tf.raw_ops.WriteScalarSummary(
            writer=writer._resource, step=int(record["epoch"]), tag=name, value=float(value)
        )
    writer.close()
