"""What is held of an upload."""

from __future__ import annotations

import pytest

from springfield.doors.server.limits import Limits, RefusalError
from springfield.doors.server.uploads import Part


def test_image__is_handed_over_and_not_held_twice() -> None:
    part = Part("file", "a.png", bytearray(b"content"))
    assert part.image(Limits()) == b"content"
    assert part.content == b""


def test_image__more_than_it_may_have_is_refused() -> None:
    with pytest.raises(RefusalError, match="larger than 10 MB"):
        Part("file", "a.png", oversize=True).image(Limits())
