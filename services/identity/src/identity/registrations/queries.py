"""How far a registration is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.challenges.domain import TRIES
from identity.challenges.tables import Challenge
from identity.context import Context
from identity.customers.domain import Profile
from identity.limits.domain import RESEND_GAP
from identity.limits.service import seconds_until
from identity.registrations.tables import DRAFT, Registration

State = Literal["awaiting_code", "activated", "replaced"]


@dataclass(frozen=True)
class Progress:
    """``mobile`` is masked; ``code_expires_at`` and ``tries_left`` are the present code's, while it lives.

    ``resend_after`` counts the seconds until another code may be asked for; None when none is needed.
    """

    registration_id: UUID
    state: State
    mobile: str | None
    code_sent_at: datetime
    code_expires_at: datetime | None
    tries_left: int
    resend_after: int | None
    expires_at: datetime


async def progress_of(session: AsyncSession, context: Context, registration_id: UUID) -> Progress | None:
    """None when there is no such registration, or its draft has ended."""
    now = context.clock()
    found = (
        select(Registration, Challenge)
        .join(Challenge, Challenge.id == Registration.challenge_id)
        .where(Registration.id == registration_id, Registration.expires_at > now)
    )
    row = (await session.execute(found)).first()
    return _progress(*row, context, now) if row else None


def _progress(registration: Registration, challenge: Challenge, context: Context, now: datetime) -> Progress:
    waits = _state_of(registration) == "awaiting_code"
    code_lives = waits and challenge.used_at is None and challenge.expires_at > now
    resend_at = registration.code_sent_at + RESEND_GAP
    return Progress(
        registration_id=registration.id,
        state=_state_of(registration),
        mobile=_masked_mobile(registration, context),
        code_sent_at=registration.code_sent_at,
        code_expires_at=challenge.expires_at if code_lives else None,
        tries_left=TRIES - challenge.tries if code_lives else 0,
        resend_after=(seconds_until(resend_at, now) if resend_at > now else 0) if waits else None,
        expires_at=registration.expires_at,
    )


def _state_of(registration: Registration) -> State:
    if registration.activated_at is not None:
        return "activated"
    return "replaced" if registration.replaced_at is not None else "awaiting_code"


def _masked_mobile(registration: Registration, context: Context) -> str | None:
    if registration.draft is None:
        return None
    return Profile.model_validate(context.vault.open(registration.draft, DRAFT)).mobile.masked
