"""NVIDIA: does the driver reach a GPU, and do TensorFlow's CUDA libraries fit it?

The versions are those that the CUDA 12 libraries need which `tensorflow[and-cuda]` brings, see
https://www.tensorflow.org/install/pip and https://docs.nvidia.com/deploy/cuda-compatibility.
"""

from __future__ import annotations

import re

from springfield.learning.machine.environment.facts import Facts
from springfield.learning.machine.environment.finding import Finding, broken, note, ok

OLDEST = {"Linux": (525, 60), "Windows": (528, 33)}  # drivers; under WSL it is Windows'
SMALL = 6 * 1024  # MiB; with less, large images or batches may not fit
ALONE = "no NVIDIA GPU: CPU only, which is fine, springfield trains on it"
NEW_DRIVER = "install the newest driver from nvidia.com/drivers in Windows"
RESTART = "in PowerShell: wsl --shutdown; then open Ubuntu again"
SWITCHES = {
    "Colab": "menu Runtime > Change runtime type > T4 GPU > Save",
    "Kaggle": "right-hand panel > Session options > Accelerator > GPU T4 x2",
}
INSIDE_LINUX = (
    "sudo apt-get purge '^nvidia-driver-.*' '^nvidia-utils-.*' '^libnvidia-compute-.*'; then "
    + RESTART
)
REFUSALS = (  # what nvidia-smi says; what that means; what mends it in Linux; and in WSL
    (
        "couldn't communicate with the NVIDIA driver",
        "the NVIDIA driver is not running",
        "sudo ubuntu-drivers install && sudo reboot (with Secure Boot on: enroll its key)",
        INSIDE_LINUX,
    ),
    (
        "Driver/library version mismatch",
        "the NVIDIA driver was updated and the old one still runs",
        "sudo reboot",
        INSIDE_LINUX,
    ),
    (
        "GPU access blocked by the operating system",
        "Windows does not let WSL reach the GPU",
        "",
        "in PowerShell: wsl --update; wsl --shutdown; if that is not enough, " + NEW_DRIVER,
    ),
    (
        "No devices were found",
        "the NVIDIA driver runs and finds no GPU",
        "sudo dmesg | grep -i nvrm (it says why)",
        NEW_DRIVER,
    ),
)


def driver(facts: Facts) -> Finding | None:
    """Whether nvidia-smi reaches the driver, and its version."""
    if facts.system == "Darwin" or (facts.system == "Windows" and not facts.gpus):
        return ok(ALONE)
    if facts.nvidia_smi.code is None:
        return _no_driver(facts)
    said = facts.nvidia_smi.out + facts.nvidia_smi.err
    if hidden := _hidden_driver(facts):
        return _trouble(facts, hidden, INSIDE_LINUX)
    if facts.nvidia_smi.code != 0:
        return _refusal(facts, said)
    if not facts.gpus:
        return _trouble(facts, "nvidia-smi lists no GPU", _newer(facts))
    number = facts.gpus[0].driver
    kind = "Windows" if facts.wsl or facts.system == "Windows" else "Linux"
    version = tuple(map(int, re.findall(r"\d+", number)[:2]))
    if version < OLDEST[kind]:
        least = ".".join(map(str, OLDEST[kind]))
        return _trouble(
            facts, f"driver {number} is too old for CUDA 12, it takes {least}", _newer(facts)
        )
    return ok(f"driver {number}")


def gpu(facts: Facts) -> Finding | None:
    """The GPUs and their memory."""
    if not facts.gpus or facts.system == "Windows":  # where TensorFlow uses none
        return None
    cards = ", ".join(f"{card.name} with {card.memory / 1024:.1f} GB" for card in facts.gpus)
    card = max(facts.gpus, key=lambda card: card.memory)
    if card.used > card.memory / 2:
        return note(
            f"{cards}: {card.used / 1024:.1f} GB are taken by other programs",
            "nvidia-smi (it lists them); end those that you do not need, browsers too",
        )
    if card.memory < SMALL:
        return note(
            f"{cards}: enough, though not for every recipe",
            f"springfield plan DATA --memory {card.memory // 1024}GB says what fits, such as"
            " --set training.micro_batch=8",
        )
    return ok(cards)


