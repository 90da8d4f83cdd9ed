"""Whether one more code may be sent.

The quotas are used up in this order everywhere, so that no two requests deadlock; a refusal undoes all of
them with the transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import TooManyRequests
from chassis.quotas import Quota
from events.identity import CodePurpose
from identity.limits import service
from identity.limits.domain import ONE_AT_A_TIME, CodeRules, SmsBudgetSpent
from identity.limits.metrics import CODES

EVERYBODY = "everybody"
ASKED_AGAIN: frozenset[CodePurpose] = frozenset({"login", "password_reset", "mobile_change"})
"""Purposes of which every request is a resend. A registration keeps its own time between its codes, and
whoever gets to a second factor has shown a password."""


@dataclass(frozen=True)
class Request:
    """A code that is asked for: ``mobile``, ``person`` and ``address`` are blind indexes."""

    purpose: CodePurpose
    mobile: str
    person: str
    address: str | None


async def spend(
    session: AsyncSession, rules: CodeRules, request: Request, now: datetime, *, genuine: bool
) -> None:
    """Raises ``TooManyRequests`` or ``SmsBudgetSpent``.

    The budget is for SMS that are sent: what is not ``genuine`` must fit in and takes nothing of it.
    """
    if request.purpose in ASKED_AGAIN:
        key = f"{request.purpose}:{request.mobile}:{request.person}"
        await _spend(session, ONE_AT_A_TIME, key, request, now)
    for quota in rules.of_mobile:
        await _spend(session, quota, request.mobile, request, now)
    if request.address is not None:
        for quota in rules.of_address:
            await _spend(session, quota, request.address, request, now)
    savepoint = await session.begin_nested()
    for quota in rules.budget:
        await _spend_budget(session, quota, request, now)
    await (savepoint.commit() if genuine else savepoint.rollback())
    CODES.labels(request.purpose, "issued").inc()


async def _spend(session: AsyncSession, quota: Quota, key: str, request: Request, now: datetime) -> None:
    if not await service.spend(session, quota, key, now):
        CODES.labels(request.purpose, quota.name).inc()
        raise TooManyRequests(await service.renewal(session, quota, key, now))


async def _spend_budget(session: AsyncSession, quota: Quota, request: Request, now: datetime) -> None:
    if not await service.spend(session, quota, EVERYBODY, now):
        CODES.labels(request.purpose, quota.name).inc()
        raise SmsBudgetSpent(await service.renewal(session, quota, EVERYBODY, now))
