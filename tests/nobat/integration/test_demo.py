"""Putting the demonstration into a system."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from nobat import databases
from nobat.parts import PARTS
from nobat.preparation import migrate_all, plant_demo
from nobat.secret_store import MAKERS, Secrets
from nobat.seed.demo import plant
from nobat.servers.postgres import Postgres
from nobat.topology import SERVICES, Servers, Topology, describe

SECRETS = Secrets({name: make() for name, make in MAKERS.items()})


@pytest.fixture(scope="module")
async def servers(postgres: Postgres) -> Servers:
    found = await databases.create(postgres.url(), [*SERVICES, databases.BROKER], SECRETS)
    brokers = dict.fromkeys(SERVICES, found.owners[databases.BROKER])
    servers = Servers(found.services, brokers, owners=found.owners)
    await migrate_all(servers)
    return servers


@pytest.fixture(scope="module")
async def topology(servers: Servers) -> Topology:
    topology = describe(servers, SECRETS)
    await plant_demo(topology, SECRETS["DEMO_PASSWORD"])
    return topology


async def rows(servers: Servers, service: str, table: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(servers.databases[service].replace("+asyncpg", ""))
    try:
        found = await connection.fetch(f"TABLE {table}")
        return sorted(found, key=lambda row: str(row["id"]))
    finally:
        await connection.close()


async def test_the_demonstration_has_dealerships_public_plans_and_staff(
    servers: Servers, topology: Topology
) -> None:
    assert len(await rows(servers, "sales", "dealerships")) == 33
    assert {plan["stage"] for plan in await rows(servers, "sales", "plans")} == {"published"}
    staff = await rows(servers, "identity", "customers")
    places = {member["roles"][0]: member["dealership_id"] for member in staff}
    assert {role for role, place in places.items() if place is not None} == {"dealer"}
    assert places["dealer"] in {place["id"] for place in await rows(servers, "sales", "dealerships")}
    assert sorted(member["roles"][0] for member in staff) == [
        "admin",
        "auditor",
        "care",
        "dealer",
        "finance",
        "manager",
        "operator",
    ]


def test_it_can_be_planted_by_a_command_of_its_own(servers: Servers, topology: Topology) -> None:
    told = {
        **topology.find("identity.api.1").env,
        "SALES_DATABASE_URL": servers.databases["sales"],
        "SALES_DATA_KEYS": SECRETS["SALES_DATA_KEYS"],
        "DEMO_PASSWORD": SECRETS["DEMO_PASSWORD"],
    }
    argv = [sys.executable, "-m", "nobat.seed"]
    done = subprocess.run(argv, env=os.environ | told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_planting_it_again_changes_nothing(servers: Servers, topology: Topology) -> None:
    tables = [("sales", "dealerships"), ("sales", "plans"), ("sales", "offerings"), ("identity", "customers")]
    before = [await rows(servers, *table) for table in tables]
    identity, sales = (
        PARTS[name].build(PARTS[name].settings_of(topology.find(f"{name}.api.1").env))
        for name in ("identity", "sales")
    )

    async with identity.opened(), sales.opened():
        await plant(identity, sales, password="another-one", now=datetime.now(UTC) + timedelta(days=3))

    assert [await rows(servers, *table) for table in tables] == before
