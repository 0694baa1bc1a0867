"""Process: one server from the first request to the last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from springfield.doors.server.app import create_app
from springfield.doors.server.limits import Limits
from springfield.doors.server.protocol import Guarded
from springfield.doors.server.service import Service, open_service
from springfield.doors.server.watching import LogLines
from springfield.errors import OutputError, SpringfieldError
from springfield.files import reason_of

# Seconds: longer than clients and proxies (up to 60) keep an idle connection, for whoever ends it
# first must not be the one who does not know whether a request is on its way.
KEEP_ALIVE = 65


def serve(
    folder: Path, *, host: str, port: int, key: str, ready: Callable[[dict[str, Any]], object]
) -> None:
    """Serve a run until a signal ends it: SIGTERM or Ctrl-C, a second one at once.

    Args:
        folder: of the run.
        host: address to listen at.
        port: 0 picks a free one.
        key: that requests to the API must bring; "": none.
        ready: is given url, run and pid once requests are answered.

    Raises:
        RunError: no finished run, or something in it is damaged.
        OutputError: nobody can listen there.
        SpringfieldError: no header can carry the key.
    """
    _check_key(key)
    listener = listen(host, port)  # a slip is told before the run is loaded
    with listener:
        service = open_service(folder, key=key)
        service.local = ip_address(listener.getsockname()[0]).is_loopback
        logging.getLogger().addHandler(LogLines())
        facts = {"url": url_of(listener), "run": str(folder), "pid": os.getpid()}
        Server(service, lambda: ready(facts)).run(sockets=[listener])
        service.close()


def _check_key(key: str) -> None:
    if not (key.isascii() and key.isprintable()):
        raise SpringfieldError("the key must be letters, digits and signs of ASCII; choose another")
    if key != key.strip():
        raise SpringfieldError("the key begins or ends with a space; choose another")


class Server(uvicorn.Server):
    """Lets go of its work before it ends."""

    def __init__(self, service: Service, ready: Callable[[], object] = lambda: None) -> None:
        super().__init__(_config(service))
        self._service = service
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take in who has reached the door already, then close it."""
        for listener in sockets or ():
            with contextlib.suppress(OSError):  # nobody is left, or there was an error of theirs
                while True:
                    await self._take_in(listener.accept()[0])
        await super().shutdown(sockets)

    async def _take_in(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: self.config.http_protocol_class(  # type: ignore[call-arg]
                config=self.config, server_state=self.server_state, app_state=self.lifespan.state
            ),
            connection,
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Answer what has been asked, then end; on a second signal, end."""
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._service.draining = True
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `OutputError` with the way out when it cannot."""
    if not 0 <= port < 65536:
        raise OutputError(f"there is no port {port}; choose a --port from 0 to 65535")
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family)
        # asyncio sets it for sockets that name their protocol only, and this one does not: without
        # it an answer's body waits 40 ms for the other side to acknowledge the head.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except (socket.gaierror, UnicodeError):  # the second for a name like "a..b"
        raise OutputError(f"there is no address {host}:{port} to serve at") from None
    except OSError as problem:
        raise OutputError(
            f"cannot serve at {host}:{port}: {reason_of(problem).lower()}; "
            "choose another --port, or 0 for a free one"
        ) from None


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket for a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _config(service: Service) -> uvicorn.Config:
    limits = service.limits
    return uvicorn.Config(
        create_app(service),
        http=_guarded(limits),
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # `watching` writes the log
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=int(limits.body_seconds + limits.answer_seconds),
    )


def _guarded(limits: Limits) -> type[Guarded]:
    return type("Guarded", (Guarded,), {"limits": limits})
