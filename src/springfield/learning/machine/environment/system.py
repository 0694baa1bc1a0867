"""System: does the computer, with its Python, fit TensorFlow at all?"""

from __future__ import annotations

import re

from springfield.learning.machine.environment.facts import Facts
from springfield.learning.machine.environment.finding import Finding, broken, note, ok

BUILDS = {  # of TensorFlow: where there are any
    "Linux": ("x86_64", "aarch64"),
    "Windows": ("AMD64",),
    "Darwin": ("arm64",),
}
PYTHONS = ((3, 11), (3, 13))  # the oldest and the newest
ELSEWHERE = "train in a Colab or Kaggle notebook instead, see docs/guide.md"


def operating_system(facts: Facts) -> Finding:
    """Whether TensorFlow is built for it; Windows' own TensorFlow sees no GPU since 2.11."""
    here = f"{facts.system} {facts.release}, {facts.machine}"
    if facts.machine not in BUILDS.get(facts.system, ()):
        return broken(f"{here}: there is no TensorFlow for it", ELSEWHERE)
    if facts.system == "Windows" and facts.gpus:
        return note(
            f"{here}: TensorFlow trains on the CPU here; it sees the {facts.gpus[0].name} "
            "only in WSL 2",
            "in PowerShell as administrator: wsl --install; then see docs/guide.md",
        )
    return ok(here)


def subsystem(facts: Facts) -> Finding | None:
    """WSL must be version 2: version 1 is no Linux kernel and reaches no GPU."""
    if not facts.wsl:
        return None
    name = facts.environment.get("WSL_DISTRO_NAME", "Ubuntu")
    if facts.wsl == 1:
        return broken(
            f"{name} runs in WSL 1, which reaches no GPU and for which TensorFlow is not made",
            f"in PowerShell: wsl --set-version {name} 2",
        )
    return ok(f"{name} in WSL 2")


def notebook(facts: Facts) -> Finding | None:
    """Only says which one it is; whether its GPU is on, the driver tells."""
    return ok(f"a {facts.notebook} notebook") if facts.notebook else None


def python(facts: Facts) -> Finding:
    """TensorFlow is made for some versions, all of 64 bits."""
    version = tuple(map(int, re.findall(r"\d+", facts.python)[:2]))
    oldest, newest = (".".join(map(str, version)) for version in PYTHONS)
    says = f"Python {facts.python}, {facts.bits} bits"
    if PYTHONS[0] <= version <= PYTHONS[1] and facts.bits == 64:
        return ok(says)
    fresh = "py -3.12 -m venv .venv" if facts.system == "Windows" else "python3.12 -m venv .venv"
    return broken(
        f"{says}; it takes {oldest} to {newest} with 64 bits",
        f"in Springfield's folder: {fresh}, then install into that",
    )


def processor(facts: Facts) -> Finding | None:
    """TensorFlow's builds for x86 use AVX and stop with "Illegal instruction" without."""
    text = facts.files.get("/proc/cpuinfo", "")
    flags = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    if not flags:
        return None  # another system, or another kind of processor
    found = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    name = found[1].strip() if found else "the processor"
    if "avx" not in flags[1].split():
        return broken(
            f"{name} has no AVX; TensorFlow would stop with 'Illegal instruction'", ELSEWHERE
        )
    return ok(f"{name}, with AVX")


def virtual_environment(facts: Facts) -> Finding | None:
    """The system's own packages are better left alone; a notebook's are there to be changed."""
    if facts.notebook:
        return None
    if facts.venv or "CONDA_PREFIX" in facts.environment:
        return ok(f"an environment of its own, {facts.executable}")
    make, into = "python3 -m venv .venv", ". .venv/bin/activate"
    if facts.system == "Windows":
        make, into = "py -3.12 -m venv .venv", r".venv\Scripts\activate"
    return note(
        f"{facts.executable} is the system's Python; other programs share its packages",
        facts.in_turn(make, into) + ", then install into that",
    )
