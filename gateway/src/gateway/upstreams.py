"""Asking a service: another process when one does not answer, never twice what must happen once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import BuilderError, RequestError
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response

from chassis.errors import Problem, Unavailable
from chassis.http import IDLE_SECONDS, never_left
from gateway.headers import UnacceptableHeader
from gateway.processes import Failure, Pool, Process
from gateway.routes import Service

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CONNECT_SECONDS = 2
STALLED_SECONDS = 60


def failure_of(error: RequestError | TimeoutError) -> Failure:
    if never_left(error):
        return Failure.UNREACHABLE if isinstance(error, TimeoutError) else Failure.REFUSED
    return Failure.TIMED_OUT if isinstance(error, TimeoutError) else Failure.LOST


class GatewayTimeout(Problem):
    status = 504
    code = "timed_out"
    fa = "پاسخ به‌موقع نرسید؛ پیش از تکرار ببینید که کار انجام شده است یا نه."
    en = "The answer did not come in time; see whether it was done before you repeat it."


class OutcomeUnknown(Problem):
    status = 502
    code = "outcome_unknown"
    fa = "ارتباط در میان کار قطع شد؛ پیش از تکرار ببینید که کار انجام شده است یا نه."
    en = "The connection was lost on the way; see whether it was done before you repeat it."


@dataclass(slots=True)
class Call:
    """One request to a service; ``target`` is path and query, percent-encoded.

    ``repeatable`` says that sending it twice does no harm.
    """

    service: Service
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes | None
    timeout: timedelta
    repeatable: bool


@dataclass(slots=True)
class Answer:
    """The response and the process that gave it."""

    response: Response
    process: Process


Start = Callable[[RequestBuilder], Awaitable[Response]]


def new_client() -> Client:
    """A client that passes everything on as it is: no redirects, no decompression, no cookies."""
    return (
        ClientBuilder()
        .connect_timeout(timedelta(seconds=CONNECT_SECONDS))
        .pool_idle_timeout(timedelta(seconds=IDLE_SECONDS))
        .read_timeout(timedelta(seconds=STALLED_SECONDS))
        .follow_redirects(False)
        .referer(False)
        .http1_only()
        .no_proxy()
        .gzip(False)
        .brotli(False)
        .zstd(False)
        .deflate(False)
        .build()
    )


class Upstreams:
    """The services behind the gateway."""

    def __init__(self, client: Client, pools: Mapping[Service, Pool], *, max_in_flight: int = 2_000) -> None:
        self.pools = pools
        self._client = client
        self._max_in_flight = max_in_flight

    async def ask(self, call: Call) -> Answer:
        """The whole answer. Raises ``Unavailable``, ``GatewayTimeout`` or ``OutcomeUnknown``."""
        return await self._attempt(call, lambda builder: builder.timeout(call.timeout).build().send())

    async def open(self, call: Call, stack: AsyncExitStack) -> Answer:
        """The answer with its body still to be read, open as long as ``stack``; raises as ``ask`` does.

        The call's time-out is for the beginning of the answer.
        """

        async def start(builder: RequestBuilder) -> Response:
            async with asyncio.timeout(call.timeout.total_seconds()):
                return await stack.enter_async_context(builder.streamed_read_buffer_limit(0).build_streamed())

        return await self._attempt(call, start)

    async def _attempt(self, call: Call, start: Start) -> Answer:
        pool = self.pools[call.service]
        if pool.in_flight >= self._max_in_flight:
            raise Unavailable
        pool.in_flight += 1
        try:
            for process in pool.candidates():
                response = await self._try(call, start, pool, process)
                if response is not None:
                    return Answer(response, process)
        finally:
            pool.in_flight -= 1
        raise Unavailable

    async def _try(self, call: Call, start: Start, pool: Pool, process: Process) -> Response | None:
        """The response, or None when another process may be asked instead."""
        try:
            response = await start(self._builder(call, process.base))
        except (RequestError, TimeoutError) as error:
            failure = failure_of(error)
            pool.failed(process, failure)
            if failure is Failure.TIMED_OUT:
                raise GatewayTimeout from None
            if failure is Failure.LOST and not call.repeatable:
                raise OutcomeUnknown from None
            return None
        pool.succeeded(process)
        return response

    def _builder(self, call: Call, base: str) -> RequestBuilder:
        try:
            builder = self._client.request(call.method, base + call.target).headers(call.headers)
        except (BuilderError, ValueError):
            raise UnacceptableHeader from None
        return builder if call.body is None else builder.body_bytes(call.body)
