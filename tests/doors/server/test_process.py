"""How a server begins, and how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from springfield.doors.cli import main
from springfield.doors.server.process import listen, url_of
from springfield.errors import OutputError
from springfield.run import Run

PNG = {"Content-Type": "image/png"}
Picture = Callable[..., bytes]


def test_serve__a_port_in_use_is_one_line(
    colour_run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", str(colour_run.folder), "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"springfield: cannot serve at 127.0.0.1:{port}: address already in use")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--port", "70000"], "there is no port 70000"),
        (["--api-key", "schlüssel"], "the key must be letters"),
        (["--api-key", " sesame"], "the key begins or ends with a space"),
        (["--api-key", "sesame "], "the key begins or ends with a space"),
        (["--host", "a..b"], "there is no address a..b:8000"),
        (["--host", "no.such.host.invalid"], "there is no address no.such.host.invalid:8000"),
    ],
)
def test_serve__an_address_that_cannot_be_is_one_line(
    colour_run: Run, capsys: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    assert main(["serve", str(colour_run.folder), *words]) == 2
    assert capsys.readouterr().err.startswith(f"springfield: {line}")


def test_serve__a_folder_without_a_run_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", str(tmp_path), "--port", "0"]) == 2
    assert "holds no run" in capsys.readouterr().err


def test_url_of__brackets_the_newer_addresses() -> None:
    try:
        listener = listen("::1", 0)
    except OutputError:
        pytest.skip("this system has no IPv6")
    with listener:
        assert url_of(listener).startswith("http://[::1]:")


def test_key__opens_the_api_and_nothing_else_asks_for_it(
    serve: Callable[..., Any], picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPRINGFIELD_API_KEY", "open-sesame")
    server = serve()
    key = b"open-sesame"
    with server.client() as client:
        for path in ("/", "/health", "/ready", "/openapi.json", "/page/style.css"):
            assert client.get(path).status_code == 200
        for path in ("/health", "/ready"):
            assert client.head(path).status_code == 200
        assert client.get("/health", headers={"Host": "elsewhere.example"}).status_code == 200
        for wrong in ({}, {b"X-API-Key": "ü".encode()}, {b"Authorization": b"Basic " + key}):
            for path in ("/api/classes", "/metrics"):
                response = client.get(path, headers=wrong)
                assert response.status_code == 401
                assert response.headers["www-authenticate"] == "Bearer"
                assert "key" in response.json()["error"]
        refused = client.post("/api/predict", content=picture("clown"), headers=PNG)
        assert refused.status_code == 401
        for right in ({b"X-API-Key": key}, {b"Authorization": b"Bearer " + key}):
            assert client.get("/api/classes", headers=right).status_code == 200


def test_signal__what_was_asked_is_answered_then_the_exit_is_0(
    serve: Callable[..., Any], picture: Picture
) -> None:
    server = serve()
    image = picture("clown")
    outcomes: list[Any] = []
    arrived = threading.Barrier(9)

    def ask_slowly() -> None:
        """Half a body before the signal, half after it."""

        def body() -> Any:
            yield image[:700]
            arrived.wait(20)
            signalled.wait(20)
            yield image[700:]

        with server.client() as client:
            outcomes.append(client.post("/api/predict", content=body(), headers=PNG).json())

    signalled = threading.Event()
    crowd = [threading.Thread(target=ask_slowly, daemon=True) for _ in range(8)]
    for each in crowd:
        each.start()
    with server.client() as resident:
        assert resident.get("/ready").status_code == 200
        arrived.wait(20)
        server.process.send_signal(signal.SIGTERM)
        late = resident.get("/ready")
        assert (late.status_code, late.headers["connection"]) == (503, "close")
    signalled.set()
    for each in crowd:
        each.join(20)
    assert [outcome["label"] for outcome in outcomes] == ["clown"] * 8
    assert server.process.wait(30) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_signal__under_load_what_was_taken_in_is_answered(
    serve: Callable[..., Any], picture: Picture
) -> None:
    server = serve()
    image = picture("mayor")
    answered: list[str] = []
    busy = threading.Event()

    def keep_asking() -> None:
        with server.client() as client:
            while True:
                try:
                    response = client.post("/api/predict", content=image, headers=PNG)
                except httpx.TransportError:
                    return  # it has gone; whom the system had queued last, it never saw
                answered.append(response.json()["label"])
                if len(answered) > 100:
                    busy.set()

    crowd = [threading.Thread(target=keep_asking, daemon=True) for _ in range(8)]
    for each in crowd:
        each.start()
    busy.wait(20)
    assert server.stop() == 0
    for each in crowd:
        each.join(20)
    assert set(answered) == {"mayor"}
    taken = list(map(json.loads, server.log.read_text().splitlines()))
    assert len(taken) == len(answered)
    assert {line["status"] for line in taken} == {200}


def test_signal__a_second_one_ends_at_once(serve: Callable[..., Any]) -> None:
    server = serve()
    with socket.create_connection(("127.0.0.1", httpx.URL(server.url).port)) as client:
        client.sendall(b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n")
        client.sendall(b"Content-Type: image/png\r\n\r\n1")  # and no more
        with server.client() as other:
            assert other.get("/health").status_code == 200
        server.process.send_signal(signal.SIGTERM)
        with pytest.raises(Exception, match="timed out"):
            server.process.wait(1)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == -signal.SIGTERM


def test_memory__is_given_back(serve: Callable[..., Any]) -> None:
    status = Path(f"/proc/{os.getpid()}/status")
    if not status.exists():
        pytest.skip("this system has no /proc")
    server = serve()

    def resident() -> int:
        lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (1500, 1500, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "PNG", compress_level=0)
    with server.client() as client:

        def ask() -> None:
            response = client.post("/api/predict", content=buffer.getvalue(), headers=PNG)
            assert response.status_code == 200

        for _ in range(5):
            ask()
        before = resident()
        for _ in range(20):
            ask()
    assert resident() - before < 20_000  # kB; each image is 7 MB, and as much again decoded


def test_listen__an_answer_does_not_wait_for_an_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_signal__ctrl_c_ends_it_with_0_as_well(serve: Callable[..., Any]) -> None:
    server = serve()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(30) == 0
    assert "stopped" not in server.log.read_text()
