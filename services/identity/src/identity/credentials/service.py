"""Giving an account another password."""

from typing import Literal
from uuid import UUID

from pydantic_core import PydanticCustomError
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.errors import Sentence
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import PasswordChanged
from identity.context import Context
from identity.credentials.domain import PasswordRefused
from identity.credentials.passwords import refuse_guessable
from identity.credentials.tables import Credential
from identity.customers.domain import NAMES, Profile
from identity.customers.tables import Customer
from identity.devices import service as devices
from identity.sessions import service as sessions

log = get_logger(__name__)


def refuse_personal(password: str, profile: Profile, field: str) -> None:
    """Raises ``PasswordRefused`` when ``password`` says what is known of the person."""
    names = [getattr(profile, name) for name in NAMES]
    try:
        refuse_guessable(password, profile.national_code, profile.mobile, names, profile.birth_date)
    except PydanticCustomError as error:
        said = error.context or {}
        raise PasswordRefused(field, error.type, Sentence(said["fa"], said["en"])) from None


async def replace(
    session: AsyncSession,
    context: Context,
    customer: Customer,
    password_hash: str,
    *,
    by: Literal["password", "code"],
    kept: UUID | None,
    client: str,
) -> None:
    """The held customer has another password; all sessions but ``kept`` end, all devices are forgotten."""
    now = context.clock()
    mine = update(Credential).where(Credential.customer_id == customer.id)
    await session.execute(mine.values(password_hash=password_hash, changed_at=now))
    await sessions.end_all(session, customer.id, now, reason="password_changed", kept=kept)
    await devices.forget_all(session, customer.id, now)
    changed = PasswordChanged(version=customer.version, customer_id=customer.id, by=by, at=now)
    await outbox.record(session, changed)
    entry = audit.Entry(
        action="identity.password.changed",
        actor=customer.id,
        subject=customer.id,
        client=client,
        details={"by": by},
    )
    await audit.record(session, entry, at=now)
    log.info("identity.password.changed", customer_id=str(customer.id), by=by)
