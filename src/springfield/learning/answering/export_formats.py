"""How each format of an export is written, and how it answers again.

For a format there are four functions: ``write`` makes it from the Keras model, ``attach`` puts
texts in, ``attached`` reads them back, ``load`` makes it answer. Every package is imported where
it is needed, so that reading an export takes its own runtime only.
"""

from __future__ import annotations

import errno
import gc
import os
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from springfield.learning.answering.classifier import THREADS
from springfield.learning.machine.memory import give_back
from springfield.learning.machine.quiet import quiet

if TYPE_CHECKING:
    import keras

Texts = dict[str, str]  # by name, as of a file
Asked = Callable[[np.ndarray], dict[str, np.ndarray]]  # uint8 [B, S, S, 3] -> outputs by name


def write_savedmodel(model: keras.Model, _: np.ndarray, folder: Path) -> None:
    """Write with TensorFlow itself: Keras 3.15 would keep every weight twice."""
    import tensorflow as tf

    images = tf.TensorSpec([None, *model.input.shape[1:]], tf.uint8, name="images")
    whole = tf.Module()
    whole.weights = [weight.value for weight in model.weights]
    whole.answer = tf.function(lambda images: model(images, training=False), [images])
    try:
        tf.saved_model.save(whole, folder, signatures=whole.answer)
    except tf.errors.ResourceExhaustedError as problem:  # so TensorFlow says what is an OSError
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder)) from problem


def attach_to_savedmodel(texts: Texts, folder: Path) -> None:
    extra = folder / "assets.extra"  # TensorFlow leaves this folder to others
    extra.mkdir()
    for name, text in texts.items():
        (extra / name).write_text(text, encoding="utf-8")


def attached_to_savedmodel(folder: Path) -> Texts:
    files = (folder / "assets.extra").iterdir()
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def load_savedmodel(folder: Path) -> Asked:
    import tensorflow as tf

    whole = tf.saved_model.load(str(folder))  # kept: its signature alone would lose the weights

    def asked(images: np.ndarray) -> dict[str, np.ndarray]:
        found = whole.signatures["serving_default"](images=tf.constant(images))
        return {name: np.asarray(values) for name, values in found.items()}

    return asked


def write_onnx(model: keras.Model, samples: np.ndarray, file: Path) -> None:
    model = _in_known_operations(model)
    model(samples[:1])  # Keras exports to ONNX only what has been called
    with warnings.catch_warnings(), _short_memory():
        # Keras mends tf2onnx for NumPy 2, and NumPy warns of how it looks for the need.
        warnings.filterwarnings("ignore", r".*`np\.object`", FutureWarning)
        model.export(file, format="onnx", verbose=False)


@contextmanager
def _short_memory() -> Iterator[None]:
    """Let Python find what is no longer used soon.

    tf2onnx copies the whole network for each of its improvements, in cycles that Python looks for
    only when its objects have grown by a quarter, all of TensorFlow's among them: a ResNet-50 took
    8 GB. What is there already is left out of the count.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.collect()  # counts what is left, which is nothing
    gc.set_threshold(1000, 3, 3)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
        give_back()


def _in_known_operations(model: keras.Model) -> keras.Model:
    """The same network without what tf2onnx does not know, its weights shared.

    A convolution with a group for every channel, which TensorFlow hides in a function of its own,
    becomes a depthwise one; GELU, which it writes by the complement of the error function, is
    spelled out.
    """
    import keras

    gelu = keras.activations.gelu

    def known(layer: keras.layers.Layer) -> keras.layers.Layer:
        if isinstance(layer, keras.layers.Conv2D) and 1 < layer.groups == layer.filters:
            return _depthwise(layer)
        if isinstance(layer, keras.layers.Activation) and layer.activation is gelu:
            return keras.layers.Activation(_gelu, name=layer.name)
        return layer

    return keras.models.clone_model(model, clone_function=known, recursive=True)


def _depthwise(layer: keras.layers.Conv2D) -> keras.layers.DepthwiseConv2D:
    import keras

    same = ("kernel_size", "strides", "padding", "dilation_rate", "use_bias", "name")
    found = keras.layers.DepthwiseConv2D(**{name: getattr(layer, name) for name in same})
    found.build(layer.input.shape)
    kernel, *bias = layer.get_weights()  # [h, w, 1, C]
    found.set_weights([kernel.swapaxes(2, 3), *bias])
    return found


def _gelu(x: keras.KerasTensor) -> keras.KerasTensor:
    import keras

    return x * 0.5 * (1.0 + keras.ops.erf(x / 2.0**0.5))


def attach_to_onnx(texts: Texts, file: Path) -> None:
    import onnx

    model = onnx.load(file)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.helper.set_model_props(model, texts)
    onnx.checker.check_model(model)
    onnx.save(model, file)


def attached_to_onnx(file: Path) -> Texts:
    from onnxruntime import InferenceSession

    return dict(InferenceSession(file).get_modelmeta().custom_metadata_map)


def load_onnx(file: Path) -> Asked:
    from onnxruntime import InferenceSession

    session = InferenceSession(file)
    names = [output.name for output in session.get_outputs()]
    return lambda images: dict(zip(names, session.run(names, {"images": images}), strict=True))


def write_litert(model: keras.Model, _: np.ndarray, file: Path) -> None:
    model.export(file, format="litert", verbose=False)


def write_int8(model: keras.Model, samples: np.ndarray, file: Path) -> None:
    """Write with weights and activations of 8 bits (Jacob et al. 2018), a scale per channel.

    TensorFlow's own settings: images stay uint8 and outputs float32, all between is int8 but the
    scaling of the images. On Toonville and on real frames this answered 99.7 % of the held-out
    images as before; on Toonville, keeping pooling, last layer and softmax in float gained nothing.
    Probabilities come in steps of 1/256.
    """
    import tensorflow as tf

    model.export(
        file,
        format="litert",
        verbose=False,
        optimizations=[tf.lite.Optimize.DEFAULT],
        representative_dataset=lambda: ([image[None]] for image in samples),
    )


def attach_to_litert(texts: Texts, file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # without the time: same model, same file


def attached_to_litert(file: Path) -> Texts:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def load_litert(file: Path) -> Asked:
    from ai_edge_litert.interpreter import Interpreter

    with quiet():
        content = file.read_bytes()  # it opens no name beyond ASCII on Windows
        runner = Interpreter(model_content=content, num_threads=THREADS).get_signature_runner()
    return lambda images: dict(runner(images=images))
