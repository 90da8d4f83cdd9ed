"""All services, the portal and the gateway in one process, each reachable by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import jwt
import pytest
from sqlalchemy import text

from chassis.database import migrate
from chassis.server import serve
from chassis.service import Service, create_api
from chassis.testing.tokens import TestKeys
from gateway.app import opened as opened_gateway
from gateway.config import Settings as GatewaySettings
from gateway.serving import serve_public
from gateway.testing import until_listening
from identity.context import Context
from identity.testing import Api, Phones, registered
from nobat.parts import PARTS, as_fields
from nobat.secret_store import open_secrets
from nobat.servers.ports import LOOPBACK
from nobat.testing.operations import whole_document
from nobat.topology import SERVICES, Servers, Topology, describe
from portal.app import opened as opened_portal
from portal.config import Settings as PortalSettings

Json = dict[str, Any]
LAX = {"ADDRESS_ATTEMPTS": "1000000", "HASH_MEMORY_KIB": "1024"}
"""Many tries from one address, at little cost each."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all of them, so that the services are started once."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("attacks"))


@dataclass(frozen=True)
class City:
    """``doors`` are clients by who listens: each service by its name, and ``gateway``.

    ``keys`` are those that identity signs with; ``document`` is the merged one.
    """

    services: dict[str, Service]
    doors: dict[str, httpx.AsyncClient]
    keys: TestKeys
    phones: Phones
    document: Json

    async def inhabitant(self, *roles: str) -> dict[str, str]:
        """The header of somebody with an account, a live session and these roles."""
        person = await registered(Api(self.doors["identity"]), self.phones)
        claims = jwt.decode(person.tokens["access_token"], options={"verify_signature": False})
        async with self.services["identity"].database.transaction() as session:
            await session.execute(
                text("UPDATE customers SET roles = :roles WHERE id = :id"),
                {"roles": [*roles], "id": UUID(person.customer_id)},
            )
        token = self.keys.token(UUID(person.customer_id), roles, session=UUID(claims["sid"]))
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
async def city(
    make_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[City]:
    databases = {name: make_database(f"attacks_{name}") for name in SERVICES}
    for name, url in databases.items():
        await migrate(url, PARTS[name].migrations)
    secrets = open_secrets(tmp_path_factory.mktemp("attacks"))
    topology = describe(Servers(databases, dict.fromkeys(SERVICES, "")), secrets)
    async with AsyncExitStack() as stack:
        services = {name: await stack.enter_async_context(_service(name, topology)) for name in SERVICES}
        await stack.enter_async_context(_portal(topology))
        await stack.enter_async_context(_gateway(topology))
        urls = {name: topology.find(f"{name}.api.1").url for name in SERVICES}
        doors = {
            name: await stack.enter_async_context(
                httpx.AsyncClient(base_url=url, timeout=30, trust_env=False)
            )
            for name, url in (urls | {"gateway": topology.gateway_url}).items()
        }
        document = await whole_document(doors["gateway"])
        phones = Phones(services["identity"].database, secrets["EVENT_KEYS"])
        yield City(services, doors, await _keys_of(services["identity"]), phones, document)


@asynccontextmanager
async def _service(name: str, topology: Topology) -> AsyncIterator[Service]:
    process, stop = topology.find(f"{name}.api.1"), asyncio.Event()
    settings = PARTS[name].settings_of({**process.env, **LAX})
    async with PARTS[name].build(settings).opened() as service:
        serving = asyncio.create_task(serve(create_api(service), LOOPBACK, process.port, stop))
        await until_listening(process.port)
        yield service
        stop.set()
        await serving


@asynccontextmanager
async def _portal(topology: Topology) -> AsyncIterator[None]:
    process, stop = topology.find("portal"), asyncio.Event()
    async with opened_portal(PortalSettings(**as_fields(process.env))) as app:
        serving = asyncio.create_task(serve(app, LOOPBACK, process.port, stop))
        await until_listening(process.port)
        yield
        stop.set()
        await serving


@asynccontextmanager
async def _gateway(topology: Topology) -> AsyncIterator[None]:
    stop = asyncio.Event()
    settings = GatewaySettings(**{**as_fields(topology.find("gateway").env), "limit_factor": 0})
    async with opened_gateway(settings) as gateway:
        serving = asyncio.create_task(serve_public(gateway, settings, stop))
        await until_listening(settings.port)
        yield
        stop.set()
        await serving


async def _keys_of(identity: Service) -> TestKeys:
    """Signs as identity does now."""
    context = next(part for part in identity.provides if isinstance(part, Context))
    signing = await context.signer.keys.signing()
    keys = TestKeys()
    keys.private_key, keys.key_id = signing.private, signing.key_id
    return keys
