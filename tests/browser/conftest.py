"""The pages in both languages, in a real browser; nothing is trained for them."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from springfield.recipe import Recipe
from springfield.results.page.languages import LANGUAGES
from springfield.results.pages.rate import write_rate_page
from springfield.results.pages.sweep import write_sweep_page
from springfield.results.report import write_report
from springfield.run import Run, create_run
from springfield.verbs.audit import audit

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
Pages = dict[tuple[str, str], Path]


@dataclass
class Visit:
    """An open page, what it asked for and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, script: str) -> Any:
        return self.page.evaluate(script)


@pytest.fixture(scope="module")  # its event loop must not be running in other folders' tests
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The files: ("run", "audit", "sweep" or "rate", language) -> page.html."""
    made_up = _made_up()
    folder = tmp_path_factory.mktemp("pages")
    run = made_up.build_run(made_up.FakeRun(folder / "run"))  # 42 classes
    found = {}
    for language in LANGUAGES:
        run.note(language=language)
        found["run", language] = Path(shutil.copy(write_report(run), folder / f"{language}.html"))
        audit(tiny, folder / f"audit-{language}", progress=False, language=language)
        found["audit", language] = folder / f"audit-{language}" / "page.html"
        swept = Run(folder / f"sweep-{language}")
        write_sweep_page(swept, made_up.build_sweep(), Recipe(), language)
        found["sweep", language] = swept.page_file
        facts = {"plan": {"rate_test": made_up.build_rate_test()}, "data": "pictures/town"}
        rated = create_run(folder / f"rate-{language}", Recipe(), "", facts)
        write_rate_page(rated, language)
        found["rate", language] = rated.page_file
    return found


@pytest.fixture(scope="session")
def names(tiny: Path) -> set[str]:
    """Words that the names of classes are made of."""
    made_up = _made_up()
    folders = {folder.name for folder in tiny.iterdir()}
    return {tiny.name, "run", *folders, *made_up.FIRST.split(), *made_up.LAST.split()}


def _made_up() -> ModuleType:
    """What tests/results makes its runs up with."""
    file = Path(__file__).parents[1] / "results" / "conftest.py"
    spec = importlib.util.spec_from_file_location("made_up_runs", file)
    assert spec
    assert spec.loader
    module = sys.modules["made_up_runs"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def look(browser: Browser) -> Callable[..., Visit]:
    """`look(file, width=1280, **context)` gives a page that others look at too: change nothing."""
    return cache(partial(open_page, browser))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """`visit(file, width=1280, **context)` opens a page that may be changed."""
    opened: list[Visit] = []

    def visit(file: Path, **options: Any) -> Visit:
        opened.append(open_page(browser, file, **options))
        return opened[-1]

    yield visit
    for each in opened:
        each.page.context.close()


def open_page(browser: Browser, file: Path, *, width: int = 1280, **options: Any) -> Visit:
    """Open a page in a window of its own and write down what it does."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    seen = Visit(context.new_page())

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.complaints.append(message.text)

    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", complain)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.goto(file.as_uri())
    seen.ask("document.fonts.ready.then(() => true)")
    return seen
