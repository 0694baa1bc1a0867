"""Videos: the right frames at the right times, as a person would see them, whatever the file."""

from __future__ import annotations

import os
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from springfield.errors import MissingExtraError, UnreadableImageError
from springfield.images import decode
from springfield.images.toons.picture import draw_picture
from springfield.images.video import is_video, sample_frames

Film = Callable[..., Path]
Frames = list[tuple[float, np.ndarray]]
CONTAINERS = {"mp4": "libx264", "mov": "mpeg4", "mkv": "libx264", "webm": "libvpx", "avi": "mpeg4"}
CORNER = np.full((64, 96, 3), (200, 40, 40), np.uint8)
CORNER[:16, :32] = 240  # a light corner at the upper left


def noise(seconds: int) -> Frames:
    """Frames that cannot be compressed much, 25 a second."""
    rng = np.random.default_rng(7)
    return [(i / 25, rng.integers(0, 256, CORNER.shape, np.uint8)) for i in range(seconds * 25)]


def still(*times: float) -> Frames:
    return [(seconds, CORNER) for seconds in times]


def watch(file: Path) -> tuple[Frames, str]:
    """The frames of a file, and what was said at their end."""
    found: Frames = []
    try:
        for seconds, pixels in sample_frames(file):
            found.append((seconds, pixels))
    except UnreadableImageError as problem:
        return found, str(problem)
    return found, ""


def times_of(frames: Frames) -> list[float]:
    return [round(seconds, 3) for seconds, _ in frames]


def test_is_video__by_ending() -> None:
    assert is_video(Path("a/b.MP4"))
    assert is_video(Path("ä.webm"))
    assert not is_video(Path("mp4"))
    assert not is_video(Path("clip.mp4.png"))


@pytest.mark.parametrize("ending", CONTAINERS)
def test_sample_frames__every_container(ending: str, film: Film, tmp_path: Path) -> None:
    pictures = still(*(i / 25 for i in range(50)))
    file = film(tmp_path / f"ü {ending}.{ending}", pictures, codec=CONTAINERS[ending])
    frames, said = watch(file)
    assert said == ""
    assert times_of(frames) == [0, 0.24, 0.48, 0.72, 1, 1.24, 1.48, 1.72]
    for _, pixels in frames:
        assert (pixels.dtype, pixels.shape) == (np.uint8, (64, 96, 3))
        assert np.abs(pixels.astype(int) - CORNER).mean() < 8


