"""The staff decide what people want changed: with four eyes where identity is concerned.

Locks are taken in the order of ``changes.service``: the customer, then the change.
"""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.errors import NotFound
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import ChangeDecided
from identity.approvals.domain import FourEyes, OwnChange
from identity.changes import queries
from identity.changes import service as changes
from identity.changes.domain import ChangeAlreadyDecided
from identity.changes.tables import REASON, VALUE, ChangeApproval, ProfileChange
from identity.context import Context
from identity.customers import changing
from identity.customers.tables import Customer

log = get_logger(__name__)


async def approve(
    session: AsyncSession, context: Context, staff: Principal, change_id: UUID, client: str
) -> ProfileChange:
    """The change, which is done when enough different members of the staff are for it.

    Raises ``OwnChange``, ``FourEyes`` or ``ChangeAlreadyDecided``.
    """
    customer, change = await _pending(session, staff, change_id)
    now = context.clock()
    mine = insert(ChangeApproval).values(change_id=change.id, staff_id=staff.subject, approved_at=now)
    new = mine.on_conflict_do_nothing().returning(ChangeApproval.staff_id)
    if (await session.execute(new)).first() is None:
        raise FourEyes
    await _write_down(session, context, "approved", staff, change, client)
    if await _count(session, change) >= change.approvals_needed:
        await _apply(session, context, customer, change)
    return change


async def refuse(
    session: AsyncSession, context: Context, staff: Principal, change_id: UUID, reason: str, client: str
) -> ProfileChange:
    """The change, which is over; raises ``OwnChange`` or ``ChangeAlreadyDecided``."""
    _, change = await _pending(session, staff, change_id)
    change.state, change.decided_at = "refused", context.clock()
    change.reason = context.vault.seal(reason, REASON)
    await _write_down(session, context, "refused", staff, change, client)
    await _tell(session, context, change, reason)
    return change


async def view(
    session: AsyncSession, context: Context, staff: Principal, change_id: UUID, client: str
) -> tuple[Customer, ProfileChange]:
    """A change with whose it is; that it was looked at is written down."""
    change = await session.get(ProfileChange, change_id)
    if change is None:
        raise NotFound
    await _write_down(session, context, "viewed", staff, change, client)
    return await session.get_one(Customer, change.customer_id), change


async def _pending(
    session: AsyncSession, staff: Principal, change_id: UUID
) -> tuple[Customer, ProfileChange]:
    known = await session.get(ProfileChange, change_id)
    if known is None:
        raise NotFound
    if known.customer_id == staff.subject:
        raise OwnChange
    customer = await changing.locked(session, known.customer_id)
    change = await changes.held(session, change_id)
    assert customer is not None
    assert change is not None
    if change.state != "pending":
        raise ChangeAlreadyDecided
    return customer, change


async def _count(session: AsyncSession, change: ProfileChange) -> int:
    return (await queries.approvals_of(session, [change.id]))[change.id]


async def _apply(session: AsyncSession, context: Context, customer: Customer, change: ProfileChange) -> None:
    change.state, change.decided_at = "approved", context.clock()
    values = {change.field: context.vault.open(change.value, VALUE)}
    policies = await queries.policies(session, context.clock())
    await changes.apply(session, context, customer, values, policies)
    await _tell(session, context, change, None)


async def _tell(session: AsyncSession, context: Context, change: ProfileChange, reason: str | None) -> None:
    place = f"{ChangeDecided.name}.reason"
    event = ChangeDecided(
        version=1,
        change_id=change.id,
        customer_id=change.customer_id,
        field=change.field,
        decision="refused" if reason else "approved",
        reason=context.vault.seal_for_event({"text": reason}, place) if reason else None,
    )
    await outbox.record(session, event)
    log.info(f"identity.change.{event.decision}", change_id=str(change.id), field=change.field)


async def _write_down(
    session: AsyncSession, context: Context, deed: str, staff: Principal, change: ProfileChange, client: str
) -> None:
    entry = audit.Entry(
        action=f"identity.change.{deed}",
        actor=staff.subject,
        subject=change.customer_id,
        roles=staff.roles,
        client=client,
        details={"change_id": str(change.id), "field": change.field},
    )
    await audit.record(session, entry, at=context.clock())
