"""Ultralytics classification from scratch: yolo11n-cls with its own default settings.

Its own key `time` ends the training: it plans its epochs by their measured length. Its automatic
optimizer goes by the epochs that are named beforehand: for the 100 that it assumes where none are
it takes MuSGD on all but small folders, whose steps are many times as slow on a CPU.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from job import Job, asked

NETWORK, BATCH = "yolo11n-cls.yaml", 64
FEW = 50  # epochs: so few that it chooses AdamW; `time` comes first
SETTINGS = {
    "network": NETWORK,
    "augmentation": "its defaults: RandAugment, flip, crop, erasing 0.4",
    "optimizer": "its default, auto: AdamW",
    "batch": BATCH,
    "precision": "float32",
    "data": "its own loader, without workers on a CPU",
}


def main() -> None:
    """Train, predict, hand back."""
    job = asked()
    os.environ |= {"YOLO_OFFLINE": "True", "YOLO_CONFIG_DIR": job.out, "YOLO_VERBOSE": "False"}
    import schemas  # noqa: F401  (before torchvision)
    from ultralytics import YOLO, settings

    settings.update({"sync": False})
    clock = Clock()
    model = YOLO(NETWORK)
    for event in ("on_pretrain_routine_end", "on_train_epoch_start", "on_train_epoch_end"):
        model.add_callback(event, getattr(clock, event))
    model.train(
        data=job.images,
        time=job.minutes / 60,
        epochs=FEW,
        imgsz=job.size,
        batch=min(BATCH, len(job.files("train"))),
        device="cpu",
        pretrained=False,
        seed=job.seed,
        val=False,
        plots=False,
        project=job.out,
        name="train",
        exist_ok=True,
        verbose=False,
    )
    last = Path(job.out) / "train" / "weights" / "last.pt"
    job.finish(
        answers_of(YOLO(last), job),
        seconds=clock.seconds,
        epochs=clock.epochs,
        parameters=sum(weight.numel() for weight in model.model.parameters()),
        settings={**SETTINGS, "size": job.size},
    )


class Clock:
    """Times the epochs: what lies between them is validation and saving."""

    def __init__(self) -> None:
        self.began, self.seconds, self.epochs = 0.0, 0.0, 0

    def on_pretrain_routine_end(self, trainer: Any) -> None:
        """All is ready."""
        self.seconds = 0.0

    def on_train_epoch_start(self, trainer: Any) -> None:
        """Note the time."""
        self.began = time.perf_counter()

    def on_train_epoch_end(self, trainer: Any) -> None:
        """Add the epoch's time."""
        self.seconds += time.perf_counter() - self.began
        self.epochs += 1


def answers_of(model: Any, job: Job) -> list[tuple[str, str]]:
    """Path and label of every held-out image."""
    found, answers = job.files("test"), []
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        seen = model.predict([str(file) for _, _, file in part], imgsz=job.size, verbose=False)
        names = [each.names[each.probs.top1] for each in seen]
        answers += [(path, name) for (path, _, _), name in zip(part, names, strict=True)]
    return answers


if __name__ == "__main__":
    main()
