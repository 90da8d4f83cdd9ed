"""Which other sites' pages may read answers: an exact list of origins, without cookies.

Source: the Fetch standard, HTTP-CORS protocol.
"""

from collections.abc import Iterable

from gateway.exchange import Exchange
from gateway.headers import Header

ALLOWED: tuple[Header, ...] = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
        b"Last-Event-Id, "
        b"Traceparent, X-Correlation-Id",
    ),
    (b"access-control-max-age", b"600"),
)
EXPOSED: Header = (
    b"access-control-expose-headers",
    b"Content-Disposition, ETag, Link, Location, Retry-After, X-Correlation-Id",
)
VARIES: Header = (b"vary", b"origin")


class Cors:
    """Compares origins as bytes: no patterns, no suffixes, and ``null`` is never one of them."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origin.encode("ascii") for origin in origins if origin != "null")

    def mark(self, exchange: Exchange) -> bool:
        """Lets the page read the answer if its origin is on the list; says whether it is."""
        if not self._origins:
            return False
        exchange.marks.append(VARIES)
        origin = exchange.noted.get(b"origin")
        if origin not in self._origins:
            return False
        assert origin is not None
        exchange.marks.extend(((b"access-control-allow-origin", origin), EXPOSED))
        return True

    async def preflight(self, exchange: Exchange, *, allowed: bool) -> None:
        await exchange.respond(204, list(ALLOWED) if allowed else [], b"")


def is_preflight(exchange: Exchange) -> bool:
    return exchange.method == "OPTIONS" and b"access-control-request-method" in exchange.noted
