"""What has to be true before the processes start: tables, and the demonstration."""

from chassis.clock import system_clock
from chassis.database import migrate
from nobat.parts import PARTS
from nobat.seed.demo import plant
from nobat.topology import SERVICES, Servers, Topology


async def migrate_all(servers: Servers) -> None:
    """One after the other: Alembic keeps its context in variables of the process."""
    for service in SERVICES:
        await migrate(servers.owner_of(service), PARTS[service].migrations)


async def plant_demo(topology: Topology, password: str) -> None:
    """The demonstration, in the databases that the topology's services use."""
    identity, sales = (
        PARTS[service].build(PARTS[service].settings_of(topology.find(f"{service}.api.1").env))
        for service in ("identity", "sales")
    )
    async with identity.opened(), sales.opened():
        await plant(identity, sales, password=password, now=system_clock())
