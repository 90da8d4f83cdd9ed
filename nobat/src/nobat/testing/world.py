"""A system of separate processes to do bad things to, and the people who buy in it meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx

from chassis.database import Database
from chassis.testing.eventually import eventually
from nobat.cluster import Cluster
from nobat.seed.dealerships import records
from nobat.servers.runtime import throwaway_folder
from nobat.testing.buyer import Buyer, Member
from nobat.testing.comparison import differences
from nobat.testing.crowd import enrol
from nobat.testing.facts import Facts, read_facts, unsent
from nobat.testing.persistence import Persistent
from nobat.testing.person import Person
from nobat.testing.publication import publish_plan
from nobat.testing.told import ClientLedger
from nobat.testing.visitor import API, Json
from nobat.topology import Shape
from sales.dealerships.service import register

PATIENCE = 120.0
ANSWER_SECONDS = 40.0
DRAIN_SECONDS = 30.0
SETTLE_SECONDS = 180.0
UNDURABLE = {"fsync": "off", "full_page_writes": "off"}
"""Commits survive a crash of the server, which is all that is done to it; the machine stays up."""


class World:
    """``cluster`` runs; ``simulators`` are the bank and the telephones."""

    def __init__(self, cluster: Cluster, simulators: httpx.AsyncClient, folder: Path) -> None:
        self.cluster = cluster
        self.simulators = simulators
        self.dealership_id = ""
        self.folder = folder
        self._sales = Database(cluster.servers.databases["sales"], pool_size=1)

    def ledger(self) -> ClientLedger:
        return ClientLedger(self.folder / f"told-{uuid4()}.jsonl")

    async def open(self) -> None:
        async with self._sales.transaction() as session:
            await register(session, list(records()))

        async def found() -> list[Json]:
            url = self.cluster.url("sales.api.1") + f"{API}/dealerships"
            answer = await self.simulators.get(url, params={"province": Person.number(0).province.value})
            items: list[Json] = answer.raise_for_status().json()["items"]
            return items

        self.dealership_id = (await eventually(found))[0]["dealership_id"]

    async def close(self) -> None:
        await self._sales.close()

    async def members(self, count: int) -> list[Member]:
        return await enrol(self.cluster.servers, self.cluster.topology, count)

    async def plan(self, capacity: int) -> Json:
        """An open plan with one car that so many can buy, once every sales process knows it."""
        apis = [self.cluster.url(name) for name in self.cluster.names if name.startswith("sales.api")]
        return await publish_plan(self._sales, apis, self.simulators, capacity)

    @asynccontextmanager
    async def buyers(
        self, members: Sequence[Member], ledger: ClientLedger, *, persistent: bool = True
    ) -> AsyncIterator[list[Buyer]]:
        """At the gateway; those who are not persistent take the first answer."""
        transport = Persistent(PATIENCE) if persistent else None
        async with httpx.AsyncClient(
            transport=transport,
            base_url=self.cluster.gateway_url,
            timeout=ANSWER_SECONDS,
            limits=httpx.Limits(max_connections=None),
            trust_env=False,
        ) as api:
            yield [Buyer(api, self.simulators, member, ledger, PATIENCE) for member in members]

    async def facts(self, *shown: Json) -> Facts:
        ids = [str(plan["plan_id"]) for plan in shown]
        return await read_facts(self.cluster.servers, self.cluster.topology, ids, self.simulators)

    async def until_drained(self) -> None:
        """Everything that happened is told to the broker within the promised time."""
        await eventually(self._unsent, lambda count: count == 0, within=DRAIN_SECONDS, every=0.5)

    async def until_kept(self, ledger: ClientLedger, *shown: Json) -> Facts:
        """The facts, once they are what the clients were told; fails with the differences."""

        async def look() -> tuple[list[str], Facts]:
            facts = await self.facts(*shown)
            return differences(ledger, facts), facts

        _, facts = await eventually(look, lambda found: not found[0], within=SETTLE_SECONDS, every=1)
        return facts

    async def until_ready(self) -> None:
        await asyncio.gather(*map(self.cluster.supervisor.wait_until_ready, self.cluster.names))

    async def _unsent(self) -> int:
        return await unsent(self.cluster.servers)


@asynccontextmanager
async def new_world(shape: Shape) -> AsyncIterator[World]:
    """A fresh system with PostgreSQL and RabbitMQ of its own, removed at the end."""
    with throwaway_folder() as folder:
        async with (
            Cluster(folder, shape, broker="rabbitmq", demo=False, postgres_settings=UNDURABLE) as cluster,
            httpx.AsyncClient(
                base_url=cluster.simulators_url,
                timeout=ANSWER_SECONDS,
                limits=httpx.Limits(max_connections=None),
                trust_env=False,
            ) as simulators,
        ):
            world = World(cluster, simulators, folder)
            await world.open()
            try:
                yield world
            finally:
                await world.close()
