"""LiteRT: a Keras model as the file that answers without Keras.

Only TensorFlow can write it. A training on another backend hands its network to a process that
computes with TensorFlow:
`python -m springfield.learning.answering.litert MODEL.keras MODEL.tflite`.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path

import keras

from springfield.errors import RecipeError, RunError, SpringfieldError
from springfield.learning.machine.card import ON_TENSORFLOW
from springfield.learning.machine.child import last_words, run_child
from springfield.learning.machine.convolution import Conv2D
from springfield.learning.machine.normalisation import BatchNormalization
from springfield.windows import temporary_for_tensorflow

# The child leaves the accelerator, which is taken, alone.
WITH_TENSORFLOW = {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1"}


def check_several(whose: str) -> None:
    """Raise `RecipeError` where several networks are to be trained and no classifier written.

    `whose` names what trains them.
    """
    if not ON_TENSORFLOW and importlib.util.find_spec("tensorflow") is None:
        raise RecipeError(
            f"{whose} trains networks one after the other, each with its "
            "classifier, which only TensorFlow writes: install it beside JAX, or train one network"
        )


def as_litert(whole: keras.Model) -> bytes:
    """The content of a .tflite file.

    Raises:
        RunError: TensorFlow is not installed here.
    """
    with temporary_for_tensorflow(), tempfile.TemporaryDirectory() as beside:
        file = Path(beside) / "model.tflite"
        if ON_TENSORFLOW:
            whole.export(file, format="litert", verbose=False)
        else:
            _convert_beside(whole, file)
        return file.read_bytes()


def _convert_beside(whole: keras.Model, file: Path) -> None:
    model = file.with_suffix(".keras")
    whole.save(model)
    done = run_child(
        "springfield.learning.answering.litert", str(model), str(file), **WITH_TENSORFLOW
    )
    if "No module named 'tensorflow'" in done.stderr:
        raise RunError(
            "the training is done and safe, but only TensorFlow can write the classifier, and it "
            "is not installed here; where it is: springfield resume RUN"
        )
    if done.returncode:
        raise SpringfieldError(f"TensorFlow could not write the classifier: {last_words(done)}")


if __name__ == "__main__":
    own = {layer.__name__: layer for layer in (BatchNormalization, Conv2D)}
    loaded = keras.saving.load_model(sys.argv[1], custom_objects=own, compile=False)
    loaded.export(sys.argv[2], format="litert", verbose=False)
