"""Asking a service's database whether its audit trail is what was written."""

from collections.abc import Iterable

from chassis.audit.verification import Verdict, verify
from chassis.clock import system_clock
from nobat.keyrings import KeyPlaces
from nobat.refusal import Refusal
from nobat.topology import SERVICES

Head = tuple[int, bytes]


class NoHead(Refusal):
    """A head is not written as ``verify`` prints it."""


async def check(places: KeyPlaces, service: str, known_head: Head | None) -> Verdict:
    """The whole chain, as it was at one moment."""
    async with places.database(service) as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return await verify(session, system_clock(), known_head)


def known_heads(texts: Iterable[str]) -> dict[str, Head]:
    """From ``identity=120:9f2c...``; raises ``NoHead``."""
    return dict(map(_head, texts))


def _head(text: str) -> tuple[str, Head]:
    service, _, head = text.partition("=")
    sequence, _, digest = head.partition(":")
    try:
        known = service, (int(sequence), bytes.fromhex(digest))
    except ValueError:
        raise NoHead(f"{text} is not like identity=120:9f2c...") from None
    if service not in SERVICES:
        raise NoHead(f"{service} is no service")
    return known
