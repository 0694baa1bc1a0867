"""Doctor: does each step of the set-up hold, and what mends one that does not?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from springfield.learning.machine.environment import answer, nvidia, packages, room, system
from springfield.learning.machine.environment.facts import Facts
from springfield.learning.machine.environment.finding import BROKEN, Finding
from springfield.learning.machine.environment.probe import probe


@dataclass(frozen=True)
class Step:
    """One step of the set-up: how it is judged, and what must hold for that to make sense."""

    name: str
    judge: Callable[[Facts], Finding | None]  # None: there is no such step here
    after: tuple[str, ...] = ()


STEPS = (  # each stands behind those it depends on
    Step("system", system.operating_system),
    Step("WSL", system.subsystem),
    Step("notebook", system.notebook),
    Step("Python", system.python),
    Step("processor", system.processor),
    Step("virtual environment", system.virtual_environment),
    Step("packages", packages.packages, after=("system", "Python")),
    Step("Keras settings", packages.keras_settings),
    Step("Kaggle", packages.kaggle),
    Step("NVIDIA driver", nvidia.driver, after=("WSL",)),
    Step("GPU", nvidia.gpu, after=("WSL", "NVIDIA driver")),
    Step("TensorFlow", answer.imports, after=("processor", "packages", "Keras settings")),
    Step("CUDA libraries", nvidia.libraries, after=("NVIDIA driver", "TensorFlow")),
    Step("TensorFlow's GPU", answer.sees_gpu, after=("TensorFlow", "CUDA libraries")),
    Step("arithmetic", answer.arithmetic, after=("TensorFlow", "CUDA libraries")),
    Step("memory", room.memory),
    Step("shared memory", room.shared_memory),
    Step("disk", room.disk),
    Step("bytecode", packages.bytecode, after=("packages",)),
    Step("text", packages.text),
)


def doctor(*, progress: bool = True) -> dict[str, Any]:
    """Look the set-up over, without changing anything, and say what mends it.

    TensorFlow is asked in a process of its own, with a time limit, since it can crash or hang.

    Returns:
        ``{"healthy", "checks": [{"name", "state", "says", "fix"}]}``; a state is "ok", "note" or
        "broken", and `healthy` says that none is broken: it can train here, if only on the CPU.
    """
    if progress:
        print("looking around and asking TensorFlow, which takes some seconds", file=sys.stderr)
    return judge(probe())


def judge(facts: Facts) -> dict[str, Any]:
    """Judge each step in turn; one that depends on a broken one is left out, with all behind it."""
    checks: list[dict[str, str]] = []
    lost: set[str] = set()
    for step in STEPS:
        if lost & set(step.after):
            lost.add(step.name)
        elif finding := step.judge(facts):
            checks.append({"name": step.name, **vars(finding)})
            if finding.state == BROKEN:
                lost.add(step.name)
    return {"healthy": all(check["state"] != BROKEN for check in checks), "checks": checks}
