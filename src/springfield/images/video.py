"""Video: a clip's frames, some a second, as a person would see them.

The frames go the way of images from there on (`decode.to_square`). Decoding is FFmpeg's, by PyAV.
"""

from __future__ import annotations

import math
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from springfield.errors import MemoryShortError, MissingExtraError, UnreadableImageError
from springfield.images.decode import MAX_PIXELS, check_pixels

if TYPE_CHECKING:
    from av import Packet, VideoFrame, VideoStream
    from av.container import InputContainer

VIDEO_ENDINGS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")
RATE = 4.0  # frames a second: a cut is then found within a quarter of one
# FFmpeg knows formats that are lists of other files and addresses; none of these is one.
CONTAINERS = "mov,matroska,avi"
MICRO = 1_000_000  # a container counts its duration in these
EPSILON = 1e-6  # of a moment: times are fractions, rounded
SLACK = 1.0  # seconds: rounded durations, and sound that goes on a little longer


def is_video(file: Path) -> bool:
    """Whether the file's ending is a video's."""
    return file.name.lower().endswith(VIDEO_ENDINGS)


def check_player() -> None:
    """Raise `MissingExtraError` when PyAV is not installed."""
    try:
        import av  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtraError("av", "video") from None


def sample_frames(file: Path) -> Iterator[tuple[float, np.ndarray]]:
    """Yield (seconds from the start, frame as displayed, uint8 [H, W, 3] RGB).

    The frames are those on the screen at 0, 1/`RATE`, 2/`RATE`... seconds, each with the time at
    which it came up; one that stays is yielded once, however long. So clips of any and of varying
    frame rate are served alike. Only the few frames that the decoder needs are in memory.

    Raises:
        UnreadableImageError: no video, or nothing in it can be decoded; or, after the frames that
            can be, that it is damaged or cut off.
        MissingExtraError: PyAV is not installed.
    """
    check_player()
    with _open(file) as handle, _refusing(), _container(handle) as container:
        stream = _pictures(container)
        due = 0  # the next moment, in 1/`RATE` seconds
        shown: tuple[float, VideoFrame] | None = None
        for seconds, frame in _decoded(container, stream):
            if shown and due < seconds * RATE - EPSILON:
                due = math.ceil(seconds * RATE - EPSILON)
                yield shown[0], _as_displayed(shown[1], stream)
            shown = (seconds, frame) if frame else None
        if not due:
            raise UnreadableImageError("a video without a single picture")


def _open(file: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise UnreadableImageError("not a regular file")
        return file.open("rb")
    except OSError as problem:
        raise UnreadableImageError(f"cannot be read: {problem.strerror}") from problem


def _container(handle: BinaryIO) -> InputContainer:
    import av

    try:
        return av.open(
            handle, "r", metadata_errors="replace", options={"format_whitelist": CONTAINERS}
        )
    except (av.FFmpegError, OSError):
        raise UnreadableImageError("not a video, or cut off before its table of contents") from None


def _decoded(
    container: InputContainer, stream: VideoStream
) -> Iterator[tuple[float, VideoFrame | None]]:
    """Yield every frame that can be decoded with its time, then None with the time of the end.

    What was wrong is raised last: a damaged packet does not end the reading, as most decoders go
    on at the next whole picture.
    """
    import av

    start, step = (container.start_time or 0) / MICRO, 1 / float(stream.average_rate or 25)
    duration, reached = (container.duration or 0) / MICRO, 0.0
    last, end = 0.0, 0.0
    damaged: list[float] = []  # where, in seconds
    for packet in container.demux():
        reached = max(reached, _end(packet) - start)
        if packet.stream_index != stream.index:
            continue
        try:
            for frame in stream.decode(packet):
                # Some old files time no frame: each then follows the one before.
                last = max(last, end if frame.time is None else frame.time - start)
                end = last + step
                yield last, frame
        except av.FFmpegError:
            damaged.append(end)
        if packet.is_corrupt:
            damaged.append(end)
    yield end, None
    if reached < duration - SLACK:
        raise UnreadableImageError(f"cut off after {end:.1f} of {duration:.1f} seconds")
    if damaged:
        raise UnreadableImageError(f"damaged or cut off after {damaged[0]:.1f} seconds")


def _pictures(container: InputContainer) -> VideoStream:
    """The first stream of moving pictures; a song's cover is none."""
    from av.stream import Disposition

    cover = Disposition.attached_pic
    moving = [stream for stream in container.streams.video if not stream.disposition & cover]
    if not moving:
        raise UnreadableImageError("there are no pictures in it, at most sound")
    stream = moving[0]
    if stream.codec_context is None:
        raise UnreadableImageError("its pictures are in a code that FFmpeg does not know")
    check_pixels(stream.width, stream.height)
    stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}  # the size may change on the way
    stream.thread_type = "AUTO"
    return stream


def _end(packet: Packet[Any]) -> float:
    """Seconds at which a packet's content ends."""
    return float(((packet.pts or 0) + (packet.duration or 0)) * (packet.time_base or 0))


def _as_displayed(frame: VideoFrame, stream: VideoStream) -> np.ndarray:
    """uint8 [H, W, 3]: stretched when its pixels are not square, and turned as it was filmed."""
    width = max(1, round(frame.width * float(stream.sample_aspect_ratio or 1)))
    check_pixels(width, frame.height)
    pixels = frame.reformat(width=width, format="rgb24").to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90)))


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn whatever PyAV raises on a damaged file into `UnreadableImageError`."""
    try:
        yield
    except UnreadableImageError:
        raise
    except MemoryError:
        raise MemoryShortError("a frame does not fit into memory; close other programs") from None
    except Exception as problem:  # its wrappers raise nearly every kind there is
        words = (str(problem).strip().splitlines() or [type(problem).__name__])[0][:200]
        raise UnreadableImageError(f"damaged: {words}") from problem
