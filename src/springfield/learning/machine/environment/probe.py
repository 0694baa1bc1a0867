"""Probe: read what a computer and its programs say of themselves. Nothing is changed."""

from __future__ import annotations

import json
import locale
import os
import platform
import shutil
import struct
import subprocess
import sys
import sysconfig
from contextlib import suppress
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from springfield.images.store import cache_folder
from springfield.learning.machine.environment.facts import Facts, Said
from springfield.learning.machine.limits import WSL_SMI

VARIABLES = (
    *("CONDA_PREFIX", "CUDA_VISIBLE_DEVICES", "KERAS_BACKEND", "LD_LIBRARY_PATH"),
    *("PYTHONDONTWRITEBYTECODE", "TF_USE_LEGACY_KERAS", "WSL_DISTRO_NAME"),
    *("COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"),
)
PACKAGES = (
    *("jax", "kagglehub", "keras", "opencv-python-headless"),
    *("tensorflow", "tensorflow-cpu"),
)
FILES = (
    *("/proc/meminfo", "/sys/fs/cgroup/memory.max"),
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)
# What Windows' driver lends to WSL, and what a driver installed in Linux puts before it.
PLACES = (
    "/usr/lib/wsl/lib/libcuda.so.1",
    *(f"/usr/lib/{kind}-linux-gnu/libcuda.so.1" for kind in ("x86_64", "aarch64")),
)
NVIDIA, DISPLAY = "0x10de", "0x03"  # as the PCI bus numbers them
QUERY = (
    "--query-gpu=name,driver_version,memory.total,memory.used",
    "--format=csv,noheader,nounits",
)
SOON, PATIENT = 30, 300  # seconds; the first answer of a new GPU can take minutes


def probe() -> Facts:
    """Gather all facts; TensorFlow is asked in a process of its own, which takes some seconds."""
    smi = shutil.which("nvidia-smi") or WSL_SMI
    folders = {"work": Path.cwd(), "cache": cache_folder()}
    if Path("/dev/shm").is_dir():
        folders["shm"] = Path("/dev/shm")
    return Facts(
        system=platform.system(),
        release=platform.release(),
        machine=platform.machine(),
        python=platform.python_version(),
        bits=8 * struct.calcsize("P"),
        executable=sys.executable,
        site=sysconfig.get_path("purelib"),
        venv=sys.prefix != sys.base_prefix,
        encoding=locale.getpreferredencoding(False),
        work=str(Path.cwd()),
        origin=_origin(),
        requires=_requires(),
        packages=_packages(),
        compiled=_compiled(),
        environment={name: os.environ[name] for name in VARIABLES if name in os.environ},
        files=_files(),
        places=tuple(place for place in PLACES if Path(place).exists()),
        cards=_cards(),
        free={name: free for name, path in folders.items() if (free := _free(path)) is not None},
        token=_token(),
        nvidia_smi=_ask(smi),
        nvidia_query=_ask(smi, *QUERY),
        tensorflow=_ask_tensorflow(),
    )


def _origin() -> dict[str, Any]:
    with suppress(metadata.PackageNotFoundError):
        if text := metadata.distribution("springfield").read_text("direct_url.json"):
            return dict(json.loads(text))
    return {}


def _requires() -> tuple[str, ...]:
    with suppress(metadata.PackageNotFoundError):
        return tuple(metadata.requires("springfield") or ())
    return ()


def _packages() -> dict[str, str]:
    found = {}
    for package in metadata.distributions():
        name = (package.metadata["Name"] or "").lower().replace("_", "-")
        if name in PACKAGES or name.startswith("nvidia-"):
            found[name] = package.version
    return dict(sorted(found.items()))


def _compiled() -> bool:
    """Whether TensorFlow's own package has bytecode; looked up without importing it."""
    spec = find_spec("tensorflow")
    folders = spec.submodule_search_locations if spec else None
    return bool(folders) and any(Path(folder, "__pycache__").is_dir() for folder in folders or ())


def _files() -> dict[str, str]:
    """The texts that there are; of the processors only the first."""
    texts = {name: text for name in FILES if (text := _text(Path(name))) is not None}
    if cpu := _text(Path("/proc/cpuinfo")):
        texts["/proc/cpuinfo"] = cpu.partition("\n\n")[0]
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    if keras := _text(home / "keras.json"):
        texts["keras.json"] = keras
    return texts


def _text(file: Path) -> str | None:
    with suppress(OSError):
        return file.read_text(encoding="utf-8", errors="replace")
    return None


def _cards() -> int:
    """NVIDIA's graphics cards among the devices on the PCI bus, with a driver or without."""
    devices = [(_text(d / "vendor"), _text(d / "class")) for d in _devices()]
    return sum(
        (vendor or "").strip() == NVIDIA and (kind or "").startswith(DISPLAY)
        for vendor, kind in devices
    )


def _devices() -> list[Path]:
    bus = Path("/sys/bus/pci/devices")
    return sorted(bus.iterdir()) if bus.is_dir() else []


def _free(folder: Path) -> int | None:
    """Bytes free where a folder is, or would be made."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    with suppress(OSError):
        return shutil.disk_usage(there).free if there else None
    return None


def _token() -> bool:
    """Whether kagglehub finds credentials; nobody looks into them."""
    if any(os.environ.get(name) for name in ("KAGGLE_API_TOKEN", "KAGGLE_KEY")):
        return True
    home = Path.home() / ".kaggle"
    legacy = Path(os.environ.get("KAGGLE_CONFIG_DIR") or home) / "kaggle.json"
    return any(file.exists() for file in (home / "access_token", home / "access_token.txt", legacy))


def _ask_tensorflow() -> Said:
    if find_spec("tensorflow") is None:
        return Said()
    loud = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0", "PYTHONUTF8": "1"}
    # -P: a file tensorflow.py in the working folder must not be taken for it
    words = ["-P", "-m", "springfield.learning.machine.environment.trial"]
    return _ask(sys.executable, *words, seconds=PATIENT, environment=loud)


def _ask(
    program: str, *words: str, seconds: int = SOON, environment: dict[str, str] | None = None
) -> Said:
    """Run a program to its end, or to its time limit; what it wrote until then is kept."""
    try:
        process = subprocess.Popen(
            [program, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
            errors="replace",
        )
    except OSError:
        return Said()
    with process:
        try:
            out, err = process.communicate(timeout=seconds)
            return Said(process.returncode, out, err)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Said(process.returncode, out, err, late=True)
