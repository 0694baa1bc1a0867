"""The server's page as people use it: pictures, keys, a phone, a class of their own."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from springfield.run import Run

KEY = "open-sesame"


@dataclass
class Visit:
    """An open page, what it asked for and what it complained of."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def serve(run: Path, log: Path, *words: str) -> Iterator[str]:
    command = [sys.executable, "-m", "springfield", "serve", str(run), "--port", "0", "--json"]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [*command, *words], stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout
        yield json.loads(process.stdout.readline())["url"]
        process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def url(colour_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(colour_run.folder, folder / "run")
    yield from serve(folder / "run", folder / "log")


@pytest.fixture
def locked(colour_run: Run, tmp_path: Path) -> Iterator[str]:
    yield from serve(colour_run.folder, tmp_path / "log", "--api-key", KEY)


@pytest.fixture
def enter(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """`enter(url, width=1280, **context)` opens the page."""
    opened: list[Visit] = []

    def enter(url: str, *, width: int = 1280, **options: Any) -> Visit:
        options = {"locale": "en-US", **options}
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        seen = Visit(context.new_page(), url)
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.goto(url)
        opened.append(seen)
        return seen

    yield enter
    for each in opened:
        each.page.context.close()


@pytest.fixture(scope="module")
def pictures(
    paint: Callable[..., None], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """`pictures(name, seed)` is a file that the colour run calls by that name."""
    folder = tmp_path_factory.mktemp("pictures")

    def picture(name: str, seed: int = 0) -> Path:
        file = folder / f"{name}-{seed}.png"
        paint(file, name, seed)
        return file

    return picture


def test_page__shows_what_it_sees_and_asks_nobody_else(
    url: str, enter: Callable[..., Visit], pictures: Callable[..., Path]
) -> None:
    seen = enter(url)
    expect(seen.page.locator("#count")).to_have_text("3 classes")
    seen.page.set_input_files("#file", pictures("clown"))
    expect(seen.page.locator("#label")).to_have_text("clown")
    expect(seen.page.locator("#choice")).to_have_text("At 90%, it is this one.")
    expect(seen.page.locator("#spoken")).to_have_text("clown, 100%")
    assert seen.page.locator("#bars .name").all_text_contents()[0] == "clown"
    expect(seen.page.locator("#nearest li")).to_have_count(5)
    expect(seen.page.locator("#heat")).to_be_visible()
    image, heat = (seen.page.locator(each).bounding_box() for each in ("#image", "#heat"))
    assert heat == pytest.approx(image, abs=1)  # the colour run stretches its pictures
    assert seen.page.evaluate(
        "document.querySelector('#heat').getContext('2d').getImageData(48, 48, 1, 1).data[3] > 0"
    )
    outside = [each for each in seen.requests if not each.startswith((url, "blob:", "data:"))]
    assert outside == []
    assert seen.complaints == []
    assert seen.page.evaluate("document.fonts.check('1rem Literata')")


def test_page__says_in_words_what_is_wrong_and_goes_on(
    url: str, enter: Callable[..., Visit], pictures: Callable[..., Path], tmp_path: Path
) -> None:
    seen = enter(url)
    (tmp_path / "no.jpg").write_text("no picture")
    seen.page.set_input_files("#file", tmp_path / "no.jpg")
    expect(seen.page.locator("#error")).to_have_text("the image cannot be read: not an image")
    expect(seen.page.locator("#result")).to_be_hidden()
    (tmp_path / "large.jpg").write_bytes(b"x" * 10_000_001)
    seen.page.set_input_files("#file", tmp_path / "large.jpg")
    expect(seen.page.locator("#error")).to_have_text("This file is larger than 10 MB.")
    seen.page.set_input_files("#file", pictures("mayor"))
    expect(seen.page.locator("#label")).to_have_text("mayor")
    expect(seen.page.locator("#error")).to_be_empty()


@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
def test_page__fits_a_phone_with_a_result(
    url: str, enter: Callable[..., Visit], pictures: Callable[..., Path], locale: str
) -> None:
    seen = enter(url, width=360, is_mobile=True, has_touch=True, locale=locale)
    seen.page.set_input_files("#file", pictures("barkeeper"))
    expect(seen.page.locator("#label")).to_have_text("barkeeper")
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 360
    assert seen.page.evaluate("document.documentElement.lang") == locale[:2]
    if locale == "ru-RU":
        expect(seen.page.locator("#count")).to_have_text("3 класса")
        latin = "[...document.querySelectorAll('[data-say]')].map(each => each.textContent)"
        assert not [text for text in seen.page.evaluate(latin) if text.isascii()]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(f'document.activeElement.matches("{selector}")'):
            return
    pytest.fail(f"no key leads to {selector}")


def test_page__keys_alone_lead_everywhere(
    url: str, enter: Callable[..., Visit], pictures: Callable[..., Path]
) -> None:
    page = enter(url).page
    page.on("filechooser", lambda _: None)  # from now on: a key may be faster than the asking
    tab_to(page, "#file")
    outline = "getComputedStyle(document.activeElement.closest('.button')).outlineStyle"
    assert page.evaluate(outline) == "solid"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(pictures("clown"))
    expect(page.locator("#label")).to_have_text("clown")
    tab_to(page, "#slider")
    strong = page.evaluate("document.querySelector('#heat').style.opacity")
    page.keyboard.press("Home")
    assert page.evaluate("document.querySelector('#heat').style.opacity") == "0" != strong
    tab_to(page, "#name")
    page.keyboard.type("lemon")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong")).to_have_text("Choose pictures of the class first.")


def test_page__a_class_is_added_and_removed(
    url: str, enter: Callable[..., Visit], tmp_path: Path
) -> None:
    import numpy as np
    from PIL import Image

    page = enter(url).page
    files = [tmp_path / f"{seed}.png" for seed in range(6)]
    for seed, file in enumerate(files):
        noise = np.random.default_rng(seed).integers(-30, 30, (24, 30, 3))
        pixels = (np.array((180, 180, 30)) + noise).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(file)
    page.fill("#name", "lemon")
    page.set_input_files("#examples", files[:5])
    expect(page.locator("#chosen img")).to_have_count(5)
    page.click("#add")
    expect(page.locator("#told")).to_have_text("Added: lemon. Try it with another picture.")
    expect(page.locator("#count")).to_have_text("3 classes and 1 provisional")
    expect(page.locator("#chosen img")).to_have_count(0)
    page.set_input_files("#file", files[5])
    expect(page.locator("#label")).to_have_text("lemonprovisional")
    expect(page.locator("#strength")).to_be_hidden()
    page.get_by_role("button", name="Remove: lemon").click()
    expect(page.locator("#told")).to_have_text("Removed: lemon.")
    expect(page.locator("#added li")).to_have_count(0)


def test_page__asks_for_the_key_and_keeps_it_nowhere(
    locked: str, enter: Callable[..., Visit], pictures: Callable[..., Path]
) -> None:
    page = enter(locked).page
    expect(page.locator("#key")).to_be_visible()
    page.fill("#key-value", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#key-wrong")).to_have_text("This key is wrong.")
    expect(page.locator("#key-value")).to_have_value("")
    page.fill("#key-value", "щзут-ыуыфьу")  # the right keys, on another keyboard
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="another language")).to_be_visible()
    page.fill("#key-value", KEY)
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text("3 classes")
    page.set_input_files("#file", pictures("clown"))
    expect(page.locator("#label")).to_have_text("clown")
    stored = "JSON.stringify([localStorage, sessionStorage]) + document.cookie + location.href"
    assert KEY not in page.evaluate(stored)
    page.reload()
    expect(page.locator("#key")).to_be_visible()


def test_page__the_question_for_the_key_can_be_left(
    locked: str, enter: Callable[..., Visit], pictures: Callable[..., Path]
) -> None:
    page = enter(locked).page
    expect(page.locator("#key")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#error")).to_contain_text("Without its key the server tells nothing.")
    expect(page.locator("#key")).to_be_hidden()
    page.set_input_files("#file", pictures("mayor"))
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#error")).to_contain_text("Without its key")
    page.set_input_files("#file", pictures("clown"))
    page.fill("#key-value", KEY)
    page.keyboard.press("Enter")
    expect(page.locator("#label")).to_have_text("clown")
    expect(page.locator("#error")).to_be_empty()
