"""What `make` installs: the lock file against pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}


def test_lock__holds_everything_that_is_asked_for() -> None:
    asked = names(PROJECT["project"]["dependencies"])
    asked |= names(PROJECT["project"]["optional-dependencies"]["cpu"])
    asked |= names([*PROJECT["dependency-groups"]["build"], *PROJECT["dependency-groups"]["dev"]])
    locked = set(re.findall(r"^([\w.-]+)==", LOCK, flags=re.MULTILINE))
    assert asked - locked == set()


def test_lock__pins_every_package_by_hash_and_names_no_address() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) > 20
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in LOCK
    assert re.search(r"index-url|find-links|file:", LOCK) is None


def test_base__stays_small_enough_to_serve_with() -> None:
    base = names(PROJECT["project"]["dependencies"])
    assert base == {"ai-edge-litert", "numpy", "pillow", "tqdm"}
