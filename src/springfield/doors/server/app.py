"""App: the addresses of the server, and what each gives."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.security import APIKeyHeader
from starlette.types import ASGIApp

from springfield import __version__
from springfield.doors.server import refusing, shapes
from springfield.doors.server.batching import Seen
from springfield.doors.server.hearing import HeardOut
from springfield.doors.server.limits import Intake, RefusalError, too_large
from springfield.doors.server.page import page_router
from springfield.doors.server.service import Service
from springfield.doors.server.uploads import Part, read_files, read_image
from springfield.doors.server.watching import Watched
from springfield.errors import UnreadableImageError

_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="or: Authorization: Bearer")
_LOCAL = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d*)?", re.IGNORECASE)
_FILE = {"type": "string", "format": "binary"}
_FILES = {"type": "array", "items": _FILE}
_EXPLAIN = Query(description="add the heat map and the nearest training images")


def create_app(service: Service) -> ASGIApp:
    """The application that serves one run."""
    app = FastAPI(
        title="Springfield",
        version=__version__,
        description="What do images show? Every refusal is {'error': one line}.",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        dependencies=[Depends(_check_host)],
    )
    app.state.service = service
    refusing.install(app)
    app.include_router(_states)
    app.include_router(_api)
    app.include_router(page_router())
    return Watched(HeardOut(app, service.limits.header_seconds), service)


def _service(request: Request) -> Service:
    return request.app.state.service


Here = Annotated[Service, Depends(_service)]


def _check_host(request: Request, here: Here) -> None:
    """Refuse other names for this machine alone: a site could lead its own name here.

    Its page would then be none of another site. With a key it gets nowhere.
    """
    host = request.headers.get("host", "")
    if here.local and not here.key and not _LOCAL.fullmatch(host):
        raise RefusalError(
            421,
            f"without a key this server answers to localhost and 127.0.0.1, not to '{host[:80]}'; "
            "start it with --api-key",
        )


def _check_key(request: Request, here: Here, given: Annotated[str | None, Depends(_KEY)]) -> None:
    """Refuse who lacks the key, and pages of other sites that would use a visitor's browser."""
    origin = request.headers.get("origin")
    if origin and origin.partition("://")[2] != request.headers.get("host"):
        raise RefusalError(403, "this request comes from a page of another site")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = given or (token if scheme.lower() == "bearer" else "")
    if here.key and not secrets.compare_digest(given.encode(), here.key.encode()):
        raise RefusalError(
            401, "the key is missing or wrong; send it as X-API-Key", WWW_Authenticate="Bearer"
        )


async def _intake(request: Request, here: Here) -> AsyncIterator[Intake]:
    intake = Intake(request, here.room)
    try:
        yield intake
    finally:
        intake.give_back()


Body = Annotated[Intake, Depends(_intake)]
_states = APIRouter(tags=["state"])
_api = APIRouter(
    prefix="/api",
    dependencies=[Depends(_check_key)],
    responses={"4XX": {"model": shapes.Refused}, "503": {"model": shapes.Refused}},
)


def _takes(content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


def _form(**fields: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    return {"multipart/form-data": {"schema": schema}}


@_states.head("/health", include_in_schema=False)
@_states.get("/health")
def health() -> shapes.State:
    """Whether the process lives."""
    return shapes.State(status="live")


@_states.head("/ready", include_in_schema=False)
@_states.get("/ready")
def ready(here: Here, response: Response) -> shapes.State:
    """Whether new work is welcome; 503 while the server takes leave."""
    response.status_code = 200 if here.ready else 503
    return shapes.State(status="ready" if here.ready else "draining")


@_states.get("/metrics", dependencies=[Depends(_check_key)], response_class=Response)
def metrics(here: Here) -> Response:
    """Counts for Prometheus."""
    return Response(here.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@_api.post(
    "/predict",
    openapi_extra=_takes({"image/*": {"schema": _FILE}, **_form(file=_FILE)}),
)
async def predict(
    request: Request, here: Here, body: Body, explain: Annotated[bool, _EXPLAIN] = False
) -> shapes.Answer:
    """What one image shows."""
    [seen] = await _see(here, [await read_image(body)])
    if isinstance(seen, UnreadableImageError):
        raise RefusalError(400, f"the image cannot be read: {seen}")
    answer = here.speaker.answer(seen, explain=explain)
    request.state.log = {"label": answer.label}
    return answer


@_api.post("/predict/batch", openapi_extra=_takes(_form(file=_FILES)))
async def predict_batch(
    here: Here, body: Body, explain: Annotated[bool, _EXPLAIN] = False
) -> shapes.Rows:
    """What several images show, each with a row of its own."""
    parts, _ = await read_files(body)
    whole = [part for part in parts if not part.oversize]
    found = iter(await _see(here, [part.image(here.limits) for part in whole]))
    rows = []
    for part in parts:
        row = shapes.Row(name=part.name or "")
        if part.oversize:
            row.error = str(too_large("the image", here.limits.image_bytes))
        elif isinstance(seen := next(found), UnreadableImageError):
            row.error = str(seen)
        else:
            row.answer = here.speaker.answer(seen, explain=explain)
        rows.append(row)
    return shapes.Rows(rows=rows)


@_api.get("/classes")
def classes(here: Here) -> shapes.Classes:
    """All classes there are to answer with."""
    return here.speaker.classes()


@_api.post(
    "/classes",
    status_code=201,
    openapi_extra=_takes(_form(name={"type": "string"}, file=_FILES)),
)
async def add_class(here: Here, body: Body) -> shapes.Known:
    """Add a provisional class, known from the images sent."""
    parts, fields = await read_files(body)
    name = here.provisional.check(fields.get("name", ""))
    features = await _features(here, parts)
    await here.provisional.add(name, features)
    return shapes.Known(name=name, provisional=True, images=len(parts))


@_api.delete("/classes/{name:path}", status_code=204)
async def remove_class(here: Here, name: str) -> None:
    """Remove a provisional class."""
    await here.provisional.remove(name)


async def _features(here: Service, parts: list[Part]) -> np.ndarray:
    """Features of images, float32 [k, F]; one that cannot be read refuses them all."""
    images = [part.image(here.limits) for part in parts]
    features = []
    for number, seen in enumerate(await _see(here, images), 1):
        if isinstance(seen, UnreadableImageError):
            raise RefusalError(400, f"image {number} of {len(images)} cannot be read: {seen}")
        features.append(seen.features)
    return np.stack(features)


async def _see(here: Service, images: list[bytes]) -> list[Seen | UnreadableImageError]:
    found = await here.batcher.see(images)
    for seen in found:
        read = isinstance(seen, Seen)
        here.metrics.images.labels("answered" if read else "unreadable").inc()
    return found
