"""Hearing: where a connection closes after its answer, the rest of a refused body is heard first.

A connection that is closed with something unread is reset, and the answer is lost with it.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeardOut:
    """An ASGI application around another one."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        """`seconds`: how long a rest is listened to, at most."""
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _closes(scope):
            await self.app(scope, receive, send)
            return
        heard = False

        async def hear() -> Message:
            nonlocal heard
            message = await receive()
            heard = not message.get("more_body", False)
            return message

        async def say(message: Message) -> None:
            last = message["type"] == "http.response.body" and not message.get("more_body", False)
            if not last or heard:
                await send(message)
                return
            await send({**message, "more_body": True})  # all of the answer, but not its end
            try:
                async with asyncio.timeout(self.seconds):
                    while not heard:
                        await hear()
            except TimeoutError:
                pass
            await send({"type": "http.response.body"})

        await self.app(scope, hear, say)


def _closes(scope: Scope) -> bool:
    """Whether a connection serves this one request, as Python's urllib and many proxies ask."""
    told = Headers(scope=scope).get("connection", "").lower()
    return scope["http_version"] == "1.0" or "close" in told
