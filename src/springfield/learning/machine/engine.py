"""Engine: the switches of Keras, of its backend and of OpenCV, in one place.

The backend is TensorFlow, or JAX where Keras is told so (KERAS_BACKEND=jax): same training.
"""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import cv2
import keras
import numpy as np

from springfield.learning.machine.card import ON_TENSORFLOW, limit_memory
from springfield.learning.machine.convolution import forget_gradients
from springfield.learning.machine.memory import give_back
from springfield.recipe import Training

# On the CPU TensorFlow's own kernels are the faster ones; JAX has no others than XLA's.
XLA = not ON_TENSORFLOW


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
    limit_memory(memory)
    if deterministic and ON_TENSORFLOW:
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
    seed_all(seed)
    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        **_backend(),
        "numpy": np.__version__,
    }


def _backend() -> dict[str, str]:
    """Name and version of what Keras computes with."""
    if not ON_TENSORFLOW:
        return {"jax": version("jax")}
    import tensorflow as tf

    return {"tensorflow": tf.__version__}


def start_for(training: Training) -> dict[str, str]:
    """Prepare Keras for one run as its recipe says; see `start`."""
    return start(seed=training.seed, deterministic=training.deterministic, memory=training.memory)


def seed_all(seed: int) -> None:
    """Set every random state and forget earlier graphs, so that a fresh network is repeatable."""
    forget_gradients()  # first: they hold the graphs that clearing is to free
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)


def give_back_training() -> None:
    """Return to the system what a training that is over has left: its graphs and freed memory."""
    forget_gradients()
    give_back()


def compile_with(model: keras.Model, optimizer: keras.Optimizer, loss: Any) -> None:
    """Attach to a network what a step of training needs, and the accuracy that a step reports."""
    # named by a word, its variables would be made in the first graph, which is then made again
    metrics = [keras.metrics.CategoricalAccuracy("accuracy")]
    model.compile(optimizer, loss, metrics=metrics, jit_compile=XLA)
    optimizer.build(model.trainable_variables)


def use_precision(name: str) -> None:
    """Set the precision policy, "float32" or "mixed_bfloat16", for the layers built next."""
    keras.mixed_precision.set_global_policy(name)
