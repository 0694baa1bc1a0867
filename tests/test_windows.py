"""What is done otherwise on Windows, played on whatever system this is."""

from __future__ import annotations

import errno
import sys
import tempfile
from pathlib import Path

import pytest

from springfield import windows
from springfield.errors import OutputError


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "is_here", lambda: True)
    monkeypatch.setattr(windows, "MOMENT", 0)


def test_is_here__only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for system in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        found.append(windows.is_here())
    assert found == [False, False, True]


def test_command_line__as_the_prompt_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["springfield", "train", r"C:\My Pictures", "--set", r"split.group_by=p-(\d+)"]
    for here, line in (
        (False, r"""'C:\My Pictures' --set 'split.group_by=p-(\d+)'"""),
        (True, r'''"C:\My Pictures" --set "split.group_by=p-(\d+)"'''),
    ):
        monkeypatch.setattr(windows, "is_here", lambda here=here: here)
        assert windows.command_line(words) == f"springfield train {line}"
    assert windows.command_line(["D:\\My Pictures\\"]) == '"D:\\My Pictures\\\\"'
    plain = [r"C:\Pictures\a-b_c.csv", "training.minutes=3"]
    assert windows.command_line(plain) == " ".join(plain)


def test_expanded__wildcards_that_no_shell_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("b.jpg", "a.jpg", "c.png", "[x].jpg"):
        (tmp_path / name).touch()
    monkeypatch.setattr(windows, "is_here", lambda: False)
    assert windows.expanded(tmp_path / "*.jpg") == [tmp_path / "*.jpg"]
    monkeypatch.setattr(windows, "is_here", lambda: True)
    found = [tmp_path / name for name in ("[x].jpg", "a.jpg", "b.jpg")]
    assert windows.expanded(tmp_path / "*.jpg") == found
    for whole in ("[x].jpg", "*.gif"):  # it exists, or stands for nothing
        assert windows.expanded(tmp_path / whole) == [tmp_path / whole]


@pytest.mark.usefixtures("on_windows")
def test_put__waits_for_what_another_program_has_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, refused = Path.replace, iter(range(windows.PATIENCE))

    def replace(self: Path, target: Path) -> Path:
        if next(refused, None) is not None:
            raise PermissionError(errno.EACCES, "open elsewhere")
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    (tmp_path / "new").write_text("new")
    windows.put(tmp_path / "new", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "new"
    refused = iter(range(99))
    with pytest.raises(PermissionError):
        windows.put(tmp_path / "file", tmp_path / "other")
    assert (tmp_path / "file").exists()


@pytest.mark.usefixtures("on_windows")
def test_temporary_for_tensorflow__where_every_letter_is_ascii(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Иван").mkdir()
    monkeypatch.setenv("PUBLIC", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "Иван"))
    with windows.temporary_for_tensorflow(), tempfile.TemporaryDirectory() as folder:
        assert Path(folder).parent == tmp_path
    assert tempfile.gettempdir() == str(tmp_path / "Иван")
    with pytest.raises(OutputError, match=r"writes no SavedModel to .*Иван.*choose another --out"):
        windows.check_for_tensorflow(tmp_path / "Иван" / "model")
    windows.check_for_tensorflow(tmp_path / "model")
