"""What holds a connection without asking anything."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from springfield.doors.server.limits import Limits
from springfield.doors.server.process import Server, listen
from springfield.doors.server.service import open_service
from springfield.run import Run

HASTY = Limits(
    header_seconds=0.3, body_seconds=0.3, connections=4, waiting=2, room_bytes=1000, files=4
)
PATIENT = replace(HASTY, header_seconds=20, body_seconds=20)
PNG = {"Content-Type": "image/png"}


@contextmanager
def served(run: Run, limits: Limits) -> Iterator[int]:
    """The port of a server in a thread of this process."""
    service = open_service(Path(run.folder), limits=limits)
    up = threading.Event()
    server = Server(service, up.set)
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        up.wait()
        yield port
        server.should_exit = True
        thread.join()
    service.close()


@pytest.fixture(scope="module")
def hasty(colour_run: Run) -> Iterator[int]:
    """The port of a server with little patience."""
    with served(colour_run, HASTY) as port:
        yield port


@pytest.fixture(scope="module")
def patient(colour_run: Run) -> Iterator[int]:
    """The port of one that has as little room, and time for a slow machine."""
    with served(colour_run, PATIENT) as port:
        yield port


async def _talk(port: int, *pieces: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def talk(port: int, *pieces: bytes) -> tuple[int, str]:
    """Send and say no more: the status and the error that come back before the end."""
    head, _, body = asyncio.run(_talk(port, *pieces)).partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["error"]


POST = b"POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 50\r\n"


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        (b"", 408, "no request within 0.3 seconds"),
        (b"GET / HT", 408, "no request within 0.3 seconds"),
        (POST, 408, "no request within 0.3 seconds"),
        (POST + b"\r\nhalf", 408, "the upload took more than 0.3 seconds"),
        (b"\x16\x03\x01 not http at all\r\n\r\n", 400, "this is not HTTP/1.1"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000, 400, "this is not HTTP/1.1"),
    ],
)
def test_guarded__who_does_not_finish_is_told_and_left(
    hasty: int, said: bytes, status: int, error: str
) -> None:
    assert talk(hasty, said) == (status, error)


def test_guarded__a_refused_body_is_not_listened_to_for_ever(hasty: int) -> None:
    huge = POST.replace(b"50", b"99999999") + b"\r\n"
    status, error = talk(hasty, huge, b"x" * 1000)
    assert (status, error.split(";")[0]) == (413, "the request is larger than 10 MB")


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1\r\nConnection: close"])
def test_heard_out__who_sends_much_and_closes_reads_the_refusal(
    patient: int, version: bytes
) -> None:
    size = 12_000_000
    head = POST.replace(b"50", b"%d" % size).replace(b"HTTP/1.1", version) + b"\r\n"
    status, error = talk(patient, head, b"x" * size)
    assert (status, error.split(";")[0]) == (413, "the request is larger than 10 MB")


def test_heard_out__not_for_ever(hasty: int) -> None:
    head = POST.replace(b"50", b"12000000").replace(b"1.1", b"1.0") + b"\r\n"
    status, _ = talk(hasty, head, b"x" * 1000)
    assert status == 413


async def _refused_then_asked(port: int) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n")
    refusal = await reader.readuntil(b"}")
    writer.write(b"12345")
    await asyncio.sleep(3 * HASTY.header_seconds)
    writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = await reader.readuntil(b"\r\n")
    writer.close()
    await writer.wait_closed()
    return refusal, answer


def test_guarded__once_a_refused_body_has_come_the_connection_stays(hasty: int) -> None:
    refusal, answer = asyncio.run(_refused_then_asked(hasty))
    assert (refusal.split()[1], answer.split()[1]) == (b"415", b"200")


def test_guarded__nonsense_after_a_refusal_ends_the_connection(
    hasty: int, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", hasty), timeout=20) as client:
        client.sendall(head)
        with client.makefile("rb") as answer:
            assert answer.readline().split()[1] == b"415"
            client.sendall(b"no length\r\n")
            answer.read()
    assert caplog.records == []


def test_guarded__who_reads_no_answers_is_left(hasty: int) -> None:
    def ask(deaf: socket.socket) -> None:
        while True:
            deaf.sendall(b"GET /page/script.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)

    address = ("127.0.0.1", hasty)
    with socket.create_connection(address, timeout=20) as deaf, pytest.raises(ConnectionError):
        ask(deaf)


def test_guarded__too_many_connections_are_refused(hasty: int) -> None:
    async def crowd() -> list[bytes]:
        return await asyncio.gather(*(_talk(hasty) for _ in range(6)))

    statuses = sorted(int(answer.split()[1]) for answer in asyncio.run(crowd()))
    assert statuses == [408, 408, 408, 408, 503, 503]


@pytest.fixture
def client(patient: int) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{patient}") as client:
        yield client


def test_queue__more_than_can_wait_is_refused_for_a_moment(
    client: httpx.Client, picture: Callable[..., bytes]
) -> None:
    sent = [("file", ("a", b"x", "image/png"))] * 3
    response = client.post("/api/predict/batch", files=sent)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert "waiting already" in response.json()["error"]
    assert client.post("/api/predict/batch", files=sent[:2]).status_code == 200


def test_room__bodies_share_it_and_give_it_back(client: httpx.Client) -> None:
    for _ in range(3):
        response = client.post("/api/predict", content=b"x" * 1001, headers=PNG)
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        good = client.post("/api/predict", content=b"x" * 900, headers=PNG)
        assert good.json() == {"error": "the image cannot be read: not an image"}
