"""Issuing a code, trying one, using one up.

At most ``TRIES`` guesses of a code are ever compared: the try is counted by the statement that reads
the code's MAC; and it counts for all codes of the person together. A code is used once: ``redeem`` is one
statement, in the transaction of what it allows.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound, Problem, TooManyRequests
from chassis.messaging import outbox
from events import Event
from events.identity import CodeIssued, CodePurpose
from identity.challenges.domain import (
    LIFETIME,
    TRIES,
    CodeExpired,
    CodeUsed,
    CodeWrong,
    OneTimeCode,
    TooManyAttempts,
    code_mac,
    new_code,
    unguessable_mac,
)
from identity.challenges.tables import Challenge
from identity.context import Context
from identity.limits import allowance
from identity.limits import service as limits
from identity.limits.domain import CODES_OF_AN_ADDRESS, TRIES_OF_A_PERSON, Count
from identity.vault import Vault
from iran import Mobile


@dataclass(frozen=True)
class Issued:
    """A challenge that exists, and the event that would bring its code to the mobile."""

    challenge_id: UUID
    expires_at: datetime
    event: CodeIssued


async def issue(
    session: AsyncSession,
    context: Context,
    purpose: CodePurpose,
    mobile: Mobile,
    *,
    customer_id: UUID | None,
    genuine: bool,
    person: str | None = None,
    address: str | None = None,
) -> Issued:
    """A new challenge; when it is not ``genuine`` no code fits it, at the same cost.

    ``person`` is the blind index of the national code that was given, ``address`` that of the client who
    asks and has shown no secret yet. Raises ``TooManyRequests`` when the mobile or the address has had
    its share of codes, ``SmsBudgetSpent`` when everybody has.
    """
    now = context.clock()
    challenge_id, code, expires_at = uuid7(), new_code(), now + LIFETIME
    person = person or str(customer_id or challenge_id)
    request = allowance.Request(purpose, context.vault.index_of(mobile), person, address)
    await allowance.spend(session, context.code_rules, request, now, genuine=genuine)
    mac = code_mac(context.vault, purpose, challenge_id, code)
    session.add(
        Challenge(
            id=challenge_id,
            purpose=purpose,
            customer_id=customer_id,
            person=person,
            address=address,
            code_mac=mac if genuine else unguessable_mac(),
            tries=0,
            expires_at=expires_at,
        )
    )
    await session.flush()
    event = _event(context.vault, purpose, challenge_id, expires_at, mobile, code)
    return Issued(challenge_id, expires_at, event)


def _event(
    vault: Vault,
    purpose: CodePurpose,
    challenge_id: UUID,
    expires_at: datetime,
    mobile: Mobile,
    code: OneTimeCode,
) -> CodeIssued:
    delivery = {"mobile": str(mobile), "code": str(code)}
    return CodeIssued(
        version=1,
        challenge_id=challenge_id,
        purpose=purpose,
        expires_at=expires_at,
        delivery=vault.seal_for_event(delivery, f"{CodeIssued.name}.delivery"),
    )


async def deliver(
    session: AsyncSession, event: Event, *, really: bool, expires_at: datetime | None = None
) -> None:
    """Records the event, or does the same work and leaves no trace of it."""
    savepoint = await session.begin_nested()
    await outbox.record(session, event, expires_at=expires_at)
    await (savepoint.commit() if really else savepoint.rollback())


Verdict = Challenge | Problem
"""The challenge whose code was right, or why the code is refused."""


@dataclass(frozen=True)
class Guess:
    """A counted try: the challenge with its MAC, or why no code is compared with it."""

    target: Verdict

    def judge(self, vault: Vault, code: OneTimeCode) -> Verdict:
        if isinstance(self.target, Problem):
            return self.target
        given = code_mac(vault, self.target.purpose, self.target.id, code)
        if hmac.compare_digest(given, self.target.code_mac):
            return self.target
        return CodeWrong(TRIES - self.target.tries)


def accepted(verdict: Verdict) -> Challenge:
    """The challenge that was met; raises the refusal otherwise."""
    if isinstance(verdict, Problem):
        raise verdict
    return verdict


async def guess(session: AsyncSession, challenge_id: UUID, purposes: Collection[str], now: datetime) -> Guess:
    """Counts a try of a live challenge; one of another purpose is not there."""
    of_purpose = Challenge.id == challenge_id, Challenge.purpose.in_(purposes)
    counted = (
        update(Challenge)
        .where(
            *of_purpose,
            Challenge.used_at.is_(None),
            Challenge.expires_at > now,
            Challenge.tries < TRIES,
        )
        .values(tries=Challenge.tries + 1)
        .returning(Challenge)
    )
    challenge = await session.scalar(counted)
    if challenge is None:
        return Guess(_refusal_of(await session.scalar(select(Challenge).where(*of_purpose)), now))
    try:
        await limits.count_try(session, [_tries_of(challenge)], now)
    except TooManyRequests as refusal:
        return Guess(refusal)
    return Guess(challenge)


def _tries_of(challenge: Challenge) -> Count:
    return Count(TRIES_OF_A_PERSON, f"{challenge.purpose}:{challenge.person}")


def _refusal_of(challenge: Challenge | None, now: datetime) -> Problem:
    """Why a challenge takes no more tries."""
    if challenge is None:
        return NotFound()
    if challenge.used_at is not None:
        return CodeUsed()
    return CodeExpired() if challenge.expires_at <= now else TooManyAttempts()


async def redeem(session: AsyncSession, challenge_id: UUID, now: datetime) -> None:
    """Uses the code up; raises ``CodeUsed`` when another request was faster."""
    used = update(Challenge).where(Challenge.id == challenge_id, Challenge.used_at.is_(None))
    challenge = await session.scalar(used.values(used_at=now).returning(Challenge))
    if challenge is None:
        raise CodeUsed
    await limits.forgive(session, [_tries_of(challenge)], now)
    if challenge.address is not None:
        for quota in CODES_OF_AN_ADDRESS:
            await limits.give_back(session, quota, challenge.address, now)


async def void(session: AsyncSession, customer_id: UUID, now: datetime) -> None:
    """No code that was sent to the customer counts any more."""
    unused = update(Challenge).where(
        Challenge.customer_id == customer_id, Challenge.used_at.is_(None), Challenge.method == "sms"
    )
    await session.execute(unused.values(used_at=now))
