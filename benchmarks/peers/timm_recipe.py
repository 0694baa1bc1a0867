"""timm's training recipe for a small residual network, from the parts that its train script has.

Settings follow its documented recipe for short trainings at a low resolution ("ResNet strikes
back", A3: RandAugment m6, mixup 0.1, crop 0.95), with AdamW, a cosine rate, warm-up, label
smoothing, channels last and an average of the weights; bfloat16 where a few measured steps say
that it is faster. Updates are as many as fit into the time.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import schemas  # noqa: F401  (before torchvision)
import timm
import torch
from job import Job, asked
from PIL import Image
from timm.data import ImageDataset, Mixup, create_loader, create_transform
from timm.loss import SoftTargetCrossEntropy
from timm.optim import create_optimizer_v2
from timm.scheduler import create_scheduler_v2
from timm.utils import ModelEmaV3

NETWORK, BATCH, RATE, DECAY, PROBED = "resnet10t", 64, 2e-3, 0.05, 12
SETTINGS = {
    "network": NETWORK,
    "augmentation": "RandomResizedCrop, flip, rand-m6-mstd0.5-inc1, mixup 0.1",
    "optimizer": f"AdamW {RATE:g}, cosine, 5 % warm-up, weight decay {DECAY:g}, EMA 0.999, "
    "label smoothing 0.1",
    "batch": BATCH,
    "data": "create_loader, 2 workers",
}
Batch = tuple[torch.Tensor, torch.Tensor]  # float32 [B, 3, S, S], int64 [B]


class Training:
    """A network with all that it is trained by, for so many updates."""

    def __init__(self, classes: int, updates: int, *, half: bool) -> None:
        self.half = half
        self.model = timm.create_model(NETWORK, num_classes=classes)
        self.model.to(memory_format=torch.channels_last)
        self.optimizer = create_optimizer_v2(self.model, "adamw", lr=RATE, weight_decay=DECAY)
        self.rate, _ = create_scheduler_v2(
            self.optimizer,
            "cosine",
            num_epochs=max(2, updates),  # an update stands for an epoch
            warmup_epochs=updates // 20,
            warmup_lr=1e-5,
            step_on_epochs=False,
            updates_per_epoch=1,
        )
        self.mix = Mixup(mixup_alpha=0.1, label_smoothing=0.1, num_classes=classes)
        self.average = ModelEmaV3(self.model, decay=0.999, use_warmup=True)

    def step(self, number: int, batch: Batch) -> None:
        """Learn from one batch."""
        images, targets = self.mix(*batch)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.half):
            logits = self.model(images.contiguous(memory_format=torch.channels_last))
        loss = SoftTargetCrossEntropy()(logits.float(), targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update(self.model, step=number)
        self.rate.step_update(number + 1)


def main() -> None:
    """Train, predict, hand back."""
    job = asked()
    torch.manual_seed(job.seed)
    images = ImageDataset(f"{job.images}/train")
    classes = sorted(images.reader.class_to_idx, key=images.reader.class_to_idx.get)
    batches = endless(job, images)
    speeds = {half: seconds_of_step(len(classes), batches, half=half) for half in (False, True)}
    half = speeds[True] < speeds[False]
    updates = max(1, round(60 * job.minutes / speeds[half]))
    training = Training(len(classes), updates, half=half)
    training.model.train()
    began = time.perf_counter()
    for number in range(updates):
        training.step(number, next(batches))
    seconds = time.perf_counter() - began
    job.finish(
        [(path, classes[answer]) for path, answer in answers_of(training.average.module, job)],
        seconds=seconds,
        epochs=updates / (len(images) // min(BATCH, len(images))),
        parameters=sum(weight.numel() for weight in training.model.parameters()),
        settings={**SETTINGS, "precision": "bfloat16" if half else "float32", "size": job.size},
    )


def endless(job: Job, images: ImageDataset) -> Iterator[Batch]:
    """Batches for ever, shuffled anew in each epoch."""
    loader = create_loader(
        images,
        input_size=(3, job.size, job.size),
        batch_size=min(BATCH, len(images) // 2 * 2),  # mixup takes pairs
        is_training=True,
        auto_augment="rand-m6-mstd0.5-inc1",
        color_jitter=0.0,
        interpolation="random",
        num_workers=2,
        use_prefetcher=False,
        device=torch.device("cpu"),
    )
    return itertools.chain.from_iterable(itertools.repeat(loader))


def seconds_of_step(classes: int, batches: Iterator[Batch], *, half: bool) -> float:
    """Mean over a few steps, waiting for their batches included."""
    training = Training(classes, PROBED, half=half)
    for number in range(3):
        training.step(number, next(batches))
    began = time.perf_counter()
    for number in range(PROBED):
        training.step(3 + number, next(batches))
    return (time.perf_counter() - began) / PROBED


def answers_of(model: torch.nn.Module, job: Job) -> Iterator[tuple[str, int]]:
    """Path and class number of every held-out image."""
    see = create_transform((3, job.size, job.size), is_training=False, crop_pct=0.95)
    model.eval()
    found = job.files("test")
    with torch.inference_mode():
        for start in range(0, len(found), BATCH):
            part = found[start : start + BATCH]
            images = torch.stack([see(Image.open(file).convert("RGB")) for _, _, file in part])
            for (path, _, _), answer in zip(part, model(images).argmax(1).tolist(), strict=True):
                yield path, answer


if __name__ == "__main__":
    main()
