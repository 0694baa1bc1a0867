"""Limits: the memory that a training may take here, and whether the system ended one for it.

Linux alone says so: /proc, the limits of the control groups a process is in (version 1 or 2, as
containers set them), and nvidia-smi for a graphics card.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from springfield.learning.machine.memory import private_bytes
from springfield.recipe_limits import bytes_of

MIB = 1024**2
WSL_SMI = "/usr/lib/wsl/lib/nvidia-smi"
CONTEXT = 512 * MIB  # that CUDA takes of a card beside what the backend hands out
SYSTEM = Path("/")


@dataclass(frozen=True)
class Room:
    """Memory that a training may take."""

    bytes: int | None  # None: the system does not say
    beside: int | None = None  # of it, what another process may take now
    device: str = "cpu"  # or "gpu"
    given: bool = False  # by `training.memory`, and not by what there is


def room_of(memory: str, device: str, system: Path = SYSTEM) -> Room:
    """The room for a training: what is free, or what the recipe gives it if that is less.

    Args:
        memory: `training.memory` of a recipe.
        device: "cpu" or "gpu".
        system: where /proc and /sys are.
    """
    beside = _free_on_card() if device == "gpu" else _free(system)
    own = private_bytes() or 0 if device == "cpu" else 0
    free = None if beside is None else beside + own
    given = bytes_of(memory)
    if given and (free is None or given < free):
        return Room(given, min(given, beside or given), device, given=True)
    return Room(free, beside, device)


def kills(system: Path = SYSTEM) -> dict[str, int]:
    """How many processes the kernel has ended for want of memory, by the file that counts them.

    The count of the own control group, which a new container has anew, and of the whole machine.
    """
    found = {}
    names = [group / name for group in _groups(system)[:1] for name in _COUNTS]
    for file in (*names, system / "proc" / "vmstat"):
        if count := re.search(r"^oom_kill (\d+)$", _text(file), re.MULTILINE):
            found[str(file)] = int(count[1])
    return found


def has_risen(before: dict[str, int], now: dict[str, int]) -> bool:
    """Whether there was a kill between two counts, by any file that both know.

    Another program's kill counts, too: of a training that ended without a word, it tells enough.
    """
    return any(now[name] > before[name] for name in now if name in before)


_COUNTS = ("memory.events", "memory.oom_control")
# the limit of a group, and what in memory.stat is private: version 2, version 1
_BOUNDS = (("memory.max", "anon"), ("memory.limit_in_bytes", "total_rss"))


def _free(system: Path) -> int | None:
    """What may be taken beyond what is taken already."""
    available = re.search(r"^MemAvailable:\s+(\d+) kB$", _text(system / "proc" / "meminfo"), re.M)
    left = [1024 * int(available[1])] if available else []
    for group in _groups(system):
        for bound, private in _BOUNDS:
            limit = _text(group / bound).strip()
            used = re.search(rf"^{private} (\d+)$", _text(group / "memory.stat"), re.MULTILINE)
            if limit.isdigit() and used:
                left.append(int(limit) - int(used[1]))
    return max(0, min(left)) if left else None


def _groups(system: Path) -> list[Path]:
    """Folders of the memory control group that this process is in and of those around it."""
    lines = [line.split(":", 2) for line in _text(system / "proc/self/cgroup").splitlines()]
    own = {controllers: path for _, controllers, path in lines}
    if "memory" in own:
        root, path = system / "sys/fs/cgroup/memory", own["memory"]
    elif "" in own:
        root, path = system / "sys/fs/cgroup", own[""]
    else:
        return []
    inner = PurePosixPath(path.lstrip("/"))
    places = [root / inner, *(root / outer for outer in inner.parents)]
    # a container that does not see the groups around it has its own at the root
    return [place for place in dict.fromkeys(places) if place.is_dir()]


def _free_on_card() -> int | None:
    free = _ask_card("memory.free")
    return None if free is None else max(0, free - CONTEXT)


def card_bytes() -> int | None:
    """All the memory of the first graphics card; None: nvidia-smi is silent."""
    return _ask_card("memory.total")


def _ask_card(what: str) -> int | None:
    """A figure in MiB of the first card that is not hidden, in bytes."""
    smi = shutil.which("nvidia-smi") or WSL_SMI
    first = os.environ.get("CUDA_VISIBLE_DEVICES", "").partition(",")[0]
    words = [f"--query-gpu={what}", "--format=csv,noheader,nounits", f"--id={first or 0}"]
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        said = subprocess.run([smi, *words], capture_output=True, text=True, check=True, timeout=30)
        return MIB * int(said.stdout.split()[0])
    return None


def _text(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.read_text(encoding="utf-8", errors="replace")
    return ""
