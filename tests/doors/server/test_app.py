"""What the server answers, to good requests and to bad ones."""

from __future__ import annotations

import asyncio
import io
import json
import re
import struct
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from springfield.doors.server.app import create_app
from springfield.doors.server.service import open_service
from springfield.learning.answering.classifier import Classifier
from springfield.run import Run

PNG = {"Content-Type": "image/png"}
Picture = Callable[..., bytes]


@pytest.fixture(scope="module")
def client(served: Any) -> Any:
    with served.client() as client:
        yield client


def files(*contents: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("file", (f"{i}.png", content, "image/png")) for i, content in enumerate(contents)]


def test_predict__a_body_and_a_form_give_the_same(client: httpx.Client, picture: Picture) -> None:
    raw = client.post("/api/predict", content=picture("clown"), headers=PNG)
    form = client.post("/api/predict", files=files(picture("clown")))
    assert raw.status_code == form.status_code == 200
    answer = raw.json()
    assert answer == form.json()
    assert answer["label"] == "clown"
    assert answer["top"][0]["label"] == "clown"
    assert answer["set"] == {"level": 0.9, "labels": ["clown"]}
    assert (answer["width"], answer["height"]) == (30, 24)
    assert (answer["heat"], answer["nearest"], answer["provisional"]) == (None, None, False)


def test_predict__explains_when_asked(client: httpx.Client, picture: Picture) -> None:
    address = "/api/predict?explain=true"
    answer = client.post(address, content=picture("mayor", 3), headers=PNG).json()
    assert np.array(answer["heat"]["values"]).shape == (8, 8)
    assert answer["heat"]["box"] == [0, 0, 1, 1]
    assert [near["label"] for near in answer["nearest"]] == ["mayor"] * 5
    assert max(near["similarity"] for near in answer["nearest"]) <= 1
    assert answer["nearest"][0]["picture"].startswith("data:image/jpeg;base64,")
    assert "/" not in answer["nearest"][0]["name"]


def test_predict__gives_everybody_their_own_answer(
    served: Any, colour_run: Run, picture: Picture
) -> None:
    rng = np.random.default_rng(5)
    images = []
    for _ in range(60):
        buffer = io.BytesIO()
        Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)).save(buffer, "PNG")
        images.append(buffer.getvalue())
    classifier = Classifier.load(colour_run.classifier_folder)
    expected = [classifier.probabilities_of(image) for image in images]

    def ask(image: bytes) -> dict[str, float]:
        answer = client.post("/api/predict", content=image, headers=PNG).json()
        return {each["label"]: each["probability"] for each in answer["top"]}

    with served.client() as client, ThreadPoolExecutor(12) as crowd:
        found = list(crowd.map(ask, images))
    for answer, probabilities in zip(found, expected, strict=True):
        given = [answer[name] for name in classifier.classes]
        assert given == pytest.approx(probabilities.tolist(), abs=2e-6)


def test_batch__a_bad_file_keeps_its_row_and_takes_no_other(
    client: httpx.Client, picture: Picture
) -> None:
    sent = files(picture("clown"), b"no image", picture("mayor"), b"x" * 11_000_000)
    response = client.post("/api/predict/batch", files=sent)
    assert response.status_code == 200
    rows = response.json()["rows"]
    assert [row["name"] for row in rows] == ["0.png", "1.png", "2.png", "3.png"]
    labels = [row["answer"] and row["answer"]["label"] for row in rows]
    assert labels == ["clown", None, "mayor", None]
    assert [row["error"] for row in rows][:3] == ["", "not an image", ""]
    assert "larger than 10 MB" in rows[3]["error"]


def png_bomb() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def torn_jpeg() -> bytes:
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG")
    return buffer.getvalue()[:1500]


