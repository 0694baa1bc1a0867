"""A process that computes for another."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

CHILD = """
import sys, time
from springfield.learning.machine.child import end_with_parent
end_with_parent()
print("begun", flush=True)
time.sleep(600)
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_end_with_parent__a_killed_parent_leaves_no_child() -> None:
    words = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"begun\n"
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        assert len(children) == 1
        parent.kill()
    for _ in range(100):
        if not _is_alive(children[0]):
            return
        time.sleep(0.1)
    raise AssertionError("it went on without its parent")


def _is_alive(process: str) -> bool:
    """Whether it is there and no zombie."""
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(") ")[2][0] != "Z"
