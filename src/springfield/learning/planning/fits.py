"""Fits: what of a training fits into memory, found by trying it out.

The batch that the optimizer sees stays as it is: what does not fit together is looked at part by
part. Images are made smaller last, since that alone costs accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from springfield.errors import MemoryShortError
from springfield.learning.machine.limits import MIB, Room
from springfield.learning.planning.footprint import Footprint
from springfield.learning.training.pace import precisions
from springfield.recipe import Recipe

SHARE = 0.9  # of the room that a try may take: no two trainings take the very same
SMALLEST = 32  # pixels: the networks halve an image's side up to five times

Measure = Callable[[Recipe, int], Footprint]  # of a recipe as it is, at a side in pixels


@dataclass
class Tries:
    """Tries of one recipe, with as many images at a time as fit into a room."""

    recipe: Recipe
    room: Room
    measure: Measure
    tried: list[Footprint] = field(default_factory=list)

    def fits(self, footprint: Footprint) -> bool:
        """Whether a try took little enough."""
        if footprint.peak is None:
            return False
        return self.room.bytes is None or footprint.peak <= SHARE * self.room.bytes

    def best_at(self, size: int) -> Footprint | None:
        """The fastest precision, each with the largest micro batch that fits; None: none does."""
        found = [self._largest(size, precision) for precision in precisions(self.recipe)]
        fitting = [footprint for footprint in found if footprint]
        return max(fitting, key=lambda footprint: footprint.images_per_second, default=None)

    def best(self, sizes: list[int]) -> Footprint:
        """The same at the first of the sizes at which anything fits.

        Raises `MemoryShortError` when nothing does.
        """
        for size in sizes:
            if found := self.best_at(size):
                return found
        raise MemoryShortError(_too_little(self.room, self.tried))

    def _largest(self, size: int, precision: str) -> Footprint | None:
        training = self.recipe.training
        together = min(training.micro_batch or training.batch, training.batch)
        while True:
            parted = together if together < training.batch else 0
            asked = replace(training, precision=precision, micro_batch=parted)
            footprint = self.measure(replace(self.recipe, training=asked), size)
            self.tried.append(footprint)
            if self.fits(footprint):
                return footprint
            if together == 1:
                return None
            together = self._next(footprint, together)

    def _next(self, footprint: Footprint, together: int) -> int:
        """Half as many, or fewer where what was measured says so: a try takes half a minute."""
        half = math.ceil(together / 2)
        if footprint.peak is None or self.room.bytes is None:
            return half
        each = max(1, footprint.peak - footprint.empty) / together
        enough = (SHARE * self.room.bytes - footprint.empty) / each
        while half > max(1, enough):
            half = math.ceil(half / 2)
        return half


def smaller_sizes(size: int) -> list[int]:
    """A side in pixels and what to fall back to: three quarters, a half and so on."""
    sizes = {size}
    for share in (0.75, 0.5, 0.375, 0.25):
        sizes.add(max(SMALLEST, round(size * share) // 16 * 16))
    return sorted((side for side in sizes if side <= size), reverse=True)


def _too_little(room: Room, tried: list[Footprint]) -> str:
    least = min((footprint.peak for footprint in tried if footprint.peak), default=0)
    takes = f"takes {least / MIB:,.0f} MB" if least else "takes more"
    have = SHARE * (room.bytes or 0) / MIB
    return (
        f"memory: a training with one image of {tried[-1].size} pixels at a time {takes} of the "
        f"{have:,.0f} MB that it may; give it more, or choose a smaller network"
    )