WEBP_BOMB = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0"
JPEG = {"Content-Type": "image/jpeg"}
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n1\r\n'
FIELD = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'
END = b"--b--\r\n"
BAD = {
    "empty": (b"", PNG, 400, "empty file"),
    "torn": (torn_jpeg(), JPEG, 400, "truncated"),
    "webp bomb": (WEBP_BOMB, {"Content-Type": "image/webp"}, 400, "64 megapixels"),
    "png bomb": (png_bomb(), PNG, 400, "64 megapixels"),
    "text": (b"a text that calls itself a picture", JPEG, 400, "not an image"),
    "huge": (b"x" * 12_000_000, PNG, 413, "larger than 10 MB"),
    "html": (b"<p>", {"Content-Type": "text/html"}, 415, "'text/html'; send an image"),
    "no type": (b"abc", {}, 415, "Content-Type is nothing"),
    "no boundary": (b"abc", {"Content-Type": "multipart/form-data"}, 400, "no boundary"),
    "long boundary": (b"abc", {"Content-Type": FORM["Content-Type"] * 99}, 400, "not a form"),
    "no form": (b"abc", FORM, 400, "not a form"),
    "no end": (FILE, FORM, 400, "cut off"),
    "no header": (b"--b\r\n\r\nabc\r\n" + END, FORM, 422, "has no file"),
    "no file": (FIELD + END, FORM, 422, "has no file"),
    "misnamed": (FILE.replace(b'"file"', b'"photo"') + END, FORM, 422, "'photo'; name it 'file'"),
    "long field": (FIELD.replace(b"1", b"1" * 2000) + END, FORM, 413, "longer than 1000"),
    "many fields": (FIELD * 9 + END, FORM, 413, "more than 8 fields"),
    "two files": (FILE * 2 + END, FORM, 413, "/api/predict/batch"),
}


@pytest.mark.parametrize("kind", BAD)
def test_predict__bad_input_is_refused_with_a_reason(
    client: httpx.Client, picture: Picture, kind: str
) -> None:
    content, headers, status, reason = BAD[kind]
    response = client.post("/api/predict", content=content, headers=headers)
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert reason in response.json()["error"]
    assert "\n" not in response.json()["error"]
    good = client.post("/api/predict", content=picture("clown"), headers=PNG)
    assert good.json()["label"] == "clown"


