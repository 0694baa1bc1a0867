"""What memory there is, as recorded systems say it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from springfield.learning.machine.limits import has_risen, kills, room_of

GB = 1024**3
SECOND = {  # a container under version 2 that may take 4 GB, in a group that may take 6
    "proc/self/cgroup": "0::/outer/inner\n",
    "sys/fs/cgroup/outer/inner/memory.max": f"{4 * GB}\n",
    "sys/fs/cgroup/outer/inner/memory.stat": f"anon {GB}\nfile {9 * GB}\n",
    "sys/fs/cgroup/outer/inner/memory.events": "oom 4\noom_kill 3\noom_group_kill 0\n",
    "sys/fs/cgroup/outer/memory.max": f"{6 * GB}\n",
    "sys/fs/cgroup/outer/memory.stat": f"anon {5 * GB}\n",
}
FIRST = {
    "proc/self/cgroup": "4:memory:/docker/1\n3:cpuset:/\n0::/\n",
    "sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": f"{2 * GB}\n",
    "sys/fs/cgroup/memory/docker/1/memory.stat": f"cache 5\ntotal_rss {GB // 2}\n",
    "sys/fs/cgroup/memory/docker/1/memory.oom_control": "under_oom 0\noom_kill 7\n",
}
UNLIMITED = {
    "proc/self/cgroup": "0::/\n",
    "sys/fs/cgroup/memory.max": "max\n",
    "sys/fs/cgroup/memory.stat": "anon 1\n",
}


def _system(root: Path, files: dict[str, str]) -> Path:
    machine = {
        "proc/meminfo": f"MemTotal: 33554432 kB\nMemAvailable:   {16 * 1024**2} kB\n",
        "proc/vmstat": "pgfault 1\noom_kill 11\n",
    }
    for name, text in {**machine, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "free"), [(SECOND, GB), (FIRST, 3 * GB // 2), (UNLIMITED, 16 * GB)]
)
def test_room_of__the_tightest_limit_counts_and_cached_files_do_not(
    tmp_path: Path, files: dict[str, str], free: int
) -> None:
    room = room_of("", "cpu", _system(tmp_path, files))
    assert room.beside == free
    assert room.bytes is not None
    assert free < room.bytes < free + 20 * GB  # and what this process has already
    assert not room.given


def test_room_of__what_is_given_counts_where_it_is_less(tmp_path: Path) -> None:
    system = _system(tmp_path, UNLIMITED)
    less, more = room_of("4GB", "cpu", system), room_of("400GB", "cpu", system)
    assert (less.bytes, less.beside, less.given) == (4 * GB, 4 * GB, True)
    assert (more.beside, more.given) == (16 * GB, False)
    assert room_of("all", "cpu", system) == room_of("", "cpu", system)


def test_room_of__a_system_that_says_nothing(tmp_path: Path) -> None:
    assert room_of("", "cpu", tmp_path).bytes is None
    assert room_of("1.5 GB", "cpu", tmp_path).bytes == 3 * GB // 2


@pytest.mark.parametrize(
    ("files", "counts"), [(SECOND, [3, 11]), (FIRST, [7, 11]), (UNLIMITED, [11])]
)
def test_kills__of_the_own_group_and_of_the_machine(
    tmp_path: Path, files: dict[str, str], counts: list[int]
) -> None:
    assert list(kills(_system(tmp_path, files)).values()) == counts


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts them")
def test_kills__are_counted_here() -> None:
    assert kills()


@pytest.mark.parametrize(
    ("before", "now", "risen"),
    [
        ({"group": 1, "machine": 1}, {"group": 2, "machine": 2}, True),
        ({"group": 0, "machine": 1}, {"group": 0, "machine": 2}, True),  # a new container
        ({"group": 1, "machine": 1}, {"group": 1, "machine": 1}, False),
        ({"old": 1, "machine": 1}, {"group": 9, "machine": 2}, True),
        ({"group": 4}, {"group": 0}, False),  # the machine was started again
        ({}, {"group": 3}, False),
    ],
)
def test_has_risen__by_any_count_that_both_know(
    before: dict[str, int], now: dict[str, int], risen: bool
) -> None:
    assert has_risen(before, now) == risen
