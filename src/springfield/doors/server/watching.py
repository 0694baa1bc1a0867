"""Watching: around every request, a line in the log, the counts, and headers that keep it safe."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from springfield.doors.server.service import Service

# Only what the server itself gives out, whatever finds its way into the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")


class Watched:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what goes wrong inside is logged, and told to nobody else."""
        began = time.perf_counter()
        seen = _Seen()

        async def counted() -> Message:
            message = await receive()
            seen.bytes += len(message.get("body", b""))
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        try:
            await self.app(scope, counted, guarded)
        except Exception:
            seen.problem = traceback.format_exc()
        self._note(scope, seen, time.perf_counter() - began)

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        headers.setdefault("Cache-Control", "no-store")
        if self.service.draining:
            headers["Connection"] = "close"

    def _note(self, scope: Scope, seen: _Seen, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        # Clients can make up methods without end, and every label stays.
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.service.metrics.requests.labels(method, route, seen.status).inc()
        self.service.metrics.seconds.labels(route).observe(seconds)
        log(
            method=method,
            path=scope["path"][:200],
            status=seen.status,
            ms=round(1000 * seconds, 1),
            bytes=seen.bytes,
            **scope.get("state", {}).get("log", {}),
            **({"problem": seen.problem} if seen.problem else {}),
        )


class _Seen:
    """What a request came to."""

    status = 0
    bytes = 0  # of its body
    problem = ""


def log(**facts: Any) -> None:
    """Write one line of JSON to standard error: never an image, nor the name of a file."""
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    print(json.dumps({"time": moment, **facts}), file=sys.stderr, flush=True)


class LogLines(logging.Handler):
    """What libraries complain of, in the same log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)  # the rest is chatter about what clients send

    def emit(self, record: logging.LogRecord) -> None:
        """Write one complaint."""
        log(problem=self.format(record))
