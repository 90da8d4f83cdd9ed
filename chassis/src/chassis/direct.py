"""Routes that a launch depends on, reached without the framework's way to them.

The framework documents such a route and could serve it; the way through its routers, middleware and
dependencies costs several times what the route itself does, so the application hands these requests
straight to their handlers, within the same trace, metrics, limits and problem documents.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from fastapi import FastAPI, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis import problems
from chassis.errors import UnsupportedMediaType
from chassis.validation import problem_of_model

Body = TypeVar("Body", bound=BaseModel)
Handle = Callable[[Request], Awaitable[Response]]
DirectRoutes = Mapping[tuple[str, str], Handle]
"""Handlers by method and exact path."""


async def read_body(request: Request, model: type[Body]) -> Body:
    """The JSON body as ``model``; raises what the framework would answer."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise problem_of_model(error) from None


class DirectRoute:
    """A handler as an application; ``path`` is what metrics call it."""

    def __init__(self, path: str, handle: Handle) -> None:
        self.path = path
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self
        request = Request(scope, receive)
        try:
            response = await self._handle(request)
        except Exception as error:  # noqa: BLE001 every failure is answered, as the framework does
            response = await problems.respond(request, error)
        await response(scope, receive, send)


class Api(FastAPI):
    """An application some of whose routes are direct."""

    direct: Mapping[tuple[str, str], ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self.direct.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if route is None:
            await super().__call__(scope, receive, send)
        else:
            scope["app"] = self
            await route(scope, receive, send)
