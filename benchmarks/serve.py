"""A server under steady load, and the size of what serving needs.

    python benchmarks/serve.py load RUN [--images FOLDER] [--rate 50] [--seconds 60]
    python benchmarks/serve.py size [--source .]

`load` starts `springfield serve RUN` and sends pictures of 400 x 400 pixels at a steady rate from
a second process, whether or not earlier ones are answered. It counts failures, answers that
differ from the classifier's own, latency and the server's resident memory (Linux only). Without
`--images` the pictures are made up. `size` installs '.[serve]' into a throw-away environment.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import re
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from springfield.learning.answering.classifier import Classifier

SIDE = 400  # pixels, as the pictures that this project began with have on average
PICTURES = 100  # different ones, sent in turn
LARGEST = 250  # MB that an installation may take
NEVER = ("tensorflow", "torch", "keras")


def main() -> None:
    """Run one of the commands above."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser("load")
    load.add_argument("run", type=Path)
    load.add_argument("--images", type=Path)
    load.add_argument("--rate", type=float, default=50)
    load.add_argument("--seconds", type=float, default=60)
    load.add_argument("--url", help=argparse.SUPPRESS)  # what the second process is told
    size = commands.add_parser("size")
    size.add_argument("--source", type=Path, default=Path())
    asked = parser.parse_args()
    if asked.command == "size":
        found = measure_size(asked.source)
    elif asked.url:
        found = asyncio.run(send(asked))
    else:
        found = measure_load(asked)
    print(json.dumps(found, indent=None if getattr(asked, "url", None) else 1))


def measure_load(asked: argparse.Namespace) -> dict[str, Any]:
    """Serve, let the second process send, and watch the memory meanwhile."""
    with serving(asked.run) as (url, pid):
        words = [*sys.argv[1:], "--url", url]
        started = resident_megabytes(pid)
        sender = subprocess.Popen(
            [sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True
        )
        watched = []
        while sender.poll() is None:
            time.sleep(1)
            watched.append(resident_megabytes(pid))
        assert sender.stdout
        found = json.loads(sender.stdout.read())
    tenth = max(1, len(watched) // 10)
    return {
        **found,
        "memory": {
            "started": started,
            "after_a_tenth": watched[tenth - 1],
            "highest": max(watched),
            "end": watched[-1],
        },
    }


@contextmanager
def serving(run: Path) -> Iterator[tuple[str, int]]:
    """A server of that run: its address and process."""
    command = [sys.executable, "-m", "springfield", "serve", str(run), "--port", "0", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        facts = json.loads(process.stdout.readline())
        try:
            yield facts["url"], facts["pid"]
        finally:
            process.terminate()
        if process.wait(60):
            raise SystemExit(f"the server ended with {process.returncode}")


async def send(asked: argparse.Namespace) -> dict[str, Any]:
    """Send the pictures at the rate, and compare the answers."""
    pictures = list(pictures_of(asked.images))
    classifier = Classifier.load(asked.run / "classifier")
    expected = [classifier.probabilities_of(picture) for picture in pictures]
    seconds: list[float] = []
    failures: dict[str, int] = {}
    wrong = 0

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        nonlocal wrong
        place, began = number % len(pictures), time.perf_counter()
        headers = {"Content-Type": "image/jpeg"}
        try:
            response = await client.post("/api/predict", content=pictures[place], headers=headers)
            seconds.append(time.perf_counter() - began)
            response.raise_for_status()
            wrong += differs(response.json(), classifier.classes, expected[place])
        except httpx.HTTPError as problem:
            kind = " ".join([type(problem).__name__, *str(problem).splitlines()[:1]])
            failures[kind] = failures.get(kind, 0) + 1

    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=asked.url, timeout=30, limits=limits) as client:
        await asyncio.gather(*(ask(client, number) for number in range(20)))  # warm
        seconds.clear()
        began, tasks = time.perf_counter(), []
        count = int(asked.rate * asked.seconds)
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / asked.rate - time.perf_counter()))
            tasks.append(asyncio.create_task(ask(client, number)))
        await asyncio.gather(*tasks)
        took = time.perf_counter() - began
    p50, p99 = (1000 * np.quantile(seconds, [0.5, 0.99])).round(1).tolist()
    return {
        "requests": count,
        "per_second": round(count / took, 1),
        "failures": failures,
        "wrong": wrong,
        "p50_ms": p50,
        "p99_ms": p99,
    }


def differs(answer: dict[str, Any], classes: tuple[str, ...], expected: np.ndarray) -> bool:
    """Whether an answer is not the classifier's own; provisional classes would change it."""
    top = {each["label"]: each["probability"] for each in answer["top"]}
    own = {classes[c]: float(expected[c]) for c in np.argsort(-expected)[: len(top)]}
    return any(abs(own.get(label, -1.0) - share) > 1e-4 for label, share in top.items())


def pictures_of(folder: Path | None) -> Iterator[bytes]:
    """JPEGs of the size asked about."""
    files = sorted(file for file in folder.rglob("*.*") if file.is_file()) if folder else []
    rng = np.random.default_rng(0)
    for number in range(PICTURES):
        if files:
            image = Image.open(files[number * len(files) // PICTURES]).convert("RGB")
        else:
            image = Image.fromarray(rng.integers(0, 256, (25, 25, 3), dtype=np.uint8))
        content = io.BytesIO()
        image.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(content, "JPEG", quality=90)
        yield content.getvalue()


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return round(int(found[1]) / 1024, 1) if found else 0.0


def measure_size(source: Path) -> dict[str, Any]:
    """Megabytes of an environment with '.[serve]', beyond an empty one; too many are an error."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        empty = megabytes(Path(folder))
        python = Path(folder) / "bin" / "python"
        pip = [str(python), "-m", "pip", "install", "--quiet", f"{source.resolve()}[serve]"]
        subprocess.run(pip, check=True)
        code = "import springfield.doors.server.process, sys; print(sys.modules.keys())"
        subprocess.run([str(python), "-c", code], check=True, capture_output=True)
        listed = [str(python), "-m", "pip", "list", "--format=json"]
        packages = json.loads(subprocess.run(listed, check=True, capture_output=True).stdout)
        taken = round(megabytes(Path(folder)) - empty, 1)
    names = [package["name"].lower() for package in packages]
    unwanted = [name for name in names if name.startswith(NEVER)]
    if taken > LARGEST or unwanted:
        raise SystemExit(f"'.[serve]' takes {taken} MB of at most {LARGEST}; unwanted: {unwanted}")
    return {"megabytes": taken, "packages": len(names)}


def megabytes(folder: Path) -> float:
    """Of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
