"""Facts: what a computer and its programs say of themselves, as it was read, not yet judged."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from springfield.windows import quoted

EITHER = ("tensorflow", "tensorflow-cpu")  # the same files, under two names


@dataclass(frozen=True)
class Said:
    """What a command wrote, and how it ended."""

    code: int | None = None  # below 0: the signal that ended it; None: there is no such command
    out: str = ""
    err: str = ""
    late: bool = False  # stopped at its time limit


@dataclass(frozen=True)
class Card:
    """A GPU, as nvidia-smi lists it; memory in MiB."""

    name: str
    driver: str
    memory: int
    used: int


@dataclass(frozen=True)
class Facts:
    """Everything that the steps of the set-up are judged by. Sizes are in bytes."""

    system: str  # Linux | Windows | Darwin
    release: str  # of the kernel, as `uname -r` says it
    machine: str  # x86_64, aarch64, AMD64, arm64
    python: str  # version
    bits: int  # of Python
    executable: str  # Python's
    site: str  # folder of its packages
    venv: bool  # whether Python runs in a virtual environment
    encoding: str  # of text files
    work: str  # the working folder
    origin: Mapping[str, Any]  # where Springfield was installed from, as in PEP 610
    requires: tuple[str, ...]  # what Springfield's extras ask for
    packages: Mapping[str, str]  # name to version, of those that matter
    compiled: bool  # whether TensorFlow's bytecode is there
    environment: Mapping[str, str]  # variables that matter
    files: Mapping[str, str]  # text of files that there are
    places: tuple[str, ...]  # other files that there are
    cards: int  # NVIDIA graphics cards on the bus
    free: Mapping[str, int]  # by "work", "cache", "shm"
    token: bool = False  # whether there are credentials for Kaggle; they are not read
    nvidia_smi: Said = field(default_factory=Said)
    nvidia_query: Said = field(default_factory=Said)  # of each GPU, see `Card`
    tensorflow: Said = field(default_factory=Said)  # see `trial`

    @cached_property
    def wsl(self) -> int:
        """The Windows Subsystem for Linux: its version, 1 or 2; 0 elsewhere."""
        if "microsoft" not in self.release.lower():
            return 0
        return 1 if self.release.endswith("-Microsoft") else 2  # WSL 2 has a kernel of its own

    @cached_property
    def notebook(self) -> str:
        """Kaggle, Colab or none; Kaggle's image is built on Colab's and has its variables too."""
        if "KAGGLE_KERNEL_RUN_TYPE" in self.environment:
            return "Kaggle"
        return "Colab" if "COLAB_RELEASE_TAG" in self.environment else ""

    @cached_property
    def gpus(self) -> tuple[Card, ...]:
        """The GPUs that the driver can reach."""
        if self.nvidia_smi.code != 0 or self.nvidia_query.code != 0:
            return ()
        rows = csv.reader(self.nvidia_query.out.splitlines(), skipinitialspace=True)
        return tuple(
            Card(row[0], row[1], int(row[2]), int(row[3]))
            for row in rows
            if len(row) == 4 and row[2].isdigit() and row[3].isdigit()
        )

    @cached_property
    def wants_gpu(self) -> bool:
        """Whether somebody has installed what training on a GPU needs.

        PyTorch brings the libraries too: they say nothing beside TensorFlow's small CPU build.
        """
        libraries = any(name.startswith("nvidia-") for name in self.packages)
        return libraries and "tensorflow" in self.packages

    @cached_property
    def jax_alone(self) -> bool:
        """Whether Keras is told to train on JAX, where there is no TensorFlow."""
        asked = self.environment.get("KERAS_BACKEND") == "jax" and "jax" in self.packages
        return asked and not {*EITHER} & set(self.packages)

    @cached_property
    def trial(self) -> Mapping[str, Mapping[str, Any]]:
        """What TensorFlow answered, by step; a step that is not there was not reached."""
        lines = self.tensorflow.out.splitlines()
        answers = [json.loads(line) for line in lines if line.startswith('{"step"')]
        return {answer["step"]: answer for answer in answers}

    @cached_property
    def seen(self) -> list[dict[str, Any]]:
        """The GPUs that TensorFlow sees, as it describes them."""
        return list(self.trial.get("gpus", {}).get("gpus", []))

    @cached_property
    def log(self) -> str:
        """What TensorFlow wrote beside its answers."""
        return self.tensorflow.err

    def install(self, extra: str) -> str:
        """The command that installs Springfield again, with an extra, from where it came."""
        url = str(self.origin.get("url", ""))
        where = f".[{extra}]"
        editable = "-e "
        if "vcs_info" in self.origin:
            where, editable = f"springfield[{extra}] @ git+{url}", ""
        elif url.startswith("file:"):
            folder = unquote(urlsplit(url).path)
            folder = folder.lstrip("/") if self.system == "Windows" else folder
            where = f"{folder}[{extra}]"
            editable = "-e " if self.origin.get("dir_info", {}).get("editable") else ""
        return f"{self.pip} install {editable}{self.quoted(where)}"

    @cached_property
    def pip(self) -> str:
        """The pip of this very Python, whichever is first on the path."""
        return f"{self.runs} -m pip"

    @cached_property
    def runs(self) -> str:
        """How this very Python is called; PowerShell calls what is quoted only after &."""
        quoted = self.quoted(self.executable)
        return f"& {quoted}" if quoted[0] == '"' else quoted

    def quoted(self, word: str) -> str:
        """A word as the system's shell takes it."""
        return quoted(word) if self.system == "Windows" else shlex.quote(word)

    def in_turn(self, *commands: str) -> str:
        """Commands as one line; PowerShell 5, which Windows has, does not know &&."""
        return ("; " if self.system == "Windows" else " && ").join(commands)