def test_predict__an_endless_body_without_a_length_is_refused(client: httpx.Client) -> None:
    def endless() -> Any:
        for _ in range(200):
            yield b"x" * 100_000

    response = client.post("/api/predict", content=endless(), headers=PNG)
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/api/predict", 405, "does not take GET"),
        ("GET", "/nothing", 404, "nothing at /nothing"),
        ("GET", "/page/../../etc/passwd", 404, "nothing at"),
        ("POST", "/api/predict?explain=perhaps", 422, "query.explain"),
        ("POST", "/api/predict/batch", 415, "multipart/form-data"),
        ("POST", "/api/classes", 415, "multipart/form-data"),
        ("DELETE", "/api/classes/nobody", 404, "no provisional class 'nobody'"),
        ("DELETE", "/api/classes/clown", 409, "'clown' was trained"),
    ],
)
def test_app__other_slips_are_refused_in_the_same_form(
    client: httpx.Client, method: str, path: str, status: int, reason: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert reason in response.json()["error"]


@pytest.mark.parametrize("path", ["/api/predict/batch", "/api/classes"])
def test_app__too_many_files_are_refused(client: httpx.Client, path: str) -> None:
    response = client.post(path, files=files(*[b"x"] * 21))
    assert response.status_code == 413
    assert "more than 20" in response.json()["error"]


def test_app__a_page_of_another_site_is_refused(client: httpx.Client, served: Any) -> None:
    headers = {"Origin": "http://elsewhere.example"}
    assert client.get("/api/classes", headers=headers).status_code == 403
    assert client.get("/api/classes", headers={"Origin": served.url}).status_code == 200


def test_app__a_name_led_to_this_machine_is_refused(client: httpx.Client, served: Any) -> None:
    port = httpx.URL(served.url).port
    for host in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST"):
        for also in (host, f"{host}:{port}"):
            assert client.get("/api/classes", headers={"Host": also}).status_code == 200
    for host in ("elsewhere.example", f"127.0.0.1.example:{port}", f"localhost@a:{port}", ""):
        for path in ("/", "/api/classes", "/metrics"):
            headers = {"Host": host, "Origin": f"http://{host}"}
            response = client.get(path, headers=headers)
            assert response.status_code == 421
            assert f"not to '{host}'; start it with --api-key" in response.json()["error"]


def test_app__describes_itself_without_asking_elsewhere(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert {"/api/predict", "/api/predict/batch", "/api/classes", "/ready"} <= set(
        described["paths"]
    )
    assert client.get("/docs").status_code == 404
    page = client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for name in ("style.css", "script.js", "words.js", "heat.js", "latin.woff2"):
        assert client.get(f"/page/{name}").status_code == 200
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)


def test_metrics__count_what_was_asked(client: httpx.Client, picture: Picture) -> None:
    def counted(line: str) -> float:
        rows = dict(row.rsplit(" ", 1) for row in client.get("/metrics").text.splitlines())
        return float(rows.get(line, 0))

    images = 'springfield_images_total{outcome="answered"}'
    route = 'springfield_requests_total{method="POST",route="/api/predict",status="200"}'
    before = counted(images), counted(route)
    client.post("/api/predict", content=picture("clown"), headers=PNG)
    assert (counted(images), counted(route)) == (before[0] + 1, before[1] + 1)
    assert counted("springfield_waiting_images") == 0
    assert counted("springfield_batch_images_count") > 0
    assert counted('springfield_request_seconds_count{route="/api/predict"}') > 0


def test_watched__a_made_up_method_makes_no_label_of_its_own(
    client: httpx.Client, served: Any
) -> None:
    assert client.request("X1Y2", "/health").status_code == 405
    assert 'method="other",route="/health",status="405"' in client.get("/metrics").text
    assert "X1Y2" not in client.get("/metrics").text + served.log.read_text()


def test_watched__a_bug_is_told_in_the_same_form_and_logged(
    colour_run: Run, picture: Picture, capsys: pytest.CaptureFixture[str]
) -> None:
    service = open_service(colour_run.folder)
    app = httpx.ASGITransport(create_app(service))
    service.close()  # whatever is asked now fails

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=app, base_url="http://localhost") as client:
            return await client.post("/api/predict", content=picture("clown"), headers=PNG)

    response = asyncio.run(ask())
    assert response.status_code == 500
    assert response.json() == {"error": "this is a bug in Springfield, not a mistake of yours"}
    assert response.headers["x-content-type-options"] == "nosniff"
    line = json.loads(capsys.readouterr().err)
    assert line["status"] == 500
    assert "Traceback" in line["problem"]
    assert "after shutdown" in line["problem"]


def test_log__has_a_line_for_a_request_but_nothing_of_the_image(
    client: httpx.Client, served: Any, picture: Picture
) -> None:
    secret = [("file", ("my-secret.png", picture("barkeeper"), "image/png"))]
    before = served.log.read_text().count('"POST"')
    client.post("/api/predict", files=secret)
    for _ in range(500):  # the line is written when the answer has gone
        if (text := served.log.read_text()).count('"POST"') > before and text[-1] == "\n":
            break
        time.sleep(0.01)
    lines = [json.loads(line) for line in text.splitlines()]
    last = [line for line in lines if line["method"] == "POST"][-1]
    assert (last["path"], last["status"], last["label"]) == ("/api/predict", 200, "barkeeper")
    assert last["bytes"] > 1000
    assert "my-secret" not in text
    assert not any("problem" in line for line in lines)


def test_process__imports_no_tensorflow(served: Any) -> None:
    maps = Path(f"/proc/{served.process.pid}/maps")
    if not maps.exists():
        pytest.skip("this system has no /proc")
    mapped = maps.read_text()
    assert "ai_edge_litert" in mapped
    for name in ("tensorflow/", "libtorch", "keras", "cv2"):
        assert name not in mapped
