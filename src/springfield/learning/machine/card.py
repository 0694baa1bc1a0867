"""Card: the graphics card, or other accelerator, that Keras trains on, and how much of it.

TensorFlow, and where Keras is told to use it (KERAS_BACKEND=jax) JAX: each has its own words for
the same few things.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import cv2
import keras

from springfield.errors import RecipeError
from springfield.learning.machine.limits import MIB, card_bytes
from springfield.learning.machine.memory import private_bytes
from springfield.recipe_limits import bytes_of

AVX2, AVX512 = 11, 13  # numbers of OpenCV
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"
ALL = "0.95"  # share of a card that JAX takes at once; it needs some beside
SLACK = 1.05  # JAX is told a share of the card and rounds it


def device() -> str:
    """What the network is trained on: "gpu" where there is any accelerator, else "cpu"."""
    if ON_TENSORFLOW:
        import tensorflow as tf

        return "gpu" if tf.config.list_physical_devices("GPU") else "cpu"
    import jax

    return "cpu" if jax.default_backend() == "cpu" else "gpu"


@cache
def is_avx2_alone() -> bool:
    """Whether Keras computes on a processor with AVX2 and without AVX-512, as many laptops have."""
    return bool(
        device() == "cpu"
        and cv2.checkHardwareSupport(AVX2)
        and not cv2.checkHardwareSupport(AVX512)
    )


def peak_bytes() -> int | None:
    """The most that was ever taken of the card; None where the backend does not say."""
    if ON_TENSORFLOW:
        import tensorflow as tf

        return int(tf.config.experimental.get_memory_info("GPU:0")["peak"])
    return _jax_says("peak_bytes_in_use")


def limit_memory(memory: str) -> None:
    """Let the backend take of each card what it needs, or all at once, or so much at most.

    Args:
        memory: `training.memory`.

    Raises:
        RecipeError: this process has shared the card out otherwise before.
    """
    if ON_TENSORFLOW:
        _limit_tensorflow(memory)
    else:
        _limit_jax(memory)


def _limit_tensorflow(memory: str) -> None:
    """Where there is no card it gets what is left of main memory, as one pool.

    When that is used up it says so, while the C library would end the process.
    """
    import tensorflow as tf

    cards = tf.config.list_physical_devices("GPU")
    if not cards and (limit := bytes_of(memory)):
        left = max(MIB, limit - (private_bytes() or 0))
        os.environ.setdefault("TF_CPU_ALLOCATOR_USE_BFC", "1")
        os.environ.setdefault("TF_CPU_BFC_MEM_LIMIT_IN_MB", str(left // MIB))
    for card in cards:
        try:
            if limit := bytes_of(memory):
                part = tf.config.LogicalDeviceConfiguration(memory_limit=limit // MIB)
                tf.config.set_logical_device_configuration(card, [part])
            else:
                tf.config.experimental.set_memory_growth(card, memory != "all")
        except (RuntimeError, ValueError) as problem:  # the card is in use already
            if not memory:
                continue  # as it was shared out before
            raise _in_use(memory) from problem


def is_pool() -> bool:
    """Whether TensorFlow has main memory as one pool."""
    return os.environ.get("TF_CPU_ALLOCATOR_USE_BFC") == "1"


def _limit_jax(memory: str) -> None:
    """JAX reads what it may take from the environment when it first looks for a card."""
    limit, whole = bytes_of(memory), card_bytes()
    if limit and whole:
        os.environ["XLA_PYTHON_CLIENT_MEM_FRACTION"] = f"{min(1.0, limit / whole):.4f}"
    elif memory == "all":
        os.environ.setdefault("XLA_PYTHON_CLIENT_MEM_FRACTION", ALL)
    else:
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    may_take = _jax_says("bytes_limit")  # looks for the card
    if limit and may_take and may_take > limit * SLACK:
        raise _in_use(memory) if whole else _unlimited(memory)


def _jax_says(name: str) -> int | None:
    import jax

    statistics: dict[str, Any] = jax.local_devices()[0].memory_stats() or {}
    return statistics.get(name)


def _unlimited(memory: str) -> RecipeError:
    return RecipeError(
        f"training.memory = '{memory}': JAX limits the memory of a card by share of the whole, and "
        "nvidia-smi, which would say how much that is, is not here; leave the key out"
    )


def _in_use(memory: str) -> RecipeError:
    return RecipeError(
        f"training.memory = '{memory}': this process has begun to use the graphics card "
        "in another way; train in a new process"
    )
