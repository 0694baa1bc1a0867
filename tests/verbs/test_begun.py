"""What all trainings in one folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from springfield.errors import OutputError
from springfield.recipe import Recipe, load_recipe
from springfield.run import Run
from springfield.verbs.begun import BEGUN, check_same


def test_check_same__a_key_that_came_since_counts_with_its_default(tmp_path: Path) -> None:
    home, now = Run(tmp_path), Recipe().to_toml()
    before = "\n".join(line for line in now.splitlines() if not line.startswith("cosine"))
    assert before != now
    home.write_json(BEGUN, {"recipe": before})
    check_same(home, {"recipe": now}, ("recipe",), "trainings")
    other = load_recipe("default", ("network.cosine=30",)).to_toml()
    with pytest.raises(OutputError, match="other recipe, and all its trainings must share them"):
        check_same(home, {"recipe": other}, ("recipe",), "trainings")
