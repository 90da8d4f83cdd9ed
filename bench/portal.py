"""The portal alone: pages that come from memory, and pages that are made for one visitor."""

import asyncio
import statistics
import sys
import time
from pathlib import Path

import httpx

from bench import wrk
from bench.report import Measurement
from chassis.keys.text import new_key
from nobat.servers.ports import free_port
from nobat.supervisor import Program, Supervisor

CONNECTIONS = 64
PAGES = 200
MOST_MS = 60


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    shop, portal = free_port(), free_port()
    async with Supervisor([_shop(folder, shop), _portal(folder, shop, portal)]):
        load = wrk.Load(f"http://127.0.0.1:{portal}/", CONNECTIONS)
        await wrk.run([load], 2)
        shared = await wrk.run([load], seconds)
        made = await asyncio.to_thread(_median_ms, f"http://127.0.0.1:{portal}/register")
    return [
        Measurement(
            "the first page from memory, by one process",
            shared.per_second,
            "/s",
            1_500,
            detail=f"99th percentile {shared.p99_ms:.0f} ms at {CONNECTIONS} connections",
        ),
        Measurement(
            "a page with a form, made for one visitor, at the median", made, "ms", MOST_MS, at_most=True
        ),
    ]


def _median_ms(url: str) -> float:
    taken = []
    with httpx.Client(trust_env=False) as client:
        for _ in range(PAGES):
            started = time.perf_counter()
            client.get(url).raise_for_status()
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def _shop(folder: Path, port: int) -> Program:
    argv = (sys.executable, "-m", "bench.shop", str(port))
    return Program("shop", argv, folder / "shop.log", {}, f"http://127.0.0.1:{port}/livez")


def _portal(folder: Path, shop: int, port: int) -> Program:
    env = {
        "GATEWAY_URL": f"http://127.0.0.1:{shop}",
        "PORTAL_KEY": new_key(),
        "SESSION_KEYS": f"k1:{new_key()}",
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    argv = (sys.executable, "-m", "portal")
    return Program("portal", argv, folder / "portal.log", env, f"http://127.0.0.1:{port}/livez")
