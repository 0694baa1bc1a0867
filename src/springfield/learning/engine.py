"""Engine: the switches of Keras, TensorFlow and OpenCV, in one place."""

from __future__ import annotations

import os
import platform

import cv2
import keras
import numpy as np
import tensorflow as tf

from springfield.errors import RecipeError
from springfield.learning.memory import private_bytes
from springfield.recipe import Training
from springfield.recipe_limits import UNITS, bytes_of


def start(*, seed: int, deterministic: bool, memory: str = "") -> dict[str, str]:
    """Prepare Keras for one run and return the versions in use.

    Args:
        seed: of every random state.
        deterministic: whether the same run gives the same bits.
        memory: `training.memory`, what may be taken of a graphics card; where there is none, of
            main memory, which the first start of a process decides.

    Raises:
        RecipeError: this process has shared the card out otherwise before.
    """
    cv2.setNumThreads(1)  # the network has the cores; batches are prepared beside it
    _share_out(memory)
    if deterministic and keras.backend.backend() == "tensorflow":
        tf.config.experimental.enable_op_determinism()
    seed_all(seed)
    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
    }


def start_for(training: Training) -> dict[str, str]:
    """Prepare Keras for one run as its recipe says; see `start`."""
    return start(seed=training.seed, deterministic=training.deterministic, memory=training.memory)


def device() -> str:
    """What the network is trained on: "gpu" where TensorFlow sees one, else "cpu"."""
    return "gpu" if tf.config.list_physical_devices("GPU") else "cpu"


def _share_out(memory: str) -> None:
    """Let TensorFlow take of each card what it needs, or all at once, or so much at most.

    Where there is none it gets what is left of main memory, as one pool: when that is used up it
    says so, while the C library would end the process.
    """
    cards = tf.config.list_physical_devices("GPU")
    if not cards and (limit := bytes_of(memory)):
        left = max(UNITS["MB"], limit - (private_bytes() or 0))
        os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "1")
        os.environ.setdefault("TF_CPU_BFC_MEM_LIMIT_IN_MB", str(left // UNITS["MB"]))
    for card in cards:
        try:
            if limit := bytes_of(memory):
                part = tf.config.LogicalDeviceConfiguration(memory_limit=limit // UNITS["MB"])
                tf.config.set_logical_device_configuration(card, [part])
            else:
                tf.config.experimental.set_memory_growth(card, memory != "all")
        except (RuntimeError, ValueError) as problem:  # the card is in use already
            if not memory:
                continue  # as it was shared out before
            raise RecipeError(
                f"training.memory = '{memory}': this process has begun to use the graphics card "
                "in another way; train in a new process"
            ) from problem


def seed_all(seed: int) -> None:
    """Set every random state and forget earlier graphs, so that a fresh network is repeatable."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)


def use_precision(name: str) -> None:
    """Set the precision policy, "float32" or "mixed_bfloat16", for the layers built next."""
    keras.mixed_precision.set_global_policy(name)
