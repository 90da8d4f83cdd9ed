"""Who calls, as far as the network knows."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Header, Request

DEVICE_LENGTH = 200
IPV6_SITE_BITS = 64
SHOWN_BITS = {4: 24, 6: 48}
"""How much of an address people are shown, and is kept: their own town's, not their own line's."""


async def client_network(
    request: Request, address: Annotated[str | None, Header(alias="X-Client-Address")] = None
) -> str:
    """The client's IPv4 address or IPv6 /64, as limits count it.

    The gateway sets ``X-Client-Address`` and removes what a client sent under that name; only the
    gateway can reach this service.
    """
    peer = request.client.host if request.client else ""
    return network_of(address or peer) or network_of(peer) or "unknown"


def network_of(address: str) -> str | None:
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return None
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), IPV6_SITE_BITS), strict=False))


async def device(agent: Annotated[str | None, Header(alias="User-Agent")] = None) -> str | None:
    return agent[:DEVICE_LENGTH] if agent else None


ClientNetwork = Annotated[str, Depends(client_network)]
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
