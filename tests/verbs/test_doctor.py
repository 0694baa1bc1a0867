"""The doctor's judgement of recorded set-ups, and of the machine that the tests run on.

`environments/*.json` hold facts as `probe` gathers them: versions, files, and what the tools print,
in their own words; most say only what differs from the set-up that they are based on.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from springfield.learning.machine.environment.facts import Facts, Said
from springfield.learning.machine.environment.finding import BROKEN, NOTE, OK
from springfield.recipe import load_recipe, recipe_names
from springfield.verbs.doctor import STEPS, doctor, judge

ENVIRONMENTS = Path(__file__).parent / "environments"
HEALTHY = ("wsl2-4gb", "cpu-laptop", "colab-gpu", "kaggle-gpu")
PYTHON = "/home/student/springfield/.venv/bin/python"
CPU, GPU = (
    f"{PYTHON} -m pip install -e '/home/student/springfield[{extra}]'" for extra in ("cpu", "gpu")
)
FROM_GIT = "install 'springfield[cpu] @ git+https://example.org/springfield.git'"
SWITCH_OFF = "unset LD_LIBRARY_PATH"

# set-up, the check that finds it, its state, a piece of what it says, a piece of what mends it
FOUND = [
    ("intel-mac", "system", BROKEN, "no TensorFlow", "Colab"),
    ("windows-native", "system", NOTE, "GTX 1650 only in WSL 2", "wsl --install"),
    ("windows-native", "text", NOTE, "cp1251", "setx PYTHONUTF8 1"),
    ("wsl1", "WSL", BROKEN, "WSL 1", "wsl --set-version Ubuntu-24.04 2"),
    ("python-too-new", "Python", BROKEN, "3.11 to 3.13", "python3.12 -m venv .venv"),
    ("no-avx", "processor", BROKEN, "N4020 CPU @ 1.10GHz has no AVX", "notebook"),
    ("no-avx-said-by-tensorflow", "TensorFlow", BROKEN, "Illegal instruction", "notebook"),
    ("system-python", "virtual environment", NOTE, "/usr/bin/python3", "-m venv .venv && . .venv"),
    ("system-python", "packages", BROKEN, "tensorflow, keras", "-m pip install -e '.[cpu]'"),
    ("wsl1", "packages", BROKEN, "tensorflow not installed", CPU),
    ("both-tensorflows", "packages", BROKEN, "overwrite", f"-y tensorflow tensorflow-cpu && {GPU}"),
    ("old-tensorflow", "packages", BROKEN, "tensorflow-cpu 2.15.0 is too old", FROM_GIT),
    ("cpu-build-beside-gpu", "packages", NOTE, "1650 unused", f"-y tensorflow-cpu && {GPU}"),
    ("keras-on-jax", "Keras settings", BROKEN, "'jax'", "unset KERAS_BACKEND"),
    ("jax-installed", "Keras settings", NOTE, "trains on JAX", "unset KERAS_BACKEND"),
    ("jax-alone", "packages", NOTE, "JAX trains", f"machine that has it, or {CPU}"),
    ("keras-json-torch", "Keras settings", BROKEN, "'torch'", '"backend": "tensorflow"'),
    ("legacy-keras", "Keras settings", NOTE, "Keras 2", "unset TF_USE_LEGACY_KERAS"),
    ("no-kaggle-token", "Kaggle", NOTE, "no credentials", "~/.kaggle/access_token"),
    ("colab-gpu-off", "NVIDIA driver", NOTE, "Colab notebook is off", "Change runtime type"),
    ("kaggle-gpu-off", "NVIDIA driver", NOTE, "Kaggle notebook is off", "Accelerator"),
    ("no-driver", "NVIDIA driver", NOTE, "without a driver", "sudo ubuntu-drivers install"),
    ("no-driver-for-gpu-build", "NVIDIA driver", BROKEN, "without a driver", "ubuntu-drivers"),
    ("no-windows-driver", "NVIDIA driver", BROKEN, "lends WSL no", "wsl --shutdown"),
    ("driver-not-running", "NVIDIA driver", BROKEN, "not running", "sudo ubuntu-drivers install"),
    ("driver-inside-wsl", "NVIDIA driver", BROKEN, "Windows lends", "purge '^nvidia-driver-.*'"),
    ("driver-hidden-in-wsl", "NVIDIA driver", BROKEN, "x86_64-linux-gnu", "sudo apt-get purge"),
    ("gpu-blocked-in-wsl", "NVIDIA driver", BROKEN, "does not let WSL", "wsl --update"),
    ("driver-updated", "NVIDIA driver", BROKEN, "old one still runs", "sudo reboot"),
    ("driver-too-old", "NVIDIA driver", BROKEN, "472.12 is too old", "nvidia.com/drivers"),
    ("wsl2-4gb", "GPU", NOTE, "GTX 1650 with 4.0 GB", "plan DATA --memory 4GB"),
    ("gpu-taken", "GPU", NOTE, "3.6 GB are taken", "nvidia-smi"),
    ("gpu-memory-gone", "arithmetic", BROKEN, "no memory left", "nvidia-smi"),
    ("gpu-too-old", "TensorFlow's GPU", NOTE, "compute capability 5.0", "CPU"),
    ("gpu-too-new", "arithmetic", BROKEN, "compute capability 12.0", "CUDA_VISIBLE_DEVICES=-1"),
    ("gpu-not-seen", "TensorFlow's GPU", BROKEN, "CUDA_ERROR_UNKNOWN", GPU),
    ("libraries-missing", "CUDA libraries", BROKEN, "without its CUDA", GPU),
    ("libraries-damaged", "CUDA libraries", BROKEN, "libcusolver.so.11", "--force-reinstall"),
    ("another-cuda", "CUDA libraries", BROKEN, "/usr/local/cuda-11.8/lib64", SWITCH_OFF),
    ("cudnn-too-old", "CUDA libraries", BROKEN, "cuDNN 9.1.0", "'nvidia-cudnn-cu12>=9.3,<10'"),
    ("another-cudnn", "CUDA libraries", BROKEN, "needs 9.3.0", SWITCH_OFF),
    ("gpu-hidden", "CUDA libraries", NOTE, "hides", "unset CUDA_VISIBLE_DEVICES"),
    ("import-hangs", "TensorFlow", BROKEN, "five minutes", "compileall"),
    ("import-killed", "TensorFlow", BROKEN, "want of memory", "close other programs"),
    ("import-crashes", "TensorFlow", BROKEN, "crashed", "--force-reinstall"),
    ("numpy-too-old", "TensorFlow", BROKEN, "ImportError: numpy.core", "--force-reinstall -e '"),
    ("windows-no-redistributable", "TensorFlow", BROKEN, "Visual C++", "winget install"),
    ("little-memory", "memory", BROKEN, "0.8 of 3.7 GB", "swapon /swapfile"),
    ("little-memory-in-wsl", "memory", NOTE, "half of Windows'", "memory=6GB"),
    ("container", "memory", BROKEN, "may take 0.8 GB", "docker run --memory=8g"),
    ("koi8", "shared memory", NOTE, "no /dev/shm", "--shm-size"),
    ("container", "shared memory", OK, "64 MB", ""),
    ("disk-full", "disk", BROKEN, "212 MB", "SPRINGFIELD_CACHE"),
    ("windows-disk-from-wsl", "disk", NOTE, "slow from WSL", "cd ~"),
    ("no-bytecode", "bytecode", NOTE, "PYTHONDONTWRITEBYTECODE", f"&& {PYTHON} -m compileall -q"),
    ("koi8", "text", NOTE, "KOI8-R", "PYTHONUTF8=1"),
]  # fmt: skip


def fields(name: str) -> dict[str, Any]:
    """The fields of a recording; a mapping is laid over that of its base, and null removes."""
    found = json.loads((ENVIRONMENTS / f"{name}.json").read_text(encoding="utf-8"))
    base = found.pop("based_on", None)
    if base is None:
        return found
    over = fields(base)
    for key, value in found.items():
        if key in ("packages", "environment", "files", "free"):
            merged = {**over[key], **value}
            over[key] = {name: each for name, each in merged.items() if each is not None}
        else:
            over[key] = value
    return over


def recorded(name: str) -> Facts:
    """The facts of a recording; its lists of lines are texts, its lists are tuples."""
    known = fields(name)
    for key in ("nvidia_smi", "nvidia_query", "tensorflow"):
        said = {
            what: "\n".join(lines) for what, lines in known[key].items() if what in ("out", "err")
        }
        known[key] = Said(**{**known[key], **said})
    for key in ("requires", "places"):
        known[key] = tuple(known[key])
    return Facts(**known)


@pytest.mark.parametrize("name", HEALTHY)
def test_judge__a_healthy_setup_has_nothing_to_mend(name: str) -> None:
    answer = judge(recorded(name))
    states = {check["name"]: check["state"] for check in answer["checks"]}
    small = {"GPU"} if name == "wsl2-4gb" else set()
    assert answer["healthy"]
    assert {name for name, state in states.items() if state != OK} == small
    assert states["arithmetic"] == OK


def test_judge__says_which_cards_it_trains_on() -> None:
    said = {check["name"]: check["says"] for check in judge(recorded("kaggle-gpu"))["checks"]}
    assert said["notebook"] == "a Kaggle notebook"
    assert said["GPU"] == "Tesla T4 with 15.0 GB, Tesla T4 with 15.0 GB"
    assert said["TensorFlow's GPU"] == "TensorFlow sees Tesla T4, Tesla T4"
    assert said["arithmetic"] == "TensorFlow computes on the GPU"


def test_judge__no_gpu_is_fine() -> None:
    said = {check["name"]: check for check in judge(recorded("cpu-laptop"))["checks"]}
    assert said["NVIDIA driver"]["state"] == OK
    assert "CPU only, which is fine, springfield trains on it" in said["NVIDIA driver"]["says"]
    assert "GPU" not in said


@pytest.mark.parametrize(("name", "check", "state", "says", "fix"), FOUND)
def test_judge__finds_what_is_wrong_and_what_mends_it(
    name: str, check: str, state: str, *, says: str, fix: str
) -> None:
    answer = judge(recorded(name))
    found = next(each for each in answer["checks"] if each["name"] == check)
    assert found["state"] == state, found
    assert says in found["says"]
    assert fix in found["fix"]
    if state == BROKEN:
        assert not answer["healthy"]


def test_judge__of_each_broken_setup_something_is_asked() -> None:
    recordings = {file.stem for file in ENVIRONMENTS.glob("*.json")}
    assert recordings == {*HEALTHY, *(row[0] for row in FOUND)}


@pytest.mark.parametrize("name", sorted(file.stem for file in ENVIRONMENTS.glob("*.json")))
def test_judge__each_finding_is_two_lines_in_the_order_of_the_steps(name: str) -> None:
    checks = judge(recorded(name))["checks"]
    order = [step.name for step in STEPS]
    assert [check["name"] for check in checks] == [
        name for name in order if name in {check["name"] for check in checks}
    ]
    for check in checks:
        assert check["says"].strip()
        assert "\n" not in check["says"] + check["fix"]
        assert check["fix"] or check["state"] == OK, check


def test_judge__what_depends_on_a_broken_step_is_left_out() -> None:
    names = [check["name"] for check in judge(recorded("another-cuda"))["checks"]]
    assert "CUDA libraries" in names
    assert not {"TensorFlow's GPU", "arithmetic"} & set(names)
    names = [check["name"] for check in judge(recorded("no-avx"))["checks"]]
    assert not {"TensorFlow", "arithmetic", "CUDA libraries"} & set(names)


def test_judge__a_library_for_pytorch_asks_for_no_gpu() -> None:
    facts = recorded("no-driver")
    beside = Facts(**{**vars_of(facts), "packages": {**facts.packages, "nvidia-nccl-cu12": "2.28"}})
    assert judge(beside)["healthy"]


def vars_of(facts: Facts) -> dict[str, Any]:
    """The fields of facts, without what was worked out from them."""
    return {name: getattr(facts, name) for name in Facts.__dataclass_fields__}


def test_judge__settings_that_mend_can_be_set() -> None:
    texts = [
        check["fix"]
        for file in ENVIRONMENTS.glob("*.json")
        for check in judge(recorded(file.stem))["checks"]
    ]
    settings = {found for text in texts for found in re.findall(r"--set (\S+=[\w.]+)", text)}
    assert settings
    load_recipe("default", tuple(settings))
    named = {found for text in texts for found in re.findall(r"--recipe (\S+)", text)}
    assert named <= set(recipe_names())


def test_environments__name_no_real_place() -> None:
    for file in ENVIRONMENTS.glob("*.json"):
        homes = set(re.findall(r"(?:/home/|Users\\\\|Users/)(\w+)", file.read_text("utf-8")))
        assert homes <= {"student"}, file.name


def test_doctor__of_this_machine_which_trains(capsys: pytest.CaptureFixture[str]) -> None:
    answer = doctor()
    states = {check["name"]: check["state"] for check in answer["checks"]}
    assert answer["healthy"], answer
    assert {"system", "Python", "packages", "TensorFlow", "arithmetic"} <= set(states)
    assert states["arithmetic"] == OK
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
