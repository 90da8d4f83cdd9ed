"""Asking for an authenticator app's code in a login: a challenge for which nothing is sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from identity.authenticators.domain import CHALLENGE_LIFETIME
from identity.challenges.domain import unguessable_mac
from identity.challenges.tables import Challenge
from identity.logins.domain import Due


async def ask(session: AsyncSession, customer_id: UUID, now: datetime) -> Due:
    challenge = Challenge(
        id=uuid7(),
        purpose="second_factor",
        customer_id=customer_id,
        person=str(customer_id),
        method="totp",
        code_mac=unguessable_mac(),
        tries=0,
        expires_at=now + CHALLENGE_LIFETIME,
    )
    session.add(challenge)
    await session.flush()
    return Due(challenge.id, "totp", challenge.expires_at)
