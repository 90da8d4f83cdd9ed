"""The processes behind a name: a scaled service has one name and many addresses.

A client that asks by name keeps to the connections it has, so one replica would get nearly all. Each
address is a process of its own in the service's pool, and takes its turn.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from chassis.logging import get_logger
from gateway.processes import Pool
from gateway.routes import Service

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The IPv4 addresses of a host; raises OSError when it has none."""

HTTP_PORT = 80
log = get_logger(__name__)


async def resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, family=socket.AF_INET, type=socket.SOCK_STREAM
    )
    return sorted({str(address[0]) for *_, address in found})


async def bases_of(url: str, resolve: Resolve) -> list[str]:
    """The addresses behind ``url``. TLS is asked by name, since its certificate has one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or _is_address(host):
        return [url]
    port = parts.port or HTTP_PORT
    return [f"http://{address}:{port}{parts.path}" for address in await resolve(host, port)]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def discover(pool: Pool, urls: Sequence[str], resolve: Resolve) -> None:
    """Gives the pool its present processes; an outage of the name service changes nothing."""
    try:
        found = [base for url in urls for base in await bases_of(url, resolve)]
    except OSError as error:
        log.warning("gateway.discovery.failed", upstream=pool.service, error=type(error).__name__)
        return
    pool.replace(found)


@asynccontextmanager
async def discovering(
    pools: Mapping[Service, Pool],
    urls: Mapping[Service, Sequence[str]],
    seconds: float,
    resolve: Resolve = resolve,
) -> AsyncIterator[None]:
    """Inside, the pools follow their names, looked up every ``seconds``."""

    async def follow() -> None:
        while True:
            for service, pool in pools.items():
                await discover(pool, urls[service], resolve)
            await asyncio.sleep(seconds)

    following = asyncio.create_task(follow())
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
