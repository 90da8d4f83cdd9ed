"""Bodies that are too large, and clients that are too slow."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from gateway.testing import Services

StartGateway = Callable[..., Awaitable[httpx.AsyncClient]]
ProblemOf = Callable[[httpx.Response], str]

PIECE = b"x" * 100_000


async def pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield PIECE


async def test_an_announced_body_of_10_mb_is_refused(
    gateway: httpx.AsyncClient, services: Services, problem_of: ProblemOf
) -> None:
    answer = await gateway.post("/api/v1/registrations", content=PIECE * 100)
    assert answer.status_code == 413
    assert problem_of(answer) == "body_too_large"
    assert not services.identity.requests


async def test_a_body_of_10_mb_that_was_not_announced_is_refused(
    gateway: httpx.AsyncClient, services: Services, problem_of: ProblemOf
) -> None:
    answer = await gateway.post("/api/v1/registrations", content=pieces(100))
    assert answer.status_code == 413
    assert problem_of(answer) == "body_too_large"
    assert not services.identity.requests


async def test_the_refusal_comes_before_the_body(gateway: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection(gateway.base_url.host, gateway.base_url.port)
    writer.write(b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 1000001\r\n\r\n")
    assert (await reader.readline()).split()[1] == b"413"
    writer.close()


@pytest.mark.parametrize("content", [b"x" * 1_000_000, b"{}"])
async def test_a_body_within_the_limit_arrives_whole(
    gateway: httpx.AsyncClient, services: Services, content: bytes
) -> None:
    answer = await gateway.post("/api/v1/registrations", content=content)
    assert answer.json()["body"] == content.decode()
    assert services.identity.last.headers["content-length"] == str(len(content))


async def test_a_body_in_pieces_arrives_whole(gateway: httpx.AsyncClient) -> None:
    answer = await gateway.post("/api/v1/registrations", content=pieces(10))
    assert answer.json()["body"] == (PIECE * 10).decode()


async def test_a_small_body_after_a_refusal_does_not_confuse_the_connection(
    gateway: httpx.AsyncClient,
) -> None:
    assert (await gateway.post("/api/v1/orders", content=b'{"a": 1}')).status_code == 401
    assert (await gateway.post("/api/v1/sessions", content=b'{"a": 2}')).json()["body"] == '{"a": 2}'


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Content-Length : 5\r\n",
    ],
)
async def test_a_body_of_uncertain_length_is_not_passed_on(
    raw: Callable[[bytes], Awaitable[bytes]], services: Services, framing: bytes
) -> None:
    answer = await raw(
        b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\n" + framing + b"Connection: close\r\n\r\n0\r\n\r\nX"
    )
    assert answer.split(b" ")[1].startswith(b"4")
    assert not services.identity.requests


async def connect(gateway: httpx.AsyncClient) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(gateway.base_url.host, gateway.base_url.port)


async def test_a_body_that_drips_is_given_up(start_gateway: StartGateway, services: Services) -> None:
    reader, writer = await connect(await start_gateway(body_seconds=0.3))
    writer.write(b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
    assert (await reader.readline()).split()[1] == b"408"
    writer.close()
    assert not services.identity.requests


async def test_a_head_that_drips_is_given_up(start_gateway: StartGateway) -> None:
    reader, writer = await connect(await start_gateway(head_seconds=0.3))
    writer.write(b"GET /api/v1/plans HTTP/1.1\r\nHost: a\r\nX-")
    assert await reader.read() == b""
    writer.close()


async def test_a_second_head_that_drips_is_given_up(start_gateway: StartGateway) -> None:
    reader, writer = await connect(await start_gateway(head_seconds=0.3))
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nX-")
    received = await reader.read()
    assert received.count(b"HTTP/1.1 200") == 1
    writer.close()


async def test_a_silent_connection_is_given_up(start_gateway: StartGateway) -> None:
    reader, writer = await connect(await start_gateway(head_seconds=0.3))
    assert await reader.read() == b""
    writer.close()


async def test_the_rest_of_a_refused_body_is_not_read_for_ever(start_gateway: StartGateway) -> None:
    reader, writer = await connect(await start_gateway(head_seconds=0.2, body_seconds=0.2))
    writer.write(b"POST /api/v1/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
    received = await reader.read()
    assert received.split(b" ")[1] == b"401"
    writer.close()


async def test_an_endless_head_is_refused(start_gateway: StartGateway) -> None:
    reader, writer = await connect(await start_gateway(head_bytes=10_000))
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: ")
    writer.write(b"x" * 20_000)
    await writer.drain()
    assert (await reader.readline()).split()[1] == b"431"
    writer.close()


async def test_many_small_headers_that_never_end_are_refused(start_gateway: StartGateway) -> None:
    reader, writer = await connect(await start_gateway(head_bytes=10_000))
    writer.write(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5_000)
    assert (await reader.readline()).split()[1] == b"431"
    writer.close()
