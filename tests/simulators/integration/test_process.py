"""`python -m simulators` as its own process, over real sockets."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from httpx import AsyncClient

MERCHANT = "1" * 36
Until = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def lives(client: AsyncClient, process: Process) -> bool:
    assert process.returncode is None
    try:
        return (await client.get("/livez")).status_code == 200
    except httpx.ConnectError:
        return False


@pytest.fixture(scope="module")
async def server(until: Until) -> AsyncIterator[AsyncClient]:
    port = free_port()
    env = os.environ | {"SIMULATORS_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "simulators", env=env)
    try:
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            await until(lambda: lives(client, process))
            yield client
    finally:
        process.terminate()
        await process.wait()


async def request_payment(server: AsyncClient, callback_url: str) -> str:
    body = {"merchant_id": MERCHANT, "amount": 50_000, "description": "x", "callback_url": callback_url}
    answer = await server.post("/pg/v4/payment/request.json", json=body)
    authority: str = answer.json()["data"]["authority"]
    return authority


async def arm(server: AsyncClient, authority: str, kind: str) -> None:
    await server.put(f"/bank/faults/payments/{authority}", json=[{"kind": kind}])


async def is_verified(server: AsyncClient, authority: str) -> bool:
    rows = (await server.get("/bank/books")).json()["payments"]
    return [row["state"] for row in rows if row["reference"] == authority] == ["verified"]


async def test_a_client_that_gives_up_finds_its_payment_verified(server: AsyncClient, until: Until) -> None:
    authority = await request_payment(server, "http://127.0.0.1:1/")
    await server.post(f"/pg/StartPay/{authority}", data={"outcome": "paid"})
    await arm(server, authority, "hang_done")
    body = {"merchant_id": MERCHANT, "amount": 50_000, "authority": authority}
    hanging = asyncio.create_task(server.post("/pg/v4/payment/verify.json", json=body))
    await until(lambda: is_verified(server, authority))
    assert not hanging.done()
    hanging.cancel()
    again = await server.post("/pg/v4/payment/verify.json", json=body)
    assert again.json()["data"]["code"] == 101


async def test_a_duplicate_callback_arrives_over_http(server: AsyncClient) -> None:
    arrived: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def shop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request_line = await reader.readline()
        writer.write(b"HTTP/1.1 303 See Other\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        arrived.set_result(request_line.decode())

    async with await asyncio.start_server(shop, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        authority = await request_payment(server, f"http://127.0.0.1:{port}/callback")
        await arm(server, authority, "duplicate_callback")
        answer = await server.post(f"/pg/StartPay/{authority}", data={"outcome": "paid"})
        line = await asyncio.wait_for(arrived, 30)
    assert answer.status_code == 303
    assert line == f"GET /callback?Authority={authority}&Status=OK HTTP/1.1\r\n"


async def test_a_shop_that_is_down_does_not_hurt_the_bank(server: AsyncClient) -> None:
    authority = await request_payment(server, f"http://127.0.0.1:{free_port()}/callback")
    await arm(server, authority, "duplicate_callback")
    assert (await server.post(f"/pg/StartPay/{authority}", data={"outcome": "paid"})).status_code == 303
    assert (await server.get("/livez")).status_code == 200
