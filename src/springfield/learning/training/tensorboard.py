"""TensorBoard: the history of a run in the format its viewer reads, where there is TensorFlow."""

from __future__ import annotations

import math
import time
from pathlib import Path

from springfield.learning.machine.card import ON_TENSORFLOW


def log_epoch(folder: Path, record: dict[str, float]) -> None:
    """Append one epoch's record; the viewer itself (`tensorboard`) need not be installed.

    On another backend there is no log; history.csv has the same figures.
    """
    if not ON_TENSORFLOW:
        return
    import tensorflow as tf

    # Its own writer of summaries fails on Windows where a folder's name is not in ASCII.
    folder.mkdir(parents=True, exist_ok=True)
    now, proto = time.time(), tf.compat.v1
    known = {name: value for name, value in record.items() if math.isfinite(value)}
    values = [proto.Summary.Value(tag=name, simple_value=v) for name, v in known.items()]
    summary, epoch = proto.Summary(value=values), int(record["epoch"])
    file = folder / f"events.out.tfevents.{now:.0f}.{epoch}"
    with tf.io.TFRecordWriter(str(file)) as writer:
        for event in (
            proto.Event(wall_time=now, file_version="brain.Event:2"),
            proto.Event(wall_time=now, step=epoch, summary=summary),
        ):
            writer.write(event.SerializeToString())
