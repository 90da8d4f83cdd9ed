"""Where a request comes from, as limits count it and the audit trail says it."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Header, Request

IPV6_SITE_BITS = 64


async def client_network(
    request: Request, address: Annotated[str | None, Header(alias="X-Client-Address")] = None
) -> str:
    """The client's IPv4 address or IPv6 /64, as limits count it.

    The gateway sets ``X-Client-Address`` and removes what a client sent under that name; only the
    gateway can reach a service.
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


ClientNetwork = Annotated[str, Depends(client_network)]
