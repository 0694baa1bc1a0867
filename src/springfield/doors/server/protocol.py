"""Protocol: the deadlines of a connection that the HTTP server itself does not have."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from springfield.doors.server.limits import Limits

LAST_CALL = 2.0  # seconds in which a request that was on its way at the end is still taken


class Guarded(H11Protocol):
    """Closes connections that owe the rest of a request, leave answers unread, or are too many.

    A connection on which nothing has been asked, or half a head, holds a place for nothing; so
    does one that goes on sending a body after it was refused, or does not take what it asked for.
    """

    limits = Limits()
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Set the first deadline, or refuse when there are too many."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # told of whatever the system does not take at once
        if len(self.connections) > self.limits.connections:
            self._refuse(503, "too many connections; try again in a second")
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        """Move or lift the deadline."""
        refused = self.conn.our_state is h11.DONE
        super().data_received(data)
        if refused and self.conn.their_state is h11.IDLE:  # all of the refused body has come
            self._lift()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            self._watch()

    def on_response_complete(self) -> None:
        """Wait no longer than for a head for the rest of a body that nobody reads."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._watch()

    def pause_writing(self) -> None:
        """Wait no longer for a reader than for the body of a request."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.limits.body_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Lift that deadline: all has been taken."""
        self._read()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Lift the deadlines."""
        self._lift()
        self._read()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong in the form of all other answers."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._refuse(400, "this is not HTTP/1.1")
        else:  # the answer, most likely a refusal, has begun or gone already
            self.transport.close()

    def shutdown(self) -> None:
        """Answer what is asked, also when it is only just on its way; then close."""
        if self.cycle is None or self.cycle.response_started:
            # Nothing has told the other side that this is the end, so it may ask once more.
            self.loop.call_later(LAST_CALL, self._leave)
        else:
            super().shutdown()

    def _leave(self) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            super().shutdown()
        else:
            self.loop.call_later(LAST_CALL, self._leave)

    def _watch(self) -> None:
        ours, theirs = self.conn.our_state, self.conn.their_state
        if theirs is h11.IDLE or (ours is h11.DONE and theirs is h11.SEND_BODY):
            if self._deadline is None:
                self._deadline = self.loop.call_later(self.limits.header_seconds, self._too_late)
        else:
            self._lift()

    def _lift(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _too_late(self) -> None:
        if self.transport.is_closing():
            return
        if self.conn.our_state is h11.IDLE:
            self._refuse(408, f"no request within {self.limits.header_seconds:g} seconds")
        else:
            self.transport.close()

    def _refuse(self, status: int, message: str) -> None:
        self._lift()
        body = json.dumps({"error": message}).encode()
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("connection", "close"),
        ]
        if status == 503:
            headers.append(("retry-after", "1"))
        reason = HTTPStatus(status).phrase.encode()
        for event in (
            h11.Response(status_code=status, headers=headers, reason=reason),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
