"""Memory goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

from springfield.learning.machine.memory import ran_out

CODE = """
import re
from pathlib import Path
from springfield.learning.machine.memory import give_back

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


HELD = """
from springfield.learning.machine.memory import Peak, hold_to, private_bytes
from pathlib import Path

MB = 1024**2
with Peak() as peak:
    block = bytearray(b"x" * (80 * MB))
    import time
    time.sleep(0.1)
del block
print((peak.bytes - private_bytes()) // MB)
hold_to(private_bytes() + 64 * MB)
bytearray(32 * MB)
try:
    bytearray(128 * MB)
except MemoryError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells and holds")
def test_peak__is_seen_and_hold_to__refuses_more() -> None:
    done = subprocess.run([sys.executable, "-c", HELD], check=True, capture_output=True, text=True)
    seen, refused = done.stdout.split()
    assert 70 < int(seen) < 200
    assert refused == "refused"


@pytest.mark.parametrize(
    ("problem", "out"),
    [
        (MemoryError("Unable to allocate 3 GiB for an array"), True),
        (RuntimeError("OOM when allocating tensor with shape[64,128,128,32]"), True),
        (RuntimeError("CUDA_ERROR_OUT_OF_MEMORY: out of memory"), True),
        (RuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate"), True),
        (RuntimeError("OpenBLAS error: Memory allocation still failed after 10 retries"), True),
        (RuntimeError("(-4:Insufficient memory) Failed to allocate 9437184 bytes"), True),
        (RuntimeError("Dst tensor is not initialized."), True),
        (RuntimeError("cuBLAS error: CUBLAS_STATUS_ALLOC_FAILED"), True),
        (ValueError("the loss is no longer a number"), False),
        (OSError(28, "No space left on device"), False),
    ],
)
def test_ran_out__is_told_from_other_errors(problem: Exception, out: bool) -> None:
    assert ran_out(problem) == out
