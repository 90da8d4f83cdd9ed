"""Who calls, as far as the network knows."""

from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated

from fastapi import Depends, Header

from chassis.client_address import ClientNetwork, client_network, network_of

__all__ = ["ClientNetwork", "Device", "Here", "Place", "client_network", "device", "network_of", "place"]

DEVICE_LENGTH = 200
SHOWN_BITS = {4: 24, 6: 48}
"""How much of an address people are shown, and is kept: their own town's, not their own line's."""


async def device(agent: Annotated[str | None, Header(alias="User-Agent")] = None) -> str | None:
    return agent[:DEVICE_LENGTH] if agent else None


Device = Annotated[str | None, Depends(device)]


@dataclass(frozen=True)
class Place:
    """Where a request comes from: ``network`` as limits count it, ``agent`` as it calls itself."""

    network: str
    agent: str | None

    @property
    def shown_network(self) -> str:
        """The network without its last part, such as ``5.160.10.0/24``."""
        try:
            parsed = ip_network(self.network)
        except ValueError:
            return self.network
        return str(parsed.supernet(new_prefix=SHOWN_BITS[parsed.version]))


async def place(network: ClientNetwork, agent: Device) -> Place:
    return Place(network, agent)


Here = Annotated[Place, Depends(place)]
