"""Batching: one thread owns the classifier and answers at once whatever has queued up.

While it answers one batch the next one gathers by itself: nobody is made to wait for company,
which on a processor would gain nothing.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from springfield.doors.server.limits import Limits, busy
from springfield.errors import UnreadableImageError
from springfield.images.decode import Look, examine, to_square
from springfield.learning.answering.classifier import BATCH, Classifier

DECODERS = 2  # threads; a picture at the limit of pixels takes about 1 GB, one at a time


@dataclass(frozen=True, eq=False)
class Seen:
    """What the classifier makes of one image."""

    look: Look
    probabilities: np.ndarray  # float32 [C]
    features: np.ndarray  # float32 [F]
    activation: np.ndarray | None  # float32 [h, w, C], see `Answers`


@dataclass(frozen=True, eq=False)
class _Asked:
    look: Look
    square: np.ndarray  # uint8 [S, S, 3]
    answer: asyncio.Future[Seen]


class Batcher:
    """Answers images for many requests at a time; call `close` at the end."""

    def __init__(
        self, classifier: Classifier, limits: Limits, *, observe: Callable[[int], object]
    ) -> None:
        """`observe` is told the size of every batch."""
        self.inside = 0  # images that wait for an answer
        self._classifier = classifier
        self._limits = limits
        self._observe = observe
        self._decoders = ThreadPoolExecutor(DECODERS, thread_name_prefix="decode")
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._worker = threading.Thread(target=self._work, name="classify", daemon=True)
        self._worker.start()

    @property
    def alive(self) -> bool:
        """Whether anybody answers."""
        return self._worker.is_alive()

    async def see(self, images: Sequence[bytes]) -> list[Seen | UnreadableImageError]:
        """Answer image files, each with the reason instead if it cannot be decoded.

        Raises:
            RefusalError: too many images are waiting already, or these waited for too long.
        """
        if self.inside + len(images) > self._limits.waiting:
            raise busy(f"{self.inside} images are waiting already")
        self.inside += len(images)  # at once: others ask before the first of these is begun
        try:
            async with asyncio.timeout(self._limits.answer_seconds):
                return await asyncio.gather(*map(self._see, images))
        except TimeoutError:
            raise busy(f"no answer within {self._limits.answer_seconds:g} seconds") from None
        finally:
            self.inside -= len(images)

    def close(self) -> None:
        """Let both kinds of threads end."""
        self._queue.put(None)
        self._decoders.shutdown(wait=False, cancel_futures=True)
        self._worker.join()

    async def _see(self, image: bytes) -> Seen | UnreadableImageError:
        try:
            loop = asyncio.get_running_loop()
            look, square = await loop.run_in_executor(self._decoders, self._decode, image)
            asked = _Asked(look, square, loop.create_future())
            self._queue.put(asked)
            return await asked.answer
        except UnreadableImageError as problem:
            return problem

    def _decode(self, image: bytes) -> tuple[Look, np.ndarray]:
        """As `decode.read_square`, with the size of the whole picture."""
        size, fit = self._classifier.description.size, self._classifier.description.fit
        look, pixels = examine(image, at_least=2 * size)
        return look, to_square(pixels, size, fit)

    def _work(self) -> None:
        while batch := self._next_batch():
            self._observe(len(batch))
            loop = batch[0].answer.get_loop()
            try:
                seen: list[Seen] | Exception = self._answer(batch)
            except Exception as problem:  # theirs to report; the next batch is another one
                seen = problem
            loop.call_soon_threadsafe(_hand_out, batch, seen)

    def _next_batch(self) -> list[_Asked]:
        batch: list[_Asked] = []
        while len(batch) < BATCH:
            try:
                asked = self._queue.get(block=not batch)
            except queue.Empty:
                break
            if asked is None:  # the end: first answer what came before it
                if batch:
                    self._queue.put(None)
                break
            if not asked.answer.cancelled():
                batch.append(asked)
        return batch

    def _answer(self, batch: Sequence[_Asked]) -> list[Seen]:
        found = self._classifier.answer(asked.square for asked in batch)
        maps = found.activation
        return [
            Seen(
                asked.look,
                found.probabilities[i],
                found.features[i],
                None if maps is None else maps[i],
            )
            for i, asked in enumerate(batch)
        ]


def _hand_out(batch: Sequence[_Asked], seen: list[Seen] | Exception) -> None:
    for i, asked in enumerate(batch):
        if asked.answer.done():  # whoever asked has left
            continue
        if isinstance(seen, Exception):
            asked.answer.set_exception(seen)
        else:
            asked.answer.set_result(seen[i])
