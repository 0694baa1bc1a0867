"""`--lang`: the page's language, which the locale decides where it is not asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def audit(data: Path, out: Path, *words: str, locale: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "springfield", "audit", str(data), "--out", str(out), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": locale},
    )


@pytest.mark.parametrize(
    ("words", "locale", "language"),
    [
        (("--lang", "ru"), "C.UTF-8", "ru"),
        ((), "ru_RU.UTF-8", "ru"),
        (("--lang", "en"), "ru_RU.UTF-8", "en"),
    ],
)
def test_audit__page_in_the_language_asked_for(
    tiny: Path, tmp_path: Path, words: tuple[str, ...], locale: str, language: str
) -> None:
    done = audit(tiny, tmp_path / "audit", *words, locale=locale)
    page = (tmp_path / "audit" / "page.html").read_text(encoding="utf-8")
    assert done.returncode == 0
    assert f'<html lang="{language}">' in page
    assert "images" in done.stdout  # the terminal stays English


def test_audit__a_language_there_is_none_of(tiny: Path, tmp_path: Path) -> None:
    done = audit(tiny, tmp_path / "audit", "--lang", "tlh", locale="C.UTF-8")
    assert done.returncode == 2
    assert "--lang" in done.stderr
    assert "'tlh'" in done.stderr
    assert done.stderr.count("\n") == 1
