"""Recovering a password; unknown people are told what known ones are told, at the same cost."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from events.identity import CodePurpose
from identity.authenticators import service as authenticators
from identity.authenticators.domain import EitherCode
from identity.authenticators.service import Candidate, Matched
from identity.challenges import service as challenges
from identity.challenges.domain import TRIES, CodeExpired, CodeWrong, OneTimeCode
from identity.challenges.service import Guess
from identity.context import Context
from identity.credentials import service as credentials
from identity.customers import changing
from identity.customers import queries as customers
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.limits import service as limits
from identity.password_resets.domain import LIFETIME, AuthenticatorCodeNeeded, ResetEnded
from identity.password_resets.tables import MOBILE, PasswordReset
from iran import Mobile, NationalCode

PURPOSE: CodePurpose = "password_reset"
log = get_logger(__name__)


@dataclass(frozen=True)
class CodeSent:
    reset_id: UUID
    expires_at: datetime


async def open_reset(
    session: AsyncSession, context: Context, national_code: NationalCode, mobile: Mobile, address: str
) -> CodeSent:
    """A request; its code is sent if the mobile is that of the account."""
    now, index = context.clock(), context.vault.index_of(national_code)
    account = await customers.account_of(session, context.vault.indexes_of(national_code))
    known = account is not None and not account.disabled
    known = known and account is not None and account.mobile_index in context.vault.indexes_of(mobile)
    reset = PasswordReset(
        id=uuid7(),
        national_code_index=index,
        customer_id=account.customer_id if account and known else None,
        mobile=context.vault.seal(str(mobile), MOBILE),
        expires_at=now + LIFETIME,
    )
    return await _send_code(session, context, reset, mobile, address)


async def send_code_again(session: AsyncSession, context: Context, reset_id: UUID, address: str) -> CodeSent:
    """Another code for the same request; the one before stops."""
    found = select(PasswordReset).where(PasswordReset.id == reset_id).with_for_update()
    reset = await session.scalar(found)
    if refusal := _refusal_of(reset, context.clock()):
        raise refusal
    assert reset is not None
    mobile = Mobile(context.vault.open(reset.mobile, MOBILE))
    return await _send_code(session, context, reset, mobile, address)


async def _send_code(
    session: AsyncSession, context: Context, reset: PasswordReset, mobile: Mobile, address: str
) -> CodeSent:
    genuine = reset.customer_id is not None
    issued = await challenges.issue(
        session,
        context,
        PURPOSE,
        mobile,
        customer_id=reset.customer_id,
        genuine=genuine,
        person=reset.national_code_index,
        address=address,
    )
    reset.challenge_id, reset.code_sent_at = issued.challenge_id, context.clock()
    session.add(reset)
    await session.flush()
    await challenges.deliver(session, issued.event, really=genuine, expires_at=issued.expires_at)
    log.info("identity.password_reset.code_sent", reset_id=str(reset.id))
    return CodeSent(reset.id, issued.expires_at)


@dataclass(frozen=True)
class Attempt:
    """A counted try; ``candidate`` is what the authenticator app's code, if one came, is compared with."""

    guess: Guess
    candidate: Candidate | None

    async def prove(
        self, context: Context, code: OneTimeCode, app_code: EitherCode | None, new_password: str
    ) -> "Proved":
        """Raises why a code is refused; call it outside of any transaction."""
        challenge = challenges.accepted(self.guess.judge(context.vault, code))
        matched = None
        if self.candidate is not None and app_code is not None:
            matched = await self.candidate.match(context, app_code)
            if matched is None:
                raise CodeWrong(TRIES - challenge.tries, "authenticator_code")
        return Proved(challenge.id, matched, await context.hashing.hash(new_password))


@dataclass(frozen=True)
class Proved:
    """The code was right, and so was the app's if one came."""

    challenge_id: UUID
    matched: Matched | None
    password_hash: str


async def attempt(
    session: AsyncSession, context: Context, reset_id: UUID, app_code: EitherCode | None
) -> Attempt:
    """Counts a try of the request's present code."""
    now = context.clock()
    reset = await session.get(PasswordReset, reset_id)
    refusal = _refusal_of(reset, now)
    if reset is None or isinstance(refusal, NotFound):
        return Attempt(Guess(refusal or NotFound()), None)
    guess = await challenges.guess(session, reset.challenge_id, (PURPOSE,), now)
    if app_code is None:
        return Attempt(guess, None)
    whose = reset.customer_id or reset.id
    return Attempt(guess, await authenticators.candidate(session, context, whose, app_code))


async def complete(
    session: AsyncSession,
    context: Context,
    reset_id: UUID,
    proved: Proved,
    new_password: str,
    client: str,
    address: str,
) -> None:
    """The account has another password, and nobody is logged in. A refusal leaves the code as it was.

    Takes its locks in the order of a login: counters, the customer, the code.
    """
    now = context.clock()
    found = select(PasswordReset).where(PasswordReset.id == reset_id).with_for_update()
    reset = await session.scalar(found)
    if refusal := _refusal_of(reset, now):
        raise refusal
    assert reset is not None
    if reset.challenge_id != proved.challenge_id:
        raise CodeExpired
    await limits.forgive(session, context.secret_rules.of_login(reset.national_code_index, address), now)
    customer = await _owner(session, context, reset)
    await challenges.redeem(session, proved.challenge_id, now)
    credentials.refuse_personal(new_password, opened(customer, context.vault), "new_password")
    await _check_app(session, customer.id, proved.matched, now)
    await credentials.replace(
        session, context, customer, proved.password_hash, by="code", kept=None, client=client
    )
    await _end_all(session, customer.id, now)


async def _owner(session: AsyncSession, context: Context, reset: PasswordReset) -> Customer:
    """Whose password it is, held; raises ``CodeExpired`` when the mobile has changed meanwhile."""
    assert reset.customer_id is not None
    customer = await changing.locked(session, reset.customer_id)
    mobile = Mobile(context.vault.open(reset.mobile, MOBILE))
    if (
        customer is None
        or customer.disabled_at
        or customer.mobile_index not in context.vault.indexes_of(mobile)
    ):
        raise CodeExpired
    return customer


async def _check_app(
    session: AsyncSession, customer_id: UUID, matched: Matched | None, now: datetime
) -> None:
    """Raises ``AuthenticatorCodeNeeded`` for somebody with an app whose code did not come."""
    if matched is not None:
        await authenticators.use(session, matched, now)
    elif await authenticators.is_enrolled(session, customer_id):
        raise AuthenticatorCodeNeeded


async def _end_all(session: AsyncSession, customer_id: UUID, now: datetime) -> None:
    """No other request of the person leads anywhere any more."""
    open_ones = update(PasswordReset).where(
        PasswordReset.customer_id == customer_id, PasswordReset.ended_at.is_(None)
    )
    await session.execute(open_ones.values(ended_at=now))


def _refusal_of(reset: PasswordReset | None, now: datetime) -> Problem | None:
    if reset is None or reset.expires_at <= now:
        return NotFound()
    return ResetEnded() if reset.ended_at is not None else None
