"""Enrolling an authenticator app, judging its codes, using them up.

A time step is used once: the statement that uses it moves ``last_step`` forward. A recovery code is used
once: the statement that uses it marks it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import AuthenticatorChanged
from identity.authenticators.domain import (
    AlreadyEnrolled,
    Change,
    EitherCode,
    RecoveryCode,
    matching_step,
    new_recovery_codes,
)
from identity.authenticators.tables import Authenticator, StoredRecoveryCode
from identity.challenges.domain import CodeUsed
from identity.context import Context
from identity.credentials.hashing import PasswordHashing
from identity.customers.tables import Customer
from identity.sessions import service as sessions

SECRET = "authenticators.secret"
log = get_logger(__name__)


@dataclass(frozen=True)
class Matched:
    """A code that was right: of a time step, or a recovery code."""

    customer_id: UUID
    step: int | None = None
    recovery_id: UUID | None = None


@dataclass(frozen=True)
class Candidate:
    """What a code is compared with."""

    customer_id: UUID
    secret: str | None
    recovery: StoredRecoveryCode | None

    async def match(self, context: Context, code: EitherCode) -> Matched | None:
        """Call it outside of any transaction: a recovery code costs a password's hash."""
        if isinstance(code, RecoveryCode):
            stored = self.recovery.code_hash if self.recovery else None
            right = await context.hashing.matches(stored, code)
            if self.recovery is None or not right:
                return None
            return Matched(self.customer_id, recovery_id=self.recovery.id)
        step = matching_step(self.secret, code, context.clock()) if self.secret else None
        return Matched(self.customer_id, step=step) if step is not None else None


async def candidate(
    session: AsyncSession, context: Context, customer_id: UUID, code: EitherCode, *, confirmed: bool = True
) -> Candidate:
    """For the customer's app, either the one that counts or the one that is yet to be confirmed."""
    which = Authenticator.confirmed_at.is_not(None) if confirmed else Authenticator.confirmed_at.is_(None)
    found = select(Authenticator).where(Authenticator.customer_id == customer_id, which)
    authenticator = await session.scalar(found)
    if authenticator is None:
        return Candidate(customer_id, None, None)
    recovery = await _recovery(session, customer_id, code) if isinstance(code, RecoveryCode) else None
    return Candidate(customer_id, context.vault.open(authenticator.secret, SECRET), recovery)


async def _recovery(
    session: AsyncSession, customer_id: UUID, code: RecoveryCode
) -> StoredRecoveryCode | None:
    found = select(StoredRecoveryCode).where(
        StoredRecoveryCode.customer_id == customer_id,
        StoredRecoveryCode.selector == code.selector,
        StoredRecoveryCode.used_at.is_(None),
    )
    return await session.scalar(found)


async def use(session: AsyncSession, matched: Matched, now: datetime) -> None:
    """Uses the code up; raises ``CodeUsed`` when it has been used, or a later one."""
    if matched.recovery_id is not None:
        await _use_recovery(session, matched.customer_id, matched.recovery_id, now)
        return
    newer = (Authenticator.last_step.is_(None)) | (Authenticator.last_step < matched.step)
    moved = update(Authenticator).where(
        Authenticator.customer_id == matched.customer_id, Authenticator.confirmed_at.is_not(None), newer
    )
    stepped = moved.values(last_step=matched.step).returning(Authenticator.customer_id)
    if (await session.execute(stepped)).first() is None:
        raise CodeUsed


async def _use_recovery(session: AsyncSession, customer_id: UUID, recovery_id: UUID, now: datetime) -> None:
    unused = update(StoredRecoveryCode).where(
        StoredRecoveryCode.id == recovery_id, StoredRecoveryCode.used_at.is_(None)
    )
    used = unused.values(used_at=now).returning(StoredRecoveryCode.id)
    if (await session.execute(used)).first() is None:
        raise CodeUsed
    await _tell(session, customer_id, "recovery_code_used", now)


async def is_enrolled(session: AsyncSession, customer_id: UUID) -> bool:
    found = select(Authenticator.customer_id).where(
        Authenticator.customer_id == customer_id, Authenticator.confirmed_at.is_not(None)
    )
    return await session.scalar(found) is not None


async def begin(session: AsyncSession, context: Context, customer_id: UUID, secret: str) -> None:
    """Keeps the secret of an app that is yet to be confirmed, in place of an earlier such one."""
    if await is_enrolled(session, customer_id):
        raise AlreadyEnrolled
    await session.execute(delete(Authenticator).where(Authenticator.customer_id == customer_id))
    session.add(
        Authenticator(
            customer_id=customer_id,
            secret=context.vault.seal(secret, SECRET),
            created_at=context.clock(),
        )
    )
    await session.flush()


@dataclass(frozen=True)
class NewCodes:
    """Recovery codes, and their hashes in the same order."""

    codes: Sequence[RecoveryCode]
    hashes: Sequence[str]

    @classmethod
    async def make(cls, hashing: PasswordHashing) -> "NewCodes":
        codes = new_recovery_codes()
        return cls(codes, await asyncio.gather(*(hashing.hash(code) for code in codes)))


async def confirm(
    session: AsyncSession, matched: Matched, session_id: UUID, codes: NewCodes, now: datetime
) -> None:
    """From now on the app counts, and the session of ``session_id`` as one that was begun with it."""
    pending = update(Authenticator).where(
        Authenticator.customer_id == matched.customer_id, Authenticator.confirmed_at.is_(None)
    )
    confirmed = pending.values(confirmed_at=now, last_step=matched.step).returning(Authenticator.customer_id)
    if (await session.execute(confirmed)).first() is None:
        raise AlreadyEnrolled
    await _store(session, matched.customer_id, codes)
    await sessions.prove(session, session_id)
    await _tell(session, matched.customer_id, "enrolled", now)


async def renew_codes(session: AsyncSession, customer_id: UUID, codes: NewCodes, now: datetime) -> None:
    await _store(session, customer_id, codes)
    await _tell(session, customer_id, "recovery_codes_renewed", now)


async def _store(session: AsyncSession, customer_id: UUID, codes: NewCodes) -> None:
    await session.execute(delete(StoredRecoveryCode).where(StoredRecoveryCode.customer_id == customer_id))
    session.add_all(
        StoredRecoveryCode(id=uuid7(), customer_id=customer_id, selector=code.selector, code_hash=code_hash)
        for code, code_hash in zip(codes.codes, codes.hashes, strict=True)
    )
    await session.flush()


async def remove(session: AsyncSession, customer_id: UUID, now: datetime) -> bool:
    """False when there was none. Roles that came with the app are gone at the sessions' next refresh."""
    gone = delete(Authenticator).where(Authenticator.customer_id == customer_id)
    confirmed = (await session.execute(gone.returning(Authenticator.confirmed_at))).scalar_one_or_none()
    if confirmed is None:
        return False
    await sessions.weaken(session, customer_id)
    await _tell(session, customer_id, "removed", now)
    return True


async def _tell(session: AsyncSession, customer_id: UUID, change: Change, now: datetime) -> None:
    version = await session.scalar(select(Customer.version).where(Customer.id == customer_id))
    assert version is not None
    await outbox.record(
        session, AuthenticatorChanged(version=version, customer_id=customer_id, change=change, at=now)
    )
    log.info("identity.authenticator.changed", customer_id=str(customer_id), change=change)
