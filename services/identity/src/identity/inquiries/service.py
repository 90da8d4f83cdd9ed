"""Opening inquiries; asking is the worker's."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.logging import get_logger
from chassis.messaging import outbox
from events.identity import InquiryOpened
from identity.context import Context
from identity.inquiries.domain import Kind
from identity.inquiries.tables import Inquiry

BLANK = {"version": 0, "from_memory": False, "attempts": 0, "bulk": False}
log = get_logger(__name__)


async def ask(session: AsyncSession, context: Context, customer_id: UUID, kinds: Iterable[Kind]) -> None:
    """Has these asked, about the data as they are now; call it in the transaction that changed them.

    What was answered about earlier data counts no more. The account is there already.
    """
    now = context.clock()
    wanted = sorted(set(kinds))
    if not wanted:
        return
    taken_back = []
    for inquiry in await _locked(session, customer_id, wanted, now):
        if inquiry.result is not None:
            inquiry.version += 1
            taken_back.append(inquiry)
        inquiry.result = inquiry.reason = inquiry.answer_id = inquiry.lease = inquiry.concluded_at = None
        inquiry.from_memory = inquiry.bulk = False
        inquiry.attempts = 0
        inquiry.opened_at = inquiry.next_attempt_at = now
    await session.flush()
    await outbox.record(session, *map(_opened, taken_back))
    log.info("identity.inquiry.opened", customer_id=str(customer_id), kinds=wanted)


async def _locked(
    session: AsyncSession, customer_id: UUID, kinds: Sequence[Kind], now: datetime
) -> Iterable[Inquiry]:
    """The rows of these kinds, which are made where there are none."""
    new = [
        {"id": uuid7(), "customer_id": customer_id, "kind": kind, "opened_at": now, **BLANK} for kind in kinds
    ]
    await session.execute(insert(Inquiry).values(new).on_conflict_do_nothing())
    mine = select(Inquiry).where(Inquiry.customer_id == customer_id, Inquiry.kind.in_(kinds))
    return await session.scalars(mine.order_by(Inquiry.kind).with_for_update())


def _opened(inquiry: Inquiry) -> InquiryOpened:
    return InquiryOpened(
        version=inquiry.version,
        inquiry_id=inquiry.id,
        customer_id=inquiry.customer_id,
        kind=Kind(inquiry.kind).value,
    )
