from __future__ import annotations

import os

import pytest

from springfield.learning.machine.quiet import quiet


def test_quiet__holds_back_what_libraries_write(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet():
        os.write(2, b"library loaded\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_quiet__shows_it_when_something_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ImportError), quiet():
        _load_broken_library()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "library broken\nafter\n"


def _load_broken_library() -> None:
    os.write(2, b"library broken\n")
    raise ImportError
