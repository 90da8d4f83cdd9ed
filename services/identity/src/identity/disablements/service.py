"""Closing an account to its owner, and opening it again.

Nothing of a disabled account works within a minute: its sessions end, access tokens of theirs are refused
(``sessions.ended``), devices are forgotten, and logging in is answered as for somebody unknown.
"""

from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.audit import Entry
from chassis.auth import Principal
from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import CustomerDisabled, CustomerEnabled
from identity.context import Context
from identity.customers.tables import Customer
from identity.devices import service as devices
from identity.sessions import service as sessions
from identity.staff import queries as staff
from identity.staff.announcing import announce
from identity.staff.domain import ADMIN, LastAdmin

Reason = Literal["owner_request", "suspected_theft", "fraud", "legal_order", "deceased"]
log = get_logger(__name__)


class AlreadyDisabled(Problem):
    status = 409
    code = "already_disabled"
    fa = "این حساب پیش‌تر بسته شده است."
    en = "The account is disabled already."


class NotDisabled(Problem):
    status = 409
    code = "not_disabled"
    fa = "این حساب بسته نیست."
    en = "The account is not disabled."


class OwnAccount(Problem):
    status = 409
    code = "own_account"
    fa = "حساب خودتان را نمی‌توانید ببندید."
    en = "You cannot disable your own account."


async def disable(
    session: AsyncSession, context: Context, actor: Principal, client: str, customer_id: UUID, reason: Reason
) -> None:
    """Raises ``NotFound``, ``AlreadyDisabled``, ``OwnAccount`` or ``LastAdmin``."""
    if customer_id == actor.subject:
        raise OwnAccount
    await staff.in_turn(session)
    now = context.clock()
    enabled = Customer.id == customer_id, Customer.disabled_at.is_(None)
    disabling = update(Customer).where(*enabled).values(disabled_at=now, version=Customer.version + 1)
    disabled = (await session.execute(disabling.returning(Customer.version, Customer.roles))).first()
    if disabled is None:
        raise await _refusal(session, customer_id, AlreadyDisabled())
    if ADMIN in disabled.roles and not await staff.admins(session):
        raise LastAdmin
    await sessions.end_all(session, customer_id, now, reason="account_disabled")
    await devices.forget_all(session, customer_id, now)
    event = CustomerDisabled(version=disabled.version, customer_id=customer_id, reason=reason, at=now)
    await outbox.record(session, event)
    if disabled.roles:
        await announce(session, customer_id, "disabled", now)
    entry = _entry("identity.customer.disabled", actor, client, customer_id, reason=reason)
    await audit.record(session, entry, at=now)
    log.info("identity.customer.disabled", customer_id=str(customer_id), reason=reason)


async def enable(
    session: AsyncSession, context: Context, actor: Principal, client: str, customer_id: UUID
) -> None:
    """Raises ``NotFound`` or ``NotDisabled``."""
    now = context.clock()
    disabled = Customer.id == customer_id, Customer.disabled_at.is_not(None)
    enabling = update(Customer).where(*disabled).values(disabled_at=None, version=Customer.version + 1)
    enabled = (await session.execute(enabling.returning(Customer.version, Customer.roles))).first()
    if enabled is None:
        raise await _refusal(session, customer_id, NotDisabled())
    await outbox.record(session, CustomerEnabled(version=enabled.version, customer_id=customer_id, at=now))
    if enabled.roles:
        await announce(session, customer_id, "enabled", now)
    await audit.record(session, _entry("identity.customer.enabled", actor, client, customer_id), at=now)
    log.info("identity.customer.enabled", customer_id=str(customer_id))


async def _refusal(session: AsyncSession, customer_id: UUID, otherwise: Problem) -> Problem:
    known = await session.scalar(select(Customer.id).where(Customer.id == customer_id))
    return otherwise if known else NotFound()


def _entry(action: str, actor: Principal, client: str, customer_id: UUID, **details: str) -> Entry:
    return Entry(
        action=action,
        actor=actor.subject,
        roles=actor.roles,
        subject=customer_id,
        client=client,
        details=details,
    )
