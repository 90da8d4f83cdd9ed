"""Small real servers that stand for the services behind the gateway."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.testing.eventually import eventually

Handler = Callable[[Request], Awaitable[Response]]


def free_port() -> int:
    """A port of this machine that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def echo(request: Request) -> Response:
    body = await request.body()
    return JSONResponse({"method": request.method, "path": request.url.path, "body": body.decode()})


@dataclass
class FakeService:
    """An HTTP server that answers with ``handler`` and remembers what it was asked."""

    name: str
    port: int = field(default_factory=free_port)
    handler: Handler = echo
    requests: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self) -> Request:
        return self.requests[-1]

    def answers(self, content: Any, status: int = 200, **headers: str) -> None:
        """From now on every request gets this JSON."""

        async def handler(_: Request) -> Response:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return JSONResponse(content, status, names)

        self.handler = handler

    def sleeps(self, seconds: float) -> None:
        async def handler(_: Request) -> Response:
            await asyncio.sleep(seconds)
            return JSONResponse({})

        self.handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.requests.append(request)
        response = await self.handler(request)
        await response(scope, receive, send)

    def forget(self) -> None:
        """Becomes as new."""
        self.requests.clear()
        self.handler = echo

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeService"]:
        async with listening(self, self.port):
            yield self


async def until_listening(port: int) -> None:
    async def accepts() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    await eventually(accepts, every=0.005)


@asynccontextmanager
async def listening(app: ASGIApp, port: int) -> AsyncIterator[None]:
    """Serves ``app`` in this event loop."""
    config = uvicorn.Config(
        app, port=port, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # noqa: SLF001 serve() would take the test's signals
    await until_listening(port)
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving


SERVICES = ("identity", "sales", "payment", "notify")


@dataclass
class Services:
    """One running process of each service."""

    identity: FakeService
    sales: FakeService
    payment: FakeService
    notify: FakeService

    @property
    def urls(self) -> dict[str, str]:
        """As the gateway's settings name them."""
        return {f"{service.name}_urls": service.url for service in vars(self).values()}

    def forget(self) -> None:
        for service in vars(self).values():
            service.forget()

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator["Services"]:
        async with AsyncExitStack() as stack:
            running = {
                name: await stack.enter_async_context(FakeService(name).running()) for name in SERVICES
            }
            yield cls(**running)
