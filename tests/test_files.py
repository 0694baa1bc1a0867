from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from springfield import windows
from springfield.errors import OutputError
from springfield.files import check_new, check_writable, write_atomically


def test_write_atomically__makes_the_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new" / "file", b"content")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["file"]
    assert (tmp_path / "new" / "file").read_bytes() == b"content"


def test_write_atomically__a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    write_atomically(tmp_path / "file", b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match="the disk is full"):
        write_atomically(tmp_path / "file", b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_write_atomically__stopped_it_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(handle: int) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", b"new")
    assert not list(tmp_path.iterdir())


def test_check_new__says_beforehand_what_cannot_be_written(tmp_path: Path) -> None:
    check_new(tmp_path / "new" / "folder" / "table.csv")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is already there"):
        check_new(tmp_path / "file")
    with pytest.raises(OutputError, match=r"cannot write .*: .*file takes no files"):
        check_new(tmp_path / "file" / "table.csv")


def test_check_writable__a_file_in_the_way_is_told(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "folder")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file/run: .*/file takes no files; choose another"):
        check_writable(tmp_path / "file" / "run")


def test_write_atomically__waits_for_a_file_that_another_program_has_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows refuses it; what lasts longer is said."""
    whole, refused = Path.replace, iter(range(2))

    def replace(self: Path, target: Path) -> Path:
        if next(refused, None) is not None:
            raise PermissionError(errno.EACCES, "open elsewhere")
        return whole(self, target)

    monkeypatch.setattr(windows, "is_here", lambda: True)
    monkeypatch.setattr(windows, "PATIENCE", 2)
    monkeypatch.setattr(windows, "MOMENT", 0)
    monkeypatch.setattr(Path, "replace", replace)
    write_atomically(tmp_path / "history.csv", b"new")
    assert (tmp_path / "history.csv").read_bytes() == b"new"
    refused = iter(range(9))
    with pytest.raises(OutputError, match=r"cannot write .*history\.csv: open elsewhere"):
        write_atomically(tmp_path / "history.csv", b"newer")
    assert [file.name for file in tmp_path.iterdir()] == ["history.csv"]
