"""The one place where a secret from outside meets what is known: password, code, refresh token.

Whoever adds a way to present a secret goes through ``check_secret``, so that none is left unlimited
(a lesson of Keycloak CVE-2026-9798 and Zitadel CVE-2025-64102).
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import Unavailable
from identity.limits import service as limits
from identity.limits.domain import Count

Found = TypeVar("Found")
Proved = TypeVar("Proved")
Answer = TypeVar("Answer")
Counts = Sequence[Count] | Callable[[AsyncSession], Awaitable[Sequence[Count]]]


async def check_secret(
    db: Database,
    clock: Clock,
    counts: Counts,
    *,
    find: Callable[[AsyncSession], Awaitable[Found]],
    judge: Callable[[Found], Awaitable[Proved]],
    then: Callable[[AsyncSession, Proved], Awaitable[Answer]],
) -> Answer:
    """Counts the try, finds what is known, judges what was given, and acts on it.

    Which counters it takes may have to be looked up: then ``counts`` does that.
    The count and all that ``find`` writes are committed whatever comes out; so ``find`` raises nothing
    for a wrong secret, ``judge`` does. ``judge`` runs outside of any transaction. ``then`` runs in the
    transaction that forgives the count; both transactions lock the counters first. Raises
    ``TooManyRequests`` before anything is looked at.
    """
    async with db.transaction() as session:
        counted = await counts(session) if callable(counts) else counts
        await limits.count_try(session, counted, clock())
        found = await find(session)
    try:
        proved = await judge(found)
    except Unavailable:
        async with db.transaction() as session:
            await limits.take_back(session, counted, clock())
        raise
    async with db.transaction() as session:
        await limits.forgive(session, counted, clock())
        return await then(session, proved)
