"""Servers as a user starts them: a process of its own, asked over HTTP."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from springfield.run import Run


@dataclass
class Served:
    """A server that answers."""

    process: subprocess.Popen[str]
    url: str
    run: Path
    log: Path

    def client(self, **options: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, **options)  # type: ignore[arg-type]

    def stop(self) -> int:
        """End it as a system does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def start(run: Path, log: Path, *words: str) -> Served:
    command = [sys.executable, "-m", "springfield", "serve", str(run), "--port", "0", "--json"]
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command, *words], stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout
    line = process.stdout.readline()
    assert line, log.read_text()
    return Served(process, json.loads(line)["url"], run, log)


@pytest.fixture(scope="session")
def served(colour_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the colour run for all tests; leave no classes behind."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(colour_run.folder, folder / "run")
    server = start(folder / "run", folder / "log")
    with server.process:
        yield server
        assert server.stop() == 0


@pytest.fixture
def serve(colour_run: Run, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """`serve(*words, run=None)` starts a server, by default of a fresh copy of the colour run."""
    running: list[Served] = []

    def serve(*words: str, run: Path | None = None) -> Served:
        if run is None:
            run = Path(shutil.copytree(colour_run.folder, tmp_path / f"run{len(running)}"))
        running.append(start(run, tmp_path / f"log{len(running)}", *words))
        return running[-1]

    yield serve
    for each in running:
        with each.process as process:
            process.kill()


@pytest.fixture(scope="session")
def picture(
    paint: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., bytes]:
    """`picture(name, seed)` is a PNG that the colour run calls by that name."""
    folder = tmp_path_factory.mktemp("pictures")

    def picture(name: str, seed: int = 0) -> bytes:
        file = folder / f"{name}-{seed}.png"
        paint(file, name, seed)
        return file.read_bytes()

    return picture