def test_sample_frames__townsfolk_in_turn(film: Film, tmp_path: Path) -> None:
    names = ("milo_finch", "alma_thistle", "kirby_wexler")
    drawn = [np.array(draw_picture(name, 0, 1, (160, 120)).convert("RGB")) for name in names]
    panned = [drawn[i // 50][:96, (i % 50) // 2 :][:, :128] for i in range(150)]
    file = film(tmp_path / "town.mp4", [(i / 25, shot) for i, shot in enumerate(panned)])
    frames, said = watch(file)
    assert said == ""
    assert len(frames) == 24
    for seconds, pixels in frames:
        apart = [np.abs(pixels - shot.astype(float)).mean() for shot in panned]
        assert int(np.argmin(apart)) // 50 == int(seconds // 2)


def test_sample_frames__what_is_on_the_screen_at_each_moment(film: Film, tmp_path: Path) -> None:
    # At a quarter second the frame of 0.12 is on; the one of 1.12 has gone before 1.25.
    frames, _ = watch(film(tmp_path / "some.mkv", still(0, 0.12, 1.12, 1.2, 5)))
    assert times_of(frames) == [0, 0.12, 1.2, 5]


def test_sample_frames__a_slow_film_gives_each_frame_once(film: Film, tmp_path: Path) -> None:
    frames, _ = watch(film(tmp_path / "slow.mp4", still(0, 2, 4)))
    assert times_of(frames) == [0, 2, 4]


@pytest.mark.parametrize(("turn", "turns"), [(90, 1), (-90, -1), (180, 2)])
def test_sample_frames__turned_as_it_was_filmed(
    turn: int, turns: int, film: Film, tmp_path: Path
) -> None:
    frames, _ = watch(film(tmp_path / "phone.mp4", still(0, 0.04), turn=turn))
    wanted = np.rot90(CORNER, turns)
    assert frames[0][1].shape == wanted.shape
    assert np.abs(frames[0][1].astype(int) - wanted).mean() < 8


def test_sample_frames__pixels_made_square(film: Film, tmp_path: Path) -> None:
    frames, _ = watch(film(tmp_path / "wide.mkv", still(0, 0.04), aspect=2))
    wanted = np.asarray(Image.fromarray(CORNER).resize((192, 64)))
    assert frames[0][1].shape == wanted.shape
    assert np.abs(frames[0][1].astype(int) - wanted).mean() < 8


@pytest.mark.parametrize("ending", ["mp4", "mkv", "webm", "avi"])
def test_sample_frames__a_cut_off_file_gives_its_frames_and_then_the_reason(
    ending: str, film: Film, tmp_path: Path
) -> None:
    whole = film(tmp_path / f"whole.{ending}", noise(4), codec=CONTAINERS[ending],
                 **({"movflags": "faststart"} if ending == "mp4" else {}))  # fmt: skip
    content = whole.read_bytes()
    (tmp_path / f"half.{ending}").write_bytes(content[: len(content) // 2])
    frames, said = watch(tmp_path / f"half.{ending}")
    assert 5 <= len(frames) <= 9
    assert "cut off after" in said


def test_sample_frames__goes_on_behind_damage(film: Film, tmp_path: Path) -> None:
    file = film(tmp_path / "whole.mp4", noise(4))
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = bytes(20_000)
    file.write_bytes(content)
    frames, said = watch(file)
    assert frames[-1][0] > 3.5
    assert "damaged or cut off after" in said


def _sound(file: Path) -> None:
    with av.open(str(file), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        silence.sample_rate = 44100
        container.mux(stream.encode(silence))
        container.mux(stream.encode())


def _no_frames(file: Path) -> None:
    with av.open(str(file), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.start_encoding()


def _list_of_files(file: Path) -> None:
    file.write_text("ffconcat version 1.0\nfile whole.mp4\n")


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("text.mp4", lambda file: file.write_text("hello, this is no video"), "not a video"),
        ("empty.mp4", lambda file: file.write_bytes(b""), "not a video"),
        ("picture.mp4", lambda file: Image.new("RGB", (8, 8)).save(file, "PNG"), "not a video"),
        ("list.mp4", _list_of_files, "not a video"),
        ("sound.mp4", _sound, "no pictures in it"),
        ("none.avi", _no_frames, "without a single picture"),
        ("pipe.mp4", os.mkfifo, "not a regular file"),
        ("gone.mp4", lambda file: None, "cannot be read: No such file"),
    ],
)
def test_sample_frames__refuses_what_is_no_video(
    name: str,
    make: Callable[[Path], object],
    says: str,
    film: Film,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    film(Path("whole.mp4"), still(0, 1))
    make(Path(name))
    frames, said = watch(Path(name))
    assert (frames, "\n" in said) == ([], False)
    assert says in said


def test_sample_frames__unknown_code(film: Film, tmp_path: Path) -> None:
    file = film(tmp_path / "new.mkv", still(0, 1))
    file.write_bytes(file.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG9/ISO/NEW"))
    assert watch(file) == ([], "its pictures are in a code that FFmpeg does not know")


def test_sample_frames__cut_off_before_its_table_of_contents(film: Film, tmp_path: Path) -> None:
    file = film(tmp_path / "half.mp4", noise(1))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert watch(file) == ([], "not a video, or cut off before its table of contents")


@pytest.mark.parametrize("aspect", [1, 64])
def test_sample_frames__too_many_pixels(
    aspect: int, film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = film(tmp_path / "wide.mkv", still(0, 1), aspect=aspect)
    monkeypatch.setattr(decode, "MAX_PIXELS", 64 * 96 - 1 if aspect == 1 else 64 * 96)
    frames, said = watch(file)
    assert frames == []
    assert "megapixels" in said


def test_sample_frames__memory_stays_flat(film: Film, tmp_path: Path) -> None:
    grey = np.full((240, 320, 3), 90, np.uint8)
    file = film(tmp_path / "long.mp4", [(i / 5, grey) for i in range(150)])
    tracemalloc.start()
    n = sum(1 for _ in sample_frames(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n > 100
    assert peak < 10 * grey.nbytes


def test_sample_frames__without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"av is not installed.*\[video\]"):
        next(sample_frames(Path("clip.mp4")))
