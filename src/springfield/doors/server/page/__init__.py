"""Page: what a browser shows; it asks nobody but this server."""

from __future__ import annotations

from importlib import resources

from fastapi import APIRouter, Response

from springfield.results.page.document import CYRILLIC
from springfield.results.page.palette import variables

LETTERS = ("latin", "cyrillic")


def page_router() -> APIRouter:
    """Addresses of the page and its files, which are read once."""
    router = APIRouter(include_in_schema=False)
    style = variables() + "".join(map(_face, LETTERS)) + _own("style.css").decode()
    _add(router, "/", _own("page.html"), "text/html")
    _add(router, "/page/style.css", style.encode(), "text/css")
    for name in ("words.js", "heat.js", "script.js"):
        _add(router, f"/page/{name}", _own(name), "text/javascript")
    for name in LETTERS:
        file = resources.files("springfield.results.page") / f"literata-{name}.woff2"
        _add(router, f"/page/{name}.woff2", file.read_bytes(), "font/woff2")
    return router


def _add(router: APIRouter, path: str, content: bytes, kind: str) -> None:
    def give() -> Response:
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    router.add_api_route(path, give, methods=["GET", "HEAD"])


def _face(alphabet: str) -> str:
    rules = f"src:url({alphabet}.woff2) format('woff2');font-weight:400 600;font-display:swap"
    if alphabet == "cyrillic":
        rules += f";{CYRILLIC}"
    return f"@font-face{{font-family:Literata;{rules}}}\n"


def _own(name: str) -> bytes:
    return (resources.files("springfield.doors.server.page") / name).read_bytes()
