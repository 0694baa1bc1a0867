"""Room: is there memory and disk enough?"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from springfield.learning.machine.environment.facts import Facts
from springfield.learning.machine.environment.finding import Finding, broken, note, ok

GB = 1024**3
LEAST, GOOD = 1.0, 3.0  # GB of memory: TensorFlow with a training of the default recipe; ample
TIGHT, AMPLE = 0.5, 5.0  # GB of disk: a run and a small store; also data and backbones
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
SWAP = (
    "sudo fallocate -l 8G /swapfile && sudo chmod 600 /swapfile && sudo mkswap /swapfile"
    " && sudo swapon /swapfile"
)
WSLCONFIG = (
    "in PowerShell: notepad $env:USERPROFILE\\.wslconfig, write the line [wsl2] and below it"
    " memory={}GB, save; wsl --shutdown; then open Ubuntu again"
)


def memory(facts: Facts) -> Finding | None:
    """The memory that is free, and who limits it: the computer, WSL or a container."""
    text = facts.files.get("/proc/meminfo")
    if text is None:
        return None
    amounts = {
        key: int(kib) * 1024 / GB for key, kib in re.findall(r"^(\w+):\s+(\d+) kB", text, re.M)
    }
    total, free = amounts.get("MemTotal", 0.0), amounts.get("MemAvailable", 0.0)
    limit = _limit(facts)
    says = f"{free:.1f} of {total:.1f} GB are free"
    if limit is not None and limit < total:
        free = min(free, limit)
        says += f", and this container may take {limit:.1f} GB"
        fix = "give the container more: docker run --memory=8g ..."
    elif facts.wsl == 2 and total < 2 * GOOD:
        says += " in WSL, which takes half of Windows' memory unless told otherwise"
        fix = WSLCONFIG.format(round(1.5 * total))
    elif facts.wsl == 2 or amounts.get("SwapTotal"):
        fix = "close other programs, browsers first"
    else:
        fix = f"close other programs, browsers first; or add swap: {SWAP}"
    if free < LEAST:
        return broken(f"{says}: too little to train with", fix)
    return note(f"{says}: little, large images will not fit", fix) if free < GOOD else ok(says)


def _limit(facts: Facts) -> float | None:
    """The memory that a container may take, in GB; None: as much as there is."""
    for file in LIMITS:
        text = facts.files.get(file, "").strip()
        if text.isdigit():
            return int(text) / GB
    return None


def shared_memory(facts: Facts) -> Finding | None:
    """Containers have 64 MB there: Springfield takes none, other ways to train do."""
    if facts.system != "Linux":
        return None
    if "shm" not in facts.free:
        return note(
            "there is no /dev/shm",
            "docker run --shm-size=1g ..., outside a container: sudo mount -t tmpfs tmpfs /dev/shm",
        )
    return ok(f"/dev/shm has {_size(facts.free['shm'])}; training needs none of it")


def disk(facts: Facts) -> Finding | None:
    """The space for runs where one works, and for decoded images in the cache."""
    if not facts.free:
        return None
    if facts.wsl and re.match(r"/mnt/[a-z]/", f"{PurePosixPath(facts.work)}/"):
        return note(
            f"{facts.work} lies on Windows' disk, which is slow from WSL",
            "work in Linux' own folder: mkdir -p ~/springfield-work && cd ~/springfield-work",
        )
    names = {"work": "this folder", "cache": "the cache"}
    says = ", ".join(
        f"{_size(facts.free[key])} free for {word}"
        for key, word in names.items()
        if key in facts.free
    )
    least = min(facts.free[key] for key in names if key in facts.free) / GB
    fix = (
        "du -xhd1 ~ | sort -h (the largest come last); or export SPRINGFIELD_CACHE=/another/folder"
    )
    if facts.system == "Windows":
        fix = "Settings > System > Storage; or set SPRINGFIELD_CACHE to a folder on another disk"
    if least < TIGHT:
        return broken(f"{says}: too little for a run", fix)
    return note(f"{says}: little", fix) if least < AMPLE else ok(says)


def _size(n: int) -> str:
    return f"{n / GB:,.1f} GB" if n >= GB else f"{n / 1024**2:,.0f} MB"
