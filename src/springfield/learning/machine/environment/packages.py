"""Packages: is what trains installed, once, new enough, and left to work as it does?"""

from __future__ import annotations

import json
import re
from contextlib import suppress

from springfield.images.kaggle import TOKEN
from springfield.learning.machine.environment.facts import EITHER, Facts
from springfield.learning.machine.environment.finding import Finding, broken, note, ok

TRAINS = ("keras", "opencv-python-headless")


def packages(facts: Facts) -> Finding:
    """What the extras cpu and gpu ask for."""
    extra = "gpu" if facts.gpus and facts.system != "Windows" else "cpu"
    there = [name for name in EITHER if name in facts.packages]
    if len(there) == 2:
        chosen = "gpu" if facts.wants_gpu else "cpu"
        return broken(
            "tensorflow and tensorflow-cpu are both installed and overwrite each other's files",
            facts.in_turn(f"{facts.pip} uninstall -y {' '.join(EITHER)}", facts.install(chosen)),
        )
    missing = [] if there or facts.jax_alone else ["tensorflow"]
    missing += [name for name in TRAINS if name not in facts.packages]
    if missing:
        return broken(f"{', '.join(missing)} not installed: no training", facts.install(extra))
    for name in (*there, *TRAINS):
        least, found = _least(facts, name), facts.packages[name]
        if _numbers(found) < _numbers(least):
            kind = "gpu" if facts.wants_gpu else "cpu"
            return broken(f"{name} {found} is too old; it takes {least}", facts.install(kind))
    says = ", ".join(f"{name} {facts.packages[name]}" for name in (*there, *TRAINS))
    if not there:
        return note(
            f"{says}: JAX trains; the classifier is written, and exported, where TensorFlow is",
            f"resume the run on a machine that has it, or {facts.install(extra)}",
        )
    if there == ["tensorflow-cpu"] and extra == "gpu":
        return note(
            f"{says}: this build of TensorFlow leaves the {facts.gpus[0].name} unused",
            facts.in_turn(f"{facts.pip} uninstall -y tensorflow-cpu", facts.install("gpu")),
        )
    return ok(says)


def keras_settings(facts: Facts) -> Finding | None:
    """Variables and files that make Keras another one than Springfield is written for."""
    if not facts.packages.get("keras"):
        return None
    chosen, whose, mended = _backend(facts)
    if chosen == "jax" and "jax" in facts.packages:
        return note(f"{whose} 'jax': it trains on JAX, and exports need TensorFlow", mended)
    if chosen != "tensorflow":
        return broken(
            f"{whose} '{chosen}'; Springfield trains with Keras on TensorFlow or, where that is "
            "installed, on JAX",
            mended,
        )
    if facts.environment.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true"):
        return note(
            "TF_USE_LEGACY_KERAS asks TensorFlow for Keras 2; Springfield's own is Keras 3",
            _forget(facts, "TF_USE_LEGACY_KERAS"),
        )
    return ok("Keras on TensorFlow")


def _backend(facts: Facts) -> tuple[str, str, str]:
    """The backend that Keras will take, what chose it, and how to have TensorFlow instead."""
    if backend := facts.environment.get("KERAS_BACKEND"):
        return backend, "KERAS_BACKEND is", _forget(facts, "KERAS_BACKEND")
    chosen = "tensorflow"
    with suppress(ValueError, AttributeError):
        chosen = json.loads(facts.files.get("keras.json", "{}")).get("backend", chosen)
    whose = "keras.json, in the folder .keras, chooses the backend"
    return chosen, whose, 'write "backend": "tensorflow" into it'


def kaggle(facts: Facts) -> Finding | None:
    """Data named kaggle:NAME are handed out to those who have a token."""
    if "kagglehub" not in facts.packages or facts.notebook == "Kaggle":
        return None
    if facts.token:
        return ok("there are credentials for data named kaggle:NAME")
    return note("no credentials for data named kaggle:NAME", TOKEN)


def bytecode(facts: Facts) -> Finding | None:
    """Without bytecode, each start reads all of TensorFlow's sources anew."""
    if "PYTHONDONTWRITEBYTECODE" not in facts.environment:
        return ok("Python keeps what it has compiled")
    if facts.compiled:
        return ok("PYTHONDONTWRITEBYTECODE is set, and TensorFlow was compiled before")
    compile_all = f"{facts.runs} -m compileall -q {facts.quoted(facts.site)}"
    return note(
        "PYTHONDONTWRITEBYTECODE is set and TensorFlow is not compiled: each start takes longer",
        facts.in_turn(_forget(facts, "PYTHONDONTWRITEBYTECODE"), compile_all),
    )


def text(facts: Facts) -> Finding:
    """Names of classes and files may hold any letter."""
    if facts.encoding.lower().replace("-", "") == "utf8":
        return ok("UTF-8")
    fix = "export PYTHONUTF8=1 LC_ALL=C.UTF-8"
    if facts.system == "Windows":
        fix = "setx PYTHONUTF8 1, and open a new window"
    return note(f"text files are read as {facts.encoding}, not as UTF-8", fix)


def _least(facts: Facts, name: str) -> str:
    """The oldest version of a package that an extra accepts."""
    for line in facts.requires:
        if found := re.match(rf"{re.escape(name)}(\[[\w,-]+\])?>=([\w.]+)", line):
            return found[2]
    return "0"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def _forget(facts: Facts, variable: str) -> str:
    return f"$env:{variable} = ''" if facts.system == "Windows" else f"unset {variable}"
