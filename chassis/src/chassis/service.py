"""A service as its composition root describes it, and its API as an application."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.params import Depends as DependsParameter
from starlette.routing import BaseRoute

from chassis import problems
from chassis.auth import TokenVerifier
from chassis.database import Database
from chassis.direct import Api, DirectRoute, DirectRoutes
from chassis.health import database_check, health_router, outbox_check
from chassis.jobs import Job
from chassis.messaging import Subscription
from chassis.middleware import BodyLimit, Telemetry
from chassis.permissions import Permissions

MAX_BODY_BYTES = 1_000_000

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Service:
    """Everything a service is: what it serves, handles and does by itself.

    ``provides`` are the objects that routes ask for by type with ``provided``; ``resources`` are
    opened by ``opened``, once in a process. ``root_routers`` stand outside of ``/api/v1``.
    ``permissions`` say what its staff may do. ``body_limits`` are the bytes that single paths take, by path,
    in which ``*`` stands for one segment.
    """

    name: str
    database: Database
    verifier: TokenVerifier
    migrations: Path
    routers: Sequence[APIRouter]
    root_routers: Sequence[APIRouter] = ()
    subscriptions: Sequence[Subscription] = ()
    jobs: Sequence[Job] = ()
    provides: Sequence[object] = ()
    resources: Sequence[AbstractAsyncContextManager[Any]] = ()
    direct: DirectRoutes = field(default_factory=dict)
    permissions: Permissions = field(default_factory=lambda: Permissions({}))
    body_limits: Mapping[str, int] = field(default_factory=dict)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Service"]:
        """The service with its resources open; closes them and the database at the end."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.database.close)
            for resource in self.resources:
                await stack.enter_async_context(resource)
            await stack.enter_async_context(self.verifier)
            yield self


def provided(kind: type[Kind]) -> DependsParameter:
    """A dependency on the object of type ``kind`` that the service provides.

    ``Annotated[Admission, provided(Admission)]``
    """

    async def find(request: Request) -> Kind:
        found: Kind = request.app.state.provided[kind]
        return found

    dependency: DependsParameter = Depends(find)
    return dependency


Db = Annotated[Database, provided(Database)]


def create_api(service: Service) -> Api:
    """The service's HTTP interface, for its own network only: the gateway is what the public sees."""
    app = Api(title=service.name, version="1", docs_url=None, redoc_url=None)
    parts = (service.database, service.verifier, service.permissions, *service.provides)
    app.state.provided = {type(part): part for part in parts}
    problems.install(app)
    for router in service.routers:
        app.router.routes.extend(_included(router, "/api/v1"))
    for router in service.root_routers:
        app.router.routes.extend(_included(router))
    app.include_router(
        health_router(
            {"database": database_check(service.database)}, {"outbox": outbox_check(service.database)}
        )
    )
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES, others=service.body_limits)
    app.add_middleware(Telemetry, service=service.name)
    app.direct = {
        (method, path): Telemetry(BodyLimit(DirectRoute(path, handle), MAX_BODY_BYTES), service.name)
        for (method, path), handle in service.direct.items()
    }
    return app


def _included(router: APIRouter, prefix: str = "") -> Sequence[BaseRoute]:
    """The framework works included routes out anew for every application they are in; once is enough."""
    if id(router) not in _worked_out:
        everything = APIRouter()
        everything.include_router(router, prefix=prefix)
        _worked_out[id(router)] = everything.routes
    return _worked_out[id(router)]


_worked_out: dict[int, Sequence[BaseRoute]] = {}
"""By the identity of the router, which its routes keep alive."""
