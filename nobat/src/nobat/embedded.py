"""The whole system in one process: the services, the gateway, the portal and the simulators."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from chassis.messaging import connect
from chassis.server import serve
from chassis.service import Service, create_api
from chassis.worker import run_worker
from gateway.app import Gateway
from gateway.app import opened as opened_gateway
from gateway.config import Settings as GatewaySettings
from gateway.health import internal_app
from gateway.serving import serve_public
from nobat.parts import PARTS, as_fields
from nobat.readiness import wait_until_ready
from nobat.servers.ports import LOOPBACK
from nobat.topology import SERVICES, Process, Topology
from portal.app import opened as opened_portal
from portal.config import Settings as PortalSettings
from simulators.app import create_app as create_simulators
from simulators.settings import Settings as SimulatorsSettings

POOL_SIZE = 4
"""Connections of a service's API and worker together."""
RELAY_IDLE = 2.0
"""Seconds: what is recorded here is relayed at once; commands of other processes record seldom."""
OTHERS = ("gateway", "portal", "simulators")


@dataclass(frozen=True)
class _Running:
    service: Service
    process: Process


async def run(topology: Topology, stop: asyncio.Event, when_ready: Callable[[], None]) -> None:
    """Serves until ``stop`` is set; the gateway ends first, so that what it let in is answered.

    The services share one way to the broker. ``when_ready`` is called when everything answers.
    """
    ended = asyncio.Event()
    async with AsyncExitStack() as stack:
        transport = connect(topology.find("sales.api.1").env["AMQP_URL"])
        stack.push_async_callback(transport.close)
        parts = [await stack.enter_async_context(_opened(topology, name)) for name in SERVICES]
        settings = GatewaySettings(**as_fields(topology.find("gateway").env))
        gateway = await stack.enter_async_context(opened_gateway(settings))
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(run_worker(part.service, transport, ended, idle=RELAY_IDLE))
                group.create_task(serve(create_api(part.service), LOOPBACK, part.process.port, ended))
            group.create_task(_simulators(topology.find("simulators"), ended))
            group.create_task(_portal(topology.find("portal"), ended))
            group.create_task(_gateway(gateway, settings, stop, ended))
            serving = [*(part.process for part in parts), *map(topology.find, OTHERS)]
            starting = group.create_task(_report(serving, when_ready))
            await stop.wait()
            starting.cancel()


async def _report(serving: Iterable[Process], when_ready: Callable[[], None]) -> None:
    await wait_until_ready(serving)
    when_ready()


@asynccontextmanager
async def _opened(topology: Topology, name: str) -> AsyncIterator[_Running]:
    process = topology.find(f"{name}.api.1")
    settings = PARTS[name].settings_of({"POOL_SIZE": str(POOL_SIZE), **process.env})
    async with PARTS[name].build(settings).opened() as service:
        yield _Running(service, process)


async def _simulators(process: Process, ended: asyncio.Event) -> None:
    settings = SimulatorsSettings(**as_fields(process.env, "simulators_"))
    await serve(create_simulators(settings), LOOPBACK, process.port, ended)


async def _portal(process: Process, ended: asyncio.Event) -> None:
    settings = PortalSettings(**as_fields(process.env))
    async with opened_portal(settings) as app:
        await serve(app, LOOPBACK, process.port, ended)


async def _gateway(
    gateway: Gateway, settings: GatewaySettings, stop: asyncio.Event, ended: asyncio.Event
) -> None:
    async def public() -> None:
        try:
            await serve_public(gateway, settings, stop)
        finally:
            ended.set()

    internal = internal_app(gateway.upstreams, stop.is_set)
    await asyncio.gather(public(), serve(internal, settings.internal_host, settings.internal_port, ended))
