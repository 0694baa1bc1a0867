"""Limits: what a request may cost, and the words that refuse what costs more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What one request, and all of them together, may take."""

    image_bytes: int = 10 * MEGABYTE
    form_bytes: int = 64 * MEGABYTE  # of a request with several images
    room_bytes: int = 192 * MEGABYTE  # of all bodies that wait for their answers
    files: int = 20  # in one request
    field_bytes: int = 1000
    waiting: int = 64  # images: at some 10 ms each, the last of them waits under a second
    connections: int = 256
    header_seconds: float = 10.0
    body_seconds: float = 30.0
    answer_seconds: float = 15.0


class RefusalError(Exception):
    """An answer of 4xx, or of 503 when there is too much to do; the message is one line."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def busy(message: str) -> RefusalError:
    """A refusal of work that can be asked for again in a moment."""
    return RefusalError(503, f"{message}; try again in a second", Retry_After="1")


class Room:
    """Memory that the bodies of all requests share."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.taken = 0  # bytes


class Intake:
    """The body of one request, read piece by piece under the limits."""

    def __init__(self, request: Request, room: Room) -> None:
        self.request = request
        self.room = room
        self.limits = room.limits
        self.taken = 0

    def give_back(self) -> None:
        """Make room for others; whoever made the intake does this once the answer is sent."""
        self.room.taken -= self.taken

    async def read(self, take: Callable[[bytes], object], *, most: int) -> None:
        """Hand the pieces to `take` until the end.

        Raises:
            RefusalError: more than `most` bytes, too slow, cut off, or no room left.
        """
        if int(self.request.headers.get("content-length", 0)) > most:
            raise too_large("the request", most)
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                async for piece in self.request.stream():
                    self._count(len(piece), most)
                    take(piece)
        except TimeoutError:
            raise RefusalError(
                408, f"the upload took more than {self.limits.body_seconds:g} seconds"
            ) from None
        except ClientDisconnect:
            raise RefusalError(400, "the upload was cut off") from None

    def _count(self, size: int, most: int) -> None:
        if self.taken + size > most:
            raise too_large("the request", most)
        if self.room.taken + size > self.limits.room_bytes:
            raise busy("too many uploads at once")
        self.taken += size
        self.room.taken += size


def too_large(what: str, most: int) -> RefusalError:
    """A refusal of more bytes than allowed."""
    return RefusalError(
        413,
        f"{what} is larger than {most / MEGABYTE:g} MB; send a smaller or a stronger "
        "compressed image",
    )
