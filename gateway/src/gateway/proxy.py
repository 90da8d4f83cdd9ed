"""Passing a request on to the service that its route names, and the answer back."""

import asyncio
from contextlib import AsyncExitStack

from pyreqwest.exceptions import RequestError
from pyreqwest.response import Response

from chassis.logging import get_logger
from gateway import headers
from gateway.exchange import Exchange
from gateway.routes import Route, Service
from gateway.upstreams import SAFE, Answer, Call, Upstreams

log = get_logger(__name__)

SLOW_READER_SECONDS = 60


def call_for(exchange: Exchange, route: Route, forwarded: list[tuple[str, str]], body: bytes | None) -> Call:
    """What the service is asked. An ``Idempotency-Key`` makes every method harmless to repeat."""
    return Call(
        service=route.service,
        method=exchange.method,
        target=exchange.target,
        headers=forwarded,
        body=body,
        timeout=route.timeout,
        repeatable=exchange.method in SAFE or b"idempotency-key" in exchange.noted,
    )


async def pass_on(exchange: Exchange, upstreams: Upstreams, call: Call) -> None:
    """Answers with the service's whole answer."""
    await relay(exchange, await upstreams.ask(call))


async def relay(exchange: Exchange, answer: Answer) -> None:
    """Answers with an answer that is already there."""
    response = answer.response
    body = bytes(await response.bytes())
    returned = headers.returned(response.headers.items(), headers.RESPONSE, answer.process.base)
    if exchange.method == "HEAD":
        _announce(returned, response)
    await exchange.respond(response.status, returned, body)


async def stream(exchange: Exchange, upstreams: Upstreams, call: Call) -> None:
    """Answers piece by piece, as the service does; only the beginning is bound to the call's time."""
    allowed = headers.PORTAL_RESPONSE if call.service is Service.PORTAL else headers.RESPONSE
    async with AsyncExitStack() as stack:
        answer = await upstreams.open(call, stack)
        response = answer.response
        returned = headers.returned(response.headers.items(), allowed, answer.process.base)
        _announce(returned, response)
        await exchange.begin(response.status, returned)
        if await _copy(exchange, response):
            await exchange.end()


async def _copy(exchange: Exchange, response: Response) -> bool:
    """False when either side failed on the way: the answer stays unfinished, and the client sees that."""
    reader = response.body_reader
    try:
        while (chunk := await reader.read_chunk()) is not None:
            async with asyncio.timeout(SLOW_READER_SECONDS):
                await exchange.write(bytes(chunk))
    except (RequestError, TimeoutError) as error:
        log.warning("gateway.stream.broken", error=type(error).__name__)
        return False
    return True


def _announce(returned: list[headers.Header], response: Response) -> None:
    length = response.get_header("content-length")
    if length is not None:
        returned.append((b"content-length", length.encode("ascii")))
