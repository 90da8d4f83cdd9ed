"""Opening a registration, sending its code again, making it an account.

A national code that has an account gets the same answers at the same cost at every step; its owner is
told instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound, Problem, TooManyRequests
from chassis.logging import get_logger
from events import Event
from events.identity import NATIONAL_CODE, RegistrationRepeated
from identity.challenges import service as challenges
from identity.challenges.domain import CodeExpired
from identity.challenges.service import Guess, Issued
from identity.context import Context
from identity.customers import queries as customers_queries
from identity.customers import service as customers
from identity.customers.domain import Profile
from identity.customers.queries import Account
from identity.inquiries import service as inquiries
from identity.inquiries.domain import Kind
from identity.limits import service as limits
from identity.limits.domain import OWNER_WARNED, RESEND_GAP
from identity.registrations.domain import DRAFT_LIFETIME, AlreadyActivated, RegistrationReplaced
from identity.registrations.tables import DRAFT, Registration

log = get_logger(__name__)


@dataclass(frozen=True)
class CodeSent:
    registration_id: UUID
    expires_at: datetime


async def open_registration(
    session: AsyncSession, context: Context, profile: Profile, password_hash: str, address: str
) -> CodeSent:
    """Keeps what was typed and sends a code.

    Whoever knows a national code can open a registration with it, so one does nothing to another: they
    live side by side until somebody proves a mobile.
    """
    now = context.clock()
    key = context.vault.index_key
    index = key.of(profile.national_code, NATIONAL_CODE)
    owner = await customers_queries.account_of(session, context.vault.indexes_of(profile.national_code))
    issued = await challenges.issue(
        session,
        context,
        "registration",
        profile.mobile,
        customer_id=None,
        genuine=owner is None,
        person=index,
        address=address,
    )
    registration = Registration(
        id=uuid7(),
        national_code_index=index,
        index_generation=key.generation,
        genuine=owner is None,
        draft=context.vault.seal(profile.model_dump(mode="json"), DRAFT),
        password_hash=password_hash,
        challenge_id=issued.challenge_id,
        code_sent_at=now,
        expires_at=now + DRAFT_LIFETIME,
    )
    session.add(registration)
    await session.flush()
    await _tell(session, registration, owner, issued, now)
    log.info("identity.registration.opened", registration_id=str(registration.id))
    return CodeSent(registration.id, issued.expires_at)


async def _tell(
    session: AsyncSession, registration: Registration, owner: Account | None, issued: Issued, now: datetime
) -> None:
    """Sends the code to who registers, or a warning (once an hour) to who has the account."""
    savepoint = await session.begin_nested()
    may_warn = await limits.spend(session, OWNER_WARNED, registration.national_code_index, now)
    await (savepoint.commit() if owner is not None else savepoint.rollback())
    event: Event = issued.event
    expires_at: datetime | None = issued.expires_at
    if owner is not None:
        event = RegistrationRepeated(
            version=owner.version, customer_id=owner.customer_id, attempt_id=registration.id
        )
        expires_at = None
    await challenges.deliver(session, event, really=owner is None or may_warn, expires_at=expires_at)


async def send_code_again(
    session: AsyncSession, context: Context, registration_id: UUID, address: str
) -> CodeSent:
    """A new code for the same form; the one before stops."""
    now = context.clock()
    registration = await session.get(Registration, registration_id, with_for_update=True)
    if refusal := _refusal_of(registration, now):
        raise refusal
    assert registration is not None
    wait_until = registration.code_sent_at + RESEND_GAP
    if wait_until > now:
        raise TooManyRequests(limits.seconds_until(wait_until, now))
    mobile = _draft_of(registration, context).mobile
    issued = await challenges.issue(
        session,
        context,
        "registration",
        mobile,
        customer_id=None,
        genuine=registration.genuine,
        person=registration.national_code_index,
        address=address,
    )
    registration.challenge_id = issued.challenge_id
    registration.code_sent_at = now
    await challenges.deliver(session, issued.event, really=registration.genuine, expires_at=issued.expires_at)
    log.info("identity.registration.code_sent_again", registration_id=str(registration_id))
    return CodeSent(registration_id, issued.expires_at)


async def guess_code(session: AsyncSession, context: Context, registration_id: UUID) -> Guess:
    """Counts a try of the registration's present code."""
    now = context.clock()
    registration = await session.get(Registration, registration_id)
    refusal = _refusal_of(registration, now)
    if registration is None or isinstance(refusal, RegistrationReplaced | NotFound):
        return Guess(refusal or NotFound())
    return await challenges.guess(session, registration.challenge_id, ("registration",), now)


async def activate(
    session: AsyncSession, context: Context, registration_id: UUID, challenge_id: UUID
) -> UUID:
    """The id of the new customer, once the code of ``challenge_id`` was right.

    All other registrations of the national code are over.
    """
    now = context.clock()
    living = await _lock_living(session, context, registration_id)
    registration = next((one for one in living if one.id == registration_id), None)
    if registration is None:
        known = await session.get(Registration, registration_id, populate_existing=True)
        raise _refusal_of(known, now) or NotFound
    if registration.challenge_id != challenge_id:
        raise CodeExpired
    await challenges.redeem(session, challenge_id, now)
    assert registration.password_hash is not None
    profile = _draft_of(registration, context)
    customer_id = await customers.create(session, context, profile, registration.password_hash)
    if customer_id is None:
        raise RegistrationReplaced
    await inquiries.ask(session, context, customer_id, Kind)
    for one in living:
        one.draft = one.password_hash = None
        one.replaced_at = now
    registration.activated_at, registration.replaced_at = now, None
    return customer_id


async def _lock_living(
    session: AsyncSession, context: Context, registration_id: UUID
) -> Sequence[Registration]:
    """The registrations that wait for a code with the same national code, in the order of their ids."""
    own = await session.get(Registration, registration_id)
    if own is None or own.draft is None:
        return []
    living = select(Registration).where(
        Registration.national_code_index.in_(context.vault.indexes_of(_draft_of(own, context).national_code)),
        Registration.activated_at.is_(None),
        Registration.replaced_at.is_(None),
    )
    held = living.order_by(Registration.id).with_for_update()
    return (await session.scalars(held.execution_options(populate_existing=True))).all()


def _refusal_of(registration: Registration | None, now: datetime) -> Problem | None:
    if registration is None or registration.expires_at <= now:
        return NotFound()
    if registration.activated_at is not None:
        return AlreadyActivated()
    return RegistrationReplaced() if registration.replaced_at is not None else None


def _draft_of(registration: Registration, context: Context) -> Profile:
    assert registration.draft is not None
    return Profile.model_validate(context.vault.open(registration.draft, DRAFT))
