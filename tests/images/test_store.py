"""The store: decoded once, keyed by content, and clear about what stands in its way."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from springfield.errors import DataError, OutputError
from springfield.images import store as storing
from springfield.images.catalog import Catalog
from springfield.images.decode import PAD, read_square
from springfield.images.scan import scan
from springfield.images.store import cache_folder, choose_size, open_store, scratch


@pytest.fixture(scope="module")
def catalog(tiny: Path) -> Catalog:
    return scan(tiny, progress=False)[0]


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one entry for every image that the store decodes."""
    sizes: list[int] = []

    def counting(source: bytes, size: int, fit: str) -> np.ndarray:
        sizes.append(size)
        return read_square(source, size, fit)

    monkeypatch.setattr(storing, "read_square", counting)
    return sizes


def build(catalog: Catalog, cache: Path, size: int = 32, fit: str = "crop") -> np.memmap:
    return open_store(catalog, size, fit, cache=cache, progress=False)


def test_open_store__rows_are_the_catalogs_rows(catalog: Catalog, tmp_path: Path) -> None:
    images = build(catalog, tmp_path, 40, "letterbox")
    assert isinstance(images, np.memmap)
    assert images.shape == (len(catalog), 40, 40, 3)
    assert images.dtype == np.uint8
    assert not images.flags.writeable
    for image, file, error in zip(images, catalog.files(), catalog["error"], strict=True):
        if error:
            assert (image == PAD).all()
        else:
            assert (image == read_square(file, 40, "letterbox")).all()


def test_open_store__everything_is_decoded_once(
    catalog: Catalog, tmp_path: Path, decoded: list[int]
) -> None:
    readable = int((catalog["error"] == "").sum())
    first = build(catalog, tmp_path)
    assert len(decoded) == readable
    second = build(catalog, tmp_path)
    assert len(decoded) == readable
    assert (first == second).all()
    assert [file.suffix for file in tmp_path.iterdir()] == [".npy"]


def test_open_store__key_is_the_content(
    catalog: Catalog, tmp_path: Path, decoded: list[int]
) -> None:
    few = catalog.where(np.arange(5))
    build(few, tmp_path)
    moved = Path(shutil.copytree(catalog.root, tmp_path / "moved"))
    relabelled = few.with_columns(label=["other"] * 5)
    build(Catalog(moved, relabelled.columns), tmp_path)
    assert len(decoded) == 5
    build(few.where(np.arange(5)[::-1]), tmp_path)
    build(few, tmp_path, size=33)
    build(few, tmp_path, fit="stretch")
    assert len(decoded) == 20
    assert len(list(tmp_path.glob("*.npy"))) == 4


def test_open_store__decoder_is_part_of_the_key(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[int]
) -> None:
    few = catalog.where(np.arange(3))
    build(few, tmp_path)
    monkeypatch.setattr(storing, "VERSION", "another")
    build(few, tmp_path)
    assert len(decoded) == 6


@pytest.mark.parametrize("damage", ["cut", "other shape", "garbage", "empty"])
def test_open_store__damaged_store_is_built_again(
    catalog: Catalog, tmp_path: Path, damage: str
) -> None:
    wanted = np.array(build(catalog, tmp_path))
    file = next(tmp_path.glob("*.npy"))
    content = file.read_bytes()
    if damage == "other shape":
        np.save(file, np.zeros((3, 32, 32, 3), np.uint8))
    else:
        damaged = {"cut": content[: len(content) // 2], "garbage": b"no array" * 99, "empty": b""}
        file.write_bytes(damaged[damage])
    assert (build(catalog, tmp_path) == wanted).all()


def test_open_store__too_little_space_is_said_beforehand(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[int]
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(OutputError, match=r"needs 37 MB but .* has 1 MB free"):
        build(catalog, tmp_path, size=520)
    assert decoded == []
    assert list(tmp_path.iterdir()) == []


def test_scratch__is_written_to_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPRINGFIELD_CACHE", str(tmp_path))
    with scratch((3, 700, 500), np.float16) as places:
        assert (places.shape, places.dtype, float(places.sum())) == ((3, 700, 500), np.float16, 0)
        places[2] = 7
        assert places[2, 699, 499] == 7
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="no file of the system's that is always full")
def test_scratch__a_full_disk_is_said_and_not_died_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPRINGFIELD_CACHE", str(tmp_path))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: io.FileIO("/dev/full", "r+"))
    with pytest.raises(OutputError, match="the disk is full"):
        scratch((9,), np.float16).__enter__()


def test_open_store__cache_that_is_no_folder(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(OutputError, match="SPRINGFIELD_CACHE names another folder"):
        build(catalog, tmp_path / "cache")


def test_open_store__file_changed_since_the_scan(tiny_copy: Path, tmp_path: Path) -> None:
    catalog, _ = scan(tiny_copy, progress=False)
    shutil.copy(tiny_copy / "barn" / "003.jpg", tiny_copy / "barn" / "002.jpg")
    with pytest.raises(DataError, match=r"002\.jpg has changed since it was scanned"):
        build(catalog, tmp_path / "cache")
    (tiny_copy / "barn" / "002.jpg").unlink()
    with pytest.raises(DataError, match=r"002\.jpg has changed .*No such file"):
        build(catalog, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_open_store__images_that_were_moved(tiny_copy: Path, tmp_path: Path) -> None:
    catalog, _ = scan(tiny_copy, progress=False)
    tiny_copy.rename(tmp_path / "elsewhere")
    with pytest.raises(DataError, match=r"no longer in .*scenes; put them back there"):
        build(catalog, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_open_store__no_rows(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no image to store"):
        build(catalog.where(np.zeros(len(catalog), dtype=bool)), tmp_path)


def test_cache_folder__follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPRINGFIELD_CACHE", "/somewhere")
    assert cache_folder() == Path("/somewhere")
    monkeypatch.delenv("SPRINGFIELD_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == Path("/xdg/springfield")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "springfield"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == Path.home() / "Library" / "Caches" / "springfield"


@pytest.mark.parametrize(("sides", "size"), [((320, 240), 96), ((28, 28), 32), ((90, 64), 64)])
def test_choose_size__half_of_the_images_fill_it(sides: tuple[int, int], size: int) -> None:
    catalog = Catalog(Path("here"), {}).with_columns(
        width=[sides[0]] * 3 + [0], height=[sides[1]] * 3 + [0], error=["", "", "", "corrupt"]
    )
    assert choose_size(catalog) == size
