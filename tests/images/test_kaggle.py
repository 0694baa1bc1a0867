"""Data named as at Kaggle: kagglehub itself, its cache, and a server on this machine as Kaggle."""

from __future__ import annotations

import gc
import io
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from springfield.errors import DataError, MissingExtraError
from springfield.images.kaggle import fetch, is_named, place_of
from springfield.images.sources import find_sources

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # kagglehub leaves sockets open

COMPETITION = Path("kaggle:journey-springfield")
FILES = (
    "train/simpsons_dataset/bart_simpson/pic_0000.jpg",
    "train/simpsons_dataset/homer_simpson/pic_0000.jpg",
    "testset/testset/img0.jpg",
    "sample_submission.csv",
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nobody's credentials and no network; kagglehub's cache on it, empty."""
    for name in ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_KERNEL_RUN_TYPE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nobody listens
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(tmp_path / ".kaggle"))
    monkeypatch.setenv("KAGGLEHUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Kaggle(BaseHTTPRequestHandler):
    """Answers every question with what its server was told to."""

    def do_POST(self) -> None:
        code, content = self.server.answer  # type: ignore[attr-defined]
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def kaggle(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A server that kagglehub takes for Kaggle, and a token for it; `answer` is code and body."""
    from kagglesdk import kaggle_env

    with ThreadingHTTPServer(("127.0.0.1", 0), Kaggle) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setitem(kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.PROD, address)
        monkeypatch.setenv("KAGGLE_API_TOKEN", "a token")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    gc.collect()  # of the sockets, before another test hears of them


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in FILES:
            file.writestr(name, b"x")
    return content.getvalue()


def test_fetch__downloads_once_and_the_classes_are_found(
    cache: Path, kaggle: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    kaggle.answer = (200, archive())  # type: ignore[attr-defined]
    root, sources = find_sources(COMPETITION)
    assert root == cache / "competitions" / "journey-springfield" / "train" / "simpsons_dataset"
    assert [source.label for source in sources] == ["bart_simpson", "homer_simpson"]
    assert capsys.readouterr().out == ""  # where the answer of --json goes


def test_fetch__a_complete_download_needs_no_network(cache: Path) -> None:
    competition = cache / "competitions" / "journey-springfield"
    dataset = cache / "datasets" / "someone" / "simpsons" / "versions" / "4"
    for folder in (competition, dataset):
        folder.mkdir(parents=True)
    (cache / "competitions" / "journey-springfield.complete").touch()
    (cache / "datasets" / "someone" / "simpsons" / "4.complete").touch()
    assert fetch(COMPETITION) == competition
    assert fetch(Path("kaggle:someone/simpsons/versions/4")) == dataset


def test_fetch__without_credentials_says_where_to_get_them(cache: Path) -> None:
    with pytest.raises(DataError, match=r"its users only: make a token at .*\.kaggle/access_token"):
        fetch(COMPETITION)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("journey-springfield", "cannot reach Kaggle for journey-springfield: check the network"),
        ("some-one/simpsons", r"whole needs no network: some-one/simpsons/versions/N$"),
    ],
)
def test_fetch__without_a_network(
    name: str, line: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAGGLE_API_TOKEN", "a token")
    with pytest.raises(DataError, match=line):
        fetch(Path(f"kaggle:{name}"))


@pytest.mark.parametrize(
    ("code", "name", "line"),
    [
        (401, "a-b", "does not accept this machine's credentials for a-b: make a token"),
        (403, "a-b", r"accept its rules at https://www\.kaggle\.com/competitions/a-b/rules"),
        (403, "a/b", r"see whether https://www\.kaggle\.com/datasets/a/b opens for you"),
        (404, "a-b", r"none of its competitions at https://www\.kaggle\.com/competitions/a-b;"),
        (404, "a/b", r"none of its datasets at https://www\.kaggle\.com/datasets/a/b;"),
        (503, "a-b", r"cannot hand out a-b now \(it answers 503\); try again later"),
        (200, "a-b", "cannot get a-b from Kaggle: Unsupported archive type"),
    ],
)
def test_fetch__every_refusal_is_one_line(
    code: int, name: str, line: str, kaggle: ThreadingHTTPServer
) -> None:
    kaggle.answer = (code, b"")  # type: ignore[attr-defined]
    with pytest.raises(DataError, match=line) as caught:
        fetch(Path(f"kaggle:{name}"))
    assert "\n" not in str(caught.value)


def test_fetch__spoiled_credentials_are_named(cache: Path) -> None:
    file = cache.parent / ".kaggle" / "kaggle.json"
    file.parent.mkdir()
    file.write_text("{")
    with pytest.raises(DataError, match=f"Invalid Kaggle credentials file at {file}"):
        fetch(COMPETITION)


@pytest.mark.parametrize("name", ["", "a/b/c", "..", "../b", "a/b/versions/new", "a b"])
def test_fetch__names_that_nothing_can_have(name: str, cache: Path) -> None:
    with pytest.raises(DataError, match="a competition is kaggle:NAME, a dataset kaggle:OWNER/NAM"):
        fetch(Path(f"kaggle:{name}"))


def test_fetch__needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(MissingExtraError, match=r"kagglehub is not installed.*\[kaggle\]"):
        fetch(COMPETITION)


def test_fetch__other_data_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    assert fetch(tmp_path) == tmp_path
    assert not is_named(tmp_path / "kaggle:x")


def test_place_of__a_name_stays_and_a_path_is_made_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_of(Path("kaggle:someone/simpsons")) == "kaggle:someone/simpsons"
    assert place_of(Path("images")) == str(tmp_path / "images")
