"""Engine: the switches of Keras, TensorFlow and OpenCV, in one place."""

from __future__ import annotations

import platform

import cv2
import keras
import numpy as np
import tensorflow as tf


def start(*, seed: int, deterministic: bool) -> dict[str, str]:
    """Prepare Keras for one run and return the versions in use."""
    cv2.setNumThreads(1)  # the network has the cores; batches are prepared beside it
    if deterministic and keras.backend.backend() == "tensorflow":
        tf.config.experimental.enable_op_determinism()
    seed_all(seed)
    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
    }


def seed_all(seed: int) -> None:
    """Set every random state and forget earlier graphs, so that a fresh network is repeatable."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)


def use_precision(name: str) -> None:
    """Set the precision policy, "float32" or "mixed_bfloat16", for the layers built next."""
    keras.mixed_precision.set_global_policy(name)
