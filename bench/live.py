"""Live streams: what a listener costs the gateway in memory, how many there can be, how soon all hear."""

import asyncio
import resource
import sys
import time
from functools import partial
from pathlib import Path

import httpx
import psutil
from uuid_utils.compat import uuid7

from bench.launch import published_keys
from bench.proxy import gateway_before
from bench.report import Measurement
from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys
from nobat.servers.ports import free_port
from nobat.supervisor import Program, Supervisor

LISTENERS = 15_000
SPARE_FILES = 500
AT_ONCE = 100
KILOBYTE = 1000


class Ear(asyncio.Protocol):
    """A client that counts the events it hears."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.events = 0
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.events += data.count(b"event: order")

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True


async def measure(folder: Path, _: int, __: int) -> list[Measurement]:
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    count = min(LISTENERS, most_files - SPARE_FILES)
    with published_keys(folder) as (keys, jwks_url):
        sales, public, internal = free_port(), free_port(), free_port()
        programs = [_sales(folder, sales), gateway_before(folder, jwks_url, sales, public, internal)]
        async with Supervisor(programs) as running:
            process = psutil.Process(running.pid("gateway"))
            await _listen(public, keys, AT_ONCE)
            before = process.memory_info().rss
            ears = await _listen(public, keys, count)
            each = (process.memory_info().rss - before) / count
            idle = await _share_of_a_core(process)
            heard = await _until_heard(sales, ears)
            after = (process.memory_info().rss - before) / count
    return [
        Measurement(
            f"memory of the gateway per listener, of {count:,}",
            each / KILOBYTE,
            "kB",
            20,
            at_most=True,
            detail=f"{after / KILOBYTE:.1f} kB after all were told of a change",
        ),
        Measurement(
            "the share of a core that they cost while nothing happens",
            idle * 100,
            "%",
            detail="one question about all of them a second, a heartbeat for each every 20 s",
        ),
        Measurement("until all of them have heard of a change of theirs", heard, "s"),
        Measurement(
            "the most listeners of one process here",
            most_files - SPARE_FILES,
            "",
            detail="its limit of open files, one for each; 50,000 where that allows it",
        ),
    ]


async def _listen(port: int, keys: TestKeys, count: int) -> list[Ear]:
    """Opens so many streams, each of somebody else; returns when all have heard their first event."""
    ears: list[Ear] = []
    loop = asyncio.get_running_loop()
    for start in range(0, count, AT_ONCE):
        fresh = [Ear(_request(keys)) for _ in range(min(AT_ONCE, count - start))]
        await asyncio.gather(
            *(loop.create_connection(partial(_same, ear), "127.0.0.1", port) for ear in fresh)
        )
        await _hear(fresh, 1)
        ears += fresh
    return ears


def _same(ear: Ear) -> Ear:
    return ear


def _request(keys: TestKeys) -> bytes:
    person = uuid7()
    return (
        f"GET /api/v1/orders/{person}/events HTTP/1.1\r\nhost: nobat\r\naccept: text/event-stream\r\n"
        f"user-agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Safari/537.36\r\n"
        f"accept-language: fa\r\nauthorization: Bearer {keys.token(person, lifetime=7200)}\r\n\r\n"
    ).encode()


async def _hear(ears: list[Ear], events: int) -> None:
    async def all_have() -> bool:
        return all(ear.events >= events for ear in ears)

    await eventually(all_have, within=60, every=0.02)


async def _share_of_a_core(process: psutil.Process) -> float:
    used, seconds = sum(process.cpu_times()[:2]), 5
    await asyncio.sleep(seconds)
    return float(sum(process.cpu_times()[:2]) - used) / seconds


async def _until_heard(port: int, ears: list[Ear]) -> float:
    async with httpx.AsyncClient() as client:
        await client.post(f"http://127.0.0.1:{port}/change")
    started = time.perf_counter()
    await _hear(ears, 2)
    assert not any(ear.lost for ear in ears)
    return time.perf_counter() - started


def _sales(folder: Path, port: int) -> Program:
    argv = (sys.executable, "-m", "bench.live_sales", str(port))
    return Program("sales", argv, folder / "sales.log", {}, f"http://127.0.0.1:{port}/livez")
