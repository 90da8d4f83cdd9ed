"""Changing the mobile: the new one is proven before it counts, the old one is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.errors import NotFound
from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import CodePurpose, MobileChanged
from identity.challenges import service as challenges
from identity.challenges.domain import CodeExpired
from identity.challenges.service import Guess
from identity.context import Context
from identity.customers import changing
from identity.customers.sealing import opened
from identity.customers.tables import Customer
from identity.inquiries import service as inquiries
from identity.inquiries.domain import Kind
from identity.mobile_changes.tables import NEW_MOBILE, MobileChange
from iran import Mobile

PURPOSE: CodePurpose = "mobile_change"
log = get_logger(__name__)


@dataclass(frozen=True)
class CodeSent:
    challenge_id: UUID
    expires_at: datetime


async def ask(
    session: AsyncSession, context: Context, customer_id: UUID, national_code_index: str, mobile: Mobile
) -> CodeSent:
    """Sends a code to the new mobile; whoever calls has checked the password."""
    issued = await challenges.issue(
        session,
        context,
        PURPOSE,
        mobile,
        customer_id=customer_id,
        genuine=True,
        person=national_code_index,
    )
    wanted = MobileChange(
        challenge_id=issued.challenge_id,
        customer_id=customer_id,
        mobile=context.vault.seal(str(mobile), NEW_MOBILE),
        asked_at=context.clock(),
    )
    session.add(wanted)
    await session.flush()
    await challenges.deliver(session, issued.event, really=True, expires_at=issued.expires_at)
    log.info("identity.mobile_change.code_sent", customer_id=str(customer_id))
    return CodeSent(issued.challenge_id, issued.expires_at)


async def guess(session: AsyncSession, context: Context, customer_id: UUID, challenge_id: UUID) -> Guess:
    """Counts a try, if the code was sent for this customer."""
    mine = select(MobileChange.challenge_id).where(
        MobileChange.challenge_id == challenge_id, MobileChange.customer_id == customer_id
    )
    if await session.scalar(mine) is None:
        return Guess(NotFound())
    return await challenges.guess(session, challenge_id, (PURPOSE,), context.clock())


async def confirm(
    session: AsyncSession, context: Context, customer_id: UUID, challenge_id: UUID, client: str
) -> int:
    """The account's new version; what was asked for besides, and codes to the old mobile, are over."""
    now = context.clock()
    customer = await changing.locked(session, customer_id)
    await challenges.redeem(session, challenge_id, now)
    wanted = await session.get(MobileChange, challenge_id)
    if customer is None or wanted is None:
        raise CodeExpired
    mobile = Mobile(context.vault.open(wanted.mobile, NEW_MOBILE))
    old = opened(customer, context.vault).mobile
    await changing.change(session, context, customer, {"mobile": mobile})
    await inquiries.ask(session, context, customer_id, {Kind.MOBILE_OWNER})
    await session.execute(delete(MobileChange).where(MobileChange.customer_id == customer_id))
    await challenges.void(session, customer_id, now)
    await outbox.record(session, _changed(context, customer, old, mobile))
    entry = audit.Entry(
        action="identity.mobile.changed", actor=customer_id, subject=customer_id, client=client
    )
    await audit.record(session, entry, at=now)
    return customer.version


def _changed(context: Context, customer: Customer, old: Mobile, new: Mobile) -> MobileChanged:
    notice = {"mobile": str(old), "new_mobile": new.masked}
    return MobileChanged(
        version=customer.version,
        customer_id=customer.id,
        notice=context.vault.seal_for_event(notice, f"{MobileChanged.name}.notice"),
        at=context.clock(),
    )
