from __future__ import annotations

import hashlib
import struct
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from springfield.errors import DataError
from springfield.images import scan as scanning
from springfield.images.catalog import Catalog
from springfield.images.fingerprint import LENGTH
from springfield.images.scan import in_threads, scan
from springfield.images.select import leave_out
from springfield.recipe import Images


def row(catalog: Catalog, path: str) -> dict[str, object]:
    place = catalog["path"].tolist().index(path)
    return {name: column[place].item() for name, column in catalog.columns.items()}


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(f): (f.stat().st_mtime_ns, f.stat().st_size) for f in sorted(folder.rglob("*"))}


def test_scan__tiny_folder(tiny: Path) -> None:
    before = snapshot(tiny)
    catalog, fingerprints = scan(tiny, progress=False)
    assert snapshot(tiny) == before
    assert catalog.root == tiny
    assert catalog.counts() == {"barn": 25, "mill": 13, "pier": 7, "tower": 1}
    assert catalog["path"].tolist() == sorted(catalog["path"].tolist())
    assert fingerprints.shape == (len(catalog), LENGTH)
    assert fingerprints.dtype == np.uint8

    content = (tiny / "pier" / "clear.png").read_bytes()
    clear = row(catalog, "pier/clear.png")
    assert clear == {
        "path": "pier/clear.png",
        "label": "pier",
        "width": 96,
        "height": 80,
        "bytes": len(content),
        "format": "PNG",
        "sha256": hashlib.sha256(content).hexdigest(),
        "error": "",
    }
    assert row(catalog, "tower/tårn–塔.jpg")["error"] == ""


def test_scan__torn_file_has_its_reason_and_no_fingerprint(tiny: Path) -> None:
    catalog, fingerprints = scan(tiny, progress=False)
    torn = row(catalog, "barn/torn.jpg")
    assert "truncated" in str(torn["error"])
    assert (torn["width"], torn["height"], torn["format"]) == (96, 80, "JPEG")  # header is whole
    unreadable = catalog["error"] != ""
    assert unreadable.sum() == 1
    assert not fingerprints[unreadable].any()
    assert fingerprints[~unreadable].any(axis=1).all()


def test_scan__same_file_same_fingerprint(tiny: Path) -> None:
    catalog, fingerprints = scan(tiny, progress=False)
    paths = catalog["path"].tolist()
    twins = [paths.index("barn/000.jpg"), paths.index("mill/twin.jpg")]
    assert catalog["sha256"][twins[0]] == catalog["sha256"][twins[1]]
    assert (fingerprints[twins[0]] == fingerprints[twins[1]]).all()
    assert len(np.unique(fingerprints, axis=0)) == len(catalog) - 1


def test_scan__large_turned_and_foreign_files(tiny_copy: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = Image.linear_gradient("L").resize((1000, 500)).convert("RGB")
    wide.save(tiny_copy / "barn" / "turned.jpg", exif=exif.tobytes())
    wide.save(tiny_copy / "barn" / "really a png.jpg", "PNG")
    (tiny_copy / "barn" / "notes.txt").write_text("not a picture")
    (tiny_copy / "barn" / "nothing.jpg").touch()
    catalog, _ = scan(tiny_copy, progress=False)
    turned = row(catalog, "barn/turned.jpg")
    assert (turned["width"], turned["height"]) == (500, 1000)  # displayed, and not reduced
    assert row(catalog, "barn/really a png.jpg")["format"] == "PNG"
    assert row(catalog, "barn/notes.txt")["error"] == "not an image"
    assert row(catalog, "barn/nothing.jpg")["error"] == "empty file"


def thirteen_bands() -> bytes:
    """The head of a TIFF as satellites send it: 8 x 8 pixels, 13 samples of 16 bits."""
    tags = [(256, 8), (257, 8), (258, 16), (262, 1), (273, 8), (277, 13), (278, 8), (279, 1664)]
    entries = b"".join(struct.pack("<HHII", tag, 3, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4 + 1664)


def test_scan__bands_that_are_not_read_are_no_damage(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "field.tif").write_bytes(thirteen_bands())
    error = scan(tmp_path, progress=False)[0]["error"][0]
    assert error.endswith("bits or bands that are not read; convert it to 8-bit RGB")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jpg", b"<!doctype html><title>Not found</title>", "wrong_type"),
        ("a.jpg", "tå".encode() * 300, "wrong_type"),
        ("a.jpg", b"%PDF-1.7\n\x80\x81\x82\x83", "wrong_type"),
        ("a.JPG", bytes(4096), "corrupt"),
        ("a.png", bytes(range(256)), "corrupt"),
        ("a.doc", bytes(range(256)), "wrong_type"),
    ],
)
def test_scan__what_is_no_image(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / name).write_bytes(content)
    Image.new("RGB", (40, 40)).save(tmp_path / "a" / "whole.jpg")
    reason = leave_out(scan(tmp_path, progress=False)[0], Images())["reason"][0]
    assert reason.partition(":")[0] == kind


def test_scan__table_with_a_missing_file(tiny: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    real = tiny / "barn" / "000.jpg"
    table.write_text(f"path,label\n{real},a\nabsent.jpg,b\n")
    catalog, _ = scan(table, progress=False)
    assert row(catalog, str(real))["width"] == 96
    assert "No such file" in str(row(catalog, "absent.jpg")["error"])


def test_scan__nothing_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no images"):
        scan(tmp_path, progress=False)


def test_scan__progress_goes_to_stderr(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan(tiny)
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "46/46" in heard.err


def test_scan__each_file_is_read_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    read = scanning.read_bytes

    def counting(file: Path) -> bytes:
        opened.append(file)
        return read(file)

    monkeypatch.setattr(scanning, "read_bytes", counting)
    catalog, _ = scan(tiny, progress=False)
    assert sorted(opened) == sorted(catalog.files())


def test_in_threads__in_order_and_never_far_ahead() -> None:
    taken = 0
    lock = threading.Lock()

    def work(item: int) -> int:
        nonlocal taken
        with lock:
            taken += 1
        return item

    for done, item in enumerate(in_threads(work, range(2000))):
        assert item == done
        assert taken <= done + 1 + scanning.ROUND
    assert taken == 2000
