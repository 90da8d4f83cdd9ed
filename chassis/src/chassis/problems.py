"""Every exception that leaves a route, as a problem document."""

import asyncio
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from chassis import telemetry
from chassis.database import is_conflict, is_outage
from chassis.errors import (
    CONTENT_TYPE,
    BodyTooLarge,
    Forbidden,
    InternalError,
    MalformedJson,
    MethodNotAllowed,
    NotFound,
    Problem,
    RequestRefused,
    Unavailable,
    UnsupportedMediaType,
    preferred_language,
)
from chassis.json import dumps
from chassis.logging import get_logger
from chassis.validation import problem_of

log = get_logger(__name__)

OF_STATUS: dict[int, type[Problem]] = {
    400: MalformedJson,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: UnsupportedMediaType,
}


def install(app: FastAPI) -> None:
    """Answers all failures of ``app`` with problem documents."""
    for kind, handle in HANDLERS.items():
        app.add_exception_handler(kind, handle)


async def respond(request: Request, error: Exception) -> Response:
    """The answer to a request whose route raised ``error``."""
    return await next(handle for kind, handle in HANDLERS.items() if isinstance(error, kind))(request, error)


def answer(problem: Problem, accept_language: str | None, status: int | None = None) -> Response:
    """The response that tells a person what ``problem`` is."""
    language = preferred_language(accept_language)
    trace = telemetry.traceparent.get()
    document = problem.body(language, telemetry.trace_id(trace) if trace else None)
    document["status"] = status or problem.status
    return Response(
        dumps(document),
        status_code=document["status"],
        media_type=CONTENT_TYPE,
        headers={**problem.headers, "Content-Language": language, "Cache-Control": "no-store"},
    )


def _answer(request: Request, problem: Problem, status: int | None = None) -> Response:
    return answer(problem, request.headers.get("accept-language"), status)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _answer(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    unread = isinstance(error.body, bytes)
    return _answer(request, UnsupportedMediaType() if unread else problem_of(error.errors()))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = OF_STATUS.get(error.status_code, RequestRefused)
    return _answer(request, kind(headers=error.headers), error.status_code)


async def _infrastructure(request: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError) and not (is_outage(error) or is_conflict(error)):
        return await _unexpected(request, error)
    log.warning("request.infrastructure_failed", error=type(error).__name__, path=request.url.path)
    return _answer(request, Unavailable())


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request.failed", path=request.url.path, exc_info=error)
    response = _answer(request, InternalError())
    response.headers["x-correlation-id"] = telemetry.correlation_id.get()
    return response


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    Problem: _problem,
    RequestValidationError: _invalid,
    HTTPException: _http,
    **dict.fromkeys((DBAPIError, PoolTimeout, OSError, asyncio.TimeoutError), _infrastructure),
    Exception: _unexpected,
}
"""From the particular to the general: the first kind that fits answers."""
