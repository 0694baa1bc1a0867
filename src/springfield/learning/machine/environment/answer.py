"""Answer: how far TensorFlow came in its trial, and what its last words mean."""

from __future__ import annotations

import re

from springfield.learning.machine.environment.facts import Facts
from springfield.learning.machine.environment.finding import Finding, broken, note, ok

ILLEGAL, CRASHES = (-4, 0xC000001D), {-11: "crashed", -6: "gave up", 0xC0000005: "crashed"}
KILLED = -9  # on Linux mostly by the system, which has run out of memory
OUT_OF_MEMORY = r"OOM when allocating|OUT_OF_MEMORY|ran out of memory|RESOURCE_EXHAUSTED"
BUSY = "nvidia-smi (it lists who has the memory); end those, then ask again"
REDISTRIBUTABLE = "winget install Microsoft.VCRedist.2015+.x64, and open a new window"


def imports(facts: Facts) -> Finding | None:
    """Whether TensorFlow and Keras can be imported."""
    if facts.jax_alone:
        return None
    done, said = facts.trial, facts.tensorflow
    if "tensorflow" in done and "keras" in done:
        versions = f"{done['tensorflow']['version']} and Keras {done['keras']['version']}"
        return ok(f"TensorFlow {versions} can be imported")
    if said.late:
        return broken(
            "TensorFlow could not be imported in five minutes",
            f"{facts.runs} -m compileall -q {facts.quoted(facts.site)}",
        )
    if said.code in ILLEGAL or "instructions, but these aren't available" in said.err:
        return broken(
            "TensorFlow stops with 'Illegal instruction': the processor lacks what it uses",
            "train in a Colab or Kaggle notebook instead, see docs/guide.md",
        )
    if said.code == KILLED:
        return broken(
            "the system has ended TensorFlow, mostly for want of memory",
            "close other programs and ask again",
        )
    again = facts.install("gpu" if facts.wants_gpu else "cpu")
    forced = again.replace(" install ", " install --force-reinstall ", 1)
    if "DLL load failed" in said.err:
        return broken("Microsoft's Visual C++ libraries are missing", REDISTRIBUTABLE)
    what = CRASHES.get(said.code or 0) or f"cannot be imported: {_last_words(said.err)}"
    return broken(f"TensorFlow {what}", forced)


def sees_gpu(facts: Facts) -> Finding | None:
    """Whether TensorFlow has found the GPU that the driver reaches."""
    if not facts.gpus or not facts.trial.get("tensorflow", {}).get("cuda"):
        return None
    if old := re.search(r"Cuda compute capability ([\d.]+)\. The minimum", facts.log):
        return note(
            f"the GPU is of a generation (compute capability {old[1]}) that TensorFlow has left",
            "train on the CPU, or in a Colab or Kaggle notebook, see docs/guide.md",
        )
    if not facts.seen:
        return broken(
            f"TensorFlow does not see the GPU: {_reason(facts.log)}", facts.install("gpu")
        )
    names = ", ".join(str(gpu.get("device_name", "a GPU")) for gpu in facts.seen)
    return ok(f"TensorFlow sees {names}")


def arithmetic(facts: Facts) -> Finding | None:
    """Whether a product and a convolution come out right, on the GPU where there is one."""
    if facts.jax_alone:
        return None
    where = "the GPU" if facts.seen else "the CPU"
    answer = facts.trial.get("arithmetic")
    if answer and answer["right"]:
        return ok(f"TensorFlow computes on {where}")
    if answer:
        return broken(f"TensorFlow computes wrongly on {where}", "try another computer")
    if re.search(OUT_OF_MEMORY, facts.log):
        return broken(f"{where} has no memory left even for a trial", BUSY)
    if new := re.search(r"compatible with compute capability ([\d.]+\d)", facts.log):
        return broken(
            f"the GPU is newer (compute capability {new[1]}) than this TensorFlow",
            f"{facts.pip} install --upgrade {facts.quoted('tensorflow[and-cuda]')}; until that "
            "helps, train with CUDA_VISIBLE_DEVICES=-1 springfield train ...",
        )
    if facts.tensorflow.late:
        return broken(f"TensorFlow has not computed anything on {where} in five minutes", BUSY)
    return broken(
        f"TensorFlow cannot compute on {where}: {_last_words(facts.log)}",
        facts.install("gpu" if facts.seen else "cpu"),
    )


def _last_words(log: str) -> str:
    """The line that names the error, shortened: Python's comes last."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return (named or lines or ["it says nothing"])[-1][:160]


def _reason(log: str) -> str:
    """What CUDA says when it cannot start."""
    found = re.search(r"[Ff]ailed call to cuInit: (.+)", log)
    if found:
        return f"cuInit says {found[1].strip()[:120]}"
    if "Could not find cuda drivers" in log:
        return "it finds no CUDA driver"
    return "it does not say why"
