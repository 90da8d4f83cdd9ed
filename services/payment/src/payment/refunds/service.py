"""Owing a refund, and knowing whether there is an account to pay it to."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.logging import get_logger
from events.sales import RefundRequested
from payment.accounts.queries import with_account
from payment.ledger import service as ledger
from payment.ledger.domain import BUYER, DEDUCTIONS, PROFIT, REFUNDS, EntryKind
from payment.refunds.domain import RefundState
from payment.refunds.tables import Refund

log = get_logger(__name__)


async def owe(session: AsyncSession, event: RefundRequested, now: datetime) -> None:
    """Writes the refund down, once, as what we owe the buyer."""
    if await session.get(Refund, event.refund_id) is not None:
        return
    known = await with_account(session, [event.customer_id])
    state = RefundState.READY if known else RefundState.AWAITING_ACCOUNT
    refund = Refund(
        id=event.refund_id,
        order_id=event.order_id,
        customer_id=event.customer_id,
        amount=event.amount,
        reason=event.reason,
        state=state,
        requested_at=now,
        due_at=event.due_at,
    )
    session.add(refund)
    await session.flush()
    await ledger.post_for_refund(
        session,
        EntryKind.REFUND_OWED,
        refund_id=refund.id,
        order_id=refund.order_id,
        postings=owed(event),
        at=now,
    )
    log.info("payment.refund.owed", refund_id=refund.id, order_id=refund.order_id, state=state)


def owed(event: RefundRequested) -> Mapping[str, int]:
    """Debits above zero: the buyer's money and the profit become a refund, less what is kept back.

    What does not say how it is made up is all profit.
    """
    made_up = event.paid + event.profit - event.deductions == event.amount
    profit = event.profit if made_up else event.amount
    paid, kept = (event.paid, event.deductions) if made_up else (0, 0)
    return {BUYER: paid, PROFIT: profit, DEDUCTIONS: -kept, REFUNDS: -event.amount}


async def look_for_accounts(session: AsyncSession) -> None:
    """Moves the refunds whose buyer's Sheba was verified, or is so no longer, since they were looked at."""
    waiting = (RefundState.AWAITING_ACCOUNT, RefundState.READY)
    query = select(Refund).where(Refund.state.in_(waiting)).order_by(Refund.id)
    refunds = (await session.scalars(query.with_for_update(skip_locked=True))).all()
    known = await with_account(session, {refund.customer_id for refund in refunds})
    for refund in refunds:
        is_ready = refund.state is RefundState.READY
        if is_ready is not (refund.customer_id in known):
            refund.move("lose_account" if is_ready else "find_account")
            log.info(f"payment.refund.{refund.state}", refund_id=refund.id)
