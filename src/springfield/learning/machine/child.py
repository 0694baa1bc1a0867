"""Child: a process of its own that computes for this one, with the same Springfield."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

import springfield

PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>
PARENT = "SPRINGFIELD_PARENT"  # the number of the process that began this one


def run_child(
    module: str, *words: str, said: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m module words`` to its end.

    Args:
        module: dotted name of a module of ours.
        words: its arguments.
        said: what it reads from its standard input.
        environment: variables that differ from those of this process.
    """
    here = str(Path(springfield.__file__).parents[1])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.run(
        # -P: a file keras.py in the working folder must not be taken for it
        [sys.executable, "-P", "-m", module, *words],
        input=said,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONUTF8": "1",
            PARENT: str(os.getpid()),
            **environment,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def end_with_parent() -> None:
    """Let Linux end this process as soon as the one that began it has ended, however that was."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.environ.get(PARENT, str(os.getppid())) != str(os.getppid()):
            sys.exit("the process that began this one has ended before")


def last_words(done: subprocess.CompletedProcess[str]) -> str:
    """The last line that a process left about what hindered it."""
    return (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
