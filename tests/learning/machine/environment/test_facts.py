from __future__ import annotations

from dataclasses import replace

import pytest

from springfield.learning.machine.environment.facts import Card, Facts, Said

PLAIN = Facts(
    system="Linux", release="6.8.0-87-generic", machine="x86_64", python="3.12.3", bits=64,
    executable="/opt/my env/bin/python", site="/opt/my env/lib", venv=True, encoding="UTF-8",
    work="/tmp", origin={}, requires=(), packages={}, compiled=True, environment={}, files={},
    places=(), cards=0, free={},
)  # fmt: skip
WINDOWS = replace(PLAIN, system="Windows", executable=r"C:\Program Files\Python\python.exe")


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ("6.8.0-87-generic", 0),
        ("4.4.0-19041-Microsoft", 1),
        ("4.19.104-microsoft-standard", 2),
        ("6.6.87.2-microsoft-standard-WSL2", 2),
        ("6.1.38-microsoft-standard-custom", 2),
    ],
)
def test_wsl__is_told_by_the_kernel(release: str, version: int) -> None:
    assert replace(PLAIN, release=release).wsl == version


@pytest.mark.parametrize(
    ("origin", "command"),
    [
        ({}, "install -e '.[gpu]'"),
        ({"url": "file:///home/a%20b/s", "dir_info": {"editable": True}}, "-e '/home/a b/s[gpu]'"),
        ({"url": "file:///home/a/s", "dir_info": {}}, "install '/home/a/s[gpu]'"),
        ({"url": "https://e.org/s.git", "vcs_info": {}}, "'springfield[gpu] @ git+https://e.org/s.git'"),
        ({"url": "https://e.org/s.zip", "archive_info": {}}, "install -e '.[gpu]'"),
    ],
)  # fmt: skip
def test_install__names_where_springfield_came_from(
    origin: dict[str, object], command: str
) -> None:
    made = replace(PLAIN, origin=origin).install("gpu")
    assert made.startswith("'/opt/my env/bin/python' -m pip install ")
    assert made.endswith(command)


def test_install__speaks_powershell_in_windows() -> None:
    facts = replace(WINDOWS, origin={"url": "file:///C:/s", "dir_info": {"editable": True}})
    assert facts.install("cpu") == (
        r'& "C:\Program Files\Python\python.exe" -m pip install -e "C:/s[cpu]"'
    )
    assert facts.in_turn("a", "b") == "a; b"
    assert PLAIN.in_turn("a", "b") == "a && b"


def test_gpus__are_those_that_the_driver_lists() -> None:
    said = Said(0, "Tesla T4, 550.54.15, 15360, 0\nGPU 2, 550.54.15, [N/A], [N/A]\n")
    facts = replace(PLAIN, nvidia_smi=Said(0), nvidia_query=said)
    assert facts.gpus == (Card("Tesla T4", "550.54.15", 15360, 0),)
    assert replace(facts, nvidia_smi=Said(9)).gpus == ()


def test_trial__a_crash_leaves_the_steps_before_it() -> None:
    out = 'hello\n{"step": "tensorflow", "version": "2.21.0", "cuda": true}\n'
    facts = replace(PLAIN, tensorflow=Said(-11, out))
    assert set(facts.trial) == {"tensorflow"}
    assert facts.seen == []
