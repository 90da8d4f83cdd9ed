"""The services as they are composed, with made-up settings: nothing is opened or asked."""

from functools import cache

from chassis.service import Service
from nobat.parts import PARTS
from nobat.secret_store import MAKERS, Secrets
from nobat.topology import SERVICES, Servers, describe


@cache
def services() -> tuple[Service, ...]:
    nowhere = dict.fromkeys(SERVICES, "postgresql+asyncpg://nobody@localhost/nothing")
    made_up = Secrets({name: make() for name, make in MAKERS.items()})
    topology = describe(Servers(nowhere, nowhere), made_up)
    return tuple(
        PARTS[name].build(PARTS[name].settings_of(topology.find(f"{name}.api.1").env)) for name in SERVICES
    )
