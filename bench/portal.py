"""The portal alone: pages that come from memory, pages that are made for one visitor, and what they weigh."""

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from bench import wrk
from bench.report import Measurement
from bench.shop import PLAN
from chassis.keys.text import new_key
from nobat.servers.ports import free_port
from nobat.supervisor import Program, Supervisor

CONNECTIONS = 64
REQUESTS = 100
MOST_MS = 60
MOST_BYTES = 60_000
SHARED = {"the first page": "/", "a plan's page": f"/plans/{PLAN}"}
MADE: dict[str, tuple[str, Sequence[str]]] = {
    "the first page": ("/", ("/plans", "/announcements", "/office-hours")),
    "the list of plans": ("/plans", ("/plans",)),
    "a plan's page": (f"/plans/{PLAN}", (f"/plans/{PLAN}",)),
    "the form of a registration": ("/register", ()),
    "the login": ("/login", ()),
    "the tracking": ("/tracking", ()),
}
"""The address of each page, and what it asks the gateway for."""
ONES_OWN = {"cookie": "__Host-notice=none"}
"""No page for who sends this comes from memory."""
ASSET = re.compile(r"/assets/[\w.-]+")


async def measure(folder: Path, seconds: int, _: int) -> list[Measurement]:
    shop, portal = free_port(), free_port()
    url, gateway = f"http://127.0.0.1:{portal}", f"http://127.0.0.1:{shop}/api/v1"
    async with Supervisor([_shop(folder, shop), _portal(folder, shop, portal)]):
        smallest = await _per_second(f"http://127.0.0.1:{shop}/livez", seconds)
        found = [await _from_memory(url, name, seconds, smallest) for name in SHARED]
        found += [await asyncio.to_thread(_made, url, gateway, name) for name in MADE]
        found.append(await asyncio.to_thread(_weight, url))
    return found


async def _from_memory(url: str, name: str, seconds: int, smallest: float) -> Measurement:
    rate = await _per_second(url + SHARED[name], seconds)
    detail = (
        f"{rate / smallest:.2f} of what the framework answers of its smallest, at {CONNECTIONS} connections"
    )
    return Measurement(f"{name} from memory, by one process", rate, "/s", 1_500, detail=detail)


async def _per_second(url: str, seconds: int) -> float:
    load = wrk.Load(url, CONNECTIONS)
    await wrk.run([load], 1)
    answered = await wrk.run([load], seconds)
    if answered.refused:
        raise SystemExit(f"{answered.refused} requests for {url} were not answered with 200")
    return answered.per_second


def _made(url: str, gateway: str, name: str) -> Measurement:
    path, asked = MADE[name]
    with httpx.Client(trust_env=False, headers=ONES_OWN) as client:
        whole = _median_ms(client, url + path)
        waited = sum(_median_ms(client, gateway + one) for one in asked)
    what = f"{name}, made for one visitor, at the median beyond the gateway's time"
    detail = f"{whole:.1f} ms with it"
    return Measurement(what, max(whole - waited, 0), "ms", MOST_MS, at_most=True, detail=detail)


def _median_ms(client: httpx.Client, url: str) -> float:
    taken = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        client.get(url).raise_for_status()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def _weight(url: str) -> Measurement:
    """Of the first page with everything it names, for a browser that was never here."""
    with httpx.Client(base_url=url, trust_env=False, headers={"accept-encoding": "gzip"}) as client:
        page = client.get("/")
        sizes = {"the page": page.num_bytes_downloaded}
        names = set(ASSET.findall(page.text))
        while names:
            name = names.pop()
            asset = client.get(name)
            sizes[name.rpartition("/")[2]] = asset.num_bytes_downloaded
            names |= set(ASSET.findall(asset.text)) if name.endswith(".css") else set()
    detail = ", ".join(f"{name} {size:,}" for name, size in sorted(sizes.items()))
    what = "the first page with all it needs, over the wire"
    return Measurement(what, sum(sizes.values()), "B", MOST_BYTES, at_most=True, detail=detail)


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
