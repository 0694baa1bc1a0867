from __future__ import annotations

import base64
import io
import re
from pathlib import Path

from PIL import Image

from springfield.results.page.thumbnails import thumbnail


def test_thumbnail__travels_inside_the_page(tmp_path: Path) -> None:
    file = tmp_path / "wide.png"
    Image.new("RGB", (800, 200), "tomato").save(file)
    made = thumbnail(file, 'a "b"', side=100)
    content = re.search(r'src="data:image/jpeg;base64,([^"]+)"', made)
    assert content
    with Image.open(io.BytesIO(base64.b64decode(content[1]))) as image:
        assert image.size == (100, 25)
    assert 'alt="a &quot;b&quot;"' in made


def test_thumbnail__small_pictures_are_not_enlarged(tmp_path: Path) -> None:
    file = tmp_path / "small.png"
    Image.new("RGB", (12, 9)).save(file)
    assert 'width="12" height="9"' in thumbnail(file, "")


def test_thumbnail__missing_or_broken_file_gets_a_frame(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8 not a picture")
    for file in (broken, tmp_path / "gone.jpg", tmp_path):
        assert 'class="missing"' in thumbnail(file, "x")
