"""Refusing: whatever goes wrong is answered by one line in the same form."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from springfield.doors.server.limits import RefusalError
from springfield.errors import MemoryShortError, OutputError, RunError

BUG = "this is a bug in Springfield, not a mistake of yours"


def install(app: FastAPI) -> None:
    """Let the app answer errors so."""
    app.add_exception_handler(RefusalError, _refuse)
    app.add_exception_handler(OutputError, _unwritten)
    app.add_exception_handler(RunError, _unwritten)
    app.add_exception_handler(MemoryShortError, _short)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unforeseen)


def _error(message: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": message}, status, headers)


def _refuse(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, RefusalError)
    return _error(str(problem), problem.status, problem.headers)


def _unwritten(request: Request, problem: Exception) -> JSONResponse:
    return _error(str(problem), 507)


def _short(request: Request, problem: Exception) -> JSONResponse:
    return _error("the server is short of memory; try again later", 503, {"Retry-After": "5"})


def _unknown(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, HTTPException)
    path = request.url.path[:100]
    words = {
        404: f"there is nothing at {path}; /openapi.json says what there is",
        405: f"{path} does not take {request.method[:10]}; /openapi.json says what there is",
    }
    headers = dict(problem.headers) if problem.headers else None
    return _error(words.get(problem.status_code, str(problem.detail)), problem.status_code, headers)


def _invalid(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, RequestValidationError)
    first = problem.errors()[0]
    return _error(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", 422)


def _unforeseen(request: Request, problem: Exception) -> JSONResponse:
    return _error(BUG, 500)  # `watching` logs it
