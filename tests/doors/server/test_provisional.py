"""Classes added while the server runs."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from springfield.doors.server.batching import Seen
from springfield.doors.server.service import Service, open_service
from springfield.errors import RunError
from springfield.images.decode import Look
from springfield.run import Run

PNG = {"Content-Type": "image/png"}
Picture = Callable[..., bytes]


def paint_yellow(seed: int) -> bytes:
    """A picture of a colour that the run was not trained on."""
    noise = np.random.default_rng(seed).integers(-30, 30, (24, 30, 3))
    buffer = io.BytesIO()
    pixels = (np.array((180, 180, 30)) + noise).clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def add(client: httpx.Client, name: str, *contents: bytes) -> httpx.Response:
    files = [("file", (f"{i}.png", content, "image/png")) for i, content in enumerate(contents)]
    return client.post("/api/classes", data={"name": name}, files=files)


def ask(client: httpx.Client, content: bytes) -> dict[str, Any]:
    return client.post("/api/predict?explain=true", content=content, headers=PNG).json()


def known(client: httpx.Client) -> list[tuple[str, bool, int | None]]:
    rows = client.get("/api/classes").json()["classes"]
    return [(row["name"], row["provisional"], row["images"]) for row in rows]


TRAINED = [("barkeeper", False, None), ("clown", False, None), ("mayor", False, None)]
FIVE = [paint_yellow(seed) for seed in range(5)]


def test_add_class__is_found_marked_kept_over_a_restart_and_removed(
    serve: Callable[..., Any], picture: Picture
) -> None:
    server = serve()
    with server.client() as client:
        before = ask(client, picture("clown", 3))
        added = add(client, " Bürgermeister/in ", *FIVE)
        assert added.status_code == 201
        assert added.json() == {"name": "Bürgermeister/in", "provisional": True, "images": 5}
        assert known(client) == [*TRAINED, ("Bürgermeister/in", True, 5)]
        answer = ask(client, paint_yellow(77))
        assert (answer["label"], answer["provisional"]) == ("Bürgermeister/in", True)
        assert answer["top"][0]["provisional"]
        assert "Bürgermeister/in" in answer["set"]["labels"]
        assert answer["heat"] is None
        assert not any(each["provisional"] for each in answer["top"][1:])
        assert sum(each["probability"] for each in answer["top"]) == pytest.approx(1, abs=1e-5)
        assert ask(client, picture("clown", 3))["label"] == "clown"
    assert server.stop() == 0
    kept = (server.run / "provisional.npz").read_bytes()
    assert len(kept) < 3000  # features, no pictures

    again = serve(run=server.run)
    with again.client() as client:
        assert known(client) == [*TRAINED, ("Bürgermeister/in", True, 5)]
        assert ask(client, paint_yellow(77)) == answer
        gone = client.delete("/api/classes/B%C3%BCrgermeister%2Fin")
        assert gone.status_code == 204
        assert known(client) == TRAINED
        assert ask(client, picture("clown", 3)) == before
    assert again.stop() == 0
    with serve(run=server.run).client() as client:
        assert known(client) == TRAINED


@pytest.mark.parametrize(
    ("name", "contents", "status", "reason"),
    [
        ("clown", FIVE, 409, "there is a trained class 'clown' already"),
        ("", FIVE, 422, "a 'name' of 1 to 100"),
        ("a\nb", FIVE, 422, "a 'name' of 1 to 100"),
        ("y" * 101, FIVE, 422, "a 'name' of 1 to 100"),
        ("..", FIVE, 422, "cannot be named '..'"),
        ("lemon", [FIVE[0], b"no image"], 400, "image 2 of 2 cannot be read: not an image"),
        ("lemon", [], 415, "multipart/form-data"),
        ("lemon", [b"x" * 10_000_001], 413, "larger than 10 MB"),
    ],
)
def test_add_class__is_refused_with_a_reason(
    served: Any, name: str, contents: list[bytes], status: int, reason: str
) -> None:
    with served.client() as client:
        response = add(client, name, *contents)
        assert response.status_code == status
        assert reason in response.json()["error"]
        assert known(client) == TRAINED


def test_add_class__a_second_of_one_name_is_refused(served: Any) -> None:
    with served.client() as client:
        assert add(client, "lemon", FIVE[0]).status_code == 201
        assert "a provisional class 'lemon' already" in add(client, "lemon", FIVE[1]).text
        assert "did you mean 'lemon'" in client.delete("/api/classes/lemons").json()["error"]
        assert client.delete("/api/classes/lemon").status_code == 204
        assert known(client) == TRAINED


def test_add_class__a_run_without_neighbours_answers_but_learns_nothing(
    serve: Callable[..., Any], picture: Picture, colour_run: Any, tmp_path: Any
) -> None:
    run = shutil.copytree(colour_run.folder, tmp_path / "bare")
    (run / "classifier" / "neighbours.npz").unlink()
    with serve(run=run).client() as client:
        answer = ask(client, picture("mayor"))
        assert (answer["label"], answer["nearest"]) == ("mayor", [])
        assert not client.get("/api/classes").json()["extensible"]
        refused = add(client, "lemon", *FIVE)
        assert refused.status_code == 409
        assert "springfield resume RUN" in refused.json()["error"]


@pytest.fixture
def begin(colour_run: Run, tmp_path: Path) -> Iterator[Callable[[], Service]]:
    """`begin()` gives what a server of a copy of the colour run answers by, in this process."""
    folder = Path(shutil.copytree(colour_run.folder, tmp_path / "run"))
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(open_service(folder)))


LEMON = np.array([[1.0, 1.0, 0.1]], np.float32)


def test_add__names_the_network_that_was_loaded(
    begin: Callable[[], Service], tmp_path: Path
) -> None:
    served = begin().provisional
    network = tmp_path / "run" / "classifier" / "model.tflite"
    content = network.read_bytes()
    network.write_bytes(b"of another training")
    asyncio.run(served.add("lemon", LEMON))
    network.write_bytes(content)
    assert list(begin().provisional.features) == ["lemon"]


@pytest.mark.parametrize("length", [0, 4, 100, -30])
def test_read_provisional__a_file_cut_off_is_named(
    begin: Callable[[], Service], tmp_path: Path, length: int
) -> None:
    asyncio.run(begin().provisional.add("lemon", LEMON))
    file = tmp_path / "run" / "provisional.npz"
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(RunError, match=r"cannot read .*provisional\.npz: .*; remove the file"):
        begin()


def test_answer__is_in_its_own_set(begin: Callable[[], Service]) -> None:
    service = begin()
    for i in range(15):  # so alike that none of them is likely
        asyncio.run(service.provisional.add(f"lemon {i}", np.array([[4, 4, 2]], np.float32)))
    probabilities = np.array([0.5, 0.4, 0.1], np.float32)
    seen = Seen(Look(8, 8, "PNG"), probabilities, np.array([4, 4, 2], np.float32), None)
    answer = service.speaker.answer(seen, explain=False)
    assert (answer.label, answer.probability < 0.1) == ("lemon 0", True)
    assert answer.set.labels[0] == "lemon 0"


def test_add__two_servers_of_one_run_keep_each_others_classes(
    begin: Callable[[], Service],
) -> None:
    one, other = begin().provisional, begin().provisional

    async def together() -> None:
        await asyncio.gather(one.add("lemon", LEMON), other.add("lime", LEMON))

    asyncio.run(together())
    asyncio.run(one.add("melon", LEMON))
    assert set(begin().provisional.features) == {"lemon", "lime", "melon"}
    asyncio.run(other.remove("lemon"))
    assert set(begin().provisional.features) == {"lime", "melon"}
