"""The public listener: uvicorn with connections that are bounded in size and time."""

import asyncio
import resource
from asyncio import TimerHandle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.server import serve
from gateway.config import Settings

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True)
class Bounds:
    """How large a request's head may be, and how long the head and the whole request may take."""

    head_bytes: int = 32_768
    head_seconds: float = 15
    message_seconds: float = 35


class BoundedProtocol(HttpToolsProtocol):
    """Drops who sends an endless head, or anything too slowly."""

    bounds: ClassVar[Bounds]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = self._in_message = False
        self._head_received = 0
        self._deadline: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        self._expect(self.bounds.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._relax()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._in_head = self._in_message = True
        self._head_received = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._relax()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_message = False
        self._relax()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_message and not self.transport.is_closing():
            self._still_arriving(len(data))

    def _still_arriving(self, size: int) -> None:
        if self._deadline is None:
            self._expect(self.bounds.head_seconds if self._in_head else self.bounds.message_seconds)
        if self._in_head:
            self._head_received += size
            if self._head_received > self.bounds.head_bytes:
                self.transport.write(TOO_LARGE)
                self.transport.close()

    def _expect(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def bounded_by(limits: Bounds) -> type[BoundedProtocol]:
    """The protocol with these bounds, as a class, which is what uvicorn asks for."""

    class Bounded(BoundedProtocol):
        bounds = limits

    return Bounded


def allow_open_files() -> int:
    """Lets the process have as many open files as the system allows it; each listener is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


async def serve_public(
    app: ASGIApp, settings: Settings, stop: asyncio.Event, end_streams: Callable[[], None] = lambda: None
) -> None:
    """Serves until ``stop`` is set, then ends the streams and lets the requests in hand finish."""
    bounds = Bounds(settings.head_bytes, settings.head_seconds, settings.head_seconds + settings.body_seconds)

    async def end_when_told() -> None:
        await stop.wait()
        end_streams()

    ending = asyncio.create_task(end_when_told())
    await serve(app, settings.host, settings.port, stop, protocol=bounded_by(bounds))
    ending.cancel()
