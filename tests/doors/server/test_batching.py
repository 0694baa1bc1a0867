"""Who may wait for the one that answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing

from springfield.doors.server.batching import Seen
from springfield.doors.server.limits import Limits, RefusalError
from springfield.doors.server.service import open_service
from springfield.run import Run


def test_see__those_who_come_together_are_counted_together(
    colour_run: Run, picture: Callable[..., bytes]
) -> None:
    async def crowd() -> list[list[object] | BaseException]:
        two = [picture("clown"), b"no image"]
        asked = [service.batcher.see(two) for _ in range(3)]
        return await asyncio.gather(*asked, return_exceptions=True)  # type: ignore[return-value]

    with closing(open_service(colour_run.folder, limits=Limits(waiting=4))) as service:
        first, second, third = asyncio.run(crowd())
        assert service.batcher.inside == 0
    assert isinstance(third, RefusalError)
    assert str(third).startswith("4 images are waiting already")
    for answered in (first, second):
        assert isinstance(answered, list)
        assert isinstance(answered[0], Seen)
