"""Keras as its tutorial "Image classification from scratch" has it, with the original network.

`image_dataset_from_directory`, augmentation by Keras' layers on the way in, a cache in memory,
plain convolutions, Adam at a constant rate until the time is over.
"""

from __future__ import annotations

import time
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from job import Job, asked
from keras import layers

BATCH, RATE = 25, 5e-4  # the original's
SETTINGS = {
    "network": "conv 32-64-128-256 with pooling, dense 512",
    "augmentation": "RandomFlip, RandomRotation(0.1), RandomZoom(0.1)",
    "optimizer": f"Adam {RATE:g}, constant",
    "batch": BATCH,
    "precision": "float32",
    "data": "image_dataset_from_directory, cached, prefetched",
}


class Clock(keras.callbacks.Callback):
    """Ends the training when its time is over."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.allowed, self.began, self.seconds, self.steps = seconds, 0.0, 0.0, 0

    def on_train_begin(self, logs: Any = None) -> None:
        """Note the time."""
        self.began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Look at the clock."""
        self.steps += 1
        self.seconds = time.perf_counter() - self.began
        if self.seconds >= self.allowed:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Look at the clock once more."""
        self.seconds = time.perf_counter() - self.began


def main() -> None:
    """Train, predict, hand back."""
    job = asked()
    keras.utils.set_random_seed(job.seed)
    model, clock = network(job), Clock(60 * job.minutes)
    model.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy")
    images = training_images(job)
    # Keras ends an epoch before it stops: an endless one stops at the step.
    model.fit(images.repeat(), steps_per_epoch=10**9, epochs=1, callbacks=[clock], verbose=0)
    found, names = job.files("test"), job.classes()
    answers = predict(model, [str(file) for _, _, file in found], job.size)
    job.finish(
        [(path, names[answer]) for (path, _, _), answer in zip(found, answers, strict=True)],
        seconds=clock.seconds,
        epochs=clock.steps * BATCH / len(job.files("train")),
        parameters=model.count_params(),
        settings={**SETTINGS, "size": job.size},
    )


def training_images(job: Job) -> tf.data.Dataset:
    """Batches of varied images float32 [B, S, S, 3] and class numbers [B]."""
    images = keras.utils.image_dataset_from_directory(
        f"{job.images}/train",
        class_names=job.classes(),
        image_size=(job.size, job.size),
        batch_size=None,
        seed=job.seed,
        verbose=False,
    )
    vary = keras.Sequential(
        [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.1)]
    )
    shuffled = images.cache().shuffle(len(job.files("train")), seed=job.seed).batch(BATCH)
    return shuffled.map(
        lambda x, y: (vary(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE
    ).prefetch(tf.data.AUTOTUNE)


def network(job: Job) -> keras.Model:
    """The network that this project started from."""
    stack: list[Any] = [keras.Input((job.size, job.size, 3)), layers.Rescaling(1 / 255)]
    for channels in (32, 64, 128, 256):
        stack += [layers.Conv2D(channels, 3, padding="same", activation="relu")]
        stack += [layers.MaxPooling2D()]
    stack += [layers.Flatten(), layers.Dense(512, activation="relu")]
    return keras.Sequential([*stack, layers.Dense(len(job.classes()), activation="softmax")])


def predict(model: keras.Model, files: list[str], size: int) -> np.ndarray:
    """Class number of each file, int [n], read as `image_dataset_from_directory` reads them."""

    def read(file: tf.Tensor) -> tf.Tensor:
        pixels = tf.io.decode_image(tf.io.read_file(file), 3, expand_animations=False)
        return tf.image.resize(pixels, (size, size))

    images = tf.data.Dataset.from_tensor_slices(files).map(read).batch(64)
    return np.asarray(model.predict(images, verbose=0)).argmax(axis=1)


if __name__ == "__main__":
    main()
