"""Trial: what `python -m springfield.learning.machine.environment.trial` does with TensorFlow.

Run in a process of its own, because TensorFlow can crash or hang where something is wrong. Each
step that went well is a line of JSON on standard output, so that a crash tells how far it came.
"""

from __future__ import annotations

import json
from typing import Any


def main() -> None:
    """Import TensorFlow and Keras, list the GPUs, multiply matrices and convolve on the first."""
    import tensorflow as tf

    _say(
        "tensorflow",
        version=tf.__version__,
        cuda=tf.sysconfig.get_build_info().get("is_cuda_build"),
    )

    import keras

    _say("keras", version=keras.__version__, backend=keras.backend.backend())

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:  # whoever trains on it now keeps its memory
        tf.config.experimental.set_memory_growth(gpu, True)
    _say("gpus", gpus=[tf.config.experimental.get_device_details(gpu) for gpu in gpus])

    with tf.device("/GPU:0" if gpus else "/CPU:0"):
        product = tf.linalg.matmul(tf.ones([64, 64]), tf.ones([64, 64]))  # float32 [64, 64]
        picture = tf.nn.conv2d(tf.ones([1, 8, 8, 3]), tf.ones([3, 3, 3, 4]), 1, "VALID")
    right = bool(tf.reduce_all(product == 64.0)) and bool(tf.reduce_all(picture == 27.0))
    _say("arithmetic", right=right)


def _say(step: str, **facts: Any) -> None:
    print(json.dumps({"step": step, **facts}), flush=True)


if __name__ == "__main__":
    main()
