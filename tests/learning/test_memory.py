"""Memory goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import re
from pathlib import Path
from springfield.learning.memory import give_back

def private():
    return int(re.search(r"RssAnon:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

pieces = [bytes(20_000) for _ in range(5000)]
kept = pieces[::100]
del pieces
before = private()
give_back()
print(before - private())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems do so by themselves")
def test_give_back__what_lies_between_is_returned() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True)
    assert int(done.stdout) > 50_000  # kB of 100,000
