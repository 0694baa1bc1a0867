"""fastai as its own example for Imagenette has it (nbs/examples/train_imagenette.py), from scratch.

The example's crop, flip, Mish, Ranger, label smoothing and flat-then-cosine rate, with the smallest
of its networks. Epochs are as many as a few measured steps say fit into the time, at least one.
"""

from __future__ import annotations

import time
from typing import Any

import schemas  # noqa: F401  (before torchvision)
from fastai.vision.all import (
    Callback,
    CancelFitException,
    CancelValidException,
    CategoryBlock,
    DataBlock,
    DataLoaders,
    FlipItem,
    ImageBlock,
    LabelSmoothingCrossEntropy,
    Learner,
    Mish,
    Normalize,
    RandomResizedCrop,
    accuracy,
    imagenet_stats,
    ranger,
    set_seed,
    xresnet18,
)
from job import Job, asked

BATCH, RATE, PROBED = 64, 8e-3, 12
SETTINGS = {
    "network": "xresnet18, Mish",
    "augmentation": "RandomResizedCrop(min_scale=0.35), FlipItem(0.5)",
    "optimizer": f"Ranger {RATE:g}, fit_flat_cos, weight decay 0.01, label smoothing 0.1",
    "batch": BATCH,
    "precision": "float32",
    "data": "DataBlock, 2 workers",
}


class Clock(Callback):
    """Times each step, and leaves out the validation; may end the training after some."""

    def __init__(self, most: int | None = None) -> None:
        self.most, self.times = most, []

    def after_batch(self) -> None:
        """Note the time of a training step."""
        self.times.append(time.perf_counter())
        if self.most and len(self.times) > self.most:
            raise CancelFitException

    def before_validate(self) -> None:
        """Nothing is chosen by it, so it takes no time."""
        raise CancelValidException


def main() -> None:
    """Train, predict, hand back."""
    job = asked()
    set_seed(job.seed, reproducible=True)
    images = loaders(job)
    probe = Clock(PROBED)
    _fit(learner(job, images), PROBED, probe)
    step = (probe.times[-1] - probe.times[2]) / (len(probe.times) - 3)
    epochs = max(1, round(60 * job.minutes / (step * len(images.train))))
    learn, clock, began = learner(job, images), Clock(), time.perf_counter()
    _fit(learn, epochs, clock)
    seconds = clock.times[-1] - began
    found = job.files("test")
    shown = images.test_dl([file for _, _, file in found])
    answers = learn.get_preds(dl=shown)[0].argmax(dim=1).tolist()
    names = list(images.vocab)
    job.finish(
        [(path, names[answer]) for (path, _, _), answer in zip(found, answers, strict=True)],
        seconds=seconds,
        epochs=epochs,
        parameters=sum(weight.numel() for weight in learn.model.parameters()),
        settings={**SETTINGS, "size": job.size},
    )


def loaders(job: Job) -> DataLoaders:
    """Training images, and those to watch by, which nobody looks at."""
    watched = {file for _, _, file in job.files("val")} or {job.files("train")[0][2]}
    block = DataBlock(
        blocks=(ImageBlock, CategoryBlock(vocab=job.classes())),
        get_items=lambda _: [file for part in ("train", "val") for _, _, file in job.files(part)],
        get_y=lambda file: file.parent.name,
        splitter=lambda files: (
            [i for i, file in enumerate(files) if file not in watched],
            [i for i, file in enumerate(files) if file in watched],
        ),
        item_tfms=[RandomResizedCrop(job.size, min_scale=0.35), FlipItem(0.5)],
        batch_tfms=Normalize.from_stats(*imagenet_stats),
    )
    batch = min(BATCH, len(job.files("train")))
    return block.dataloaders(job.images, bs=batch, num_workers=2, path=job.out)


def learner(job: Job, images: DataLoaders) -> Learner:
    """A fresh network."""
    return Learner(
        images,
        xresnet18(n_out=len(job.classes()), act_cls=Mish),
        opt_func=ranger,
        loss_func=LabelSmoothingCrossEntropy(),
        metrics=accuracy,
        path=job.out,
    )


def _fit(learn: Learner, epochs: int, clock: Any) -> None:
    with learn.no_bar(), learn.no_logging():
        learn.fit_flat_cos(epochs, RATE, wd=1e-2, cbs=clock)


if __name__ == "__main__":
    main()
