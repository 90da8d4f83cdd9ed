"""Which address a request comes from."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from hmac import compare_digest
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

UNKNOWN = "0.0.0.0"  # noqa: S104 stands for "no address" (a Unix socket); nothing binds to it


class ClientAddresses:
    """Believes ``X-Forwarded-For`` only as far as it was written by trusted proxies.

    Read from the right: each trusted proxy appended the address it saw; the first that is not
    trusted is the client. What stands left of it is the client's own invention. The portal, which asks
    for its visitors, is known by ``portal_key`` instead of an address.
    """

    def __init__(self, trusted: Sequence[IPv4Network | IPv6Network], portal_key: str = "") -> None:
        self._trusts_some = bool(trusted)
        self._portal_key = portal_key.encode()

        @lru_cache(maxsize=4096)
        def is_trusted(address: str) -> bool:
            try:
                parsed = ip_address(address)
            except ValueError:
                return False
            return any(parsed in network for network in trusted if network.version == parsed.version)

        self._is_trusted: Callable[[str], bool] = is_trusted

    def of(self, peer: str, forwarded_for: bytes | None, portal_key: bytes | None = None) -> str:
        if portal_key is not None and forwarded_for is not None and self._is_portal(portal_key):
            named = forwarded_for.decode("latin-1")
            return named if _is_address(named) else peer
        if not self._trusts_some or forwarded_for is None or not self._is_trusted(peer):
            return peer
        client = peer
        for part in reversed(forwarded_for.decode("latin-1").split(",")):
            address = part.strip()
            if not _is_address(address):
                break
            client = address
            if not self._is_trusted(address):
                break
        return client

    def _is_portal(self, key: bytes) -> bool:
        return bool(self._portal_key) and compare_digest(key, self._portal_key)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def limited_network(address: str) -> str:
    """What one subscriber is given: an IPv4 address, or the /64 around an IPv6 one."""
    if ":" not in address:
        return address
    parsed = IPv6Address(address.partition("%")[0])
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