def libraries(facts: Facts) -> Finding | None:
    """Whether TensorFlow loads the CUDA libraries that it needs, and what else it meets instead."""
    if not facts.gpus or not facts.trial.get("tensorflow", {}).get("cuda"):
        return None
    elsewhere = [
        folder
        for folder in facts.environment.get("LD_LIBRARY_PATH", "").split(":")
        if re.search(r"cuda|cudnn|tensorrt", folder, re.IGNORECASE) and folder
    ]
    again = facts.install("gpu")
    if found := re.search(
        r"runtime CuDNN library: ([\d.]+\d).*compiled with: ([\d.]+\d)", facts.log
    ):
        least = ".".join(found[2].split(".")[:2])
        newer = f"{facts.pip} install --upgrade {facts.quoted(f'nvidia-cudnn-cu12>={least},<10')}"
        return broken(
            f"cuDNN {found[1]} is loaded, and TensorFlow needs {found[2]} or newer",
            "unset LD_LIBRARY_PATH" if elsewhere else newer,
        )
    if facts.seen:
        return ok("TensorFlow has loaded them")
    if facts.environment.get("CUDA_VISIBLE_DEVICES", "0").strip() in ("", "-1", "none"):
        return note("CUDA_VISIBLE_DEVICES hides the GPU", "unset CUDA_VISIBLE_DEVICES")
    if elsewhere:
        return broken(
            f"LD_LIBRARY_PATH leads TensorFlow to another CUDA, {elsewhere[0]}",
            "unset LD_LIBRARY_PATH; and take the line that sets it out of ~/.bashrc",
        )
    if not facts.wants_gpu:
        return broken("TensorFlow came without its CUDA libraries", again)
    if "Cannot dlopen some GPU libraries" in facts.log:
        names = sorted(set(re.findall(r"dynamic library '([\w.+-]+)'", facts.log)))
        which = f" ({', '.join(names)})" if names else ""
        forced = again.replace(" install ", " install --force-reinstall ", 1)
        return broken(f"TensorFlow cannot load its CUDA libraries{which}", forced)
    return ok("installed")


def _no_driver(facts: Facts) -> Finding:
    """There is no nvidia-smi at all: usually there is no card."""
    if facts.notebook:
        return note(f"the GPU of this {facts.notebook} notebook is off", SWITCHES[facts.notebook])
    if facts.wsl == 2:
        fix = f"if there is an NVIDIA card: {NEW_DRIVER}; {RESTART}"
        lends = "Windows lends WSL no NVIDIA driver"
        return _trouble(facts, lends, fix) if facts.wants_gpu else ok(ALONE, fix)
    if facts.cards:
        return _trouble(
            facts,
            "there is an NVIDIA card without a driver",
            "sudo ubuntu-drivers install && sudo reboot",
        )
    return ok(ALONE)


def _refusal(facts: Facts, said: str) -> Finding:
    if facts.notebook:
        return note(f"the GPU of this {facts.notebook} notebook is off", SWITCHES[facts.notebook])
    for words, meaning, in_linux, in_wsl in REFUSALS:
        if words in said:
            return _trouble(facts, meaning, in_wsl if facts.wsl else in_linux or _newer(facts))
    first = next((line for line in said.splitlines() if line.strip()), "nothing")
    return _trouble(facts, f"nvidia-smi fails and says: {first.strip()}", _newer(facts))


def _hidden_driver(facts: Facts) -> str:
    """A driver installed inside WSL, which stands before the one that Windows lends."""
    inside = [place for place in facts.places if "/wsl/" not in place]
    if facts.wsl != 2 or facts.seen or not inside:  # in a container it is Windows' own
        return ""
    return f"a driver installed in Linux, {inside[0]}, hides the one that Windows lends"


def _trouble(facts: Facts, says: str, fix: str) -> Finding:
    """Without the GPU, training goes on on the CPU: that is broken only if the GPU was wanted."""
    return broken(says, fix) if facts.wants_gpu else note(f"{says}; training takes the CPU", fix)


def _newer(facts: Facts) -> str:
    if facts.wsl or facts.system == "Windows":
        return f"{NEW_DRIVER}; {RESTART}"
    return "sudo ubuntu-drivers install && sudo reboot"
